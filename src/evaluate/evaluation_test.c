/* Tests a whole evaluation of a small network on made-up digits. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/test.h"
#include "evaluate/evaluation.h"
#include "linear/mat.h"
#include "base/memory.h"
#include "network/plain_digits.h"
#include "network/test_network.h"
#include "relevance/test_reference.h"
#include "evaluate/randomisation.h"

enum { P = DTD_PAIR_PIXELS, CAPACITY = 16 };

/* Of the usual methods, once the tests are set up. */
static struct dtd_evaluation_settings plain_settings = {.scores = 60,
                                                        .pairs = 30,
                                                        .roots = 6,
                                                        .flips = 8,
                                                        .repeats = 5,
                                                        .slow_repeats = 2,
                                                        .bootstrap = 50,
                                                        .seed = 3};

/* A network that was never trained, with most scores above 50 and some below:
   every measure is defined, whatever it says. */
struct bench {
  struct dtd_digits digits, training;
  struct dtd_network *net;
  struct dtd_relevance_model *minmax, *units; /* the second has 5 a pool */
  struct dtd_explainer *explainer;
  struct dtd_pair_settings pairs;
};

static struct bench open_bench(bool with_minmax) {
  const struct dtd_layer_shape shape[] = {LAYER(P, 12, 4), LAYER(3, 8, 8)};
  struct dtd_explanation_settings settings = {.first_rule = dtd_rule_find("zB"),
                                              .upper_rule = dtd_rule_find("z+"),
                                              .root = dtd_root_defaults(),
                                              .integrated_steps = 3,
                                              .smooth_samples = 3,
                                              .smooth_deviation = 0.1,
                                              .low = DTD_PIXEL_LOW,
                                              .high = DTD_PIXEL_HIGH};
  settings.root.evaluations = 40; /* the roots need not be the nearest here */
  settings.root.starts = 1;
  struct bench b = {.digits = plain_digits(100, 1),
                    .training = plain_digits(100, 2),
                    .net = random_network(shape, 2, 4)};
  for (int i = 0; i < 3 * 8; i++) b.net->layer[1].w[i] *= 3.15f;
  if (with_minmax) {
    b.minmax = dtd_relevance_model_new(dtd_model_kind_find("minmax"),
                                       &b.net->layer[0], 8, CAPACITY);
    b.minmax->kind->initialise(b.minmax, 5, 0.3, 0.001);
  }
  b.explainer = dtd_explainer_new(b.net, b.minmax, &settings, CAPACITY);
  if (with_minmax) {
    b.units = dtd_relevance_model_sized(dtd_model_kind_find("minmax-units"),
                                        &b.net->layer[0], 5, 8, CAPACITY);
    b.units->kind->initialise(b.units, 5, 0.3, 0.001);
    dtd_explainer_add(b.explainer, b.units);
  }
  b.pairs = (struct dtd_pair_settings){.seed = 77,
                                       .stream = "pairs/train",
                                       .translation = 3,
                                       .is_target = {1, 1, 1, 1}};
  return b;
}

static void close_bench(struct bench *b) {
  dtd_explainer_free(b->explainer);
  dtd_relevance_model_free(b->minmax);
  dtd_relevance_model_free(b->units);
  dtd_network_free(b->net);
  dtd_digits_free(&b->digits);
  dtd_digits_free(&b->training);
}

static struct dtd_evaluation *
run(struct bench *b, const struct dtd_evaluation_settings *settings) {
  return dtd_evaluate(b->explainer, &b->digits, &b->training, &b->pairs,
                      settings, NULL);
}

/* One evaluation that the tests below look at. */
static struct bench bench;
static struct dtd_evaluation *evaluation;

static void set_up(void) {
  dtd_threads(2);
  bench = open_bench(true);
  for (int m = 0; dtd_methods[m]; m++)
    plain_settings.skip[m] = !dtd_method_is_usual(dtd_methods[m]);
  evaluation = run(&bench, &plain_settings);
}

static void tear_down(void) {
  dtd_evaluation_free(evaluation);
  close_bench(&bench);
}

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

/* More methods leave the results of those there were as they are, bit by bit.
 */
TEST(methods_score_alike_in_any_company) {
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
  dtd_evaluation_free(e);
}

