/* Tests quantiles against published and closed forms, and that turns are taken.
 */

#include "base/test.h"
#include "linear/threads.h"
#include "stopwatch.h"

/* R's quantile(c(9, 1, 3, 7, 5, 11), c(.1, .5, .9)): 2, 6, 10. */
TEST(quantiles_are_interpolated) {
  const double values[] = {9, 1, 3, 7, 5, 11};
  struct dtd_spread s = dtd_spread(values, 6);
  assert_true(fabs(s.low - 2) < 1e-12);
  assert_true(fabs(s.median - 6) < 1e-12);
  assert_true(fabs(s.high - 10) < 1e-12);
  assert_true(values[0] == 9); /* left as they were */
}

TEST(few_values_are_their_own_spread) {
  const double one = 4;
  struct dtd_spread s = dtd_spread(&one, 1), none = dtd_spread(&one, 0);
  assert_true(s.low == 4 && s.median == 4 && s.high == 4);
  assert_true(isnan(none.median) && isnan(none.low) && isnan(none.high));
}

/* The median of ratios, which is not the ratio of medians: 2, 1 and 6 here,
   while the medians are 6 and 2. */
TEST(ratios_are_taken_in_pairs) {
  const double a[] = {2, 6, 12}, b[] = {1, 6, 2};
  struct dtd_spread s = dtd_spread_of_ratios(a, b, 3);
  assert_true(s.median == 2);
  assert_true(fabs(s.low - 1.2) < 1e-12 && fabs(s.high - 5.2) < 1e-12);
}

static int turns[64], taken;

static double take_turn(void *self) {
  turns[taken++] = *(int *)self;
  return taken;
}

TEST(contenders_take_turns_after_a_warm_up) {
  int a = 1, b = 2;
  struct dtd_contender c[] = {{.run = take_turn, .self = &a},
                              {.run = take_turn, .self = &b}};
  dtd_contest(c, 2, 3, 0);
  for (int n = 0; n < 2; n++) own_memory(c[n].cost);
  assert_int_equal(taken, 8);
  for (int n = 0; n < taken; n++) assert_int_equal(turns[n], 1 + n % 2);
  for (int round = 0; round < 3; round++)
    for (int n = 0; n < 2; n++)
      assert_true(c[n].cost[round] == 2 * (round + 1) + n + 1);
}

/* 1 for the call that does not count, then 2, 3, ... n, of mean 1 + n / 2. */
static double count_up(void *self) {
  dtd_pause(0.001);
  return ++*(int *)self;
}

TEST(a_turn_lasts_as_long_as_it_should) {
  int calls = 0;
  assert_true(dtd_mean_of_calls(count_up, &calls, 0) == 2);
  assert_int_equal(calls, 2);
  calls = 0; /* on a stalled machine there is time for one call only */
  for (int attempt = 0; attempt < 100 && calls <= 2; attempt++) {
    calls = 0;
    double start = dtd_seconds(),
           mean = dtd_mean_of_calls(count_up, &calls, 0.02);
    assert_true(dtd_seconds() - start >= 0.02);
    assert_true(mean == 1 + calls / 2.);
  }
  assert_true(calls > 2);
}

static double six(void *job) {
  *(int *)job = dtd_threads_in_use();
  return 6;
}

TEST(a_turn_counts_items_on_its_threads) {
  int threads = 0;
  struct dtd_turn turn = {0, six, &threads, 2, 3};
  assert_true(dtd_take_turn(&turn) == 2);
  assert_int_equal(threads, 2);
}
