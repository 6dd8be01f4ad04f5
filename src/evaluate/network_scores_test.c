/* Tests how well models fit, against the plain reference. */

#include "evaluate/network_scores.h"
#include "files/test_digits.h"
#include "relevance/test_reference.h"

#include "evaluate/test_evaluation.h"

/* sum_k Rhat_k against f on the pairs of the scores set, from the reference. */
TEST(a_models_fit_is_that_of_the_reference) {
  struct dtd_pair_settings own =
      dtd_test_pairs(&bench.pairs, plain_settings.seed, DTD_SET_INDEPENDENT);
  struct dtd_sampler *sampler = new_sampler(&bench.digits, &own);
  int count = plain_settings.scores;
  float *x = test_new((size_t)count * P, sizeof *x);
  float *t = test_new(count, sizeof *t);
  struct dtd_reference *reference = new_reference(bench.net);
  struct dtd_reference_model *model = new_reference_model(bench.units);
  const struct dtd_reference_layer *first = &reference->layer[0];
  double squares = 0, f_of[2] = {0}; /* summed over negatives, positives */
  int of[2] = {0};
  dtd_pairs_draw(x, t, NULL, sampler, 0, count);
  for (int n = 0; n < count; n++) {
    double f = reference_score(reference, x + (long)n * P), sum = 0;
    dtd_reference_decompose(reference, NULL, "zB", -0.5, 1.5);
    dtd_reference_min_max(model, first->x_i, reference->layer[1].R_j);
    for (int j = 0; j < model->units; j++) sum += model->y_j[j];
    squares += (sum - f) * (sum - f) / count;
    f_of[t[n] > 50] += f;
    of[t[n] > 50]++;
  }
  double rms =
      dtd_result_find(evaluation, "minmax-units", "rms")->estimate.value;
  assert_true(fabs(rms - sqrt(squares)) < 1e-4 * rms);
  assert_true(of[0] && of[1]);
  assert_int_equal(n_of("network", "positive_mean"), of[1]);
  assert_int_equal(n_of("network", "negative_mean"), of[0]);
  double positive = value_of("network", "positive_mean") * of[1];
  double negative = value_of("network", "negative_mean") * of[0];
  assert_true(fabs(positive - f_of[1]) < 1e-4 * f_of[1]);
  assert_true(fabs(negative - f_of[0]) < 1e-4 * f_of[0]);
}

TEST_GROUP(set_up, NULL)
