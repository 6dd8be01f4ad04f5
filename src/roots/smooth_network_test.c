/* Tests the smoothed network against the plain one, its definition and finite
   differences. */

#include "base/test.h"
#include "base/rng.h"
#include "network/test_network.h"
#include "roots/test_smooth.h"

enum { INPUTS = 9, BATCH = 3, LAYERS = 2, UNITS = 14 };

struct bench {
  struct dtd_network *network;
  struct dtd_smooth_network *smooth;
  float x[BATCH * INPUTS], sharpness[BATCH * LAYERS];
  float multipliers[BATCH * UNITS];
  double value[BATCH];
  float gradient[BATCH * INPUTS];
};

static struct bench open_bench(void) {
  const struct dtd_layer_shape layers[] = {LAYER(INPUTS, 8, 2), LAYER(4, 6, 6)};
  struct bench b = {.network = new_network(layers, 2)};
  struct dtd_rng rng = dtd_rng_open(11, "smooth/test", 0);
  dtd_network_initialise(b.network, 4, 0.7);
  for (int j = 0; j < 8; j++) b.network->layer[0].b[j] = -0.02f * (float)j;
  for (int p = 0; p < BATCH * INPUTS; p++) b.x[p] = (float)dtd_rng_normal(&rng);
  for (int j = 0; j < BATCH * UNITS; j++)
    b.multipliers[j] = (float)dtd_rng_uniform(&rng);
  for (int n = 0; n < BATCH * LAYERS; n++) b.sharpness[n] = 0.5f + (float)n;
  b.smooth = new_smooth(b.network, BATCH);
  return b;
}

static void compute(struct bench *b, enum dtd_smoothing kind) {
  dtd_smooth_value(b->value, b->gradient, b->smooth, b->x, kind, b->sharpness,
                   b->multipliers, BATCH);
}

/* max_s  s z - (s - m)^2 / (2 t)  by trying every s. */
static double best_of_all_slopes(double z, double m, double t) {
  double best = -INFINITY;
  for (int i = 0; i <= 20000; i++) {
    double s = i / 20000.0;
    best = fmax(best, s * z - (s - m) * (s - m) / (2 * t));
  }
  return best;
}

static double smoothed(double z, double m, double t, enum dtd_smoothing kind) {
  if (kind == DTD_HARD) return fmax(0, z);
  if (kind == DTD_SOFTPLUS) return log(0.5 + 0.5 * exp(t * z)) / t;
  return best_of_all_slopes(z, m, t);
}

/* The definition in plain loops, in double. */
static double plain_value(const struct bench *b, int n,
                          enum dtd_smoothing kind) {
  double input[INPUTS], pooled[INPUTS] = {0};
  const float *m = b->multipliers + n * UNITS;
  for (int p = 0; p < INPUTS; p++) input[p] = (double)b->x[n * INPUTS + p];
  for (int l = 0; l < LAYERS; l++) {
    const struct dtd_layer *layer = &b->network->layer[l];
    for (int k = 0; k < INPUTS; k++) pooled[k] = 0;
    for (int j = 0; j < layer->shape.units; j++) {
      double z = (double)layer->b[j];
      for (int i = 0; i < layer->shape.inputs; i++)
        z += input[i] * (double)layer->w[i * layer->shape.units + j];
      pooled[j / layer->shape.pool] +=
          smoothed(z, (double)*m++, (double)b->sharpness[n * LAYERS + l], kind);
    }
    for (int k = 0; k < INPUTS; k++) input[k] = pooled[k];
  }
  return input[0];
}

TEST(values_follow_the_definition) {
  struct bench b = open_bench();
  for (int kind = DTD_HARD; kind <= DTD_MULTIPLIER; kind++) {
    compute(&b, (enum dtd_smoothing)kind);
    for (int n = 0; n < BATCH; n++) {
      double wanted = plain_value(&b, n, (enum dtd_smoothing)kind);
      assert_true(fabs(b.value[n] - wanted) < 1e-4 * (1 + fabs(wanted)));
    }
  }
}

TEST(gradients_equal_finite_differences) {
  struct bench b = open_bench(), moved = open_bench();
  for (int kind = DTD_SOFTPLUS; kind <= DTD_MULTIPLIER; kind++) {
    compute(&b, (enum dtd_smoothing)kind);
    for (int i = 0; i < BATCH * INPUTS; i++) {
      const float step = 0.01f, before = b.x[i];
      int n = i / INPUTS;
      moved.x[i] = before + step;
      double above = plain_value(&moved, n, (enum dtd_smoothing)kind);
      moved.x[i] = before - step;
      double below = plain_value(&moved, n, (enum dtd_smoothing)kind);
      moved.x[i] = before;
      double slope = (above - below) / (2 * (double)step);
      assert_true(fabs((double)b.gradient[i] - slope) <
                  0.01 * (1 + fabs(slope)));
    }
  }
}

TEST(hard_rectifiers_are_the_network) {
  struct bench b = open_bench();
  struct dtd_activations *act = new_activations(b.network, BATCH);
  struct dtd_activations *d = new_activations(b.network, BATCH);
  float gradient[BATCH * INPUTS];
  const float one[BATCH] = {1, 1, 1};
  dtd_forward(act, b.network, dtd_rows(b.x, BATCH));
  dtd_backward(NULL, 1, 0, gradient, d, b.network, act, one);
  compute(&b, DTD_HARD);
  for (int n = 0; n < BATCH; n++)
    assert_true(fabs(b.value[n] - (double)dtd_score(act)[n]) < 1e-5);
  for (int i = 0; i < BATCH * INPUTS; i++)
    assert_true(fabsf(b.gradient[i] - gradient[i]) < 1e-5f);
}

TEST(softplus_tends_to_the_rectifier) {
  struct bench b = open_bench();
  double before = INFINITY;
  for (float t = 1; t < 1e5f; t *= 10) {
    double gap = 0;
    for (int n = 0; n < BATCH * LAYERS; n++) b.sharpness[n] = t;
    compute(&b, DTD_SOFTPLUS);
    for (int n = 0; n < BATCH; n++)
      gap += fabs(b.value[n] - plain_value(&b, n, DTD_HARD));
    assert_true(gap < before / 5);
    before = gap;
  }
  assert_true(before < 1e-2);
}

/* One layer, two units, the second at its kink: grad f = w_1 + s w_2 for
   any slope that is named for the first. */
TEST(named_slopes_count_at_kinks_alone) {
  struct dtd_layer_shape layer = LAYER(2, 2, 2);
  struct dtd_network *network = new_network(&layer, 1);
  const float w[] = {1, -1, 2, 1}, x[] = {1, 1}, slopes[] = {0.5f, 0.25f};
  for (int i = 0; i < 4; i++) network->layer[0].w[i] = w[i];
  struct dtd_smooth_network *smooth = new_smooth(network, 1);
  float gradient[2];
  double value, tolerance = 1e-4;
  dtd_generalised_gradient(&value, gradient, smooth, x, slopes, &tolerance, 1);
  assert_true(value == 3);
  assert_true(gradient[0] == 0.75f && gradient[1] == 2.25f);
  const float absurd[] = {0.5f, 7};
  dtd_generalised_gradient(&value, gradient, smooth, x, absurd, &tolerance, 1);
  assert_true(gradient[0] == 1 && gradient[1] == 2);
}
