/* Tests setting_kind.c: choices, rules and lists of names. */
#include "base/test.h"
#include "runs/test_settings.h"
#include "runs/setting_kind.h"

TEST(words_are_taken_for_what_they_say) {
  struct dtd_settings settings;
  read_one(&settings, "training.kernel=dense");
  assert_int_equal(settings.training.kernel, DTD_DENSE);
  read_one(&settings, "training.schedule=constant");
  assert_int_equal(settings.training.rate.schedule, DTD_CONSTANT);
  assert_int_equal(settings.minmax_rate.schedule, DTD_LINEAR);
  assert_int_equal(settings.training.kernel, DTD_SPARSE);
  assert_true(settings.nonpositive_biases && !settings.training.free_biases);
  read_one(&settings, "network.nonpositive_biases=no");
  assert_true(!settings.nonpositive_biases && settings.training.free_biases);
  for (int n = 0; dtd_optimisers[n]; n++) {
    char assignment[64], *words[] = {assignment, "training.kernel=dense"};
    snprintf(assignment, sizeof assignment, "training.optimiser=%s",
             dtd_optimisers[n]->name);
    dtd_config_defaults(&settings);
    dtd_config_change(&settings, words, 2);
    assert_ptr_equal(settings.training.optimiser.kind, dtd_optimisers[n]);
  }
  for (int n = 0; dtd_rules[n]; n++) {
    char assignment[64];
    snprintf(assignment, sizeof assignment, "explanation.first_rule=%s",
             dtd_rules[n]->name);
    if (dtd_rules[n]->domain == DTD_NONNEGATIVE_INPUT) continue; /* refused */
    read_one(&settings, assignment);
    assert_ptr_equal(settings.explanation.first_rule, dtd_rules[n]);
  }
  assert_each_dies(
      2, read_one,
      {"training.optimiser: adam moves every weight in every step, but the "
       "sparse kernel only those of inked pixels (set training.kernel = dense, "
       "too)",
       "training.optimiser=adam"},
      {"training.optimiser = Adam is not one of sgd, momentum, adam",
       "training.optimiser=Adam"},
      {"training.weight_decay: 30000 at a rate of 5e-05 takes more",
       "training.weight_decay=30000"},
      {"training.schedule=Linear: training.schedule = Linear is not constant "
       "or linear",
       "training.schedule=Linear"},
      {"training.kernel=fast: training.kernel = fast is not dense or sparse",
       "training.kernel=fast"},
      {"explanation.first_rule=zb: explanation.first_rule = zb is not one of "
       "w^2, z+",
       "explanation.first_rule=zb"});
}

static int evaluated(const struct dtd_settings *settings, const char *name) {
  int n = 0;
  while (dtd_methods[n] != dtd_method_find(name)) n++;
  return !settings->evaluation.skip[n];
}

TEST(methods_are_evaluated_as_listed) {
  struct dtd_settings settings, again;
  dtd_config_defaults(&settings);
  assert_value(&settings, "evaluation.methods", "paper");
  for (int n = 0; dtd_methods[n]; n++)
    assert_int_equal(!settings.evaluation.skip[n],
                     dtd_methods[n]->of_paper || dtd_methods[n]->control ||
                         dtd_methods[n]->model);
  assert_true(evaluated(&settings, "taylor") && evaluated(&settings, "random"));
  assert_false(evaluated(&settings, "occlusion"));
  read_one(&settings, "evaluation.methods=all");
  for (int n = 0; dtd_methods[n]; n++)
    assert_false(settings.evaluation.skip[n]);
  assert_value(&settings, "evaluation.methods", "all");
  assert_false(dtd_methods_are_listed(settings.evaluation.skip));
  read_one(&settings, "evaluation.methods = occlusion, taylor  smoothgrad");
  for (int n = 0; dtd_methods[n]; n++)
    assert_int_equal(
        evaluated(&settings, dtd_methods[n]->name),
        strstr("occlusion taylor smoothgrad", dtd_methods[n]->name) != NULL);
  assert_value(&settings, "evaluation.methods", "taylor smoothgrad occlusion");
  assert_true(dtd_methods_are_listed(settings.evaluation.skip));
  char *text = own_memory(dtd_config_text(&settings));
  dtd_config_parse(&again, text, "again");
  assert_same_text(&settings, &again);
  const char *wrong[] = {"evaluation.methods=deep-taylor",
                         "evaluation.methods=taylor all",
                         "evaluation.methods=,", "evaluation.methods="};
  for (int n = 0; n < 4; n++)
    assert_dies(2, "is not paper, all, or a list, in 180 letters, of sensitiv",
                read_one(&settings, wrong[n]));
  char many[512] = "evaluation.methods="; /* a line that could not be read */
  for (int n = 0; dtd_methods[n + 1] && strlen(many) < 250; n++)
    strcat(strcat(many, dtd_methods[n]->name), " ");
  assert_dies(2, "in 180 letters", read_one(&settings, many));
}

TEST(a_rule_may_have_a_parameter) {
  struct dtd_settings settings, again;
  char digest[2][17];
  read_one(&settings, "explanation.upper_rule = gamma(0.5)");
  assert_ptr_equal(settings.explanation.upper_rule,
                   dtd_rule_find("gamma(0.5)"));
  char *text = own_memory(dtd_config_text(&settings));
  assert_non_null(strstr(text, "upper_rule = gamma(0.5)\n"));
  dtd_config_parse(&again, text, "again");
  assert_string_equal(dtd_config_difference(&settings, &again) ? "differs" : "",
                      "");
  read_one(&again, "explanation.upper_rule=gamma");
  assert_string_equal(dtd_config_difference(&settings, &again),
                      "explanation.upper_rule");
  dtd_config_digest(digest[0], &again);
  read_one(&again, "explanation.upper_rule=gamma(0.250)"); /* the default */
  dtd_config_digest(digest[1], &again);
  assert_string_equal(digest[0], digest[1]);
  assert_each_dies(
      2, read_one,
      {"explanation.first_rule = alpha-beta(0.5) is not one of w^2, z+, zB, "
       "alpha-beta(1 to 100)",
       "explanation.first_rule=alpha-beta(0.5)"},
      {"explanation.first_rule = zB(1) is not one of",
       "explanation.first_rule=zB(1)"},
      {"explanation.first_rule = epsilon(small) is not one of",
       "explanation.first_rule=epsilon(small)"});
}

static void assert_models(const char *value, int count,
                          const char *const *names) {
  struct dtd_settings settings;
  char assignment[256];
  snprintf(assignment, sizeof assignment, "relevance.models=%s", value);
  read_one(&settings, assignment);
  assert_int_equal(settings.models.count, count);
  for (int n = 0; n < count; n++)
    assert_ptr_equal(settings.models.kind[n], dtd_model_kind_find(names[n]));
}

TEST(relevance_models_are_a_list_of_different_names) {
  struct dtd_settings settings;
  const char *const names[] = {"minmax-pooled", "minmax", "training-free-live"};
  assert_models("minmax-pooled minmax training-free-live", 3, names);
  assert_models("minmax-pooled,minmax", 2, names);
  assert_models("none", 0, NULL);
  dtd_config_defaults(&settings);
  assert_int_equal(settings.models.count, 1);
  assert_string_equal(settings.models.kind[0]->name, "minmax");
  assert_each_dies(
      2, read_one,
      {"relevance.models = minmax minmax is not none, or each once in 180 "
       "letters: minmax, training-free, ",
       "relevance.models=minmax minmax"},
      {"relevance.models = minmax none is not", "relevance.models=minmax none"},
      {"relevance.models = min-max is not", "relevance.models=min-max"});
}
