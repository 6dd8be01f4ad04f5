/* Tests the network against the reference and finite differences. */

#include "base/test.h"
#include "linear/ink.h"
#include "base/assert_dies.h"
#include "network/test_network.h"
#include "relevance/test_reference.h"

TEST_OWNS(ink)

/* Stacks of one, two and three layers and every kind of pooling. */
static const struct stack {
  int depth;
  struct dtd_layer_shape layer[3];
} stacks[] = {
    {1, {LAYER(10, 6, 6)}},
    {2, {LAYER(12, 8, 4), LAYER(2, 5, 5)}},
    {2, {LAYER_NORM(12, 8, 2, 2), LAYER_NORM(4, 6, 6, 3)}},
    {2, {LAYER_NORM(12, 8, 2, INFINITY), LAYER(4, 6, 6)}},
    {3, {LAYER(9, 12, 3), LAYER_NORM(4, 8, 2, 2), LAYER(4, 10, 10)}},
    {2, {LAYER(1568, 400, 4), LAYER(100, 400, 400)}},
};
enum { STACKS = sizeof stacks / sizeof *stacks, BATCH = 5 };

struct bench {
  struct dtd_network *net, *gradient;
  struct dtd_activations *act, *d;
  struct dtd_reference *reference;
  int inputs;
  float *x, *d_input; /* (BATCH, inputs) */
  double *wide;       /* x */
};

static const float d_output[BATCH] = {1, -0.5f, 2, 0.25f, -1};

static struct bench open_bench(int stack) {
  const struct stack *s = &stacks[stack];
  struct dtd_rng rng = dtd_rng_open(5, "test/network", stack);
  struct bench b = {.net = random_network(s->layer, s->depth, 3),
                    .gradient = new_network(s->layer, s->depth),
                    .inputs = s->layer[0].inputs};
  b.act = new_activations(b.net, BATCH);
  b.d = new_activations(b.net, BATCH);
  b.reference = new_reference(b.net);
  b.x = new_random(BATCH * b.inputs, -0.5, 1.5, &rng);
  b.d_input = test_new(BATCH * b.inputs, sizeof *b.d_input);
  b.wide = widened(b.x, BATCH * b.inputs);
  return b;
}

static void forward(struct bench *b) {
  dtd_forward(b->act, b->net, dtd_rows(b->x, BATCH));
}

/* The gradient of sum_n d_output f(x_n). */
static void forward_and_backward(struct bench *b) {
  forward(b);
  dtd_backward(b->gradient, 1, 1, b->d_input, b->d, b->net, b->act, d_output);
}

TEST(forward_equals_the_reference) {
  for (int s = 0; s < STACKS; s++) {
    struct bench b = open_bench(s);
    forward(&b);
    double total = 0;
    for (int n = 0; n < BATCH; n++) {
      double f = reference_score(b.reference, b.x + n * b.inputs);
      total += f;
      assert_true(fabs(dtd_score(b.act)[n] - f) <= 1e-5 * f);
      for (int l = 0; l < b.net->depth; l++) {
        const struct dtd_reference_layer *layer = &b.reference->layer[l];
        int units = layer->units, pools = layer->pools;
        assert_close(b.act->detection[l] + n * units, layer->x_j, units, 1e-5);
        assert_close(b.act->pooled[l] + n * pools, layer->x_k, pools, 1e-5);
      }
    }
    assert_true(total > 0);
  }
}

/* The weighted sum of scores whose gradient dtd_backward computes, in double.
 */
static double weighted_scores(struct bench *b) {
  double sum = 0;
  for (int n = 0; n < BATCH; n++)
    sum += d_output[n] *
           dtd_reference_forward(b->reference, b->wide + n * b->inputs);
  return sum;
}

/* Compares some of `count` numbers with the central differences along `at`, a
   parameter of the reference each or an input. The differences straddle no kink
   but by bad luck, so one in a hundred may. */
static void check_slopes(struct bench *b, const float *found, double *at,
                         long count, long stride) {
  const double step = 1e-5;
  int checked = 0, wrong = 0, nonzero = 0;
  for (long i = 0; i < count; i += stride, checked++) {
    double before = at[i];
    at[i] = before + step;
    double above = weighted_scores(b);
    at[i] = before - step;
    double slope = (above - weighted_scores(b)) / (2 * step);
    at[i] = before;
    nonzero += fabs(slope) > 1e-3;
    wrong += fabs(found[i] - slope) > 2e-3 * fmax(1e-2, fabs(slope));
  }
  assert_true(nonzero > checked / 4); /* gradients that vanish show nothing */
  assert_true(wrong <= checked / 100);
}

/* Every parameter and input of the small stacks, a sample of the paper's. */
TEST(gradients_equal_finite_differences) {
  for (int s = 0; s < STACKS; s++) {
    struct bench b = open_bench(s);
    long count = b.net->parameter_count, inputs = BATCH * b.inputs;
    forward_and_backward(&b);
    check_slopes(&b, b.gradient->parameters, b.reference->parameters, count,
                 count > 1000 ? count / 25 : 1);
    check_slopes(&b, b.d_input, b.wide, inputs,
                 b.inputs > 100 ? inputs / 25 : 1);
  }
}

