/* Tests measures of changed pixels and re-drawn models against their
 * definitions. */

#include "evaluate/randomisation.h"

#include "evaluate/test_evaluation.h"

TEST_OWNS(trained_model)

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
      struct dtd_trained_model *model = own_trained_model(
          dtd_randomised_model(bench.explainer, layers, 3, n, 1));
      dtd_explain(R_p, NULL, model->explainer, by->method,
                  set->images + (long)n * P, 1);
      if (by->measures[n].f > 50) {
        sum += dtd_size_correlation(R_p, by->R_p + (long)n * P, P);
        count++;
      }
    }
    assert_true(fabs(value_of(by->method->name, metrics[layers - 1]) -
                     sum / count) < 1e-6);
  }
}

TEST_GROUP(set_up, NULL)
