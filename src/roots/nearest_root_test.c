/* Holds nearest roots to closed forms, to brute force, and to each other. */

#include "base/test.h"
#include "network/test_network.h"
#include "linear/threads.h"
#include "roots/nearest_root.h"
#include "base/rng.h"

static const float LOW = -0.5f, HIGH = 1.5f;
enum { WIDE = 30, UNITS = 16, COUNT = 24 };

static struct dtd_root_settings with(enum dtd_root_solver solver) {
  struct dtd_root_settings settings = dtd_root_defaults();
  settings.solver = solver;
  return settings;
}

static bool close_to(double a, double b, double relative) {
  return fabs(a - b) <= relative * fabs(b);
}

/* One layer that sums `units` rectifiers. */
static struct dtd_network *one_layer(int inputs, int units) {
  struct dtd_layer_shape layer = LAYER(inputs, units, units);
  return new_network(&layer, 1);
}

/* Two random layers, pools of 4, biases at most 0. */
static struct dtd_network *wide_network(void) {
  const struct dtd_layer_shape layers[] = {LAYER(WIDE, UNITS, 4),
                                           LAYER(UNITS / 4, 8, 8)};
  struct dtd_network *network = new_network(layers, 2);
  dtd_network_initialise(network, 3, 0.5);
  for (int l = 0; l < 2; l++)
    for (int j = 0; j < network->layer[l].shape.units; j++)
      network->layer[l].b[j] = -0.05f * (float)(j % 3);
  return network;
}

static void random_images(float *x, int count) {
  struct dtd_rng rng = dtd_rng_open(5, "root/test", 0);
  for (int p = 0; p < count; p++)
    x[p] = LOW + (HIGH - LOW) * (float)dtd_rng_uniform(&rng);
}

/* ---- one unit: f is linear where active ---- */

/* The distance of the projection of x onto {w r + b <= level} in the box, by
   bisection on the multiplier. */
static double projection(double *r, const float *w, double b, double level,
                         const float *x) {
  double below = 0, above = 1e4, squares = 0;
  for (int step = 0; step < 200; step++) {
    double lambda = (below + above) / 2, value = b;
    squares = 0;
    for (int p = 0; p < WIDE; p++) {
      r[p] = fmin((double)HIGH,
                  fmax((double)LOW, (double)x[p] - lambda * (double)w[p]));
      value += (double)w[p] * r[p];
      squares += (r[p] - (double)x[p]) * (r[p] - (double)x[p]);
    }
    if (value > level)
      below = lambda;
    else
      above = lambda;
  }
  return sqrt(squares);
}

TEST(one_unit_gives_the_projection) {
  struct dtd_network *network = one_layer(WIDE, 1);
  const struct dtd_layer *layer = &network->layer[0];
  dtd_network_initialise(network, 9, 1);
  layer->b[0] = -0.3f;
  float x[WIDE], r[WIDE], gradient[WIDE];
  double wanted[WIDE];
  random_images(x, WIDE);
  for (int p = 0; p < WIDE; p++) { /* active, and soon at a bound */
    bool helps = layer->w[p] > 0;
    x[p] = p % 5 ? (helps ? 1.2f : 0) : (helps ? -0.48f : 1.48f);
  }
  for (int solver = 0; solver < DTD_ROOT_SOLVERS; solver++) {
    struct dtd_root_settings settings = with((enum dtd_root_solver)solver);
    struct dtd_root root;
    dtd_nearest_roots(&root, r, gradient, network, x, 1, LOW, HIGH, &settings);
    assert_true(root.f > 1);
    double distance =
        projection(wanted, layer->w, (double)layer->b[0], 0.1 * root.f, x);
    int at_bound = 0;
    assert_true(root.distance > 0.995 * distance);
    assert_true(root.feasible);
    if (solver == DTD_ROOT_NLOPT) { /* it may stop early, uncertified */
      assert_true(!root.certified || root.distance < 1.01 * distance);
      continue;
    }
    for (int p = 0; p < WIDE; p++) {
      assert_true(fabs((double)r[p] - wanted[p]) < 0.02);
      assert_true(gradient[p] == layer->w[p]);
      at_bound += wanted[p] == (double)LOW || wanted[p] == (double)HIGH;
    }
    assert_true(at_bound > 3 && at_bound < WIDE - 3);
    assert_true(root.distance < 1.005 * distance);
    assert_true(root.certified && root.cosine > 0.999);
    assert_true(root.f_root <= 0.1 * 1.01 * root.f);
  }
}

/* ---- two units in the plane: a convex f with a kink at its valley ---- */

static double plane_f(const struct dtd_network *network, double a, double b) {
  const struct dtd_layer *layer = &network->layer[0];
  double f = 0;
  for (int j = 0; j < 2; j++)
    f += fmax(0, a * (double)layer->w[j] + b * (double)layer->w[2 + j] +
                     (double)layer->b[j]);
  return f;
}

