/* Holds rules on maps to plain double loops over connections, and on a matrix
   to the propagator that lists active units. */
#include "relevance/map_propagator.h"

#include "base/test.h"
#include "base/test_numbers.h"
#include "linear/threads.h"
#include "network/test_network.h"
#include "relevance/propagator.h"
#include "relevance/test_twin.h"

TEST_OWNS(propagator)
TEST_OWNS(map_propagator)
TEST_OWNS(map_scratch)

enum { BATCH = 5 };

/* Rule n of all that are tested: each registered one, and those with a
   parameter also at both ends of its range; null after the last. */
static const struct dtd_rule *tested_rule(int n) {
  const struct dtd_rule *rule = dtd_rules[n / 3];
  char name[64];
  if (!rule || n % 3 == 0 || !rule->parameter.name) return rule;
  snprintf(name, sizeof name, "%s(%.9g)", rule->name,
           n % 3 == 1 ? rule->parameter.least : rule->parameter.greatest);
  return dtd_rule_find(name);
}

#define WINDOW(k, s, d, p)                                                     \
  {                                                                            \
    {(k), (k)}, {(s), (s)}, {(d), (d)}, {                                      \
      (p), (p), (p), (p)                                                       \
    }                                                                          \
  }

/* Channels, rows, columns; maps; groups; window. Those of one position are
   matrices. */
static const struct dtd_convolution_shape shapes[] = {
    {1, 1, 1, 1, 1, WINDOW(1, 1, 1, 0)},
    {40, 1, 1, 30, 1, WINDOW(1, 1, 1, 0)},
    {700, 1, 1, 20, 1, WINDOW(1, 1, 1, 0)},
    {3, 8, 9, 4, 1, WINDOW(3, 1, 1, 1)},
    {3, 15, 14, 5, 1, WINDOW(7, 2, 1, 3)},
    {4, 6, 5, 6, 2, WINDOW(3, 1, 1, 1)},
    {6, 9, 7, 12, 6, WINDOW(3, 2, 1, 1)}, /* depthwise */
    {2, 15, 14, 3, 1, WINDOW(3, 1, 3, 2)},
    {2, 30, 31, 2, 1, WINDOW(3, 1, 1, 1)}, /* chunks within a map */
    {3, 3, 2, 3, 1, WINDOW(3, 1, 1, 4)},   /* windows of padding alone */
    {4, 10, 12, 6, 2, {{2, 4}, {1, 3}, {2, 1}, {0, 1, 2, 3}}},
};
enum { SHAPES = sizeof shapes / sizeof *shapes };

static bool is_matrix(const struct dtd_convolution_shape *s) {
  return s->rows == 1 && s->columns == 1;
}

struct bench {
  const struct dtd_rule *rule;
  struct dtd_convolution_shape shape;
  struct dtd_weights *weights;
  struct dtd_box box;
  struct twin_layer twin;
  long inputs, units;
  float *values, *bias, *low, *high;
  float *x, *r_j, *R_j, *R_i;
  double *expected, *kept, *expected_kept;
};

/* Weights (inputs, units) of a matrix, or a convolution's. */
static void open_weights(struct bench *b, struct dtd_rng *rng) {
  const struct dtd_convolution_shape *s = &b->shape;
  b->values = new_random((long)dtd_convolution_values(s), -1, 1, rng);
  b->values[0] = 0; /* on the boundary of every case */
  b->bias = new_random(s->maps, -1, 1, rng);
  b->bias[0] = 0.5f;
  b->weights =
      own_weights(is_matrix(s) ? dtd_weights_new(&dtd_plain, b->values,
                                                 s->channels, s->maps, 0, BATCH)
                               : dtd_convolution_new(s, b->values));
  b->twin = is_matrix(s)
                ? twin_of_matrix(b->values, b->bias, s->channels, s->maps)
                : twin_of_convolution(s, b->values, b->bias);
  b->inputs = dtd_weights_inputs(b->weights);
  b->units = dtd_weights_units(b->weights);
}

/* One interval a channel, of which some are the same; or none. */
static void open_box(struct bench *b, bool same) {
  int channels = b->shape.channels;
  long span = b->inputs / channels;
  b->low = test_new(channels, sizeof *b->low);
  b->high = test_new(channels, sizeof *b->high);
  for (int c = 0; c < channels; c++) {
    b->low[c] = same ? -0.5f : -0.5f - 0.1f * (float)(c % 3);
    b->high[c] = same ? 1.5f : 1.5f + 0.2f * (float)(c % 2);
  }
  if (b->rule->domain == DTD_NONNEGATIVE_INPUT) return;
  b->box = (struct dtd_box){channels, b->low, b->high};
  for (long i = 0; i < b->inputs; i++) {
    b->twin.low[i] = b->low[i / span];
    b->twin.high[i] = b->high[i / span];
  }
}

