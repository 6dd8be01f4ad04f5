/* Runs every rule on a storage that is no matrix, a convolution, and holds it
   to the matrix that does the same. */
#include "linear/contributions.h"

#include "base/test.h"
#include "base/test_numbers.h"
#include "linear/weights_kind.h"
#include "network/test_network.h"
#include "relevance/propagator.h"

TEST_OWNS(propagator)

/* Two channels out of one, 3 x 3 weights each; outside the image is nothing. */
enum {
  SIDE = 6,
  INPUTS = SIDE * SIDE,
  CHANNELS = 2,
  UNITS = CHANNELS * INPUTS,
  KERNEL = 9,
  VALUES = CHANNELS * KERNEL,
  BATCH = 9
};

/* ---- the storage, in plain loops ---- */

/* The value that joins input i to unit j, or -1. */
static int value_of(int i, int j) {
  int channel = j / INPUTS, at = j % INPUTS;
  int down = i / SIDE - at / SIDE + 1, right = i % SIDE - at % SIDE + 1;
  bool inside = down >= 0 && down < 3 && right >= 0 && right < 3;
  return inside ? channel * KERNEL + down * 3 + right : -1;
}

static double weight_of(const struct dtd_weights *w, int i, int j) {
  int value = value_of(i, j);
  return value < 0 ? 0 : w->values[value];
}

static void apply(float *z, const struct dtd_weights *w,
                  const struct dtd_inputs *x) {
  const float *rows = dtd_inputs_rows(x, INPUTS);
  for (int n = 0; n < x->batch; n++)
    for (int j = 0; j < UNITS; j++) {
      double sum = 0;
      for (int i = 0; i < INPUTS; i++)
        sum += rows[n * INPUTS + i] * weight_of(w, i, j);
      z[n * UNITS + j] = (float)sum;
    }
}

static void transpose(float *d_x, const struct dtd_weights *w, const float *d,
                      int batch) {
  for (int n = 0; n < batch; n++)
    for (int i = 0; i < INPUTS; i++) {
      double sum = 0;
      for (int j = 0; j < UNITS; j++)
        sum += d[n * UNITS + j] * weight_of(w, i, j);
      d_x[n * INPUTS + i] = (float)sum;
    }
}

static struct dtd_weights *like(const struct dtd_weights *w, float *values) {
  struct dtd_weights *other = dtd_copy(w, 1, sizeof *w);
  other->values = values;
  return other;
}

static const struct dtd_weights_kind convolution = {.name = "convolution",
                                                    .like = like,
                                                    .apply = apply,
                                                    .transpose = transpose};

/* ---- two layers that are one ---- */

struct bench {
  float values[VALUES], w[INPUTS * UNITS], b[UNITS];
  struct dtd_weights weights;
  struct dtd_layer convolved, dense;
  float x[BATCH * INPUTS], r_j[BATCH * UNITS], R_j[BATCH * UNITS];
  float R_i[BATCH * INPUTS], wanted[BATCH * INPUTS];
};

/* Biases of both signs, pixels from `low` on, one unit in six with relevance.
 */
static struct bench *open_bench(double low) {
  struct bench *b = test_new(1, sizeof *b);
  struct dtd_rng rng = dtd_rng_open(6, "test/contributions", 0);
  fill_random(b->values, VALUES, -1, 1, &rng);
  fill_random(b->b, UNITS, -0.5, 0.1, &rng);
  fill_random(b->x, BATCH * INPUTS, low, 1.5, &rng);
  fill_random(b->R_j, BATCH * UNITS, 0.1, 2, &rng);
  for (int j = 0; j < BATCH * UNITS; j++)
    if (j % 6) b->R_j[j] = 0;
  for (int i = 0; i < INPUTS; i++)
    for (int j = 0; j < UNITS; j++)
      b->w[i * UNITS + j] = value_of(i, j) < 0 ? 0 : b->values[value_of(i, j)];
  b->weights =
      (struct dtd_weights){&convolution, b->values, VALUES, INPUTS, UNITS};
  b->dense = (struct dtd_layer){
      .shape = LAYER(INPUTS, UNITS, 1), .w = b->w, .b = b->b};
  b->convolved = b->dense;
  b->convolved.weights = &b->weights;
  store_plain(&b->dense);
  struct dtd_inputs x = dtd_rows(b->x, BATCH);
  dtd_weights_apply(b->r_j, &b->weights, &x);
  for (int j = 0; j < BATCH * UNITS; j++) b->r_j[j] += b->b[j % UNITS];
  return b;
}

