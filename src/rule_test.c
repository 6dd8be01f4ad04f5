/* Holds every registered rule to what it declares, against explicit roots. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assert_dies.h"
#include "memory.h"
#include "plain_twin.h"
#include "propagator.h"
#include "rule.h"

enum { BATCH = 7 };

/* A layer with random weights and nonpositive biases, and one batch of inputs
   in the rule's domain with the relevance of a one-layer network, R_j = x_j. */
struct bench {
  const struct dtd_rule *rule;
  struct dtd_layer layer;
  float low, high;
  float *x, *R_j, *R_i;
  double *expected;
};

static struct bench open_bench(const struct dtd_rule *rule, int inputs,
                               int units, double bias_low, double bias_high) {
  struct bench b = {.rule = rule, .low = -0.5f, .high = 1.5f};
  b.layer = (struct dtd_layer){inputs, units, 1, 1, NULL, NULL};
  size_t width = (size_t)inputs, height = (size_t)units;
  b.layer.w = dtd_new(width * height, sizeof(float));
  b.layer.b = dtd_new(height, sizeof(float));
  b.x = dtd_new(BATCH * width, sizeof(float));
  b.R_j = dtd_new(BATCH * height, sizeof(float));
  b.R_i = dtd_new(BATCH * width, sizeof(float));
  b.expected = dtd_new(BATCH * width, sizeof(double));
  struct dtd_rng rng = dtd_rng_open(11, "test/rule", (uint64_t)inputs);
  twin_fill(b.layer.w, (long)inputs * units, -1, 1, &rng);
  twin_fill(b.layer.b, units, bias_low, bias_high, &rng);
  b.layer.w[0] = 0; /* w = 0 is on the boundary of every case */
  twin_fill(b.x, (long)BATCH * inputs,
            rule->domain == DTD_NONNEGATIVE_INPUT ? 0 : (double)b.low,
            (double)b.high, &rng);
  b.x[1] = rule->domain == DTD_NONNEGATIVE_INPUT ? 0 : b.low;
  b.x[2] = b.high;
  return b;
}

static void close_bench(struct bench *b) {
  void *all[] = {b->layer.w, b->layer.b, b->x, b->R_j, b->R_i, b->expected};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

static double weight(const struct bench *b, int i, int j) {
  return (double)b->layer.w[(long)i * b->layer.units + j];
}

/* z_j of example n at the point x - t v_j. */
static double response(const struct bench *b, int n, int j, double t) {
  double z = (double)b->layer.b[j];
  for (int i = 0; i < b->layer.inputs; i++) {
    double x = (double)b->x[n * b->layer.inputs + i], w = weight(b, i, j);
    double v = b->rule->direction(x, w, (double)b->low, (double)b->high);
    z += w * (x - t * v);
  }
  return z;
}

/* Where along -v_j the response vanishes: linear, so two points tell. */
static double root_step(const struct bench *b, int n, int j) {
  double at_0 = response(b, n, j, 0), at_1 = response(b, n, j, 1);
  return at_0 / (at_0 - at_1);
}

static void one_layer_relevance(struct bench *b) {
  for (int n = 0; n < BATCH; n++)
    for (int j = 0; j < b->layer.units; j++)
      b->R_j[n * b->layer.units + j] = (float)fmax(0, response(b, n, j, 0));
}

static void run(struct bench *b) {
  struct dtd_propagator *p =
      dtd_propagator_new(b->rule, &b->layer, b->low, b->high, BATCH);
  dtd_propagate(b->R_i, p, b->x, NULL, b->R_j, BATCH);
  dtd_propagator_free(p);
}

/* Eq. 12 with the explicit root of every unit: R_i = sum_j w_ij (x_i - r_i).
   The root is a root, and lies in the rule's domain. */
static void explicit_decomposition(struct bench *b) {
  int inputs = b->layer.inputs, units = b->layer.units;
  memset(b->expected, 0, (size_t)(BATCH * inputs) * sizeof *b->expected);
  for (int n = 0; n < BATCH; n++)
    for (int j = 0; j < units; j++) {
      if (!(b->R_j[n * units + j] > 0)) continue;
      double t = root_step(b, n, j);
      assert_true(fabs(response(b, n, j, t)) < 1e-10);
      for (int i = 0; i < inputs; i++) {
        double x = (double)b->x[n * inputs + i], w = weight(b, i, j);
        double low = (double)b->low, high = (double)b->high;
        double root = x - t * b->rule->direction(x, w, low, high);
        if (b->rule->domain == DTD_BOX_INPUT)
          assert_true(root >= low - 1e-10 && root <= high + 1e-10);
        if (b->rule->domain == DTD_NONNEGATIVE_INPUT)
          assert_true(root >= -1e-10);
        b->expected[n * inputs + i] += w * (x - root);
      }
    }
}

static void rules_equal_taylor_at_explicit_roots(void **state) {
  (void)state;
  const int shapes[][2] = {{5, 3}, {40, 30}, {1568, 20}};
  for (int r = 0; dtd_rules[r]; r++)
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
      struct bench b =
          open_bench(dtd_rules[r], shapes[s][0], shapes[s][1], -0.5, 0);
      one_layer_relevance(&b);
      run(&b);
      explicit_decomposition(&b);
      assert_true(twin_distance(b.R_i, b.expected,
                                (long)BATCH * b.layer.inputs) <= 1e-5);
      close_bench(&b);
    }
}

/* Sum and smallest value of one example's relevance. */
static double total(const float *R, int count) {
  double sum = 0;
  for (int i = 0; i < count; i++) sum += (double)R[i];
  return sum;
}

