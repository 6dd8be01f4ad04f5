/* Holds the units of a problem to first-order distances worked out by hand. */

#include "base/test.h"
#include "network/test_network.h"
#include "roots/root_units.h"
#include "roots/test_smooth.h"

static struct dtd_root_units units_at(const struct dtd_network *network,
                                      const float *x) {
  struct dtd_smooth_network *smooth = new_smooth(network, 2);
  int inputs = network->layer[0].shape.inputs;
  float both[4] = {0}, gradient[4]; /* 0, then x */
  double f[2];
  struct dtd_root_units units[2];
  memcpy(both + inputs, x, (size_t)inputs * sizeof *x);
  dtd_smooth_value(f, gradient, smooth, both, DTD_HARD, NULL, NULL, 2);
  dtd_root_units(units, smooth, f, gradient, 0.1, -0.5f, 1.5f, 2);
  return units[1];
}

static bool near(double a, double b) {
  return fabs(a - b) < 1e-6 * fabs(b);
}

/* f = 2 max(0, 3 a + 4 b) + 2 max(0, -4 a + 3 b), and at (1, 0) the second is
   off: f = 6, |grad f| = 10, |df/dz| is 2 below and 1 above. */
TEST(units_are_first_order_distances) {
  const struct dtd_layer_shape layers[] = {LAYER(2, 2, 1), LAYER(2, 1, 1)};
  struct dtd_network *network = new_network(layers, 2);
  memcpy(network->layer[0].w, (float[]){3, -4, 4, 3}, 4 * sizeof(float));
  memcpy(network->layer[1].w, (float[]){2, 2}, 2 * sizeof(float));
  struct dtd_root_units units = units_at(network, (float[]){1, 0});
  assert_true(near(units.length, 0.9 * 6 / 10));
  assert_true(near(units.z[0], 0.9 * 6 / 2));
  assert_true(near(units.z[1], 0.9 * 6));
  units = units_at(network, (float[]){0, 1}); /* both are on: f = 14 */
  assert_true(near(units.length, 0.9 * 14 / sqrt(2 * 2 + 14 * 14)));
  assert_true(near(units.z[0], 0.9 * 14 / (2 * sqrt(2))));
}

/* A constant f, whose pixels do not matter. */
TEST(no_unit_of_length_is_beyond_the_box) {
  const struct dtd_layer_shape layers[] = {LAYER(2, 2, 1), LAYER(2, 1, 1)};
  struct dtd_network *network = new_network(layers, 2);
  network->layer[1].b[0] = 5;
  struct dtd_root_units units = units_at(network, (float[]){1, 0});
  assert_true(near(units.length, 2 * sqrt(2)));
  assert_true(near(units.z[0], 0.9 * 5));
  assert_true(near(units.z[1], 0.9 * 5));
}
