/* Tests sign_flip.c against published p-values and a recursive twin. */
#include "base/test_numbers.h"
#include "evaluate/sign_flip.h"

#include "base/rng.h"

/* Darwin's maize (Fisher 1935, The design of experiments, section 21): of the
   32768 sign patterns, 863 have a sum of at least 314, and as many of at most
   -314. */
TEST(darwins_maize_has_fishers_p) {
  static const double maize[15] = {49, -67, 8,  16, 6,  23, 28, 41,
                                   14, 29,  56, 24, 75, 60, -48};
  assert_near(dtd_sign_flip_test(maize, 15, 1), 2 * 863 / 32768.0, 1e-15);
}

/* The number of patterns whose sum, from term i on, reaches the goal: whole
   numbers, so that ties are ties. */
static int plain_count(const int *d, int n, int i, int sum, int goal) {
  if (i == n) return abs(sum) >= goal;
  return plain_count(d, n, i + 1, sum + d[i], goal) +
         plain_count(d, n, i + 1, sum - d[i], goal);
}

TEST(p_is_what_a_recursion_counts) {
  struct dtd_rng rng = dtd_rng_open(5, "test/differences", 0);
  for (int trial = 0; trial < 60; trial++) {
    int n = 1 + trial % 12, whole[12], sum = 0;
    double d[12];
    for (int i = 0; i < n; i++) {
      whole[i] = (int)dtd_rng_below(&rng, 19) - 7;
      sum += whole[i];
      d[i] = whole[i] * 0.1; /* not exact: sums that tie differ by rounding */
    }
    double wanted = plain_count(whole, n, 0, 0, abs(sum)) / ldexp(1, n);
    assert_near(dtd_sign_flip_test(d, n, 1), wanted, 1e-15);
  }
}

TEST(few_pairs_leave_p_large) {
  double d[20];
  for (int n = 1; n <= 16; n++) {
    d[n - 1] = 1 + 0.01 * n;
    assert_near(dtd_sign_flip_test(d, n, 1), ldexp(1, 1 - n), 0);
  }
  double zeros[3] = {0};
  assert_near(dtd_sign_flip_test(zeros, 3, 1), 1, 0);
  assert_near(dtd_sign_flip_test(NULL, 0, 1), 1, 0);
}

/* The normal approximation of the sum, and the exact p of one pair less. */
TEST(many_pairs_are_sampled) {
  struct dtd_rng rng = dtd_rng_open(6, "test/many", 0);
  double d[200];
  for (int n = 17; n <= 200; n += 61) {
    double sum = 0, squares = 0;
    for (int i = 0; i < n; i++) {
      d[i] = dtd_rng_normal(&rng) + 0.15;
      sum += d[i];
      squares += d[i] * d[i];
    }
    double wanted = erfc(fabs(sum) / sqrt(2 * squares));
    assert_near(dtd_sign_flip_test(d, n, 3), wanted, 0.02);
    assert_near(dtd_sign_flip_test(d, n, 3), dtd_sign_flip_test(d, n, 4), 0.01);
    assert_true(dtd_sign_flip_test(d, n, 3) == dtd_sign_flip_test(d, n, 3));
  }
  /* one that no pattern but all of one sign reaches: (1 + about 0) / (1 + B) */
  for (int i = 0; i < 60; i++) d[i] = 1;
  assert_near(dtd_sign_flip_test(d, 60, 1), 1e-5, 1e-12);
  /* a difference of 0 leaves the distribution of the sum as it was */
  for (int i = 0; i < 16; i++) d[i] = dtd_rng_normal(&rng) + 0.3;
  d[16] = 0;
  assert_near(dtd_sign_flip_test(d, 17, 1), dtd_sign_flip_test(d, 16, 1),
              0.006);
}

/* R's documentation and texts: p.adjust(c(.01, .02, .03, .04, .05), "holm"),
   and Holm's procedure by hand. */
TEST(holm_adjusts_as_by_hand) {
  double p[] = {0.01, 0.04, 0.03, 0.005}, q[4];
  static const double wanted[] = {0.03, 0.06, 0.06, 0.02};
  dtd_holm(q, p, 4);
  for (int n = 0; n < 4; n++) assert_near(q[n], wanted[n], 1e-15);
  double r[] = {0.01, 0.02, 0.03, 0.04, 0.05};
  static const double r_wanted[] = {0.05, 0.08, 0.09, 0.09, 0.09};
  dtd_holm(r, r, 5);
  for (int n = 0; n < 5; n++) assert_near(r[n], r_wanted[n], 1e-15);
  double large[] = {0.6, NAN, 0.7, 0.9};
  dtd_holm(large, large, 4);
  assert_true(isnan(large[1]));
  for (int n = 0; n < 4; n++)
    if (n != 1) assert_near(large[n], 1, 0);
  /* what is no test does not count among them */
  double gap[] = {0.02, NAN, 0.01, NAN};
  dtd_holm(gap, gap, 4);
  assert_near(gap[0], 0.02, 1e-15);
  assert_near(gap[2], 0.02, 1e-15);
  dtd_holm(q, p, 0);
}