static void declared_properties_hold(void **state) {
  (void)state;
  for (int r = 0; dtd_rules[r]; r++) {
    struct bench b = open_bench(dtd_rules[r], 1568, 40, -0.5, 0);
    struct dtd_rng rng = dtd_rng_open(2, "test/relevance", 0);
    one_layer_relevance(&b);
    for (int i = 0; i < BATCH * 40; i++) /* any relevance, where x_j > 0 */
      if (b.R_j[i] > 0) twin_fill(&b.R_j[i], 1, 0, 5, &rng);
    run(&b);
    for (int n = 0; n < BATCH; n++) {
      double above = total(b.R_j + n * 40, 40);
      double below = total(b.R_i + n * 1568, 1568);
      if (b.rule->conservative)
        assert_true(fabs(below - above) <= 1e-5 * above);
      for (int i = 0; i < 1568 && b.rule->positive; i++)
        assert_true(b.R_i[n * 1568 + i] >= 0);
    }
    close_bench(&b);
  }
}

static void relevance_is_linear_in_what_arrives(void **state) {
  (void)state;
  for (int r = 0; dtd_rules[r]; r++) {
    struct bench b = open_bench(dtd_rules[r], 40, 30, -0.5, 0);
    one_layer_relevance(&b);
    run(&b);
    twin_widen(b.expected, b.R_i, BATCH * 40);
    for (int i = 0; i < BATCH * 40; i++) b.expected[i] *= 3;
    for (int i = 0; i < BATCH * 30; i++) b.R_j[i] *= 3;
    run(&b);
    assert_true(twin_distance(b.R_i, b.expected, BATCH * 40) < 1e-6);
    close_bench(&b);
  }
}

/* Shares come from positive evidence only: once a bias is positive and stays
   outside the denominator, the explicit decomposition no longer sums to R_j. */
static void positive_biases_take_their_share(void **state) {
  (void)state;
  for (int r = 0; dtd_rules[r]; r++) {
    if (!dtd_rules[r]->bias_in_denominator) continue;
    struct bench b = open_bench(dtd_rules[r], 40, 30, 0.5, 1);
    one_layer_relevance(&b);
    run(&b);
    for (int n = 0; n < BATCH; n++)
      assert_true(total(b.R_i + n * 40, 40) <
                  0.999 * total(b.R_j + n * 30, 30));
    close_bench(&b);
  }
}

/* Nor does relevance that no input has a share in. */
static void no_relevance_sends_nothing(void **state) {
  (void)state;
  for (int r = 0; dtd_rules[r]; r++) {
    struct bench b = open_bench(dtd_rules[r], 40, 30, -0.5, 0);
    memset(b.layer.w, 0, 40 * 30 * sizeof *b.layer.w); /* every N is 0 */
    for (int relevance = 0; relevance < 2; relevance++) {
      for (int j = 0; j < BATCH * 30; j++) b.R_j[j] = (float)relevance;
      run(&b);
      for (int i = 0; i < BATCH * 40; i++) assert_true(b.R_i[i] == 0);
    }
    close_bench(&b);
  }
}

static void updating_reads_new_weights(void **state) {
  (void)state;
  struct bench b = open_bench(dtd_rule_find("zB"), 40, 30, -0.5, 0);
  struct dtd_propagator *p =
      dtd_propagator_new(b.rule, &b.layer, b.low, b.high, BATCH);
  for (int i = 0; i < 40 * 30; i++) b.layer.w[i] = -b.layer.w[i];
  one_layer_relevance(&b);
  explicit_decomposition(&b);
  dtd_propagator_update(p);
  dtd_propagate(b.R_i, p, b.x, NULL, b.R_j, BATCH);
  assert_true(twin_distance(b.R_i, b.expected, BATCH * 40) <= 1e-5);
  dtd_propagator_free(p);
  close_bench(&b);
}

static void too_large_a_batch_dies(void **state) {
  (void)state;
  for (int r = 0; dtd_rules[r]; r++) {
    struct bench b = open_bench(dtd_rules[r], 5, 3, -0.5, 0);
    struct dtd_propagator *p =
        dtd_propagator_new(b.rule, &b.layer, b.low, b.high, BATCH - 1);
    assert_dies(1, "a batch of 7 exceeds 6",
                dtd_propagate(b.R_i, p, b.x, NULL, b.R_j, BATCH));
    dtd_propagator_free(p);
    close_bench(&b);
  }
}

static void names_are_found_or_listed(void **state) {
  (void)state;
  for (int r = 0; dtd_rules[r]; r++) {
    assert_ptr_equal(dtd_rule_find(dtd_rules[r]->name), dtd_rules[r]);
    assert_true(*dtd_rules[r]->description && *dtd_rules[r]->source);
  }
  assert_dies(2, "z-: there is no such rule (use one of w^2, z+, zB",
              dtd_rule_find("z-"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(rules_equal_taylor_at_explicit_roots),
      cmocka_unit_test(declared_properties_hold),
      cmocka_unit_test(relevance_is_linear_in_what_arrives),
      cmocka_unit_test(positive_biases_take_their_share),
      cmocka_unit_test(no_relevance_sends_nothing),
      cmocka_unit_test(updating_reads_new_weights),
      cmocka_unit_test(too_large_a_batch_dies),
      cmocka_unit_test(names_are_found_or_listed),
  };
  return cmocka_run_group_tests_name("rule", tests, NULL, NULL);
}