/* The chain rule in plain double loops: all parameters and inputs. */
TEST(gradients_equal_the_reference) {
  for (int s = 0; s < STACKS; s++) {
    struct bench b = open_bench(s);
    double *d_x = test_new(BATCH * b.inputs, sizeof *d_x);
    const double *wanted = b.reference->gradient;
    forward_and_backward(&b);
    for (int n = 0; n < BATCH; n++) {
      double f = reference_score(b.reference, b.x + n * b.inputs);
      double slope = d_output[n]; /* 2 (f - t) of a suitable target t */
      dtd_reference_backward(b.reference);
      dtd_reference_learn(b.reference, f - slope / 2);
      for (int i = 0; i < b.inputs; i++)
        d_x[n * b.inputs + i] = slope * b.reference->layer[0].d_i[i];
    }
    assert_close(b.d_input, d_x, BATCH * b.inputs, 1e-5);
    for (int l = 0; l < b.net->depth; l++) {
      long begin = b.net->layer[l].w - b.net->parameters;
      long bias = b.net->layer[l].b - b.net->parameters;
      assert_close(b.gradient->parameters + begin, wanted + begin, bias - begin,
                   1e-5);
      assert_close(b.gradient->parameters + bias, wanted + bias,
                   b.net->layer[l].shape.units, 1e-5);
    }
  }
}

/* keep w - 0.01 dL/dw and b - 0.01 dL/db, in double. */
static void step_by_hand(double *wanted, const struct dtd_network *net,
                         const struct dtd_network *gradient, double keep) {
  for (size_t i = 0; i < net->parameter_count; i++)
    wanted[i] = net->parameters[i] - 0.01 * gradient->parameters[i];
  for (int l = 0; l < net->depth; l++) {
    const struct dtd_layer *layer = &net->layer[l];
    double *w = wanted + (layer->w - net->parameters);
    for (long i = 0; i < (long)layer->shape.inputs * layer->shape.units; i++)
      w[i] -= (1 - keep) * layer->w[i];
  }
}

/* One step in place equals the gradient computed apart and subtracted, from
   weights, not biases, that were shrunk first. */
TEST(descending_in_place_is_a_gradient_step) {
  for (int s = 0; s < STACKS; s++) {
    struct bench b = open_bench(s);
    forward_and_backward(&b);
    long count = b.net->parameter_count;
    double *wanted = test_new(count, sizeof *wanted);
    double keep = s % 2 ? 0.9 : 1;
    step_by_hand(wanted, b.net, b.gradient, keep);
    dtd_backward(b.net, keep, -0.01f, NULL, b.d, b.net, b.act, d_output);
    assert_close(b.net->parameters, wanted, count, 1e-6);
  }
}

/* Forward and one step, with the first layer's weights folded: as without. Odd
   stacks shrink their weights, too. */
TEST(ink_gives_what_the_image_gives) {
  const float low = -0.5f;
  for (int s = 0; s < STACKS; s++) {
    struct bench b = open_bench(s);
    struct dtd_rng rng = dtd_rng_open(6, "test/ink", s);
    for (int i = 0; i < BATCH * b.inputs; i++)
      if (dtd_rng_uniform(&rng) < 0.7) b.x[i] = low;
    struct dtd_network *net = own_network(dtd_network_copy(b.net));
    struct dtd_activations *act = new_activations(net, BATCH);
    struct dtd_network *stored =
        own_network(dtd_network_stored(net, &dtd_folded, low, BATCH));
    struct dtd_ink *ink = own_ink(dtd_ink_new(b.inputs, BATCH));
    dtd_ink_gather(ink, b.x, low, BATCH);
    forward(&b);
    dtd_forward(act, stored, dtd_inked(ink));
    for (int n = 0; n < BATCH; n++)
      assert_true(fabsf(dtd_score(act)[n] - dtd_score(b.act)[n]) <=
                  1e-6f + 2e-5f * dtd_score(b.act)[n]);
    double keep = s % 2 ? 0.9 : 1;
    dtd_backward(b.net, keep, -0.01f, NULL, b.d, b.net, b.act, d_output);
    dtd_backward(stored, keep, -0.01f, NULL, b.d, stored, act, d_output);
    dtd_weights_write(stored->layer[0].weights);
    assert_close_floats(net->parameters, b.net->parameters,
                        net->parameter_count, 2e-6);
  }
}

TEST(batches_do_not_mix) {
  struct bench b = open_bench(1);
  float together[BATCH];
  forward(&b);
  for (int n = 0; n < BATCH; n++) together[n] = dtd_score(b.act)[n];
  for (int n = 0; n < BATCH; n++) {
    dtd_forward(b.act, b.net, dtd_rows(b.x + n * b.inputs, 1));
    assert_near(dtd_score(b.act)[0], together[n], 1e-5f * together[n]);
  }
}

