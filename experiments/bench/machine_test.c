/* Tests the floor's formula, and the rates against the time of a call. */

#include "base/test.h"
#include "machine.h"
#include "linear/threads.h"
#include "stopwatch.h"

TEST(a_floor_is_the_slower_of_arithmetic_and_traffic) {
  struct dtd_rates rates = {.operations = 100, .read = 20, .update = 10};
  struct dtd_work work = {.operations = 500, .read = 40, .updated = 20};
  assert_true(dtd_floor(work, rates) == 5);
  work.operations = 100;
  assert_true(dtd_floor(work, rates) == 4);
}

TEST(values_are_counted_by_columns) {
  const float values[] = {1, -1, 0, 2, 0, -2}; /* (2, 3) */
  double different;
  assert_true(dtd_count_above(&different, values, 2, 3, 0) == 2);
  assert_true(different == 1);
  assert_true(dtd_count_above(&different, values, 2, 3, -1) == 4);
  assert_true(different == 3);
}

/* A rate times the time that so much work can have taken is the work: the whole
   call bounds it from above. No machine is a thousand times as fast as that. */
TEST(rates_fit_the_time_taken) {
  for (int threads = 1; threads <= 2; threads++) {
    dtd_threads(threads);
    double start = dtd_seconds();
    double rate = dtd_rate_of_product(64), took = dtd_seconds() - start;
    assert_true(rate * took >= 2.0 * 64 * 64 * 64);
    assert_true(rate < 1e13);
    start = dtd_seconds();
    double read = dtd_rate_of_reading(1 << 20);
    double update = dtd_rate_of_updating(1 << 20);
    took = dtd_seconds() - start;
    assert_true(read * took > 2e7 && update * took > 2e7);
    assert_true(read < 1e13 && update < 1e13);
  }
  dtd_threads(1);
}
