/* Tests that points are drawn towards 0 just far enough for the constraint. */

#include "base/test.h"
#include "base/rng.h"
#include "network/test_network.h"
#include "roots/root_restoration.h"
#include "roots/test_smooth.h"

enum { INPUTS = 20, COUNT = 10, HALVINGS = 20 };

struct bench {
  struct dtd_network *network;
  float r[COUNT * INPUTS], point[COUNT * INPUTS];
  double f[COUNT];
  int evaluations[COUNT];
  struct dtd_root_settings settings;
};

static double value_at(const struct bench *b, const float *x, double share) {
  struct dtd_activations *act = new_activations(b->network, 1);
  float at[INPUTS];
  for (int p = 0; p < INPUTS; p++) at[p] = (float)share * x[p];
  dtd_forward(act, b->network, dtd_rows(at, 1));
  double value = (double)dtd_score(act)[0];
  return value;
}

/* Points r, the first half of which violate the constraint. */
static struct bench open_bench(float upper_bias) {
  const struct dtd_layer_shape layers[] = {LAYER(INPUTS, 16, 4),
                                           LAYER(4, 8, 8)};
  struct bench b = {.network = new_network(layers, 2),
                    .settings = dtd_root_defaults()};
  struct dtd_rng rng = dtd_rng_open(2, "restoration/test", 0);
  dtd_network_initialise(b.network, 8, 0.5);
  for (int l = 0; l < 8; l++) b.network->layer[1].b[l] = upper_bias;
  for (int i = 0; i < COUNT * INPUTS; i++)
    b.r[i] = -0.5f + 2 * (float)dtd_rng_uniform(&rng);
  memcpy(b.point, b.r, sizeof b.r);
  for (int n = 0; n < COUNT; n++) {
    double value = value_at(&b, b.r + n * INPUTS, 1);
    assert_true(value > 0);
    b.f[n] = n < COUNT / 2 ? 3 * value : value / 0.1005;
  }
  return b;
}

static void restore(struct bench *b) {
  struct dtd_smooth_network *smooth = new_smooth(b->network, COUNT);
  double value[COUNT];
  float gradient[COUNT * INPUTS];
  dtd_root_restore(b->point, b->evaluations, value, gradient, smooth, b->f,
                   &b->settings, COUNT);
}

/* On the way to 0 the constraint holds at the point and not one halving on. */
TEST(points_stop_at_the_level) {
  struct bench b = open_bench(0);
  restore(&b);
  for (int n = 0; n < COUNT / 2; n++) {
    const float *r = b.r + n * INPUTS, *point = b.point + n * INPUTS;
    double share = (double)(point[0] / r[0]), level = 0.1 * b.f[n];
    assert_int_equal(b.evaluations[n], HALVINGS);
    assert_true(share > 0 && share < 1);
    for (int p = 0; p < INPUTS; p++)
      assert_true(fabs((double)point[p] - share * (double)r[p]) < 1e-6);
    assert_true(value_at(&b, point, 1) <= level * (1 + 1e-5));
    assert_true(value_at(&b, r, share + 2 * ldexp(1, -HALVINGS)) >
                level * (1 - 1e-5));
  }
}

/* f = 1.005 times the level is within its tolerance. */
TEST(points_that_hold_stay) {
  struct bench b = open_bench(0);
  restore(&b);
  long first = COUNT / 2 * INPUTS;
  assert_memory_equal(b.point + first, b.r + first,
                      (size_t)first * sizeof *b.r);
  for (int n = COUNT / 2; n < COUNT; n++) assert_int_equal(b.evaluations[n], 0);
}

TEST(without_a_root_on_the_way_points_end_at_zero) {
  struct bench b = open_bench(100);
  for (int n = 0; n < COUNT; n++) b.f[n] = 100;
  restore(&b);
  for (int i = 0; i < COUNT * INPUTS; i++) assert_true(b.point[i] == 0);
}