/* Relevance at z_j + b_j: less where that is small, for what divides by it
   magnifies rounding. */
static float relevance_at(double z) {
  double size = fabs(z);
  return (float)(size < 1 ? size * size : size);
}

/* Inputs in the box, z_j + b_j, and relevance where that is above 0. */
static void open_inputs(struct bench *b, struct dtd_rng *rng) {
  long inputs = b->inputs, units = b->units;
  double *x = test_new(inputs, sizeof *x), *z = test_new(units, sizeof *z);
  bool bounded = b->box.low;
  for (int n = 0; n < BATCH; n++) {
    for (long i = 0; i < inputs; i++) {
      double low = bounded ? b->twin.low[i] : 0;
      double high = bounded ? b->twin.high[i] : 2;
      fill_random(b->x + n * inputs + i, 1, low, high, rng);
    }
    widen(x, b->x + n * inputs, inputs);
    twin_respond(z, &b->twin, x);
    for (long j = 0; j < units; j++) {
      bool relevant = z[j] > 0 && dtd_rng_uniform(rng) > 0.3;
      b->r_j[n * units + j] = (float)z[j];
      b->R_j[n * units + j] = relevant ? relevance_at(z[j]) : 0;
    }
  }
}

static struct bench open_bench(const struct dtd_rule *rule,
                               const struct dtd_convolution_shape *shape,
                               bool same_box) {
  struct dtd_rng rng = dtd_rng_open(5, "test/maps", (uint64_t)shape->channels);
  struct bench b = {.rule = rule, .shape = *shape};
  open_weights(&b, &rng);
  open_box(&b, same_box);
  b.x = test_new(BATCH * b.inputs, sizeof *b.x);
  b.r_j = test_new(BATCH * b.units, sizeof *b.r_j);
  b.R_j = test_new(BATCH * b.units, sizeof *b.R_j);
  b.R_i = test_new(BATCH * b.inputs, sizeof *b.R_i);
  b.expected = test_new(BATCH * b.inputs, sizeof *b.expected);
  b.kept = test_new(BATCH, sizeof *b.kept);
  b.expected_kept = test_new(BATCH, sizeof *b.kept);
  open_inputs(&b, &rng);
  return b;
}

static void plain_loops(struct bench *b) {
  for (int n = 0; n < BATCH; n++)
    b->expected_kept[n] =
        twin_propagate(b->expected + n * b->inputs, b->rule, &b->twin,
                       widened(b->x + n * b->inputs, b->inputs),
                       widened(b->R_j + n * b->units, b->units));
}

static struct dtd_map_propagator *new_propagator(const struct bench *b) {
  return own_map_propagator(dtd_map_propagator_new(b->rule, b->weights, b->bias,
                                                   b->shape.maps, b->box));
}

static struct dtd_map_scratch *
new_scratch(const struct dtd_map_propagator *propagator, int capacity) {
  return own_map_scratch(dtd_map_scratch_new(&propagator, 1, capacity));
}

static void run(struct bench *b, const float *r_j) {
  struct dtd_map_propagator *p = new_propagator(b);
  memset(b->R_i, 0xff, (size_t)(BATCH * b->inputs) * sizeof *b->R_i); /* NaN */
  dtd_map_propagate(b->R_i, b->kept, p, new_scratch(p, BATCH), b->x, r_j,
                    b->R_j, BATCH);
}

static void assert_as_expected(const struct bench *b, double tolerance) {
  for (int n = 0; n < BATCH; n++) {
    long at = n * b->inputs;
    double scale = 1e-30;
    assert_close_by(b->rule->name, b->R_i + at, b->expected + at, b->inputs,
                    tolerance);
    for (long i = 0; i < b->inputs; i++) scale += fabs(b->expected[at + i]);
    scale += fabs(b->expected_kept[n]);
    assert_near(b->kept[n] / scale, b->expected_kept[n] / scale, tolerance);
  }
}

/* ---- the rules ---- */

TEST(rules_on_maps_equal_loops_over_connections) {
  for (int r = 0; tested_rule(r); r++)
    for (int s = 0; s < SHAPES; s++) {
      struct bench b = open_bench(tested_rule(r), &shapes[s], r % 2);
      plain_loops(&b);
      run(&b, b.r_j);
      assert_as_expected(&b, 1e-5);
    }
}

