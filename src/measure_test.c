/* Tests measures on heatmaps worked out by hand, and intervals on known laws.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "measure.h"
#include "memory.h"
#include "rng.h"

static bool close_to(double a, double b) {
  return fabs(a - b) <= 1e-9 * (1 + fabs(b));
}

static int at(int row, int column) {
  return row * DTD_PAIR_COLUMNS + column;
}

/* A target on the right with one inked pixel at (10, 40): relevance 4 on it, 2
   diagonally beside it, 1 two pixels away, 3 on the distractor's half (of which
   1 where ink never is), and -2 on the target's half. */
static void measures_of_a_small_heatmap(void **state) {
  (void)state;
  float R_p[DTD_PAIR_PIXELS] = {0}, image[DTD_PAIR_PIXELS];
  bool never_inked[DTD_PAIR_PIXELS] = {0};
  struct dtd_pair pair = {.is_target = {false, true}};
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) image[p] = DTD_PIXEL_LOW;
  image[at(10, 40)] = 1;
  image[at(5, 27)] = 1; /* the distractor's ink, beside the border */
  R_p[at(10, 40)] = 4;
  R_p[at(11, 41)] = 2;
  R_p[at(10, 42)] = 1;
  R_p[at(20, 3)] = 2;
  R_p[at(0, 0)] = 1;
  never_inked[at(0, 0)] = true;
  R_p[at(27, 55)] = -2;
  struct dtd_measures m = dtd_measure(R_p, 50, image, &pair, never_inked);
  assert_true(close_to(m.f, 50) && close_to(m.sum, 8));
  assert_true(close_to(m.positive, 10) && close_to(m.negative, 2));
  assert_true(close_to(m.target_share, 0.7) && close_to(m.ink_share, 0.6));
  assert_true(close_to(m.distractor_share, 0.3));
  assert_true(close_to(m.black_share, 0.1));
}

/* Relevance on one pixel after another around a single pixel of ink. */
static void ink_reaches_its_eight_neighbours(void **state) {
  (void)state;
  float image[DTD_PAIR_PIXELS];
  bool never_inked[DTD_PAIR_PIXELS] = {0};
  struct dtd_pair pair = {.is_target = {false, true}};
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) image[p] = DTD_PIXEL_LOW;
  image[at(10, 40)] = 1;
  for (int down = -2; down <= 2; down++)
    for (int right = -2; right <= 2; right++) {
      float R_p[DTD_PAIR_PIXELS] = {0};
      R_p[at(10 + down, 40 + right)] = 1;
      struct dtd_measures m = dtd_measure(R_p, 1, image, &pair, never_inked);
      assert_true(m.ink_share == (abs(down) < 2 && abs(right) < 2));
    }
}

/* What lies in memory above and below an image is not its ink. */
static void ink_ends_with_the_image(void **state) {
  (void)state;
  float rows[3 * DTD_PAIR_PIXELS], *image = rows + DTD_PAIR_PIXELS;
  float R_p[DTD_PAIR_PIXELS] = {0};
  bool never_inked[DTD_PAIR_PIXELS] = {0};
  struct dtd_pair pair = {.is_target = {false, true}};
  for (int i = 0; i < 3 * DTD_PAIR_PIXELS; i++) rows[i] = 1;
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) image[p] = DTD_PIXEL_LOW;
  R_p[at(0, 40)] = R_p[at(27, 40)] = R_p[at(27, 55)] = 1;
  struct dtd_measures m = dtd_measure(R_p, 1, image, &pair, never_inked);
  assert_true(close_to(m.target_share, 1) && m.ink_share == 0);
}

/* Ink dilates within its half only: (5, 28) touches the distractor's ink. */
static void ink_stays_on_its_half(void **state) {
  (void)state;
  float R_p[DTD_PAIR_PIXELS] = {0}, image[DTD_PAIR_PIXELS];
  bool never_inked[DTD_PAIR_PIXELS] = {0};
  struct dtd_pair pair = {.is_target = {false, true}};
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) image[p] = DTD_PIXEL_LOW;
  image[at(5, 27)] = 1;
  R_p[at(5, 28)] = 1;
  struct dtd_measures m = dtd_measure(R_p, 1, image, &pair, never_inked);
  assert_true(close_to(m.target_share, 1) && close_to(m.ink_share, 0));
}

static void shares_need_one_target_and_relevance(void **state) {
  (void)state;
  float R_p[DTD_PAIR_PIXELS] = {1}, none[DTD_PAIR_PIXELS] = {0};
  float image[DTD_PAIR_PIXELS] = {0};
  bool never_inked[DTD_PAIR_PIXELS] = {0};
  struct dtd_pair both = {.is_target = {true, true}};
  struct dtd_pair one = {.is_target = {true, false}};
  struct dtd_measures m = dtd_measure(R_p, 1, image, &both, never_inked);
  assert_true(isnan(m.target_share) && close_to(m.black_share, 0));
  m = dtd_measure(none, 0, image, &one, never_inked);
  assert_true(isnan(m.target_share) && isnan(m.black_share));
}

static void never_inked_is_seen_on_both_halves(void **state) {
  (void)state;
  uint8_t images[2 * DTD_DIGIT_PIXELS] = {0}, labels[2] = {0, 1};
  struct dtd_digits digits = {2, images, labels};
  bool never_inked[DTD_PAIR_PIXELS];
  images[3 * 28 + 4] = 1;
  images[DTD_DIGIT_PIXELS + 5 * 28 + 6] = 255;
  dtd_never_inked(never_inked, &digits);
  int inked = 0;
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) inked += !never_inked[p];
  assert_int_equal(inked, 4);
  assert_false(never_inked[at(3, 4)] || never_inked[at(3, 32)]);
  assert_false(never_inked[at(5, 6)] || never_inked[at(5, 34)]);
}

