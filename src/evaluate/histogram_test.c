/* Tests that a histogram counts every value in the bin that holds it. */

#include "base/test_numbers.h"
#include "evaluate/histogram.h"

TEST(histograms_count_every_value_once) {
  const float values[] = {-4, -1, -0.5f, 0, 0, 0.25f, 1, 1.0001f, 2, 4};
  struct dtd_histogram h = dtd_histogram(values, 10, 4);
  const long wanted[] = {1, 0, 0, 2, 2, 2, 0, 1}; /* width 1, (lo, hi] */
  assert_true(is_near(h.width, 1));
  assert_int_equal(h.zeros, 2);
  for (int i = 0; i < 8; i++) assert_int_equal(h.count[i], wanted[i]);
  dtd_histogram_free(&h);
}
