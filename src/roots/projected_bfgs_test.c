/* Holds the two-loop recursion to dense BFGS updates on the free pixels. */

#include "base/test.h"
#include "roots/projected_bfgs.h"
#include "base/rng.h"

TEST_OWNS(projected_bfgs)

enum { N = 6 };

static const float LOW = -1, HIGH = 1;

/* Inside the box but for pixel 0 at the low bound and pixel 1 at the high one;
   slopes that hold both there. */
static const float held_r[N] = {-1, 1, 0.2f, -0.3f, 0.5f, 0};
static const float held_slope[N] = {2, -1, 0.5f, -0.7f, 0.4f, 1};

/* H := (1 - s v' / s'v) H (1 - v s' / s'v) + s s' / s'v. */
static void dense_update(double H[N][N], const double *s, const double *v) {
  double sv = 0, Hv[N] = {0}, vHv = 0;
  for (int i = 0; i < N; i++) sv += s[i] * v[i];
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) Hv[i] += H[i][j] * v[j];
  for (int i = 0; i < N; i++) vHv += v[i] * Hv[i];
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++)
      H[i][j] += (1 + vHv / sv) * s[i] * s[j] / sv -
                 (s[i] * Hv[j] + Hv[i] * s[j]) / sv;
}

/* Pair `number`: a step, and the change it makes in the slope of the quadratic
   with Hessian diag(1 .. N) + 0.3. */
static void make_pair(float *s, float *v, int number) {
  struct dtd_rng rng = dtd_rng_open(4, "bfgs/test", (uint64_t)number);
  float sum = 0;
  for (int p = 0; p < N; p++) sum += s[p] = (float)dtd_rng_normal(&rng);
  for (int p = 0; p < N; p++) v[p] = (float)(p + 1) * s[p] + 0.3f * sum;
}

static void remember(struct dtd_projected_bfgs *bfgs, int number) {
  const float zero[N] = {0};
  float s[N], v[N];
  make_pair(s, v, number);
  dtd_projected_bfgs_remember(bfgs, s, zero, v, zero);
}

TEST(it_starts_downhill_on_the_free_pixels) {
  struct dtd_projected_bfgs *bfgs =
      own_projected_bfgs(dtd_projected_bfgs_new(N));
  float d[N];
  dtd_projected_bfgs_direction(d, bfgs, held_r, held_slope, LOW, HIGH);
  for (int p = 0; p < N; p++) assert_true(d[p] == (p < 2 ? 0 : -held_slope[p]));
  float away[N];
  for (int p = 0; p < N; p++) away[p] = -held_slope[p];
  dtd_projected_bfgs_direction(d, bfgs, held_r, away, LOW, HIGH);
  for (int p = 0; p < N; p++) assert_true(d[p] == held_slope[p]);
}

/* The same as the recursion, with `count` pairs of which 8 at most matter. */
static void compare_with_dense(int count, const float *r, const float *slope) {
  struct dtd_projected_bfgs *bfgs =
      own_projected_bfgs(dtd_projected_bfgs_new(N));
  double H[N][N] = {{0}}, sv = 0, vv = 0;
  float s[N], v[N], d[N];
  bool held[N];
  make_pair(s, v, count - 1); /* the newest gives the scale */
  for (int p = 0; p < N; p++) {
    held[p] = (r[p] == LOW && slope[p] > 0) || (r[p] == HIGH && slope[p] < 0);
    sv += held[p] ? 0 : (double)s[p] * (double)v[p];
    vv += held[p] ? 0 : (double)v[p] * (double)v[p];
  }
  for (int p = 0; p < N; p++) H[p][p] = sv / vv;
  for (int n = 0; n < count; n++) {
    double s_free[N], v_free[N];
    remember(bfgs, n);
    make_pair(s, v, n);
    for (int p = 0; p < N; p++) {
      s_free[p] = held[p] ? 0 : (double)s[p];
      v_free[p] = held[p] ? 0 : (double)v[p];
    }
    if (n >= count - 8) dense_update(H, s_free, v_free);
  }
  dtd_projected_bfgs_direction(d, bfgs, r, slope, LOW, HIGH);
  for (int i = 0; i < N; i++) {
    double wanted = 0;
    for (int j = 0; j < N; j++)
      wanted -= held[i] || held[j] ? 0 : H[i][j] * (double)slope[j];
    assert_true(fabs((double)d[i] - wanted) < 1e-4);
  }
}

TEST(it_equals_dense_updates_on_the_free_pixels) {
  const float inside[N] = {0};
  for (int count = 1; count <= 12; count++) {
    compare_with_dense(count, held_r, held_slope);
    compare_with_dense(count, inside, held_slope);
  }
}

/* A step along which the slope falls shows no minimum, even when it
   comes where the memory is full. */
TEST(steps_that_curve_downwards_are_left_out) {
  const float zero[N] = {0}, s[N] = {1, 1, 1, 1, 1, 1},
              v[N] = {-1, -1, -1, -1, -1, -1};
  for (int count = 1; count <= 9; count += 4) {
    struct dtd_projected_bfgs *one =
        own_projected_bfgs(dtd_projected_bfgs_new(N));
    struct dtd_projected_bfgs *other =
        own_projected_bfgs(dtd_projected_bfgs_new(N));
    float d[N], wanted[N];
    for (int n = 0; n < count; n++) remember(one, n);
    dtd_projected_bfgs_remember(one, s, zero, v, zero);
    for (int n = count > 7 ? count - 7 : 0; n < count; n++) remember(other, n);
    dtd_projected_bfgs_direction(d, one, zero, held_slope, LOW, HIGH);
    dtd_projected_bfgs_direction(wanted, other, zero, held_slope, LOW, HIGH);
    assert_memory_equal(d, wanted, sizeof d);
  }
}

TEST(it_forgets) {
  const float inside[N] = {0};
  struct dtd_projected_bfgs *bfgs =
      own_projected_bfgs(dtd_projected_bfgs_new(N));
  float d[N];
  remember(bfgs, 0);
  dtd_projected_bfgs_direction(d, bfgs, inside, held_slope, LOW, HIGH);
  assert_true(d[0] != -held_slope[0]);
  dtd_projected_bfgs_forget(bfgs);
  dtd_projected_bfgs_direction(d, bfgs, inside, held_slope, LOW, HIGH);
  for (int p = 0; p < N; p++) assert_true(d[p] == -held_slope[p]);
}