static double nearest_on_grid(const struct dtd_network *network,
                              const float *x) {
  enum { STEPS = 700 };
  double best = INFINITY;
  double level = 0.1 * plane_f(network, (double)x[0], (double)x[1]);
  for (int i = 0; i <= STEPS; i++)
    for (int j = 0; j <= STEPS; j++) {
      double a = (double)LOW + 2.0 * i / STEPS;
      double b = (double)LOW + 2.0 * j / STEPS;
      if (plane_f(network, a, b) <= level)
        best = fmin(best, hypot(a - (double)x[0], b - (double)x[1]));
    }
  return best;
}

TEST(two_units_match_brute_force) {
  const float weights[][4] = {
      {1, 0.2f, 0.1f, 1}, {1, -0.4f, 0.3f, 1}, {1, 1, 0.9f, -0.8f}};
  const float points[][2] = {{1, 1}, {1.4f, 0.6f}, {1.2f, 0.2f}};
  for (int n = 0; n < 3; n++) {
    struct dtd_network *network = one_layer(2, 2);
    memcpy(network->layer[0].w, weights[n], sizeof weights[n]);
    network->layer[0].b[1] = -0.05f;
    double wanted = nearest_on_grid(network, points[n]);
    assert_true(wanted > 0.3 && wanted < 3);
    for (int solver = 0; solver < DTD_ROOT_SOLVERS; solver++) {
      struct dtd_root_settings settings = with((enum dtd_root_solver)solver);
      struct dtd_root root;
      float r[2], gradient[2];
      dtd_nearest_roots(&root, r, gradient, network, points[n], 1, LOW, HIGH,
                        &settings);
      assert_true(root.feasible);
      assert_true(root.distance > wanted * 0.99); /* the level's tolerance */
      assert_true(root.distance < wanted * 1.01);
      if (solver != DTD_ROOT_NLOPT) assert_true(root.certified);
    }
  }
}

/* At the kink of f = max(0, a) + max(0, b - a) neither region's gradient, (1,
   0) or (0, 1), is parallel to x - r, and their mean is. */
TEST(a_kink_needs_the_generalised_gradient) {
  struct dtd_network *network = one_layer(2, 2);
  const float w[] = {1, -1, 0, 1}, x[] = {1, 1};
  memcpy(network->layer[0].w, w, sizeof w);
  float r[2], gradient[2];
  struct dtd_root root;
  struct dtd_root_settings settings = with(DTD_ROOT_MULTIPLIER);
  dtd_nearest_roots(&root, r, gradient, network, x, 1, LOW, HIGH, &settings);
  assert_true(close_to((double)r[0], 0.1, 0.02));
  assert_true(close_to((double)r[1], 0.1, 0.02));
  assert_true(close_to((double)gradient[0], 0.5, 0.05));
  assert_true(close_to((double)gradient[1], 0.5, 0.05));
  assert_true(root.certified && root.cosine > 0.999);
  assert_true(root.own_cosine < 0.8);
}

/* Where the problem is convex there is one root, and smoothing must not move
   it: ever sharper softplus ends where the multipliers do. */
TEST(softplus_ends_at_the_same_root) {
  struct dtd_network *network = one_layer(WIDE, 12);
  dtd_network_initialise(network, 21, 0.5);
  float x[WIDE], r[2][WIDE], gradient[WIDE];
  struct dtd_root root[2];
  random_images(x, WIDE);
  for (int solver = 0; solver < 2; solver++) {
    struct dtd_root_settings settings = with((enum dtd_root_solver)solver);
    settings.starts = 1;
    dtd_nearest_roots(&root[solver], r[solver], gradient, network, x, 1, LOW,
                      HIGH, &settings);
    assert_true(root[solver].f > 3 && root[solver].certified);
  }
  assert_true(close_to(root[0].distance, root[1].distance, 5e-3));
  for (int p = 0; p < WIDE; p++)
    assert_true(fabs((double)r[0][p] - (double)r[1][p]) < 0.03);
}

/* ---- edges ---- */

TEST(zero_scores_are_their_own_roots) {
  struct dtd_network *network = one_layer(WIDE, 1);
  float x[WIDE], r[WIDE], gradient[WIDE];
  random_images(x, WIDE);
  network->layer[0].b[0] = -1;
  for (int solver = 0; solver < DTD_ROOT_SOLVERS; solver++) {
    struct dtd_root_settings settings = with((enum dtd_root_solver)solver);
    struct dtd_root root;
    dtd_nearest_roots(&root, r, gradient, network, x, 1, LOW, HIGH, &settings);
    assert_true(root.f == 0 && root.f_root == 0 && root.distance == 0);
    assert_true(root.certified && isnan(root.cosine));
    for (int p = 0; p < WIDE; p++) assert_true(r[p] == x[p]);
    for (int p = 0; p < WIDE; p++) assert_true(gradient[p] == 0);
  }
}

