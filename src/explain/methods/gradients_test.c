/* Tests the methods made of gradients: equations, limits and completeness. */

#include "base/test.h"
#include "base/assert_dies.h"
#include "explain/test_explainer.h"
#include "files/pairs.h"
#include "relevance/test_reference.h"

enum { P = DTD_PAIR_PIXELS, COUNT = 5 };

struct bench {
  struct dtd_network *net;
  struct dtd_reference *reference;
  struct dtd_explanation_settings settings;
  float *x, *R_p, f[COUNT];
  double *wide; /* x in double */
};

static struct bench open_bench(const struct dtd_layer_shape *shape, int depth) {
  struct bench b = {.net = random_network(shape, depth, 3),
                    .settings = quick_explanation()};
  b.settings.integrated_steps = 7;
  b.settings.smooth_samples = 30;
  b.reference = new_reference(b.net);
  b.x = random_numbers(COUNT * P, -0.5, 1.5, 4, "test/gradients");
  b.R_p = test_new(COUNT * P, sizeof *b.R_p);
  b.wide = widened(b.x, COUNT * P);
  return b;
}

/* Into b->R_p, `capacity` images at a time. */
static void explain(struct bench *b, const char *method, int capacity) {
  struct dtd_explainer *explainer =
      new_explainer(b->net, NULL, &b->settings, capacity);
  dtd_explain(b->R_p, b->f, explainer, dtd_method_find(method), b->x, COUNT);
}

/* df/dx at a point, in plain loops; valid until the next call. */
static const double *gradient_at(struct bench *b, const double *x) {
  dtd_reference_read(b->reference, b->net);
  dtd_reference_forward(b->reference, x);
  dtd_reference_backward(b->reference);
  return b->reference->layer[0].d_i;
}

static void assert_heatmap(const struct bench *b, int n, const double *wanted,
                           double tolerance) {
  assert_close(b->R_p + n * P, wanted, P, tolerance);
}

/* That all are gradients where the images are. */
static void assert_gradients(struct bench *b) {
  for (int n = 0; n < COUNT; n++)
    assert_heatmap(b, n, gradient_at(b, b->wide + n * P), 1e-5);
}

/* ---- gradient x input ---- */

/* One pixel in fifty. Where a step straddles a kink the difference is wrong: a
   hundredth may be. */
TEST(gradient_x_input_equals_finite_differences) {
  struct bench b = open_bench(two, 2);
  int checked = 0, nonzero = 0, wrong = 0;
  explain(&b, "gradient-x-input", COUNT);
  for (int p = 0; p < COUNT * P; p += 50, checked++) {
    double wanted =
        b.wide[p] * reference_slope(b.reference, b.wide + p / P * P, p % P);
    nonzero += fabs(wanted) > 1e-3;
    wrong += fabs(b.R_p[p] - wanted) > 1e-4 * fmax(1, fabs(wanted));
  }
  assert_true(nonzero > checked / 2);
  assert_true(wrong <= checked / 100);
}

/* Without biases, f is homogeneous: sum_p x_p df/dx_p = f (Euler). */
TEST(gradient_x_input_sums_to_f_without_biases) {
  struct bench b = open_bench(three, 3);
  for (int l = 0; l < 3; l++)
    memset(b.net->layer[l].b, 0,
           b.net->layer[l].shape.units * sizeof *b.net->layer[l].b);
  explain(&b, "gradient-x-input", 2);
  for (int n = 0; n < COUNT; n++) {
    assert_true(b.f[n] > 1);
    assert_true(fabs(sum_of(b.R_p + n * P, P) - b.f[n]) <= 1e-5 * b.f[n]);
  }
}

/* The rule of that name in every layer, biases and all (sums as pools: x_k^q of
   other q is shared by x_j and not by x_j^q). */
