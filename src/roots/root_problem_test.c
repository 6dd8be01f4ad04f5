/* Holds the optimality conditions to solutions and non-solutions known by hand.
 */

#include "base/test.h"
#include "roots/root_problem.h"

/* x - r is 2 g on the free pixels 0 and 1. Pixel 2 sits at the low bound, where
   g would push it further down; pixel 3 at the high one, further up. */
static const float gradient[] = {0.25f, -0.5f, 1, -1};
static const float x[] = {1, 0, 0.5f, 0.5f};
static const float r[] = {0.5f, 1, -0.5f, 1.5f};

static double cosine(const float *at, const float *slope) {
  return dtd_root_cosine(x, at, slope, -0.5f, 1.5f, 4);
}

TEST(the_cosine_is_one_at_a_solution) {
  assert_true(fabs(cosine(r, gradient) - 1) < 1e-12);
}

TEST(the_cosine_is_poor_elsewhere) {
  const float moved[] = {1.4f, 1, -0.5f, 1.5f};
  const float turned[] = {0.25f, 0.5f, 1, -1};
  const float opposite[] = {-0.25f, 0.5f, -1, 1};
  assert_true(cosine(moved, gradient) < 0.9);
  assert_true(cosine(r, turned) < 0.9);
  assert_true(cosine(r, opposite) < 0);
}

/* At the low bound, r - x + lambda g >= 0: with g_2 = 0.25 and lambda = 2 it is
   -0.5, so the pixel should leave its bound. */
TEST(a_bound_counts_when_it_should_be_left) {
  const float leaves[] = {0.25f, -0.5f, 0.25f, -1};
  double along = 0.5 * 0.25 + 1 * 0.5 + 1 * 0.25;
  double scale = sqrt((0.0625 + 0.25 + 0.0625) * (0.25 + 1 + 1));
  assert_true(fabs(cosine(r, leaves) - along / scale) < 1e-9);
  assert_true(cosine(r, leaves) < 0.99);
}

TEST(nothing_free_or_no_slope_gives_zero) {
  const float none[4] = {0};
  assert_true(cosine(r, none) == 0);
}

static struct dtd_root judged(double f_root, const float *at) {
  struct dtd_root_settings settings = dtd_root_defaults();
  struct dtd_root root = {.f = 10, .f_root = f_root};
  dtd_root_judge(&root, x, at, gradient, -0.5f, 1.5f, 4, &settings);
  return root;
}

TEST(certificates_need_feasible_points) {
  const float outside[] = {0.5f, 1, -0.6f, 1.5f};
  struct dtd_root good = judged(1, r);
  assert_true(good.feasible && good.certified);
  assert_true(fabs(good.distance - 1.8027756377) < 1e-6); /* sqrt(3.25) */
  assert_true(judged(1.009, r).certified);
  assert_false(judged(1.011, r).feasible);
  assert_false(judged(1.011, r).certified);
  assert_false(judged((double)NAN, r).certified);
  assert_false(judged(1, outside).feasible);
  const float turned[] = {1.4f, 1, -0.5f, 1.5f};
  assert_true(judged(1, turned).feasible);
  assert_false(judged(1, turned).certified);
}

TEST(better_means_certified_then_feasible_then_near) {
  struct dtd_root far_off = {
      .distance = 3, .feasible = true, .certified = true};
  struct dtd_root near = {.distance = 1, .feasible = true};
  struct dtd_root wrong = {.distance = 0.1};
  struct dtd_root nearer = {.distance = 2, .feasible = true, .certified = true};
  assert_true(dtd_root_better(&far_off, &near));
  assert_true(dtd_root_better(&near, &wrong));
  assert_true(dtd_root_better(&nearer, &far_off));
  assert_false(dtd_root_better(&far_off, &nearer));
  assert_false(dtd_root_better(&nearer, &nearer));
}
