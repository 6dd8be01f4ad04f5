/* Tests single searches against the nearest roots of a plane, from all starts.
 */

#include "base/test.h"
#include "base/rng.h"
#include "network/test_network.h"
#include "roots/root_descent.h"
#include "roots/test_smooth.h"

enum { INPUTS = 30, STARTS = 7, MOST = 3000 };

struct bench {
  struct dtd_network *network;
  struct dtd_root_settings settings;
  struct dtd_descent_problem problem;
  struct dtd_root_units units;
  float x[INPUTS], w[INPUTS];
  double f, squares; /* f(x), |w|^2 */
};

/* f = max(0, w x), which is w x wherever a search may go. */
static void open_bench(struct bench *b, enum dtd_root_solver solver, float low,
                       float high) {
  const struct dtd_layer_shape layer[] = {LAYER(INPUTS, 1, 1)};
  struct dtd_rng rng = dtd_rng_open(2, "descent/test", 0);
  *b = (struct bench){.network = new_network(layer, 1),
                      .settings = dtd_root_defaults()};
  b->settings.solver = solver;
  b->problem = (struct dtd_descent_problem){b->network, &b->settings, low,
                                            high,       INPUTS,       1};
  for (int p = 0; p < INPUTS; p++) {
    b->x[p] = -0.4f + 1.8f * (float)dtd_rng_uniform(&rng);
    b->w[p] = (float)dtd_rng_normal(&rng) + b->x[p];
    b->network->layer[0].w[p] = b->w[p];
    b->f += (double)b->x[p] * (double)b->w[p];
    b->squares += (double)b->w[p] * (double)b->w[p];
  }
  assert_true(b->f > 1);
  b->units.length = 0.9 * b->f / sqrt(b->squares);
  b->units.z[0] = 0.9 * b->f;
}

/* Searches from one start to the end, going on at once when it is parked;
   returns the promise it was parked with. */
static double search(struct dtd_root_descent *descent, struct bench *b,
                     int start) {
  struct dtd_smooth_network *smooth = new_smooth(b->network, 1);
  float y[INPUTS], gradient[INPUTS], t;
  double value, promise = NAN;
  int calls = 0;
  dtd_root_descent_open(descent, &b->problem, 3, b->x, b->f, &b->units);
  dtd_root_descent_begin(descent, start);
  memcpy(y, descent->r, sizeof y);
  struct dtd_rectifiers own = {smooth, 0, descent->m, &t, b->f};
  while (!descent->done && calls++ < 2 * MOST) {
    dtd_root_descent_sharpness(&t, descent);
    dtd_smooth_value(&value, gradient, smooth, y,
                     b->settings.solver == DTD_ROOT_SOFTPLUS ? DTD_SOFTPLUS
                                                             : DTD_MULTIPLIER,
                     &t, descent->m, 1);
    dtd_root_descent_advance(descent, y, gradient, value, &own);
    if (descent->parked) promise = descent->promise;
    descent->parked = false;
  }
  assert_int_equal(descent->evaluations, calls);
  assert_int_equal(descent->example, 3);
  return promise;
}

/* r = x - 0.9 f(x) w / |w|^2, at |r - x| = 0.9 f(x) / |w|. */
TEST(the_nearest_root_of_a_plane_is_found) {
  const enum dtd_root_solver solvers[] = {DTD_ROOT_MULTIPLIER,
                                          DTD_ROOT_SOFTPLUS};
  for (int solver = 0; solver < 2; solver++)
    for (int start = 0; start < STARTS; start++) {
      struct bench b;
      struct dtd_root_descent descent;
      open_bench(&b, solvers[solver], -100, 100);
      double promise = search(&descent, &b, start);
      double distance = 0.9 * b.f / sqrt(b.squares);
      assert_true(descent.done && descent.evaluations < 500);
      assert_true(fabs(promise - distance) < 0.01 * distance);
      /* r - x + L^2 lambda / f(x) w = 0 with r - x = -0.9 f(x) w / |w|^2 */
      double lambda = 1 / 0.9;
      assert_true(fabs(descent.lambda - lambda) < 0.05 * lambda);
      for (int p = 0; p < INPUTS; p++) {
        double root = (double)b.x[p] - 0.9 * b.f / b.squares * (double)b.w[p];
        assert_true(fabs((double)descent.r[p] - root) < 0.01 * distance);
      }
      dtd_root_descent_close(&descent);
    }
}

/* In a box that cuts the way short for some pixels, the conditions of Karush,
   Kuhn and Tucker hold instead. */
TEST(bounds_are_kept) {
  for (int start = 0; start < STARTS; start++) {
    struct bench b;
    struct dtd_root_descent descent;
    open_bench(&b, DTD_ROOT_MULTIPLIER, -0.5f, 1.5f);
    search(&descent, &b, start);
    double f_root = 0;
    int at_bound = 0;
    for (int p = 0; p < INPUTS; p++) {
      f_root += (double)descent.r[p] * (double)b.w[p];
      assert_true(descent.r[p] >= -0.5f && descent.r[p] <= 1.5f);
      at_bound += descent.r[p] == -0.5f || descent.r[p] == 1.5f;
    }
    assert_true(descent.done && at_bound > 0);
    assert_true(f_root <= 0.101 * b.f && f_root > 0.099 * b.f);
    assert_true(dtd_root_cosine(b.x, descent.r, b.w, -0.5f, 1.5f, INPUTS) >
                DTD_CERTIFIED_COSINE);
    dtd_root_descent_close(&descent);
  }
}

TEST(evaluations_are_limited) {
  for (int most = 2; most < 8; most++) {
    struct bench b;
    struct dtd_root_descent descent;
    open_bench(&b, DTD_ROOT_MULTIPLIER, -0.5f, 1.5f);
    b.settings.evaluations = most;
    search(&descent, &b, 1);
    assert_true(descent.done);
    assert_int_equal(descent.evaluations, most);
    dtd_root_descent_close(&descent);
  }
}

/* The order of starts in root_search.h. */
TEST(starts_differ_as_documented) {
  struct bench b;
  struct dtd_root_descent descent;
  open_bench(&b, DTD_ROOT_MULTIPLIER, -100, 100);
  dtd_root_descent_open(&descent, &b.problem, 0, b.x, b.f, &b.units);
  float first[INPUTS];
  for (int start = 0; start < STARTS; start++) {
    dtd_root_descent_begin(&descent, start);
    bool homotopy = start < DTD_ROOT_FIRST_RANDOM - 1;
    bool random = start >= DTD_ROOT_FIRST_RANDOM;
    assert_true(homotopy == (descent.sharpness <= 16));
    assert_int_equal(memcmp(descent.r, b.x, sizeof b.x) != 0, random);
    if (start == DTD_ROOT_FIRST_RANDOM) memcpy(first, descent.r, sizeof first);
  }
  assert_true(memcmp(first, descent.r, sizeof first) != 0);
  dtd_root_descent_close(&descent);
}