/* How many of the first `count` one-target pairs have f > 50, in double. */
static int confident(int count) {
  const struct dtd_evaluated_set *set = &evaluation->set[DTD_SET_ONE_TARGET];
  struct dtd_reference *reference = dtd_reference_new(bench.net);
  int confident = 0;
  for (int n = 0; n < count; n++)
    confident += reference_score(reference, set->images + (long)n * P) > 50;
  dtd_reference_free(reference);
  return confident;
}

static int n_of(const char *subject, const char *metric) {
  return dtd_result_find(evaluation, subject, metric)->estimate.n;
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

/* Untranslated pairs of the stream, whatever the training settings were. */
TEST(sets_are_those_documented) {
  const char *const streams[] = {"pairs/test", "pairs/test-one-target"};
  float image[P], t;
  for (int s = 0; s < DTD_SETS; s++) {
    const struct dtd_evaluated_set *set = &evaluation->set[s];
    struct dtd_pair_settings own = {.seed = 3,
                                    .stream = streams[s],
                                    .is_target = {1, 1, 1, 1},
                                    .mode =
                                        s ? DTD_ONE_TARGET : DTD_INDEPENDENT};
    struct dtd_sampler *sampler = dtd_sampler_new(&bench.digits, &own);
    assert_int_equal(set->count, 30);
    for (int n = 0; n < set->count; n++) {
      dtd_pairs_draw(image, &t, NULL, sampler, (uint64_t)n, 1);
      assert_memory_equal(image, set->images + (long)n * P, sizeof image);
      assert_true(t == set->t[n]);
      if (s)
        assert_int_equal(
            set->pairs[n].is_target[0] + set->pairs[n].is_target[1], 1);
    }
    dtd_sampler_free(sampler);
  }
}

/* The mean target share, summed again from the heatmaps themselves. */
TEST(target_share_is_that_of_the_heatmaps) {
  const struct dtd_evaluated_set *set = &evaluation->set[DTD_SET_ONE_TARGET];
  for (int m = 0; m < evaluation->methods; m++) {
    const struct dtd_explained *by = &set->by[m];
    double shares = 0;
    int count = 0;
    for (int n = 0; n < by->count; n++) {
      double half[2] = {0, 0};
      if (!(by->measures[n].f > 50)) continue;
      for (int p = 0; p < P; p++)
        half[p % 56 >= 28] += fmax(0, (double)by->R_p[(long)n * P + p]);
      if (!(half[0] + half[1] > 0)) continue;
      shares += half[set->pairs[n].is_target[1]] / (half[0] + half[1]);
      count++;
    }
    const struct dtd_result *r =
        dtd_result_find(evaluation, by->method->name, "target_share");
    assert_int_equal(r->estimate.n, count);
    assert_true(fabs(r->estimate.value - shares / count) < 1e-9);
    assert_true(r->estimate.low <= r->estimate.value &&
                r->estimate.value <= r->estimate.high);
  }
}

static double value_of(const char *subject, const char *metric) {
  return dtd_result_find(evaluation, subject, metric)->estimate.value;
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

/* Areas and gains against the mean curves, which are kept apart. */
TEST(areas_are_those_of_the_curves) {
  const struct dtd_evaluated_set *set = &evaluation->set[DTD_SET_ONE_TARGET];
  const double *random = set->random_order.at[0];
  for (int m = 0; m < evaluation->methods; m++) {
    const struct dtd_explained *by = &set->by[m];
    double area = 0, gain = 0;
    int count = 0;
    for (long n = 0; n < by->curves.count; n++) {
      const double *g = by->curves.at[0] + n * 113, *h = random + n * 113;
      if (isnan(g[0])) continue;
      count++;
      for (int s = 0; s <= 112; s++) {
        double weight = s == 0 || s == 112 ? 0.5 : 1;
        area += weight * g[s] / 112, gain += weight * (h[s] - g[s]) / 112;
      }
    }
    const char *name = by->method->name;
    assert_int_equal(n_of(name, "flipping_area"), count);
    assert_true(fabs(value_of(name, "flipping_area") - area / count) < 1e-9);
    assert_true(fabs(value_of(name, "flipping_gain") - gain / count) < 1e-9);
  }
}

/* The early steps, from curves at their ends: pixel 18 of 112, block 5 of 32.
 */
TEST(early_areas_are_those_of_the_first_steps) {
  const struct dtd_evaluated_set *set = &evaluation->set[DTD_SET_ONE_TARGET];
  const struct dtd_explained *by = &set->by[0];
  for (long n = 0; n < by->curves.count; n++) {
    const double *g = by->curves.at[0] + n * 113,
                 *k = by->curves.at[1] + n * 33;
    const double *h = set->random_order.at[1] + n * 33;
    double area = (g[0] + g[18]) / 2, aopc = 1, random = 1;
    for (int s = 1; s < 18; s++) area += g[s];
    for (int s = 0; s <= 5; s++) aopc -= k[s] / 6, random -= h[s] / 6;
    if (isnan(g[0])) continue;
    const struct dtd_measures *v = &by->measures[n];
    assert_true(fabs(v->flipping_area_early - area / 18) < 1e-9);
    assert_true(fabs(v->aopc_early - aopc) < 1e-9);
    assert_true(fabs(v->aopc_gain_early - (aopc - random)) < 1e-9);
  }
}

/* The mean correlations of the upper layer's and of both layers' models, from
   models re-drawn once more. */
TEST(randomised_metrics_are_those_of_the_cascade) {
  const char *const metrics[] = {"randomised_top", "randomised_all"};
  const struct dtd_evaluated_set *set = &evaluation->set[DTD_SET_ONE_TARGET];
  const struct dtd_explained *by = &set->by[0];
  float R_p[P];
  for (int layers = 1; layers <= 2; layers++) {
    double sum = 0;
    int count = 0;
    for (int n = 0; n < by->repeats; n++) {
      struct dtd_trained_model *model =
          dtd_randomised_model(bench.explainer, layers, 3, (uint64_t)n, 1);
      dtd_explain(R_p, NULL, model->explainer, by->method,
                  set->images + (long)n * P, 1);
      if (by->measures[n].f > 50) {
        sum += dtd_size_correlation(R_p, by->R_p + (long)n * P, P);
        count++;
      }
      dtd_trained_model_free(model);
    }
    assert_true(fabs(value_of(by->method->name, metrics[layers - 1]) -
                     sum / count) < 1e-6);
  }
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
    dtd_evaluation_free(again);
  }
  dtd_threads(0);
}

TEST(another_seed_draws_other_pairs) {
  struct dtd_evaluation_settings other = plain_settings;
  other.seed = 4;
  struct dtd_evaluation *e = run(&bench, &other);
  assert_true(
      dtd_result_find(e, "sensitivity", "target_share")->estimate.value !=
      value_of("sensitivity", "target_share"));
  dtd_evaluation_free(e);
}

/* sum_k Rhat_k against f on the pairs of the scores set, from the reference. */
TEST(a_models_fit_is_that_of_the_reference) {
  struct dtd_pair_settings own =
      dtd_test_pairs(&bench.pairs, plain_settings.seed, DTD_SET_INDEPENDENT);
  struct dtd_sampler *sampler = dtd_sampler_new(&bench.digits, &own);
  int count = plain_settings.scores;
  float *x = dtd_new((size_t)count * P, sizeof *x);
  float *t = dtd_new((size_t)count, sizeof *t);
  struct dtd_reference *reference = dtd_reference_new(bench.net);
  struct dtd_reference_model *model = dtd_reference_model_new(bench.units);
  const struct dtd_reference_layer *first = &reference->layer[0];
  double squares = 0;
  dtd_pairs_draw(x, t, NULL, sampler, 0, count);
  for (int n = 0; n < count; n++) {
    double f = reference_score(reference, x + (long)n * P), sum = 0;
    dtd_reference_decompose(reference, NULL, "zB", -0.5, 1.5);
    dtd_reference_min_max(model, first->x_i, reference->layer[1].R_j);
    for (int j = 0; j < model->units; j++) sum += model->y_j[j];
    squares += (sum - f) * (sum - f) / count;
  }
  double rms =
      dtd_result_find(evaluation, "minmax-units", "rms")->estimate.value;
  assert_true(fabs(rms - sqrt(squares)) < 1e-4 * rms);
  free(x);
  free(t);
  dtd_reference_free(reference);
  dtd_reference_model_free(model);
  dtd_sampler_free(sampler);
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
  dtd_evaluation_free(e);
  close_bench(&alone);
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
  dtd_evaluation_free(e);
}

TEST_GROUP(set_up, tear_down)
