/* Tests propagation of few active units against plain double loops. */

#include "base/test.h"
#include "network/test_network.h"
#include "linear/threads.h"
#include "base/test_numbers.h"
#include "linear/processor.h"
#include "relevance/propagator.h"

TEST_OWNS(propagator)

/* One layer, inputs in a rule's domain, and relevance at one unit in eight. */
struct bench {
  const struct dtd_rule *rule;
  struct dtd_layer layer;
  int batch;
  float *x, *r_j, *R_j, *R_i;
  double *expected;
};

static const struct shape {
  int inputs, units, batch;
} shapes[] = {{1, 1, 1}, {5, 3, 2}, {100, 400, 20}, {130, 33, 70}, {300, 9, 5}};
enum { SHAPES = sizeof shapes / sizeof *shapes };

static struct bench open_bench(const struct dtd_rule *rule,
                               const struct shape *s) {
  struct dtd_rng rng = dtd_rng_open(5, "test/propagator", s->inputs);
  int i = s->inputs, j = s->units, n = s->batch;
  double low = rule->domain == DTD_NONNEGATIVE_INPUT ? 0 : -0.5;
  struct bench b = {
      .rule = rule, .layer = random_layer(i, j, -0.5, 0, &rng), .batch = n};
  b.x = new_random(n * i, low, 1.5, &rng);
  b.R_j = new_random(n * j, 0.1, 3, &rng);
  b.r_j = test_new(n * j, sizeof *b.r_j);
  b.R_i = test_new(n * i, sizeof *b.R_i);
  b.expected = test_new(n * i, sizeof *b.expected);
  for (int k = 0; k < n * j; k++)
    if (k % 8) b.R_j[k] = 0;
  return b;
}

/* q_ij = w_ij v_ij, which knows nothing of terms. */
static double share(const struct bench *b, int n, int i, int j) {
  double w = b->layer.w[i * b->layer.shape.units + j];
  double x = b->x[n * b->layer.shape.inputs + i];
  return w * b->rule->direction(x, w, -0.5, 1.5);
}

/* R_i = sum_j q_ij / N_j R_j, or with N_j = 1; and r_j = z_j + b_j. */
static void plain_loops(struct bench *b, bool divide) {
  int inputs = b->layer.shape.inputs, units = b->layer.shape.units;
  memset(b->expected, 0, (b->batch * inputs) * sizeof *b->expected);
  for (int n = 0; n < b->batch; n++)
    for (int j = 0; j < units; j++) {
      double whole = 0, z = b->layer.b[j];
      double R = b->R_j[n * units + j];
      for (int i = 0; i < inputs; i++) {
        whole += share(b, n, i, j);
        z += (double)b->x[n * inputs + i] * (double)b->layer.w[i * units + j];
      }
      b->r_j[n * units + j] = (float)z;
      if (R == 0 || (divide && whole == 0)) continue;
      for (int i = 0; i < inputs; i++)
        b->expected[n * inputs + i] +=
            share(b, n, i, j) * R / (divide ? whole : 1);
    }
}

static struct dtd_propagator *new_propagator(const struct bench *b) {
  return own_propagator(
      dtd_propagator_new(b->rule, &b->layer, -0.5f, 1.5f, b->batch));
}

/* Of each example by itself. */
static void assert_as_expected(const struct bench *b) {
  int inputs = b->layer.shape.inputs;
  for (int n = 0; n < b->batch; n++)
    assert_close(b->R_i + n * inputs, b->expected + n * inputs, inputs, 1e-5);
}

static void check_shape(const struct dtd_rule *rule, const struct shape *s) {
  struct bench b = open_bench(rule, s);
  struct dtd_propagator *p = new_propagator(&b);
  plain_loops(&b, true);
  dtd_propagate(b.R_i, p, b.x, NULL, b.R_j, b.batch);
  assert_as_expected(&b);
  dtd_propagate(b.R_i, p, b.x, b.r_j, b.R_j, b.batch);
  assert_as_expected(&b);
  plain_loops(&b, false);
  dtd_send(b.R_i, p, b.x, b.R_j, b.batch);
  assert_as_expected(&b);
}

