/* Tests that a table of units becomes the function that it spells, and its
   roots and natural decompositions against closed forms. */

#include "base/assert_dies.h"
#include "network/test_network.h"
#include "base/rng.h"
#include "base/test.h"
#include "explain/plane_function.h"

/* The row of zeros in the middle is a unit that never fires. */
static const struct dtd_plane_function example = {
    "example",
    {{1, 0.5f, 0}, {0, 0, 0}, {-0.25f, -1, -1.5f}, {0, 1, -1}, {2, 0, 0}}};

TEST(the_network_computes_the_table) {
  struct dtd_network *network = own_network(dtd_plane_network_new(&example));
  struct dtd_activations *act = new_activations(network, 1);
  for (float x_1 = -3; x_1 <= 3; x_1 += 0.25f)
    for (float x_2 = -3; x_2 <= 3; x_2 += 0.25f) {
      const float x[] = {x_1, x_2};
      dtd_forward(act, network, dtd_rows(x, 1));
      float f = fmaxf(0, x_1 + x_2 / 2) + fmaxf(0, -x_1 / 4 - x_2 - 1.5f) +
                fmaxf(0, x_2 - 1) + fmaxf(0, 2 * x_1);
      assert_true(dtd_score(act)[0] == f); /* binary fractions: no rounding */
    }
}

static void assert_formula(const char *wanted,
                           const struct dtd_plane_function *function) {
  char *formula = own_memory(dtd_plane_formula(function));
  assert_string_equal(formula, wanted);
}

TEST(formulas_are_written_as_by_hand) {
  assert_formula("max(0, x_1 + 0.5 x_2) + max(0, -0.25 x_1 - x_2 - 1.5) + "
                 "max(0, x_2 - 1) + max(0, 2 x_1)",
                 &example);
  const struct dtd_plane_function minus = {"minus", {{-1, 0, 0}, {0, -3, -2}}};
  assert_formula("max(0, -x_1) + max(0, -3 x_2 - 2)", &minus);
}

TEST(digests_tell_functions_apart) {
  char one[17], same[17], other[17], both[17];
  struct dtd_plane_function two[] = {example, example};
  dtd_plane_digest(one, &example, 1);
  dtd_plane_digest(same, two, 1);
  dtd_plane_digest(both, two, 2);
  two[0].unit[3].b = -2;
  dtd_plane_digest(other, two, 1);
  assert_int_equal(strlen(one), 16);
  assert_string_equal(one, same);
  assert_string_not_equal(one, other);
  assert_string_not_equal(one, both);
}

TEST(bad_tables_are_refused) {
  const struct dtd_plane_function zero = {"zero", {{0, 0, -1}}},
                                  empty = {"empty", {{0, 0, 0}}},
                                  rootless = {"rootless",
                                              {{1, 0, 0}, {1, 1, 0.5f}}},
                                  broken = {"broken", {{1, NAN, 0}}};
  assert_dies(2, "zero: the function is zero everywhere",
              dtd_plane_network_new(&zero));
  assert_dies(2, "empty: the function is zero everywhere",
              dtd_plane_network_new(&empty));
  assert_dies(2, "function rootless, unit 2: with the positive bias 0.5",
              dtd_plane_network_new(&rootless));
  assert_dies(2, "function broken, unit 1: {1, nan, 0} (use finite numbers)",
              dtd_plane_network_new(&broken));
}

/* ---- the nearest root ---- */

enum { TRIALS = 300, SIDE = 41 };

static struct dtd_network *two_units(float w_1, float w_2, float b) {
  const struct dtd_plane_function f = {"f", {{w_1, w_2, b}, {0, 1, -0.5f}}};
  return own_network(dtd_plane_network_new(&f));
}

static void assert_root(const struct dtd_network *network, float x_1, float x_2,
                        double wanted_1, double wanted_2, float high) {
  const float x[] = {x_1, x_2};
  float r[2];
  dtd_plane_root(r, network, x, -2, high);
  if (!(fabs(r[0] - wanted_1) <= 1e-6 && fabs(r[1] - wanted_2) <= 1e-6))
    fail_msg("root (%g, %g) of (%g, %g), wanted (%g, %g)", r[0], r[1], x_1, x_2,
             wanted_1, wanted_2);
}

/* z_1 = x_1 + x_2 - 1 and z_2 = x_2 - 1/2 meet at (1/2, 1/2). */
TEST(roots_are_points_feet_and_corners) {
  struct dtd_network *network = two_units(1, 1, -1);
  assert_root(network, 0.25f, -0.5f, 0.25, -0.5, 2); /* a root itself */
  assert_root(network, 1.5f, 0.25f, 1.125, -0.125, 2);
  assert_root(network, -1, 1.5f, -1, 0.5, 2);
  assert_root(network, 1, 1.25f, 0.5, 0.5, 2);
  assert_root(network, 1.5f, 0.25f, 0.75, 0.25, 0.75f); /* a side of the box */
  assert_root(network, 1.5f, -1.75f, 0.75, -1.75, 0.75f);
  assert_root(network, 1.5f, -3, 0.75, -2, 0.75f);
}

/* A network of five random units. */
static struct dtd_network *random_plane(struct dtd_rng *rng) {
  struct dtd_plane_function f = {.name = "random"};
  for (int j = 0; j < 5; j++)
    f.unit[j] = (struct dtd_plane_unit){
        (float)dtd_rng_normal(rng), (float)dtd_rng_normal(rng),
        (float)-fabs(0.3 * dtd_rng_normal(rng))};
  return own_network(dtd_plane_network_new(&f));
}

