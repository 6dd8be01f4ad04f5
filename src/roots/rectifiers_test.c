/* Tests the multipliers of rectifiers on one layer, where all is closed form.
 */

#include "base/test.h"
#include "roots/rectifiers.h"
#include "network/test_network.h"
#include "roots/root_problem.h"
#include "roots/test_smooth.h"

/* f = sum_j max(0, z_j), z_j = x_j: every df/dx_j is 1. The second example is
   the one that is tested. */
enum { UNITS = 4, ROW = 1 };
static const double F = 10; /* f(x), some number */

struct bench {
  struct dtd_network *network;
  struct dtd_smooth_network *smooth;
  float x[2 * UNITS], m[2 * UNITS], t[2], gradient[2 * UNITS];
  double value[2];
  struct dtd_rectifiers rectifiers;
};

static void pass(struct bench *b, enum dtd_smoothing kind) {
  dtd_smooth_value(b->value, b->gradient, b->smooth, b->x, kind, b->t, b->m, 2);
}

static void open_bench(struct bench *b, const float *z, float m, float t) {
  const struct dtd_layer_shape layer[] = {LAYER(UNITS, UNITS, UNITS)};
  b->network = new_network(layer, 1);
  b->t[0] = 77;
  b->t[ROW] = t;
  for (int j = 0; j < UNITS; j++) {
    b->network->layer[0].w[j * UNITS + j] = 1;
    b->x[j] = -9;
    b->m[j] = 0.77f;
    b->x[ROW * UNITS + j] = z[j];
    b->m[ROW * UNITS + j] = m;
  }
  b->smooth = new_smooth(b->network, 2);
  b->rectifiers = (struct dtd_rectifiers){b->smooth, ROW, b->m + ROW * UNITS,
                                          &b->t[ROW], F};
}

static void close_bench(struct bench *b) {
  for (int j = 0; j < UNITS; j++) assert_true(b->m[j] == 0.77f);
}

static void assert_multipliers(const struct bench *b, const double *wanted) {
  for (int j = 0; j < UNITS; j++)
    assert_true(fabs((double)b->m[ROW * UNITS + j] - wanted[j]) < 1e-6);
}

/* s = clip(m + t z, 0, 1): .6, 0, 1 and .4. */
static const float near_and_far[UNITS] = {0.02f, -5, 3, -0.02f};

TEST(multipliers_follow_slopes_or_signs) {
  struct bench b;
  open_bench(&b, near_and_far, 0.5f, 5);
  pass(&b, DTD_MULTIPLIER);
  dtd_rectifiers_follow(&b.rectifiers);
  assert_multipliers(&b, (const double[]){0.6, 0, 1, 0.4});
  dtd_rectifiers_harden(&b.rectifiers);
  assert_multipliers(&b, (const double[]){1, 0, 1, 0});
  close_bench(&b);
}

TEST(change_and_slack_are_those_of_the_units) {
  struct bench b;
  open_bench(&b, near_and_far, 0.5f, 5);
  pass(&b, DTD_MULTIPLIER);
  assert_true(fabs(dtd_rectifiers_change(&b.rectifiers) -
                   (0.1 + 0.5 + 0.5 + 0.1)) < 1e-6);
  /* the far ones are not held */
  assert_true(fabs(dtd_rectifiers_slack(&b.rectifiers) - 0.02 / F) < 1e-8);
  const float far[UNITS] = {4, -5, 3, -2};
  for (int j = 0; j < UNITS; j++) b.x[ROW * UNITS + j] = far[j];
  pass(&b, DTD_MULTIPLIER);
  assert_true(dtd_rectifiers_slack(&b.rectifiers) == 0);
  close_bench(&b);
}

/* Softplus falls short by 0 where z = 0 and by the whole gap far away. */
TEST(the_softplus_gap_is_the_most_that_f_loses) {
  const float mixed[UNITS] = {0, -0.1f, 0.3f, -2}, far[UNITS] = {9, -8, 7, -9};
  const float *z[] = {mixed, far};
  for (int n = 0; n < 2; n++) {
    struct bench b;
    double exact = 0;
    open_bench(&b, z[n], 0.5f, 5);
    for (int j = 0; j < UNITS; j++) exact += fmax(0, (double)z[n][j]);
    pass(&b, DTD_SOFTPLUS);
    double lost = (exact - b.value[ROW]) / F;
    double gap = dtd_rectifiers_softplus_gap(&b.rectifiers);
    assert_true(fabs(gap - UNITS * log(2) / 5 / F) < 1e-6);
    assert_true(lost <= gap + 1e-6);
    assert_true((fabs(lost - gap) < 1e-6) == (n == 1));
    close_bench(&b);
  }
}

/* Where the held units then move to, their slopes stay and their kinks too. */
TEST(leaning_moves_units_to_their_heavier_side) {
  struct bench b;
  open_bench(&b, near_and_far, 0.5f, 5);
  pass(&b, DTD_MULTIPLIER);
  dtd_rectifiers_lean(&b.rectifiers);
  float wanted = (float)(0.3 * DTD_KINK_TOLERANCE * F);
  b.x[ROW * UNITS] = wanted;
  b.x[ROW * UNITS + 3] = -wanted;
  pass(&b, DTD_MULTIPLIER);
  double slack = dtd_rectifiers_slack(&b.rectifiers);
  assert_true(fabs(slack - 0.3 * DTD_KINK_TOLERANCE) < 1e-9);
  dtd_rectifiers_follow(&b.rectifiers);
  assert_multipliers(&b, (const double[]){0.6, 0, 1, 0.4});
  close_bench(&b);
}