static const int forward_index[] = {0, 1, 2, 3, 4};

static void statistics_of_five_numbers(void **state) {
  (void)state;
  const double a[] = {1, 2, 3, 4, 10}, b[] = {2, 4, 6, 8, 10};
  const int *i = forward_index;
  assert_true(close_to(dtd_mean(a, NULL, i, 5), 4));
  assert_true(close_to(dtd_median(a, NULL, i, 5), 3));
  assert_true(close_to(dtd_median(a, NULL, i, 4), 2.5));
  assert_true(close_to(dtd_maximum(a, NULL, i, 5), 10));
  assert_true(close_to(dtd_root_mean_square(a, NULL, i, 5), sqrt(26)));
  assert_true(close_to(dtd_variation(a, NULL, i, 5), sqrt(10) / 4));
  assert_true(close_to(dtd_ratio(a, b, i, 5), 20.0 / 30));
  assert_true(close_to(dtd_slope(a, b, i, 5), 1)); /* 40 / 40 */
  assert_true(close_to(dtd_correlation(a, b, i, 5), 40 / sqrt(50.0 * 40)));
  assert_true(close_to(dtd_correlation(a, b, i, 4), 1));
}

/* The interval of a mean of n uniforms is mean +- 1.96 sqrt(1/12/n). */
static void intervals_have_the_right_width(void **state) {
  (void)state;
  enum { COUNT = 2000 };
  double *a = dtd_new(COUNT, sizeof *a);
  struct dtd_rng rng = dtd_rng_open(1, "test/estimate", 0);
  for (int n = 0; n < COUNT; n++) a[n] = dtd_rng_uniform(&rng);
  struct dtd_estimate e = dtd_estimate(dtd_mean, a, NULL, COUNT, 1000, 1);
  double half = 1.96 * sqrt(1 / 12.0 / COUNT);
  assert_true(e.n == COUNT && e.low < e.value && e.value < e.high);
  assert_true(fabs((e.high - e.low) / (2 * half) - 1) < 0.15);
  free(a);
}

/* Counts its calls: resample r, in some order, has the statistic r. */
static atomic_int calls;
static double count_calls(const double *a, const double *b, const int *index,
                          int n) {
  (void)a, (void)b, (void)index, (void)n;
  return atomic_fetch_add(&calls, 1);
}

/* 41 statistics 0 to 40: 2.5 % of the way from first to last is 1. */
static void intervals_end_at_the_percentiles(void **state) {
  (void)state;
  const double a[] = {1};
  struct dtd_estimate e = dtd_estimate(count_calls, a, NULL, 1, 41, 1);
  assert_true(close_to(e.low, 1) && close_to(e.high, 39));
  calls = 0;
  e = dtd_estimate(count_calls, a, NULL, 1, 11, 1);
  assert_true(close_to(e.low, 0.25) && close_to(e.high, 9.75));
}

static void missing_observations_are_left_out(void **state) {
  (void)state;
  const double a[] = {1, NAN, 3, 5}, b[] = {1, 1, NAN, 1};
  struct dtd_estimate e = dtd_estimate(dtd_mean, a, NULL, 4, 100, 1);
  assert_true(e.n == 3 && close_to(e.value, 3));
  e = dtd_estimate(dtd_ratio, a, b, 4, 100, 1);
  assert_true(e.n == 2 && close_to(e.value, 3));
  e = dtd_estimate(dtd_mean, a + 1, NULL, 1, 100, 1);
  assert_true(e.n == 0 && isnan(e.value) && isnan(e.low));
}

static void intervals_do_not_depend_on_threads(void **state) {
  (void)state;
  const double a[] = {1, 2, 4, 8, 16, 32};
  struct dtd_estimate x = dtd_estimate(dtd_median, a, NULL, 6, 200, 3);
  struct dtd_estimate y = dtd_estimate(dtd_median, a, NULL, 6, 200, 3);
  assert_true(x.low == y.low && x.high == y.high);
}

static void histograms_count_every_value_once(void **state) {
  (void)state;
  const float values[] = {-4, -1, -0.5f, 0, 0, 0.25f, 1, 1.0001f, 2, 4};
  struct dtd_histogram h = dtd_histogram(values, 10, 4);
  const long wanted[] = {1, 0, 0, 2, 2, 2, 0, 1}; /* width 1, (lo, hi] */
  assert_true(close_to(h.width, 1));
  assert_int_equal(h.zeros, 2);
  for (int i = 0; i < 8; i++) assert_int_equal(h.count[i], wanted[i]);
  dtd_histogram_free(&h);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(measures_of_a_small_heatmap),
      cmocka_unit_test(ink_reaches_its_eight_neighbours),
      cmocka_unit_test(ink_ends_with_the_image),
      cmocka_unit_test(ink_stays_on_its_half),
      cmocka_unit_test(shares_need_one_target_and_relevance),
      cmocka_unit_test(never_inked_is_seen_on_both_halves),
      cmocka_unit_test(statistics_of_five_numbers),
      cmocka_unit_test(intervals_have_the_right_width),
      cmocka_unit_test(intervals_end_at_the_percentiles),
      cmocka_unit_test(missing_observations_are_left_out),
      cmocka_unit_test(intervals_do_not_depend_on_threads),
      cmocka_unit_test(histograms_count_every_value_once),
  };
  return cmocka_run_group_tests_name("measure", tests, NULL, NULL);
}