/* f(r), in double and unit by unit. */
static double value(const struct dtd_network *network, double r_1, double r_2) {
  const struct dtd_layer *l = &network->layer[0];
  double f = 0;
  for (int j = 0; j < l->shape.units; j++)
    f += fmax(0, l->w[j] * r_1 + l->w[l->shape.units + j] * r_2 + l->b[j]);
  return f;
}

/* On a convex set r is the point nearest to x if and only if no other point y
   of it lies on x's side of r: (x - r) . (y - r) <= 0. */
TEST(no_root_lies_nearer) {
  struct dtd_rng rng = dtd_rng_open(1, "test/plane_root", 0);
  int moved = 0, others = 0;
  for (int t = 0; t < TRIALS; t++) {
    struct dtd_network *network = random_plane(&rng);
    const float x[] = {(float)(4 * dtd_rng_uniform(&rng) - 2),
                       (float)(4 * dtd_rng_uniform(&rng) - 2)};
    float r[2];
    dtd_plane_root(r, network, x, -2, 2);
    double way_1 = (double)x[0] - (double)r[0],
           way_2 = (double)x[1] - (double)r[1];
    assert_true(value(network, r[0], r[1]) <= 2e-6);
    assert_true(fabsf(r[0]) <= 2 && fabsf(r[1]) <= 2);
    for (int n = 0; n < SIDE * SIDE; n++) {
      double y_1 = n % SIDE * 0.1 - 2, y_2 = n / SIDE * 0.1 - 2;
      if (value(network, y_1, y_2) > 0) continue;
      assert_true(way_1 * (y_1 - r[0]) + way_2 * (y_2 - r[1]) <= 1e-5);
      others++;
    }
    moved += hypot(way_1, way_2) > 0;
  }
  assert_true(moved > TRIALS / 2 && others > TRIALS);
}

TEST(a_function_without_a_root_is_refused) {
  struct dtd_network *network = two_units(1, 1, -1);
  const float x[] = {1, 1};
  float r[2];
  network->layer[0].w[0] = network->layer[0].w[2] = 0;
  network->layer[0].b[0] = 1; /* f >= 1 */
  assert_dies(1, "f has no root", dtd_plane_root(r, network, x, -2, 2));
}

/* ---- the natural decomposition ---- */

enum { INPUTS = 3, UNITS = 5, BATCH = 4 };

/* sigma_1 = max(0, x) + max(0, 2 x - 1), sigma_2 = |x|, sigma_3 = 0, and a unit
   that reads nothing. */
static struct dtd_network *new_sum(int units, float norm) {
  struct dtd_layer_shape shape = LAYER_NORM(INPUTS, units, units, norm);
  struct dtd_network *network = new_network(&shape, 1);
  static const float w[INPUTS][UNITS] = {{1, 0, 2, 0, 0}, {0, 1, 0, -1, 0}};
  for (int p = 0; p < INPUTS; p++)
    memcpy(network->layer[0].w + p * units, w[p], sizeof w[p]);
  network->layer[0].b[2] = -1;
  return network;
}

TEST(terms_of_a_sum_are_its_relevances) {
  struct dtd_network *network = new_sum(UNITS, 1);
  struct dtd_activations *act = new_activations(network, BATCH);
  const float x[BATCH][INPUTS] = {
      {0.25f, -1.5f, 7}, {2, 3, -7}, {-4, 0, 1}, {0.75f, 0.5f, 0}};
  const float sigma[BATCH][INPUTS] = {
      {0.25f, 1.5f, 0}, {5, 3, 0}, {0, 0, 0}, {1.25f, 0.5f, 0}};
  float R_p[BATCH][INPUTS];
  assert_true(dtd_is_natural_sum(network));
  dtd_forward(act, network, dtd_rows(*x, BATCH));
  dtd_natural_decomposition(*R_p, network, act);
  for (int n = 0; n < BATCH; n++) {
    float sum = 0;
    for (int p = 0; p < INPUTS; p++) {
      assert_true(R_p[n][p] == sigma[n][p]);
      sum += R_p[n][p];
    }
    assert_true(sum == dtd_score(act)[n]); /* binary fractions: no rounding */
  }
}

TEST(other_networks_are_no_sums) {
  struct dtd_network *network = new_sum(UNITS, 1);
  struct dtd_activations *act = new_activations(network, 1);
  const float x[INPUTS] = {1, 1, 1};
  float R_p[INPUTS];
  network->layer[0].b[UNITS - 1] = 0.5f; /* belongs to no input */
  assert_false(dtd_is_natural_sum(network));
  network->layer[0].b[UNITS - 1] = 0;
  assert_true(dtd_is_natural_sum(network));
  network->layer[0].w[2 * UNITS] = -0.5f; /* unit 1 reads inputs 1 and 3 */
  assert_false(dtd_is_natural_sum(network));
  dtd_forward(act, network, dtd_rows(x, 1));
  assert_dies(2, "use units of one input each",
              dtd_natural_decomposition(R_p, network, act));

  network = new_sum(UNITS, 2);
  assert_false(dtd_is_natural_sum(network));

  const struct dtd_layer_shape stack[] = {LAYER(2, 2, 1), LAYER(2, 1, 1)};
  network = new_network(stack, 2);
  assert_false(dtd_is_natural_sum(network));
}