TEST(every_processor_gives_what_plain_loops_give) {
  for (enum dtd_processor kind = 0; kind < DTD_PROCESSORS; kind++) {
    if (!dtd_processor_runs(kind)) continue;
    dtd_processor_use(kind);
    for (int r = 0; dtd_rules[r]; r++)
      for (int s = 0; dtd_rules[r]->direction && s < SHAPES; s++)
        check_shape(dtd_rules[r], &shapes[s]);
  }
  dtd_processor_use(dtd_processor_best());
}

/* u_t(x) = x - o_t and sum_t p_t(w) = w, of those that say so. */
TEST(rules_that_shift_inputs_do) {
  int found = 0;
  struct dtd_rng rng = dtd_rng_open(5, "test/shifts", 0);
  for (int r = 0; dtd_rules[r]; r++) {
    const struct dtd_rule *rule = dtd_rules[r];
    if (!rule->shifts_inputs) continue;
    found++;
    for (int k = 0; k < 1000; k++) {
      float drawn[3], sum = 0;
      fill_random(drawn, 3, -2, 2, &rng);
      for (int t = 0; t < rule->terms; t++) {
        const struct dtd_term *term = &rule->term[t];
        double here = term->factor(drawn[0], -0.5f, 1.5f);
        double there = term->factor(drawn[1], -0.5f, 1.5f);
        double moved = (double)drawn[1] - (double)drawn[0];
        assert_true(fabs(there - here - moved) < 1e-6);
        sum += term->part(drawn[2], 0);
      }
      assert_true(sum == drawn[2]);
    }
  }
  assert_true(found > 0);
}

/* A rule with many at once does the same as with one. */
TEST(terms_of_many_are_terms_of_each) {
  struct dtd_rng rng = dtd_rng_open(5, "test/many", 0);
  float x[37], many[37];
  fill_random(x, 37, -2, 2, &rng);
  for (int r = 0; dtd_rules[r]; r++)
    for (int t = 0; t < dtd_rules[r]->terms; t++) {
      const struct dtd_term *term = &dtd_rules[r]->term[t];
      if (term->factors) term->factors(many, x, 37, -0.5f, 1.5f);
      for (int i = 0; term->factors && i < 37; i++)
        assert_true(many[i] == term->factor(x[i], -0.5f, 1.5f));
      if (term->parts) term->parts(many, x, 37);
      for (int i = 0; term->parts && i < 37; i++)
        assert_true(many[i] == term->part(x[i], 0));
    }
}

/* Bit by bit, for any number of threads and with any others in the batch. */
TEST(an_example_is_itself_in_any_company) {
  const struct shape large = {600, 100, 70};
  size_t size = 70 * 600 * sizeof(float);
  for (int r = 0; dtd_rules[r]; r++) {
    struct bench b = open_bench(dtd_rules[r], &large);
    struct dtd_propagator *p = new_propagator(&b);
    float *alone = test_new(70 * 600, sizeof *alone);
    dtd_threads(1);
    for (int n = 0; n < 70; n++)
      dtd_propagate(alone + n * 600, p, b.x + n * 600, NULL, b.R_j + n * 100,
                    1);
    for (int threads = 1; threads <= 4; threads *= 2) {
      dtd_threads(threads);
      memset(b.R_i, 0, size);
      dtd_propagate(b.R_i, p, b.x, NULL, b.R_j, 70);
      assert_memory_equal(b.R_i, alone, size);
    }
    dtd_threads(1);
  }
}

TEST(an_empty_batch_is_nothing) {
  struct bench b = open_bench(dtd_rule_find("zB"), &shapes[1]);
  struct dtd_propagator *p = new_propagator(&b);
  b.R_i[0] = 7;
  dtd_propagate(b.R_i, p, b.x, NULL, b.R_j, 0);
  assert_true(b.R_i[0] == 7);
  assert_ptr_equal(dtd_propagator_rule(p), b.rule);
}