/* Without r_j, N is found by products, which cancellation makes less precise
   for what shares by z. */
TEST(unknown_responses_are_found) {
  for (int r = 0; tested_rule(r); r++)
    for (int s = 0; s < SHAPES; s++) {
      struct bench b = open_bench(tested_rule(r), &shapes[s], r % 2);
      plain_loops(&b);
      run(&b, NULL);
      assert_as_expected(&b, 1e-4);
    }
}

/* z_j of a unit that is off is 0 after its Relu, and no denominator follows
   from that. */
TEST(units_that_are_off_may_have_relevance) {
  const char *const rules[] = {"zB", "epsilon(1)", "gradient-x-input"};
  for (int r = 0; r < 3; r++)
    for (int s = 3; s < SHAPES; s++) {
      struct bench b = open_bench(dtd_rule_find(rules[r]), &shapes[s], false);
      for (long j = 0; j < BATCH * b.units; j++) {
        bool off = b.r_j[j] < 0;
        b.R_j[j] =
            j % 7 || j / b.units == 2 ? b.R_j[j] : relevance_at(b.r_j[j]);
        if (off) b.r_j[j] = 0;
      }
      plain_loops(&b);
      run(&b, b.r_j);
      assert_as_expected(&b, 1e-4);
    }
}

TEST(on_a_matrix_both_propagators_agree) {
  for (int r = 0; tested_rule(r); r++)
    for (int s = 0; s < 3; s++)
      for (int known = 0; known < 2; known++) {
        struct bench b = open_bench(tested_rule(r), &shapes[s], true);
        struct dtd_layer layer = {.shape =
                                      LAYER(b.shape.channels, b.shape.maps, 1),
                                  .w = b.values,
                                  .b = b.bias,
                                  .weights = b.weights};
        bool bounded = b.box.low;
        struct dtd_propagator *p = own_propagator(
            dtd_propagator_new(b.rule, &layer, bounded ? b.low[0] : 0,
                               bounded ? b.high[0] : INFINITY, BATCH));
        float *expected = test_new(BATCH * b.inputs, sizeof *expected);
        dtd_propagate(expected, p, b.x, known ? b.r_j : NULL, b.R_j, BATCH);
        run(&b, known ? b.r_j : NULL);
        assert_close_floats(b.R_i, expected, BATCH * b.inputs, 1e-5);
      }
}

/* ---- what a rule declares holds on maps ---- */

TEST(conservative_rules_send_all_that_biases_do_not_keep) {
  for (int r = 0; dtd_rules[r]; r++)
    for (int s = 0; dtd_rules[r]->conservative && s < SHAPES; s++) {
      struct bench b = open_bench(dtd_rules[r], &shapes[s], false);
      run(&b, b.r_j);
      for (int n = 0; n < BATCH; n++) {
        double sent = sum_of(b.R_i + n * b.inputs, b.inputs);
        double entered = 0;
        for (long j = 0; j < b.units; j++) {
          double share[2];
          twin_scales(share, b.rule, &b.twin,
                      widened(b.x + n * b.inputs, b.inputs), j);
          if (share[0] != 0 || share[1] != 0)
            entered += (double)b.R_j[n * b.units + j];
        }
        assert_near(sent + b.kept[n], entered, 1e-5 * (1 + entered));
      }
      for (long i = 0; dtd_rules[r]->positive && i < BATCH * b.inputs; i++)
        assert_true(b.R_i[i] >= 0);
    }
}

TEST(without_biases_nothing_is_kept) {
  struct bench b = open_bench(dtd_rule_find("z+"), &shapes[3], false);
  struct dtd_map_propagator *p = own_map_propagator(
      dtd_map_propagator_new(b.rule, b.weights, NULL, b.shape.maps, b.box));
  dtd_map_propagate(b.R_i, b.kept, p, new_scratch(p, BATCH), b.x, b.r_j, b.R_j,
                    BATCH);
  for (int n = 0; n < BATCH; n++) {
    assert_near(b.kept[n], 0, 0);
    assert_near(sum_of(b.R_i + n * b.inputs, b.inputs) /
                    sum_of(b.R_j + n * b.units, b.units),
                1, 1e-5);
  }
  dtd_map_propagate(b.R_i, NULL, p, new_scratch(p, BATCH), b.x, b.r_j, b.R_j,
                    BATCH);
}

/* ---- the same bits ---- */

