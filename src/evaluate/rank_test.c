/* Tests orders and ranks against counting by hand and every pair of values. */

#include "base/test.h"
#include "evaluate/rank.h"

enum { COUNT = 60 };

/* Small whole numbers, so that most values are tied. */
static void fill(float *value, uint64_t index) {
  struct dtd_rng rng = dtd_rng_open(1, "test/rank", index);
  for (int i = 0; i < COUNT; i++) value[i] = (float)dtd_rng_below(&rng, 12) - 4;
}

/* A midrank by its definition: values below, and half of those equal. */
static double twin_rank(const float *value, int i) {
  double rank = 0.5;
  for (int j = 0; j < COUNT; j++)
    rank += value[j] < value[i] ? 1 : value[j] == value[i] ? 0.5 : 0;
  return rank;
}

/* Spearman's rho as a sum over all pairs of places (i, j): the covariance is
   half the mean of (r_i - r_j)(s_i - s_j). */
static double twin_correlation(const float *a, const float *b) {
  double rs = 0, rr = 0, ss = 0;
  for (int i = 0; i < COUNT; i++)
    for (int j = 0; j < COUNT; j++) {
      double r = twin_rank(a, i) - twin_rank(a, j);
      double s = twin_rank(b, i) - twin_rank(b, j);
      rs += r * s, rr += r * r, ss += s * s;
    }
  return rs / sqrt(rr * ss);
}

TEST(midranks_of_six_values) {
  const float value[] = {3, -1, 3, 0, 3, 7};
  const double wanted[] = {4, 1, 4, 2, 4, 6};
  double rank[6];
  dtd_midranks(rank, value, 6);
  for (int i = 0; i < 6; i++) assert_true(rank[i] == wanted[i]);
}

TEST(midranks_count_what_lies_below) {
  float value[COUNT];
  double rank[COUNT];
  for (uint64_t n = 0; n < 20; n++) {
    fill(value, n);
    dtd_midranks(rank, value, COUNT);
    for (int i = 0; i < COUNT; i++) assert_true(rank[i] == twin_rank(value, i));
  }
}

/* Without ties rho = 1 - 6 sum d^2 / (n (n^2 - 1)): d = 1, 1, 2, 0, 2. */
TEST(rank_correlation_of_five_values) {
  const float a[] = {10, 20, 30, 40, 50}, b[] = {2, 1, 5, 4, 3};
  assert_true(fabs(dtd_rank_correlation(a, b, 5) - 0.5) < 1e-12);
}

TEST(rank_correlation_sums_over_all_pairs) {
  float a[COUNT], b[COUNT];
  for (uint64_t n = 0; n < 20; n++) {
    fill(a, 2 * n);
    fill(b, 2 * n + 1);
    for (int i = 0; i < COUNT; i++) b[i] += (float)(n % 3) * a[i];
    assert_true(fabs(dtd_rank_correlation(a, b, COUNT) -
                     twin_correlation(a, b)) < 1e-12);
  }
}

TEST(only_the_order_matters) {
  float a[COUNT], cubed[COUNT], turned[COUNT];
  fill(a, 5);
  for (int i = 0; i < COUNT; i++) {
    cubed[i] = a[i] * a[i] * a[i];
    turned[i] = -a[i];
  }
  assert_true(fabs(dtd_rank_correlation(a, cubed, COUNT) - 1) < 1e-12);
  assert_true(fabs(dtd_rank_correlation(a, turned, COUNT) + 1) < 1e-12);
}

TEST(a_flat_side_has_no_correlation) {
  const float a[] = {1, 2, 3}, flat[] = {4, 4, 4};
  assert_true(isnan(dtd_rank_correlation(a, flat, 3)));
  assert_true(isnan(dtd_rank_correlation(flat, a, 3)));
}

TEST(the_strongest_come_first) {
  const double value[] = {1, 5, -2, 9};
  int order[4];
  struct dtd_rng rng = dtd_rng_open(1, "test/order", 0);
  dtd_order(order, value, 4, &rng);
  const int wanted[] = {3, 1, 0, 2};
  for (int i = 0; i < 4; i++) assert_int_equal(order[i], wanted[i]);
}

/* Over many draws each of three equal values comes first about as often, and
   they never leave the places that are theirs. */
TEST(equals_come_in_random_order) {
  enum { DRAWS = 3000 };
  const double value[] = {2, 7, 2, 2, 1};
  int first[5] = {0}, order[5];
  struct dtd_rng rng = dtd_rng_open(1, "test/order", 1);
  for (int n = 0; n < DRAWS; n++) {
    dtd_order(order, value, 5, &rng);
    assert_true(order[0] == 1 && order[4] == 4);
    first[order[1]]++;
  }
  assert_int_equal(first[0] + first[2] + first[3], DRAWS);
  for (int i = 0; i < 4; i++) /* 5 standard deviations of 26 */
    if (i != 1) assert_true(abs(first[i] - DRAWS / 3) < 130);
}
