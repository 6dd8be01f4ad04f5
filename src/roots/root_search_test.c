/* Tests the batched search: restarts, limits, and that answers are kept apart.
 */

#include "base/test.h"
#include "network/test_network.h"
#include "base/rng.h"
#include "roots/root_search.h"

enum { INPUTS = 20, COUNT = 36 };

static const float LOW = -0.5f, HIGH = 1.5f;

struct bench {
  struct dtd_network *network;
  struct dtd_root root[COUNT];
  float x[COUNT * INPUTS], r[COUNT * INPUTS], gradient[COUNT * INPUTS];
};

static struct bench open_bench(void) {
  const struct dtd_layer_shape layers[] = {LAYER(INPUTS, 16, 4),
                                           LAYER(4, 8, 8)};
  struct bench b = {.network = new_network(layers, 2)};
  struct dtd_rng rng = dtd_rng_open(2, "search/test", 0);
  dtd_network_initialise(b.network, 8, 0.5);
  for (int p = 0; p < COUNT * INPUTS; p++)
    b.x[p] = LOW + (HIGH - LOW) * (float)dtd_rng_uniform(&rng);
  return b;
}

static void search(struct bench *b, const struct dtd_root_settings *settings) {
  dtd_root_search(b->root, b->r, b->gradient, b->network, b->x, COUNT, LOW,
                  HIGH, settings);
}

/* More searches than there are rows: each answer is its own image's. */
TEST(every_image_gets_its_own_answer) {
  struct bench b = open_bench();
  struct dtd_root_settings settings = dtd_root_defaults();
  struct dtd_activations *act = new_activations(b.network, COUNT);
  float f[COUNT];
  search(&b, &settings);
  dtd_forward(act, b.network, dtd_rows(b.x, COUNT));
  memcpy(f, dtd_score(act), sizeof f);
  dtd_forward(act, b.network, dtd_rows(b.r, COUNT));
  for (int n = 0; n < COUNT; n++) {
    const struct dtd_root *root = &b.root[n];
    double distance =
        dtd_root_distance(b.x + n * INPUTS, b.r + n * INPUTS, INPUTS);
    assert_true(fabs(root->f - (double)f[n]) <= 1e-5 * (double)f[n]);
    assert_true(fabs(root->f_root - (double)dtd_score(act)[n]) <=
                1e-4 * (double)f[n]);
    assert_true(root->distance == distance && root->certified);
    assert_int_equal(root->starts, f[n] > 0 ? settings.starts : 0);
  }
}

TEST(more_starts_find_nearer_roots) {
  struct bench few = open_bench(), many = open_bench();
  struct dtd_root_settings settings = dtd_root_defaults();
  double few_sum = 0, many_sum = 0;
  int nearer = 0;
  settings.starts = 1;
  search(&few, &settings);
  settings.starts = 8;
  search(&many, &settings);
  for (int n = 0; n < COUNT; n++) {
    assert_true(many.root[n].certified || !few.root[n].certified);
    nearer += many.root[n].distance < 0.999 * few.root[n].distance;
    few_sum += few.root[n].distance;
    many_sum += many.root[n].distance;
  }
  assert_true(many_sum < few_sum);
  assert_true(nearer > 0); /* or the starts are one and the same */
}

TEST(evaluations_are_limited) {
  struct bench b = open_bench();
  struct dtd_root_settings settings = dtd_root_defaults();
  settings.starts = 2;
  settings.evaluations = 5;
  search(&b, &settings);
  for (int n = 0; n < COUNT; n++) {
    if (!(b.root[n].f > 0)) continue;
    assert_true(b.root[n].evaluations <= 2 * (5 + 20)); /* 20 to restore */
    assert_true(b.root[n].feasible);
  }
}

/* ---- scales ---- */

static void scale(float *values, int count, int exponent) {
  for (int i = 0; i < count; i++) values[i] = ldexpf(values[i], exponent);
}

/* Pixels times 2^pixels and z of layer l times 2^z[l]. */
static void scale_bench(struct bench *b, int pixels, const int *z) {
  int below = pixels;
  for (int l = 0; l < 2; l++) {
    const struct dtd_layer *layer = &b->network->layer[l];
    scale(layer->w, layer->shape.inputs * layer->shape.units, z[l] - below);
    scale(layer->b, layer->shape.units, z[l]);
    below = z[l];
  }
  scale(b->x, COUNT * INPUTS, pixels);
}

/* Multiplied by powers of two, which round nothing, the problem and its answer
   keep their bits: no constant of the search has a unit. */
