/* Tests statistics of known numbers, and that their intervals are sure enough.
 */
#include <stdatomic.h>

#include "base/test_numbers.h"
#include "evaluate/estimate.h"
#include "base/rng.h"

static const int forward_index[] = {0, 1, 2, 3, 4};

TEST(statistics_of_five_numbers) {
  const double a[] = {1, 2, 3, 4, 10}, b[] = {2, 4, 6, 8, 10};
  const int *i = forward_index;
  assert_true(is_near(dtd_mean(a, NULL, i, 5), 4));
  assert_true(is_near(dtd_median(a, NULL, i, 5), 3));
  assert_true(is_near(dtd_median(a, NULL, i, 4), 2.5));
  assert_true(is_near(dtd_maximum(a, NULL, i, 5), 10));
  assert_true(is_near(dtd_root_mean_square(a, NULL, i, 5), sqrt(26)));
  assert_true(is_near(dtd_variation(a, NULL, i, 5), sqrt(10) / 4));
  assert_true(is_near(dtd_ratio(a, b, i, 5), 20.0 / 30));
  assert_true(is_near(dtd_difference(a, b, i, 5), -2));
  assert_true(
      is_near(dtd_variation_ratio(a, b, i, 5), sqrt(10) / 4 / (sqrt(8) / 6)));
  assert_true(is_near(dtd_slope(a, b, i, 5), 1)); /* 40 / 40 */
  assert_true(is_near(dtd_correlation(a, b, i, 5), 40 / sqrt(50.0 * 40)));
  assert_true(is_near(dtd_correlation(a, b, i, 4), 1));
}

/* The interval of a mean of n uniforms is mean +- 1.96 sqrt(1/12/n). */
TEST(intervals_have_the_right_width) {
  enum { COUNT = 2000 };
  double *a = test_new(COUNT, sizeof *a);
  struct dtd_rng rng = dtd_rng_open(1, "test/estimate", 0);
  for (int n = 0; n < COUNT; n++) a[n] = dtd_rng_uniform(&rng);
  struct dtd_estimate e = dtd_estimate(dtd_mean, a, NULL, COUNT, 1000, 1);
  double half = 1.96 * sqrt(1 / 12.0 / COUNT);
  assert_true(e.n == COUNT && e.low < e.value && e.value < e.high);
  assert_true(fabs((e.high - e.low) / (2 * half) - 1) < 0.15);
}

/* Counts its calls: resample r, in some order, has the statistic r. */
static atomic_int calls;
static double count_calls(const double *a, const double *b, const int *index,
                          int n) {
  (void)a, (void)b, (void)index, (void)n;
  return atomic_fetch_add(&calls, 1);
}

/* 41 statistics 0 to 40: 2.5 % of the way from first to last is 1. */
TEST(intervals_end_at_the_percentiles) {
  const double a[] = {1};
  struct dtd_estimate e = dtd_estimate(count_calls, a, NULL, 1, 41, 1);
  assert_true(is_near(e.low, 1) && is_near(e.high, 39));
  calls = 0;
  e = dtd_estimate(count_calls, a, NULL, 1, 11, 1);
  assert_true(is_near(e.low, 0.25) && is_near(e.high, 9.75));
}

/* Two observations of each example that share its large part: resampled
   together, their difference varies by their small part alone, and a constant
   ratio by nothing at all. */
TEST(paired_statistics_draw_both_sides_together) {
  enum { COUNT = 1000 };
  double *a = test_new(2 * COUNT, sizeof *a), *b = a + COUNT;
  struct dtd_rng rng = dtd_rng_open(1, "test/paired", 0);
  for (int n = 0; n < COUNT; n++) {
    double shared = 100 * dtd_rng_uniform(&rng) + 1;
    a[n] = shared + dtd_rng_uniform(&rng);
    b[n] = shared;
  }
  struct dtd_estimate e = dtd_estimate(dtd_difference, a, b, COUNT, 1000, 1);
  double half = 1.96 * sqrt(1 / 12.0 / COUNT);
  assert_true(fabs(e.value - 0.5) < 2 * half);
  assert_true(fabs((e.high - e.low) / (2 * half) - 1) < 0.15);
  for (int n = 0; n < COUNT; n++) a[n] = 3 * b[n];
  e = dtd_estimate(dtd_ratio, a, b, COUNT, 1000, 1);
  assert_true(is_near(e.low, 3) && is_near(e.high, 3));
  e = dtd_estimate(dtd_variation_ratio, a, b, COUNT, 1000, 1);
  assert_true(is_near(e.low, 1) && is_near(e.high, 1));
}

TEST(missing_observations_are_left_out) {
  const double a[] = {1, NAN, 3, 5}, b[] = {1, 1, NAN, 1};
  struct dtd_estimate e = dtd_estimate(dtd_mean, a, NULL, 4, 100, 1);
  assert_true(e.n == 3 && is_near(e.value, 3));
  e = dtd_estimate(dtd_ratio, a, b, 4, 100, 1);
  assert_true(e.n == 2 && is_near(e.value, 3));
  e = dtd_estimate(dtd_mean, a + 1, NULL, 1, 100, 1);
  assert_true(e.n == 0 && isnan(e.value) && isnan(e.low));
}

TEST(intervals_do_not_depend_on_threads) {
  const double a[] = {1, 2, 4, 8, 16, 32};
  struct dtd_estimate x = dtd_estimate(dtd_median, a, NULL, 6, 200, 3);
  struct dtd_estimate y = dtd_estimate(dtd_median, a, NULL, 6, 200, 3);
  assert_true(x.low == y.low && x.high == y.high);
}