TEST(gradient_x_input_is_a_rule_in_every_layer) {
  const struct dtd_layer_shape sums[] = {LAYER(P, 24, 3), LAYER(8, 12, 2),
                                         LAYER(6, 10, 10)};
  struct bench b = open_bench(sums, 3);
  b.settings.first_rule = b.settings.upper_rule =
      dtd_rule_find("gradient-x-input");
  explain(&b, "gradient-x-input", 2);
  double *wanted = widened(b.R_p, COUNT * P);
  explain(&b, "deep-taylor-free", 2);
  for (int n = 0; n < COUNT; n++) assert_heatmap(&b, n, wanted + n * P, 2e-5);
}

/* ---- integrated gradients ---- */

TEST(integrated_gradients_equal_plain_loops) {
  struct bench b = open_bench(three, 3);
  explain(&b, "integrated-gradients", 2);
  for (int n = 0; n < COUNT; n++) {
    double wanted[P] = {0}, at[P];
    for (int step = 0; step < 7; step++) {
      for (int p = 0; p < P; p++)
        at[p] = -0.5 + (step + 0.5) / 7 * (b.wide[n * P + p] + 0.5);
      const double *gradient = gradient_at(&b, at);
      for (int p = 0; p < P; p++)
        wanted[p] += gradient[p] / 7 * (b.wide[n * P + p] + 0.5);
    }
    assert_heatmap(&b, n, wanted, 1e-5);
  }
}

/* How far the sums are from f(x) - f(black), at worst, relative to f(x). */
static double incompleteness(struct bench *b, int steps) {
  double worst = 0, black[P];
  for (int p = 0; p < P; p++) black[p] = -0.5;
  dtd_reference_read(b->reference, b->net);
  double at_black = dtd_reference_forward(b->reference, black);
  assert_true(at_black > 0); /* else the test would not notice its absence */
  b->settings.integrated_steps = steps;
  explain(b, "integrated-gradients", COUNT);
  for (int n = 0; n < COUNT; n++) {
    double wanted = b->f[n] - at_black;
    worst = fmax(worst, fabs(sum_of(b->R_p + n * P, P) - wanted) / b->f[n]);
  }
  return worst;
}

/* Proposition 1 of Sundararajan et al. */
TEST(integrated_gradients_are_complete_to_their_steps) {
  struct bench b = open_bench(two, 2);
  double few = incompleteness(&b, 10), many = incompleteness(&b, 1000);
  assert_true(few > 2e-3 && few < 0.2);
  assert_true(many < 1e-3);
}

/* Without a kink on the way, one step is as good as any number. */
TEST(one_step_is_exact_where_f_is_linear) {
  struct bench b = open_bench(two, 2);
  for (int l = 0; l < 2; l++) {
    struct dtd_layer *layer = &b.net->layer[l];
    for (long i = 0; i < (long)layer->shape.inputs * layer->shape.units; i++)
      layer->w[i] = l ? fabsf(layer->w[i]) : layer->w[i] / 400;
    for (int j = 0; j < layer->shape.units; j++) layer->b[j] = 1;
  }
  assert_true(incompleteness(&b, 1) < 1e-5);
}

/* ---- SmoothGrad ---- */

TEST(smoothgrad_without_noise_is_the_gradient) {
  struct bench b = open_bench(three, 3);
  b.settings.smooth_deviation = 0;
  explain(&b, "smoothgrad", 2);
  assert_gradients(&b);
}

/* With the documented streams. */
TEST(smoothgrad_equals_plain_loops) {
  struct bench b = open_bench(two, 2);
  explain(&b, "smoothgrad", 2);
  for (int n = 0; n < COUNT; n++) {
    uint64_t seed = dtd_hash_bytes(b.x + n * P, P * sizeof *b.x);
    double wanted[P] = {0}, noisy[P];
    for (int sample = 0; sample < 30; sample++) {
      struct dtd_rng rng = dtd_rng_open(seed, "methods/smoothgrad", sample);
      for (int p = 0; p < P; p++) /* a tenth of black to white, 2 */
        noisy[p] = (float)(b.wide[n * P + p] + 0.2 * dtd_rng_normal(&rng));
      const double *gradient = gradient_at(&b, noisy);
      for (int p = 0; p < P; p++) wanted[p] += gradient[p] / 30;
    }
    assert_heatmap(&b, n, wanted, 1e-5);
  }
}