/* Forward in two parts fills what forward of all fills. */
TEST(parts_are_what_they_are_part_of) {
  for (int s = 0; s < STACKS; s++) {
    struct bench b = open_bench(s);
    forward(&b);
    b.d->input = b.act->input;
    for (int first = 0; first < BATCH; first += 3) {
      struct dtd_range range = {first, first ? BATCH - first : 3};
      struct dtd_activations part = dtd_activations_part(b.d, b.net, range);
      assert_int_equal(part.batch, range.count);
      dtd_forward(&part, b.net, part.input);
    }
    for (int l = 0; l < b.net->depth; l++)
      for (int j = 0; j < BATCH * b.net->layer[l].shape.units; j++)
        assert_true(fabsf(b.d->detection[l][j] - b.act->detection[l][j]) <=
                    1e-4f * (1 + fabsf(b.act->detection[l][j])));
    for (int n = 0; n < BATCH; n++)
      assert_true(fabsf(b.d->pooled[b.net->depth - 1][n] -
                        dtd_score(b.act)[n]) <= 1e-5f * dtd_score(b.act)[n]);
  }
}

TEST(biases_become_nonpositive) {
  struct bench b = open_bench(1);
  float *bias = b.net->layer[0].b;
  bias[0] = 0.5f;
  bias[1] = -0.25f;
  b.net->layer[1].b[4] = 3;
  dtd_constrain_biases(b.net);
  assert_true(bias[0] == 0 && bias[1] == -0.25f && b.net->layer[1].b[4] == 0);
}

TEST(initial_weights_have_their_deviation) {
  const struct stack *paper = &stacks[STACKS - 1];
  struct dtd_network *net = new_network(paper->layer, paper->depth);
  dtd_network_initialise(net, 1, 0.05);
  for (int l = 0; l < net->depth; l++) {
    const struct dtd_layer *layer = &net->layer[l];
    long count = (long)layer->shape.inputs * layer->shape.units;
    double sum = 0, squares = 0;
    for (long i = 0; i < count; i++) {
      sum += layer->w[i];
      squares += (double)layer->w[i] * (double)layer->w[i];
    }
    assert_true(fabs(sum / count) < 5 * 0.05 / sqrt(count));
    assert_true(fabs(sqrt(squares / count) / 0.05 - 1) < 5 / sqrt(2.0 * count));
    for (int j = 0; j < layer->shape.units; j++) assert_true(layer->b[j] == 0);
  }
}

/* The seeds and the layers have weights of their own. */
TEST(initial_weights_differ) {
  const struct dtd_layer_shape square[] = {LAYER(10, 10, 1), LAYER(10, 10, 10)};
  struct dtd_network *a = new_network(square, 2);
  struct dtd_network *b = new_network(square, 2);
  dtd_network_initialise(a, 1, 0.05);
  dtd_network_initialise(b, 2, 0.05);
  for (int i = 0; i < 100; i++) {
    assert_true(a->layer[0].w[i] != a->layer[1].w[i]);
    assert_true(a->layer[0].w[i] != b->layer[0].w[i]);
  }
}

/* Five equal units in a pool of the largest: the slope is that of one. */
TEST(of_equal_maxima_the_first_takes_all) {
  const struct dtd_layer_shape equal[] = {LAYER_NORM(1, 5, 5, INFINITY)};
  struct dtd_network *net = new_network(equal, 1);
  struct dtd_activations *act = new_activations(net, 1);
  struct dtd_activations *d = new_activations(net, 1);
  const float x = 2, one = 1;
  float d_x;
  for (int j = 0; j < 5; j++) net->layer[0].w[j] = 3;
  dtd_forward(act, net, dtd_rows(&x, 1));
  dtd_backward(NULL, 1, 0, &d_x, d, net, act, &one);
  assert_true(dtd_score(act)[0] == 6 && d_x == 3);
  for (int j = 0; j < 5; j++) assert_true(d->detection[0][j] == (j == 0));
}

TEST(too_large_a_batch_dies) {
  struct bench b = open_bench(1);
  assert_dies(1, "a batch of 6 exceeds capacity 5",
              dtd_forward(b.act, b.net, dtd_rows(b.x, BATCH + 1)));
}

TEST(bad_shapes_die) {
  const struct dtd_layer_shape pool[] = {LAYER(10, 6, 4)};
  const struct dtd_layer_shape fit[] = {LAYER(10, 6, 2), LAYER(4, 5, 5)};
  const struct dtd_layer_shape top[] = {LAYER(10, 6, 2)};
  const struct dtd_layer_shape norm[] = {LAYER_NORM(10, 6, 6, 0.5f)};
  const struct dtd_layer_shape zero[] = {LAYER(10, 0, 1)};
  assert_dies(2, "pools of 4 do not divide 6 units", dtd_network_new(pool, 1));
  assert_dies(2, "reads 4 inputs but the layer below gives 3",
              dtd_network_new(fit, 2));
  assert_dies(2, "has 3 outputs, not 1", dtd_network_new(top, 1));
  assert_dies(2, "norm 0.5 is below 1", dtd_network_new(norm, 1));
  assert_dies(2, "sizes of at least 1", dtd_network_new(zero, 1));
  assert_dies(2, "9 layers", dtd_network_new(top, 9));
}
