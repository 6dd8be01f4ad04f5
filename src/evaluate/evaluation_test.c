/* Tests a whole evaluation of a small network on made-up digits. */

#include "linear/processor.h"
#include "evaluate/test_evaluation.h"
#include "relevance/test_reference.h"

static void assert_measured(const struct dtd_evaluation *e, const char *name) {
  bool is_reference = !strcmp(name, dtd_reference_method);
  for (const struct dtd_metric *m = dtd_metrics; m->name; m++) {
    const struct dtd_result *found = dtd_result_find(e, name, m->name);
    if (!m->a) continue; /* another module measures it */
    assert_true(!found == (m->subject == DTD_BESIDE_REFERENCE && is_reference));
    if (found) assert_string_equal(found->set, dtd_set_names[m->set]);
  }
  assert_non_null(dtd_result_find(e, name, "seconds"));
}

TEST(every_method_has_every_metric) {
  int usual = 0;
  for (int i = 0; dtd_methods[i]; i++)
    if (dtd_method_is_usual(dtd_methods[i]) &&
        dtd_explainer_offers(bench.explainer, dtd_methods[i])) {
      assert_measured(evaluation, dtd_methods[i]->name);
      usual++;
    } else
      assert_null(dtd_result_find(evaluation, dtd_methods[i]->name, "seconds"));
  assert_int_equal(evaluation->methods, usual);
  assert_non_null(dtd_result_find(evaluation, "network", "mse"));
  assert_non_null(dtd_result_find(evaluation, "network", "accuracy"));
  assert_non_null(dtd_result_find(evaluation, "network", "black_score"));
  assert_non_null(dtd_result_find(evaluation, "minmax", "rms"));
  assert_non_null(dtd_result_find(evaluation, "minmax", "correlation"));
  assert_non_null(dtd_result_find(evaluation, "minmax-units", "rms"));
  assert_non_null(dtd_result_find(evaluation, "minmax-units", "correlation"));
  assert_null(dtd_result_find(evaluation, "minmax-pooled", "rms"));
  assert_null(dtd_result_find(evaluation, "network", "nonsense"));
}

/* With more methods evaluated, all results stay the same, bit by bit. */
TEST(methods_do_not_change_the_results_of_others) {
  struct dtd_evaluation_settings all = plain_settings;
  memset(all.skip, 0, sizeof all.skip);
  struct dtd_evaluation *e = run(&bench, &all);
  for (int i = 0; dtd_methods[i]; i++)
    if (dtd_explainer_offers(bench.explainer, dtd_methods[i]))
      assert_measured(e, dtd_methods[i]->name);
  for (int i = 0; i < evaluation->results; i++) {
    const struct dtd_result *alone = &evaluation->result[i];
    const struct dtd_result *found =
        dtd_result_find(e, alone->subject, alone->metric);
    if (strcmp(alone->metric, "seconds"))
      assert_memory_equal(&alone->estimate, &found->estimate,
                          3 * sizeof(double));
  }
}

/* How many of the first `count` one-target pairs have f > 50, in double. */
static int confident(int count) {
  const struct dtd_evaluated_set *set = &evaluation->set[DTD_SET_ONE_TARGET];
  struct dtd_reference *reference = new_reference(bench.net);
  int confident = 0;
  for (int n = 0; n < count; n++)
    confident += reference_score(reference, set->images + (long)n * P) > 50;
  return confident;
}

TEST(results_say_how_many_pairs_they_rest_on) {
  assert_true(confident(5) > 1 && confident(30) < 30); /* a test that tells */
  assert_int_equal(n_of("network", "mse"), 60);
  assert_int_equal(n_of("sensitivity", "slope"), 30);
  assert_int_equal(n_of("taylor", "slope"), 6);
  assert_int_equal(n_of("sensitivity", "target_share"), confident(30));
  assert_int_equal(n_of("taylor", "target_share"), confident(6));
  assert_int_equal(n_of("sensitivity", "flipping_area"), confident(8));
  assert_int_equal(n_of("taylor", "aopc_gain"), confident(6));
  assert_int_equal(n_of("sensitivity", "continuity"), confident(5));
  assert_int_equal(n_of("taylor", "continuity"), confident(2));
  assert_int_equal(n_of("sensitivity", "randomised_all"), confident(5));
  assert_int_equal(n_of("taylor", "randomised_top"), confident(2));
  assert_int_equal(n_of("taylor", "spread_ratio_free"), confident(6));
  assert_int_equal(n_of("constant", "randomised_top"), 0); /* no ranks */
}

TEST(controls_score_as_they_must) {
  assert_true(fabs(value_of("constant", "target_share") - 0.5) < 1e-6);
  assert_true(fabs(value_of("random", "target_share") - 0.5) < 0.02);
  assert_true(value_of("constant", "spread") == 1412);
  assert_true(fabs(value_of("constant", "ratio") - 1) < 1e-6);
  assert_true(fabs(value_of("random", "ratio") - 1) < 1e-6);
  assert_true(fabs(value_of("constant", "continuity_relative")) < 1e-6);
  assert_true(isnan(value_of("constant", "rank_correlation_free")));
  assert_true(fabs(value_of("random", "rank_correlation_free")) < 0.05);
  assert_true(value_of("random", "randomised_all") > 0.999);
  assert_true(fabs(value_of("random", "variation_ratio_free") - 1) < 1e-5);
}

/* Everything but the clock. */
static void assert_same_results(const struct dtd_evaluation *a,
                                const struct dtd_evaluation *b) {
  assert_int_equal(a->results, b->results);
  for (int i = 0; i < a->results; i++) {
    const struct dtd_result *x = &a->result[i], *y = &b->result[i];
    assert_string_equal(x->subject, y->subject);
    assert_string_equal(x->metric, y->metric);
    if (!strcmp(x->metric, "seconds")) continue;
    assert_memory_equal(&x->estimate, &y->estimate, 3 * sizeof(double));
    assert_int_equal(x->estimate.n, y->estimate.n);
  }
}