/* Where f is linear, noise changes nothing; where it is not, it does. */
TEST(noise_only_matters_at_kinks) {
  struct bench b = open_bench(two, 2);
  explain(&b, "smoothgrad", COUNT);
  for (int n = 0; n < COUNT; n++)
    assert_true(relative_distance(b.R_p + n * P,
                                  gradient_at(&b, b.wide + n * P), P) > 0.05);
  for (int l = 0; l < 2; l++) /* far from every kink */
    for (int j = 0; j < b.net->layer[l].shape.units; j++)
      b.net->layer[l].b[j] = 1e4f;
  explain(&b, "smoothgrad", COUNT);
  assert_gradients(&b);
}

/* ---- guided backpropagation ---- */

static void guided_gradient(double *R_p, struct bench *b, const double *x) {
  dtd_reference_forward(b->reference, x);
  for (int n = b->net->depth - 1; n >= 0; n--) {
    struct dtd_reference_layer *l = &b->reference->layer[n];
    if (n == b->net->depth - 1) l->d_k[0] = 1;
    for (int i = 0; i < l->inputs; i++) l->d_i[i] = 0;
    for (int j = 0; j < l->units; j++) {
      int k = j / (l->units / l->pools);
      double slope = pow(l->x_j[j] / l->x_k[k], l->q - 1); /* dx_k/dx_j */
      if (l->z_j[j] <= 0 || l->d_k[k] <= 0) continue;
      for (int i = 0; i < l->inputs; i++)
        l->d_i[i] += l->d_k[k] * slope * l->w[i * l->units + j];
    }
  }
  memcpy(R_p, b->reference->layer[0].d_i, P * sizeof *R_p);
}

TEST(guided_backpropagation_equals_plain_loops) {
  const struct dtd_layer_shape *shapes[] = {two, three};
  for (int s = 0; s < 2; s++) {
    struct bench b = open_bench(shapes[s], s + 2);
    int stopped = 0; /* images where it is not just the gradient */
    explain(&b, "guided-backpropagation", 2);
    for (int n = 0; n < COUNT; n++) {
      double wanted[P];
      guided_gradient(wanted, &b, b.wide + n * P);
      assert_heatmap(&b, n, wanted, 1e-5);
      stopped += relative_distance(b.R_p + n * P,
                                   gradient_at(&b, b.wide + n * P), P) > 0.05;
    }
    assert_true(stopped > COUNT / 2);
  }
}

/* Nothing is negative on the way, so nothing is stopped. */
TEST(guided_backpropagation_is_the_gradient_of_positive_weights) {
  struct bench b = open_bench(three, 3);
  for (int l = 1; l < 3; l++)
    for (int i = 0;
         i < b.net->layer[l].shape.inputs * b.net->layer[l].shape.units; i++)
      b.net->layer[l].w[i] = fabsf(b.net->layer[l].w[i]);
  explain(&b, "guided-backpropagation", COUNT);
  assert_gradients(&b);
}

/* ---- all of them ---- */

/* Bit by bit for those that make their own batches. */
TEST(batches_do_not_change_a_bit) {
  const char *methods[] = {"integrated-gradients", "smoothgrad"};
  struct bench b = open_bench(two, 2);
  for (int m = 0; m < 2; m++) {
    explain(&b, methods[m], 1);
    float *alone = test_copy(b.R_p, COUNT * P, sizeof *b.R_p);
    explain(&b, methods[m], COUNT);
    assert_same_bits(alone, b.R_p, COUNT * P);
  }
}

TEST(nothing_to_average_over_dies) {
  struct bench b = open_bench(two, 2);
  b.settings.integrated_steps = b.settings.smooth_samples = 0;
  assert_dies(2, "explanation.integrated_steps: 0 steps make no path",
              explain(&b, "integrated-gradients", 1));
  assert_dies(2, "explanation.smooth_samples: 0 samples have no mean",
              explain(&b, "smoothgrad", 1));
}
