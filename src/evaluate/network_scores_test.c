/* Tests how well models fit, against the plain reference. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "evaluate/network_scores.h"
#include "relevance/test_reference.h"

#include "evaluate/plain_evaluation.h"

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

TEST_GROUP(set_up, tear_down)