TEST(scales_change_no_bit_of_an_answer) {
  const int pixels[] = {0, 0, 3, -4},
            z[][2] = {{-5, -9}, {4, 7}, {0, 0}, {6, 2}};
  const enum dtd_root_solver solvers[] = {DTD_ROOT_MULTIPLIER,
                                          DTD_ROOT_SOFTPLUS};
  for (int solver = 0; solver < 2; solver++) {
    struct bench plain = open_bench();
    struct dtd_root_settings settings = dtd_root_defaults();
    settings.solver = solvers[solver];
    settings.starts = 7; /* homotopies, x, and x shaken */
    search(&plain, &settings);
    for (int c = 0; c < 4; c++) {
      struct bench b = open_bench();
      scale_bench(&b, pixels[c], z[c]);
      dtd_root_search(b.root, b.r, b.gradient, b.network, b.x, COUNT,
                      ldexpf(LOW, pixels[c]), ldexpf(HIGH, pixels[c]),
                      &settings);
      scale(b.r, COUNT * INPUTS, -pixels[c]);
      scale(b.gradient, COUNT * INPUTS, pixels[c] - z[c][1]);
      assert_memory_equal(b.r, plain.r, sizeof b.r);
      assert_memory_equal(b.gradient, plain.gradient, sizeof b.gradient);
      for (int n = 0; n < COUNT; n++) {
        assert_int_equal(b.root[n].evaluations, plain.root[n].evaluations);
        assert_true(b.root[n].certified == plain.root[n].certified);
        assert_true(b.root[n].distance ==
                    ldexp(plain.root[n].distance, pixels[c]));
      }
    }
  }
}

/* Steep and almost off: f(x) is small and its root very near. */
TEST(small_scores_are_certified) {
  struct bench b = open_bench();
  struct dtd_root_settings settings = dtd_root_defaults();
  struct dtd_activations *act = new_activations(b.network, COUNT);
  const int z[] = {4, 8};
  scale_bench(&b, 0, z);
  dtd_forward(act, b.network, dtd_rows(b.x, COUNT));
  double mean = 0;
  for (int n = 0; n < COUNT; n++) mean += (double)dtd_score(act)[n] / COUNT;
  for (int l = 0; l < 8; l++) b.network->layer[1].b[l] = (float)(-0.48 * mean);
  search(&b, &settings);
  int small = 0;
  for (int n = 0; n < COUNT; n++) {
    small += b.root[n].f > 0 && b.root[n].distance < 0.1;
  }
  assert_true(small > 4);
  for (int n = 0; n < COUNT; n++) assert_true(b.root[n].certified);
}

/* No root in the box: f(0) is above the level. */
TEST(positive_biases_may_leave_no_root) {
  struct bench b = open_bench();
  struct dtd_root_settings settings = dtd_root_defaults();
  settings.starts = 1;
  settings.evaluations = 200;
  for (int l = 0; l < 8; l++) b.network->layer[1].b[l] = 100;
  search(&b, &settings);
  for (int n = 0; n < COUNT; n++) assert_false(b.root[n].certified);
}

/* ---- a tiny network that is not convex ---- */

/* Three pools, whose weights above are of either sign. */
static struct dtd_network *tiny_network(void) {
  const struct dtd_layer_shape layers[] = {LAYER(2, 6, 2), LAYER(3, 4, 4)};
  struct dtd_network *network = new_network(layers, 2);
  dtd_network_initialise(network, 17, 1);
  for (int j = 0; j < 6; j++) network->layer[0].b[j] = -0.1f * (float)(j % 3);
  return network;
}

static double nearest_on_grid(const struct dtd_network *network, const float *x,
                              double level) {
  enum { STEPS = 400 };
  struct dtd_activations *act = new_activations(network, STEPS + 1);
  float row[2 * (STEPS + 1)];
  double best = INFINITY;
  for (int i = 0; i <= STEPS; i++) {
    for (int j = 0; j <= STEPS; j++) {
      row[2 * j] = LOW + (HIGH - LOW) * (float)i / STEPS;
      row[2 * j + 1] = LOW + (HIGH - LOW) * (float)j / STEPS;
    }
    dtd_forward(act, network, dtd_rows(row, STEPS + 1));
    for (int j = 0; j <= STEPS; j++)
      if ((double)dtd_score(act)[j] <= level)
        best = fmin(best, dtd_root_distance(x, row + 2L * j, 2));
  }
  return best;
}

TEST(roots_are_as_near_as_brute_force) {
  enum { POINTS = 24 };
  struct dtd_network *network = tiny_network();
  struct dtd_root_settings settings = dtd_root_defaults();
  struct dtd_root root[POINTS];
  float x[2 * POINTS], r[2 * POINTS], gradient[2 * POINTS];
  struct dtd_rng rng = dtd_rng_open(6, "search/tiny", 0);
  int tried = 0;
  for (int p = 0; p < 2 * POINTS; p++)
    x[p] = LOW + (HIGH - LOW) * (float)dtd_rng_uniform(&rng);
  dtd_root_search(root, r, gradient, network, x, POINTS, LOW, HIGH, &settings);
  for (int n = 0; n < POINTS; n++) {
    if (root[n].f < 0.1) continue;
    double wanted = nearest_on_grid(network, x + 2L * n, 0.1 * root[n].f);
    tried++;
    assert_true(root[n].certified);
    assert_true(root[n].distance <= 1.01 * wanted + 0.001);
    assert_true(root[n].distance >= 0.98 * wanted - 0.01); /* the grid's step */
  }
  assert_true(tried >= 4);
}