static void propagate(float *R_i, const struct bench *b,
                      const struct dtd_rule *rule,
                      const struct dtd_layer *layer, const float *r_j) {
  struct dtd_propagator *p =
      own_propagator(dtd_propagator_new(rule, layer, -0.5f, 1.5f, BATCH));
  dtd_propagate(R_i, p, b->x, r_j, b->R_j, BATCH);
}

/* Whether a rule gives inputs a share that have no weight: the matrix, which
   has zeros where the convolution has nothing, then is another layer. */
static bool shares_without_weight(const struct dtd_rule *rule) {
  for (int t = 0; t < rule->terms; t++)
    if (rule->term[t].part(0, (float)rule->parameter.value) != 0) return true;
  return false;
}

/* Such a rule shares out among the inputs that a unit reads. */
TEST(inputs_that_are_not_read_earn_nothing) {
  const struct dtd_rule *rule = dtd_rule_find("flat");
  struct bench *b = open_bench(-0.5);
  double wanted[BATCH * INPUTS] = {0};
  assert_true(shares_without_weight(rule));
  for (int n = 0; n < BATCH; n++)
    for (int j = 0; j < UNITS; j++) {
      int read = 0;
      for (int i = 0; i < INPUTS; i++) read += value_of(i, j) >= 0;
      for (int i = 0; i < INPUTS; i++)
        if (value_of(i, j) >= 0)
          wanted[n * INPUTS + i] += (double)b->R_j[n * UNITS + j] / read;
    }
  propagate(b->R_i, b, rule, &b->convolved, NULL);
  assert_close(b->R_i, wanted, BATCH * INPUTS, 1e-6);
}

/* Whether the responses are known or not. */
TEST(every_rule_runs_on_a_convolution_as_on_its_matrix) {
  for (int r = 0; dtd_rules[r]; r++) {
    const struct dtd_rule *rule = dtd_rules[r];
    double wanted[BATCH * INPUTS], sum = 0;
    if (shares_without_weight(rule)) continue;
    struct bench *b =
        open_bench(rule->domain == DTD_NONNEGATIVE_INPUT ? 0 : -0.5);
    for (int known = 0; known < 2; known++) {
      const float *r_j = known ? b->r_j : NULL;
      propagate(b->wanted, b, rule, &b->dense, r_j);
      propagate(b->R_i, b, rule, &b->convolved, r_j);
      widen(wanted, b->wanted, BATCH * INPUTS);
      for (int i = 0; i < BATCH * INPUTS; i++) sum += fabs(wanted[i]);
      double distance = relative_distance(b->R_i, wanted, BATCH * INPUTS);
      if (!(distance < 1e-4))
        fail_msg("%s: relative error %g", rule->name, distance);
    }
    assert_true(sum > 1);
  }
}

/* After the values change, an update is all it takes. */
TEST(parts_follow_the_values) {
  struct bench *b = open_bench(0);
  const struct dtd_rule *rule = dtd_rule_find("z+");
  float moved[BATCH * INPUTS];
  struct dtd_propagator *p = own_propagator(
      dtd_propagator_new(rule, &b->convolved, -0.5f, 1.5f, BATCH));
  for (int i = 0; i < VALUES; i++) b->values[i] = -b->values[i];
  dtd_propagator_update(p);
  dtd_propagate(moved, p, b->x, NULL, b->R_j, BATCH);
  propagate(b->R_i, b, rule, &b->convolved, NULL);
  assert_memory_equal(moved, b->R_i, sizeof moved);
}
