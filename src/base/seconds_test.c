/* Tests that the clock and the pause agree. */
#include "base/test.h"

#include "base/seconds.h"

TEST(the_clock_counts_seconds) {
  double start = dtd_seconds();
  dtd_pause(0.03);
  assert_true(dtd_seconds() - start >= 0.03);
}