/* Some examples have inputs of one sign alone, some have relevance at
   units that are off: neighbours must not matter. */
static void differ_by_example(struct bench *b) {
  for (long i = 0; i < BATCH * b->inputs; i++)
    if (i / b->inputs % 2)
      b->x[i] = fabsf(b->x[i]);
    else if (i / b->inputs == 2 && b->box.low)
      b->x[i] = -fabsf(b->x[i]);
  for (long j = 0; j < BATCH * b->units; j++) {
    if (j / b->units == 3) b->R_j[j] = 1;
    if (b->r_j[j] < 0) b->r_j[j] = 0;
  }
}

TEST(an_example_is_itself_in_any_company) {
  for (int r = 0; tested_rule(r); r++)
    for (int s = 2; s < SHAPES; s += 3) {
      struct bench b = open_bench(tested_rule(r), &shapes[s], false);
      differ_by_example(&b);
      struct dtd_map_propagator *p = new_propagator(&b);
      struct dtd_map_scratch *scratch = new_scratch(p, BATCH);
      float *alone = test_new(BATCH * b.inputs, sizeof *alone);
      double kept[BATCH];
      for (int n = 0; n < BATCH; n++)
        dtd_map_propagate(alone + n * b.inputs, kept + n, p, scratch,
                          b.x + n * b.inputs, b.r_j + n * b.units,
                          b.R_j + n * b.units, 1);
      for (int threads = 1; threads <= 3; threads++) {
        dtd_threads(threads);
        dtd_map_propagate(b.R_i, b.kept, p, scratch, b.x, b.r_j, b.R_j, BATCH);
        assert_same_bits(b.R_i, alone, BATCH * b.inputs);
        assert_same_bits(b.kept, kept, BATCH);
      }
      dtd_threads(1);
    }
}

TEST(what_is_left_of_earlier_calls_does_not_matter) {
  for (int r = 0; dtd_rules[r]; r++) {
    struct bench b = open_bench(dtd_rules[r], &shapes[3], false);
    struct dtd_map_propagator *p = new_propagator(&b);
    struct dtd_map_scratch *scratch = new_scratch(p, BATCH);
    float *fresh = test_new(b.inputs, sizeof *fresh);
    dtd_map_propagate(fresh, NULL, p, scratch, b.x, b.r_j, b.R_j, 1);
    differ_by_example(&b);
    dtd_map_propagate(b.R_i, NULL, p, scratch, b.x, b.r_j, b.R_j, BATCH);
    b = open_bench(dtd_rules[r], &shapes[3], false);
    dtd_map_propagate(b.R_i, NULL, p, scratch, b.x, b.r_j, b.R_j, 1);
    assert_same_bits(b.R_i, fresh, b.inputs);
  }
}

static int taken;

static bool count_memory(void) {
  taken++;
  return false;
}

/* How often a function takes memory. */
static int taken_by(struct bench *b, struct dtd_map_propagator *p,
                    struct dtd_map_scratch *scratch) {
  taken = 0;
  dtd_memory_fails = count_memory;
  if (p)
    dtd_map_propagate(b->R_i, b->kept, p, scratch, b->x, b->r_j, b->R_j, BATCH);
  else
    dtd_weights_transpose(b->R_i, b->weights, b->R_j, BATCH);
  dtd_memory_fails = NULL;
  return taken;
}

/* None where a product takes none. */
TEST(no_memory_is_taken) {
  int tested = 0;
  for (int s = 0; s < SHAPES; s++) {
    struct bench b = open_bench(dtd_rule_find("zB"), &shapes[s], false);
    if (taken_by(&b, NULL, NULL)) continue;
    tested++;
    for (int r = 0; dtd_rules[r]; r++) {
      b = open_bench(dtd_rules[r], &shapes[s], false);
      struct dtd_map_propagator *p = new_propagator(&b);
      assert_int_equal(taken_by(&b, p, new_scratch(p, BATCH)), 0);
    }
  }
  assert_true(tested > 0);
}

TEST(an_empty_batch_is_nothing) {
  struct bench b = open_bench(dtd_rule_find("zB"), &shapes[3], false);
  struct dtd_map_propagator *p = new_propagator(&b);
  b.R_i[0] = 7;
  dtd_map_propagate(b.R_i, NULL, p, new_scratch(p, 1), b.x, b.r_j, b.R_j, 0);
  assert_true(b.R_i[0] == 7);
  assert_ptr_equal(dtd_map_propagator_rule(p), b.rule);
}
