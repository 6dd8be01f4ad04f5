/* Tests compared_variants.c: which subject is which variant, and what is left
   out. */
#include "base/test.h"
#include "runs/compared_variants.h"

#include "runs/plain_evaluated.h"

#define MODELS "relevance.models=minmax minmax-pooled"

/* A run with two models, as evaluate writes it. */
static struct dtd_compared_runs *some_runs(int count) {
  static const struct plain_metric metric[] = {
      {"network", "mse", "scores", 1},
      {"minmax", "rms", "scores", 2},
      {"minmax-pooled", "rms", "scores", 3},
      {"sensitivity", "target_share", "one-target", 4},
      {"taylor", "target_share", "one-target", 5},
      {"deep-taylor-minmax", "target_share", "one-target", 6},
      {"deep-taylor-minmax-pooled", "target_share", "one-target", 7},
      {"deep-taylor-free", "target_share", "one-target", 8},
      {"taylor", "floor_share", "one-target", 5}};
  struct dtd_settings one = plain_settings(MODELS), other = one;
  other.minmax_rate.start = 0.5;
  char *folder[] = {(char *)put_metrics("one", &one, metric, 9, 1),
                    (char *)put_metrics("other", &other, metric, 9, 1)};
  return dtd_compared_runs_read(folder, count, false);
}

static void assert_variants(const struct dtd_compared_variants *variants,
                            const char *wanted) {
  char found[1024] = "";
  for (int n = 0; n < variants->count; n++) {
    size_t length = strlen(found);
    snprintf(found + length, sizeof found - length, "%s%s", n ? " " : "",
             variants->variant[n].name);
  }
  assert_string_equal(found, wanted);
}

TEST(settings_keep_every_subject_apart) {
  struct dtd_compared_runs *runs = some_runs(2);
  struct dtd_compared_variants *variants =
      dtd_compared_variants_new(runs, DTD_ACROSS_SETTINGS, false);
  assert_variants(variants, "learning_rate=0.0015 learning_rate=0.5");
  assert_int_equal(variants->variant[1].settings, 1);
  const char *subject, *member;
  assert_true(dtd_compared_as(&subject, &member, variants, &runs->run[0],
                              "deep-taylor-minmax"));
  assert_string_equal(subject, "deep-taylor-minmax");
  assert_int_equal(dtd_compared_variants_find(variants, "learning_rate=0.5"),
                   1);
  assert_int_equal(dtd_compared_variants_find(variants, NULL), 0);
  assert_dies(2, "no variant has this name (there are: learning_rate=0.0015, l",
              dtd_compared_variants_find(variants, "learning_rate"));
  dtd_compared_variants_free(variants);
  dtd_compared_runs_free(runs);
}

TEST(models_own_the_metrics_of_their_heatmaps) {
  struct dtd_compared_runs *runs = some_runs(1);
  struct dtd_compared_variants *variants =
      dtd_compared_variants_new(runs, DTD_ACROSS_MODELS, false);
  assert_variants(variants, "minmax minmax-pooled training-free");
  static const char *const wanted[][3] = {
      {"minmax-pooled", "model", "minmax-pooled"},
      {"deep-taylor-minmax-pooled", "deep-taylor", "minmax-pooled"},
      {"deep-taylor-free", "deep-taylor", "training-free"}};
  const char *subject, *member;
  for (int n = 0; n < 3; n++) {
    assert_true(dtd_compared_as(&subject, &member, variants, &runs->run[0],
                                wanted[n][0]));
    assert_string_equal(subject, wanted[n][1]);
    assert_string_equal(member, wanted[n][2]);
  }
  assert_false(dtd_compared_as(&subject, &member, variants, &runs->run[0],
                               "sensitivity"));
  assert_false(
      dtd_compared_as(&subject, &member, variants, &runs->run[0], "network"));
  dtd_compared_variants_free(variants);
  dtd_compared_runs_free(runs);
}

TEST(several_settings_have_each_model_once) {
  struct dtd_compared_runs *runs = some_runs(2);
  struct dtd_compared_variants *variants =
      dtd_compared_variants_new(runs, DTD_ACROSS_MODELS, false);
  assert_variants(
      variants,
      "learning_rate=0.0015,minmax learning_rate=0.0015,minmax-pooled "
      "learning_rate=0.0015,training-free learning_rate=0.5,minmax "
      "learning_rate=0.5,minmax-pooled learning_rate=0.5,training-free");
  assert_int_equal(variants->variant[4].settings, 1);
  dtd_compared_variants_free(variants);
  dtd_compared_runs_free(runs);
}

/* taylor searched for 200 of the 2000 pairs, and 20 of the 100 repeats. */
TEST(methods_on_other_pairs_are_left_out_aloud) {
  struct dtd_compared_runs *runs = some_runs(1);
  struct dtd_compared_variants *variants =
      dtd_compared_variants_new(runs, DTD_ACROSS_METHODS, true);
  assert_variants(variants, "sensitivity taylor deep-taylor-minmax "
                            "deep-taylor-minmax-pooled deep-taylor-free");
  dtd_compared_variants_free(variants);
  struct dtd_evaluation_settings *settings =
      &runs->run[0].evaluated->settings.evaluation;
  for (int n = 0; n < 2; n++) {
    assert_dies(
        3, "taylor: was measured on fewer pairs than others; left out", {
          variants = dtd_compared_variants_new(runs, DTD_ACROSS_METHODS, false);
          int count = variants->count;
          dtd_compared_variants_free(variants);
          _exit(count == 4 ? 3 : 4);
        });
    settings->roots = settings->pairs;
  }
  settings->slow_repeats = settings->repeats;
  variants = dtd_compared_variants_new(runs, DTD_ACROSS_METHODS, false);
  assert_int_equal(variants->count, 5);
  dtd_compared_variants_free(variants);
  dtd_compared_runs_free(runs);
}

TEST(one_network_with_several_models_compares_these) {
  struct dtd_compared_runs *runs = some_runs(1);
  assert_int_equal(dtd_across_usual(runs), DTD_ACROSS_MODELS);
  runs->run[0].evaluated->settings.models.count = 1;
  assert_int_equal(dtd_across_usual(runs), DTD_ACROSS_SETTINGS);
  dtd_compared_runs_free(runs);
  runs = some_runs(2);
  assert_int_equal(dtd_across_usual(runs), DTD_ACROSS_SETTINGS);
  dtd_compared_runs_free(runs);
}

TEST(what_is_not_there_is_refused) {
  assert_int_equal(dtd_across_find("methods", "x"), DTD_ACROSS_METHODS);
  assert_dies(2, "--across: seeds is not one of settings, methods, models",
              dtd_across_find("seeds", "--across"));
  struct dtd_settings settings = plain_settings(MODELS);
  struct plain_metric metric = {"network", "mse", "scores", 1};
  char *folder[] = {(char *)put_metrics("bare", &settings, &metric, 1, 1)};
  struct dtd_compared_runs *runs = dtd_compared_runs_read(folder, 1, false);
  assert_dies(2, "--across: no run has models to compare",
              dtd_compared_variants_new(runs, DTD_ACROSS_MODELS, false));
  dtd_compared_runs_free(runs);
}

TEST_GROUP(test_folder_new, test_folder_free)