TEST(seeds_repeat_on_any_number_of_threads) {
  for (int threads = 1; threads <= 3; threads += 2) {
    dtd_threads(threads);
    struct dtd_evaluation *again = run(&bench, &plain_settings);
    assert_same_results(evaluation, again);
  }
  dtd_threads(0);
}

static void assert_same_heatmaps(const struct dtd_evaluated_set *a,
                                 const struct dtd_evaluated_set *b,
                                 int methods) {
  for (int m = 0; m < methods; m++) {
    size_t size = (size_t)a->by[m].count * P * sizeof(float);
    assert_memory_equal(a->by[m].R_p, b->by[m].R_p, size);
    if (a->by[m].roots)
      assert_memory_equal(a->by[m].root_points, b->by[m].root_points, size);
  }
}

/* Every kind of kernel that this processor runs: heatmaps, roots, metrics. */
TEST(every_processor_gives_the_same_bits) {
  for (enum dtd_processor kind = 0; kind < DTD_PROCESSORS; kind++) {
    if (!dtd_processor_runs(kind)) continue;
    dtd_processor_use(kind);
    struct bench own = open_bench(true);
    struct dtd_evaluation *e = run(&own, &plain_settings);
    assert_same_results(evaluation, e);
    for (int s = 0; s < DTD_SETS; s++)
      assert_same_heatmaps(&evaluation->set[s], &e->set[s], e->methods);
  }
  dtd_processor_use(dtd_processor_best());
}

TEST(another_seed_draws_other_pairs) {
  struct dtd_evaluation_settings other = plain_settings;
  other.seed = 4;
  struct dtd_evaluation *e = run(&bench, &other);
  assert_true(
      dtd_result_find(e, "sensitivity", "target_share")->estimate.value !=
      value_of("sensitivity", "target_share"));
}

TEST(a_network_alone_is_evaluated) {
  struct bench alone = open_bench(false);
  struct dtd_evaluation *e = run(&alone, &plain_settings);
  assert_int_equal(e->methods, evaluation->methods - 2);
  assert_null(dtd_result_find(e, "minmax", "rms"));
  assert_null(dtd_result_find(e, "minmax-units", "rms"));
  assert_null(dtd_result_find(e, "deep-taylor-minmax", "target_share"));
  assert_true(
      dtd_result_find(e, "sensitivity", "randomised_all")->estimate.value ==
      value_of("sensitivity", "randomised_all"));
}

TEST(subsets_are_no_larger_than_their_sets) {
  struct dtd_evaluation_settings few = {.scores = 3,
                                        .pairs = 4,
                                        .roots = 50,
                                        .flips = 500,
                                        .repeats = 100,
                                        .slow_repeats = 20,
                                        .bootstrap = 10,
                                        .seed = 3};
  memcpy(few.skip, plain_settings.skip, sizeof few.skip);
  struct dtd_evaluation *e = run(&bench, &few);
  for (int m = 0; m < e->methods; m++) {
    assert_int_equal(e->set[DTD_SET_ONE_TARGET].by[m].count, 4);
    assert_int_equal(e->set[DTD_SET_ONE_TARGET].by[m].curves.count, 4);
    assert_int_equal(e->set[DTD_SET_ONE_TARGET].by[m].repeats, 4);
  }
}

static int certified(const struct dtd_explained *by, double above) {
  int count = 0;
  for (int n = 0; n < by->count; n++)
    count += by->roots[n].certified && by->measures[n].f > above;
  return count;
}

/* Searches that are cut short certify some roots and not others. */
TEST(pairs_without_a_certified_root_are_left_out) {
  const struct dtd_root_settings usual = bench.explainer->settings.root;
  bench.explainer->settings.root.evaluations = 40;
  bench.explainer->settings.root.starts = 1;
  struct dtd_evaluation *e = run(&bench, &plain_settings);
  bench.explainer->settings.root = usual;
  for (int s = 0; s < DTD_SETS; s++) {
    const struct dtd_explained *taylor = NULL;
    for (int m = 0; m < e->methods; m++)
      if (e->set[s].by[m].roots) taylor = &e->set[s].by[m];
    int count = certified(taylor, -1);
    struct dtd_left_out left_out =
        dtd_left_out(e, "taylor", (enum dtd_set_index)s);
    assert_true(count > 0 && count < 6); /* a test that tells */
    assert_int_equal(left_out.pairs, 6 - count);
    assert_int_equal(left_out.of, 6);
    const char *metric = s == DTD_SET_INDEPENDENT ? "slope" : "target_share";
    double above = s == DTD_SET_INDEPENDENT ? -1 : 50;
    assert_int_equal(dtd_result_find(e, "taylor", metric)->estimate.n,
                     certified(taylor, above));
    assert_int_equal(
        dtd_result_find(e, "sensitivity", metric)->estimate.n,
        dtd_result_find(evaluation, "sensitivity", metric)->estimate.n);
  }
  struct dtd_estimate difference =
      dtd_compare(e, "target_share", "sensitivity", "taylor");
  assert_int_equal(difference.n,
                   dtd_result_find(e, "taylor", "target_share")->estimate.n);
  assert_int_equal(dtd_left_out(e, "sensitivity", DTD_SET_ONE_TARGET).pairs, 0);
  assert_int_equal(dtd_left_out(e, "nothing", DTD_SET_ONE_TARGET).of, 0);
}

TEST_GROUP(set_up, NULL)