/* A search that is cut short gives a feasible point, and no certificate. */
TEST(one_evaluation_certifies_nothing) {
  struct dtd_network *network = wide_network();
  float x[COUNT * WIDE], r[COUNT * WIDE], gradient[COUNT * WIDE];
  struct dtd_root root[COUNT];
  random_images(x, COUNT * WIDE);
  for (int solver = 0; solver < DTD_ROOT_SOLVERS; solver++) {
    struct dtd_root_settings settings = with((enum dtd_root_solver)solver);
    settings.evaluations = settings.starts = 1;
    dtd_nearest_roots(root, r, gradient, network, x, COUNT, LOW, HIGH,
                      &settings);
    for (int n = 0; n < COUNT; n++) {
      assert_true(root[n].f > 0 && root[n].feasible);
      assert_false(root[n].certified);
    }
  }
}

/* ---- agreement ---- */

struct answers {
  struct dtd_root root[COUNT];
  float r[COUNT * WIDE], gradient[COUNT * WIDE];
};

static void search(struct answers *a, const struct dtd_network *network,
                   const float *x, int count, enum dtd_root_solver solver) {
  struct dtd_root_settings settings = with(solver);
  dtd_nearest_roots(a->root, a->r, a->gradient, network, x, count, LOW, HIGH,
                    &settings);
}

TEST(random_roots_are_certified_and_positive) {
  struct dtd_network *network = wide_network();
  float x[COUNT * WIDE];
  struct answers a;
  random_images(x, COUNT * WIDE);
  for (int solver = 0; solver < DTD_ROOT_NLOPT; solver++) {
    search(&a, network, x, COUNT, (enum dtd_root_solver)solver);
    double positive = 0, negative = 0;
    for (int p = 0; p < COUNT * WIDE; p++) {
      double R = (double)a.gradient[p] * ((double)x[p] - (double)a.r[p]);
      positive += fmax(0, R);
      negative -= fmin(0, R);
    }
    if (solver == DTD_ROOT_MULTIPLIER)
      assert_true(positive > 1 && negative < 0.01 * positive);
    for (int n = 0; n < COUNT; n++) {
      assert_true(a.root[n].f_root <= 0.101 * a.root[n].f);
      assert_true(a.root[n].distance > 0.1);
    }
  }
}

TEST(no_solver_is_far_from_the_reference) {
  struct dtd_network *network = wide_network();
  float x[COUNT * WIDE];
  struct answers a, reference;
  random_images(x, COUNT * WIDE);
  search(&reference, network, x, COUNT, DTD_ROOT_NLOPT);
  search(&a, network, x, COUNT, DTD_ROOT_MULTIPLIER);
  for (int n = 0; n < COUNT; n++)
    assert_true(a.root[n].distance < 1.01 * reference.root[n].distance);
}

static void assert_same(const struct answers *a, int n, const struct answers *b,
                        int m) {
  size_t size = WIDE * sizeof(float);
  assert_memory_equal(a->r + n * WIDE, b->r + m * WIDE, size);
  assert_memory_equal(a->gradient + n * WIDE, b->gradient + m * WIDE, size);
  assert_true(a->root[n].distance == b->root[m].distance);
  assert_true(a->root[n].cosine == b->root[m].cosine);
  assert_int_equal(a->root[n].evaluations, b->root[m].evaluations);
}

TEST(threads_do_not_change_an_answer) {
  struct dtd_network *network = wide_network();
  float x[COUNT * WIDE];
  struct answers three, one;
  random_images(x, COUNT * WIDE);
  for (int solver = 0; solver < DTD_ROOT_SOLVERS; solver++) {
    dtd_threads(3);
    search(&three, network, x, COUNT, (enum dtd_root_solver)solver);
    dtd_threads(1);
    search(&one, network, x, COUNT, (enum dtd_root_solver)solver);
    for (int n = 0; n < COUNT; n++) assert_same(&three, n, &one, n);
  }
  dtd_threads(0);
}

TEST(the_batch_does_not_change_an_answer) {
  struct dtd_network *network = wide_network();
  float x[COUNT * WIDE];
  struct answers together, alone;
  random_images(x, COUNT * WIDE);
  for (int solver = 0; solver < DTD_ROOT_SOLVERS; solver++) {
    search(&together, network, x, COUNT, (enum dtd_root_solver)solver);
    for (int n = 0; n < COUNT; n++) {
      search(&alone, network, x + n * WIDE, 1, (enum dtd_root_solver)solver);
      assert_same(&together, n, &alone, 0);
    }
  }
}
