/* Tests nearest roots against closed forms and what defines a projection. */
#include <math.h>

#include "base/test.h"
#include "base/assert_dies.h"
#include "explain/plane_function.h"
#include "explain/plane_root.h"
#include "base/rng.h"

enum { TRIALS = 300, SIDE = 41 };

static struct dtd_network *new_network(float w_1, float w_2, float b) {
  const struct dtd_plane_function f = {"f", {{w_1, w_2, b}, {0, 1, -0.5f}}};
  return dtd_plane_network_new(&f);
}

static void assert_root(const struct dtd_network *network, float x_1, float x_2,
                        double wanted_1, double wanted_2, float high) {
  const float x[] = {x_1, x_2};
  float r[2];
  dtd_plane_root(r, network, x, -2, high);
  if (!(fabs((double)r[0] - wanted_1) <= 1e-6 &&
        fabs((double)r[1] - wanted_2) <= 1e-6))
    fail_msg("root (%g, %g) of (%g, %g), wanted (%g, %g)", (double)r[0],
             (double)r[1], (double)x_1, (double)x_2, wanted_1, wanted_2);
}

/* z_1 = x_1 + x_2 - 1 and z_2 = x_2 - 1/2 meet at (1/2, 1/2). */
TEST(roots_are_points_feet_and_corners) {
  struct dtd_network *network = new_network(1, 1, -1);
  assert_root(network, 0.25f, -0.5f, 0.25, -0.5, 2); /* a root itself */
  assert_root(network, 1.5f, 0.25f, 1.125, -0.125, 2);
  assert_root(network, -1, 1.5f, -1, 0.5, 2);
  assert_root(network, 1, 1.25f, 0.5, 0.5, 2);
  assert_root(network, 1.5f, 0.25f, 0.75, 0.25, 0.75f); /* a side of the box */
  assert_root(network, 1.5f, -1.75f, 0.75, -1.75, 0.75f);
  assert_root(network, 1.5f, -3, 0.75, -2, 0.75f);
  dtd_network_free(network);
}

/* A network of five random units. */
static struct dtd_network *random_network(struct dtd_rng *rng) {
  struct dtd_plane_function f = {.name = "random"};
  for (int j = 0; j < 5; j++)
    f.unit[j] = (struct dtd_plane_unit){
        (float)dtd_rng_normal(rng), (float)dtd_rng_normal(rng),
        (float)-fabs(0.3 * dtd_rng_normal(rng))};
  return dtd_plane_network_new(&f);
}

/* f(r), in double and unit by unit. */
static double value(const struct dtd_network *network, double r_1, double r_2) {
  const struct dtd_layer *l = &network->layer[0];
  double f = 0;
  for (int j = 0; j < l->units; j++)
    f += fmax(0, (double)l->w[j] * r_1 + (double)l->w[l->units + j] * r_2 +
                     (double)l->b[j]);
  return f;
}

/* On a convex set r is the point nearest to x if and only if no other point y
   of it lies on x's side of r: (x - r) . (y - r) <= 0. */
TEST(no_root_lies_nearer) {
  struct dtd_rng rng = dtd_rng_open(1, "test/plane_root", 0);
  int moved = 0, others = 0;
  for (int t = 0; t < TRIALS; t++) {
    struct dtd_network *network = random_network(&rng);
    const float x[] = {(float)(4 * dtd_rng_uniform(&rng) - 2),
                       (float)(4 * dtd_rng_uniform(&rng) - 2)};
    float r[2];
    dtd_plane_root(r, network, x, -2, 2);
    double way_1 = (double)x[0] - (double)r[0],
           way_2 = (double)x[1] - (double)r[1];
    assert_true(value(network, (double)r[0], (double)r[1]) <= 2e-6);
    assert_true(fabsf(r[0]) <= 2 && fabsf(r[1]) <= 2);
    for (int n = 0; n < SIDE * SIDE; n++) {
      double y_1 = n % SIDE * 0.1 - 2, y_2 = n / SIDE * 0.1 - 2;
      if (value(network, y_1, y_2) > 0) continue;
      assert_true(way_1 * (y_1 - (double)r[0]) + way_2 * (y_2 - (double)r[1]) <=
                  1e-5);
      others++;
    }
    moved += hypot(way_1, way_2) > 0;
    dtd_network_free(network);
  }
  assert_true(moved > TRIALS / 2 && others > TRIALS);
}

TEST(a_function_without_a_root_is_refused) {
  struct dtd_network *network = new_network(1, 1, -1);
  const float x[] = {1, 1};
  float r[2];
  network->layer[0].w[0] = network->layer[0].w[2] = 0;
  network->layer[0].b[0] = 1; /* f >= 1 */
  assert_dies(1, "f has no root", dtd_plane_root(r, network, x, -2, 2));
  dtd_network_free(network);
}
