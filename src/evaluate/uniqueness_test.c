/* Tests that heatmaps change where a method makes arbitrary choices, and
   nowhere else. */

#include "base/test.h"
#include "files/test_digits.h"
#include "explain/test_explainer.h"
#include "evaluate/uniqueness.h"
#include "runs/config.h"

TEST_OWNS(evaluation)

TEST(the_change_of_a_heatmap_by_hand) {
  const float a[] = {1, 2, -1}, b[] = {1, 0, 1}, none[] = {0, 0, 0};
  /* |0| + |2| + |-2| over (4 + 2) / 2 */
  assert_true(fabs(dtd_heatmap_change(a, b, 3) - 4.0 / 3) < 1e-12);
  assert_true(dtd_heatmap_change(a, a, 3) == 0);
  assert_true(dtd_heatmap_change(a, none, 3) == 2);
  assert_true(dtd_heatmap_change(none, none, 3) == 0);
}

static double value_of(const struct dtd_evaluation *e, const char *subject,
                       const char *metric) {
  const struct dtd_result *r = dtd_result_find(e, subject, metric);
  assert_non_null(r);
  return r->estimate.value;
}

TEST(only_what_is_left_open_moves) {
  const struct dtd_layer_shape shape[] = {LAYER(DTD_PAIR_PIXELS, 64, 4),
                                          LAYER(16, 16, 16)};
  struct dtd_settings settings;
  dtd_config_defaults(&settings);
  settings.evaluation = (struct dtd_evaluation_settings){
      .scores = 10, .pairs = 10, .roots = 4, .bootstrap = 50, .seed = 1};
  settings.explanation.root.evaluations = 200;
  settings.explanation.root.starts = 1;
  struct dtd_network *network = new_network(shape, 2);
  dtd_network_initialise(network, 1, 0.3);
  struct dtd_relevance_model *minmax =
      random_model("minmax", network, 0, 10, 1, 0.05, 0.005);
  struct dtd_explainer *explainer =
      new_explainer(network, minmax, &settings.explanation, 10);
  struct dtd_digits digits = plain_digits(40, 1);
  struct dtd_evaluation *e =
      own_evaluation(dtd_evaluate(explainer, &digits, &digits, &settings.pairs,
                                  &settings.evaluation, NULL));
  float *weights =
      test_copy(minmax->memory, minmax->parameter_count, sizeof *weights);
  int results = e->results;
  struct dtd_uniqueness_settings own = {.examples = 4,
                                        .iterations = 300,
                                        .pairs = settings.pairs,
                                        .training = settings.training,
                                        .rate = settings.minmax_rate,
                                        .deviation = 0.03, /* far apart */
                                        .top_down_deviation = 0.005,
                                        .seed = settings.seed};
  dtd_uniqueness_measure(e, explainer, &digits, &own);
  assert_true(value_of(e, "sensitivity", "arbitrary_change") == 0);
  assert_true(value_of(e, "deep-taylor-free", "arbitrary_change") == 0);
  assert_true(value_of(e, "taylor", "arbitrary_change") > 0);
  double learned = value_of(e, "deep-taylor-minmax", "arbitrary_change");
  assert_true(learned > 0.01);
  /* The model and its settings are as they were. */
  assert_same_bits(weights, minmax->memory, minmax->parameter_count);
  assert_int_equal(explainer->settings.root.first_start,
                   settings.explanation.root.first_start);
  /* A rise takes the same part of a training, however long. */
  double risen[2];
  for (int n = 0; n < 2; n++) {
    e->results = results;
    own.training.iterations = n ? 300000 : 300;
    own.rate.rise = n ? 200000 : 200;
    dtd_uniqueness_measure(e, explainer, &digits, &own);
    risen[n] = value_of(e, "deep-taylor-minmax", "arbitrary_change");
  }
  assert_true(risen[0] == risen[1] && risen[0] != learned);
  own.rate.rise = settings.minmax_rate.rise;
  /* Models that have learned are more alike than those that have not. */
  e->results = results;
  own.iterations = 1;
  dtd_uniqueness_measure(e, explainer, &digits, &own);
  assert_true(value_of(e, "deep-taylor-minmax", "arbitrary_change") >
              1.05 * learned);
}
