/* Proves Propositions 1 to 3 on random one-layer networks, rule by rule. */

#include "base/test.h"
#include "network/test_network.h"
#include "base/test_numbers.h"
#include "relevance/propagator.h"
#include "relevance/reference.h"
#include "relevance/unit_root.h"

TEST_OWNS(propagator)

/* In double everything must agree to EXACT; the float library to ROUNDED. */
static const double EXACT = 1e-10, ROUNDED = 1e-5;

/* One example x of a one-layer network (Eq. 7), R_j = x_j, decomposed in three
   ways that share no code. */
struct bench {
  const struct dtd_rule *rule;
  struct dtd_layer layer;
  double low, high;
  double *x, *R_j;          /* (inputs), (units) */
  double *taylor, *by_rule; /* R_i (inputs): Eq. 12, and the paper's rule */
  double *roots;            /* (units, inputs) */
  double *t;                /* (units) */
};

/* Numbers that float holds exactly, so that twin and library read the same. */
static double draw(struct dtd_rng *rng, double low, double high) {
  return (double)(float)(low + (high - low) * dtd_rng_uniform(rng));
}

/* Inputs in the rule's domain; one in five lies on its edge. */
static void draw_inputs(struct bench *b, struct dtd_rng *rng) {
  double least = b->low, most = b->high;
  if (b->rule->domain == DTD_NONNEGATIVE_INPUT) least = 0, most = 3;
  if (b->rule->domain == DTD_ANY_INPUT) least = -3, most = 3;
  for (int i = 0; i < b->layer.shape.inputs; i++) {
    b->x[i] = draw(rng, least, most);
    uint32_t edge = dtd_rng_below(rng, 10);
    if (edge == 0) b->x[i] = least;
    if (edge == 1 && b->rule->domain == DTD_BOX_INPUT) b->x[i] = most;
  }
}

/* Random weights, one in eight 0, and biases on (bias_low, bias_high). */
static struct bench open_bench(const struct dtd_rule *rule, const int *shape,
                               double bias_low, double bias_high,
                               uint64_t seed) {
  int inputs = shape[0], units = shape[1];
  size_t width = inputs, height = units;
  struct bench b = {.rule = rule};
  struct dtd_rng rng = dtd_rng_open(seed, "test/unit-root", inputs);
  b.layer = (struct dtd_layer){.shape = LAYER(inputs, units, units)};
  b.layer.w = test_new(width * height, sizeof(float));
  b.layer.b = test_new(height, sizeof(float));
  b.x = test_new(width, sizeof(double));
  b.R_j = test_new(height, sizeof(double));
  b.taylor = test_new(width, sizeof(double));
  b.by_rule = test_new(width, sizeof(double));
  b.roots = test_new(width * height, sizeof(double));
  b.t = test_new(height, sizeof(double));
  b.low = seed % 4 ? draw(&rng, -1, 0) : 0; /* l <= 0 <= h, l = 0 included */
  b.high = draw(&rng, 0.5, 2);
  for (long i = 0; i < (long)inputs * units; i++)
    b.layer.w[i] = dtd_rng_below(&rng, 8) ? (float)dtd_rng_normal(&rng) : 0.0f;
  for (int j = 0; j < units; j++)
    b.layer.b[j] = (float)draw(&rng, bias_low, bias_high);
  draw_inputs(&b, &rng);
  store_plain(&b.layer);
  return b;
}

static double weight(const struct bench *b, int i, int j) {
  return b->layer.w[(long)i * b->layer.shape.units + j];
}

/* q_ij as the paper prints the three rules; a rule that is not the paper's is
   held to section 4's q_ij = w_ij v_ij. */
static double printed_q(const struct bench *b, int i, int j) {
  double x = b->x[i], w = weight(b, i, j), low = b->low, high = b->high;
  double q = dtd_reference_q(b->rule->name, x, w, low, high);
  return isnan(q) ? w * b->rule->direction(x, w, low, high) : q;
}

/* R_i = sum_j q_ij / (sum_i' q_i'j + max(0, b_j)) R_j   (Eq. 13, 6.2) */
static void decompose_by_rule(struct bench *b) {
  int inputs = b->layer.shape.inputs, units = b->layer.shape.units;
  for (int j = 0; j < units; j++) {
    double z = b->layer.b[j], sum = 0;
    for (int i = 0; i < inputs; i++) z += b->x[i] * weight(b, i, j);
    b->R_j[j] = fmax(0, z); /* Eq. 11 */
    for (int i = 0; i < inputs; i++) sum += printed_q(b, i, j);
    if (b->rule->bias_in_denominator) sum += fmax(0, b->layer.b[j]);
    for (int i = 0; i < inputs; i++)
      if (b->R_j[j] > 0 && sum != 0)
        b->by_rule[i] += printed_q(b, i, j) / sum * b->R_j[j];
  }
}

/* R_i = sum_j dR_j/dx_i (x_i - root_i), each unit at its own root (Eq. 6, 12).
 */
static void decompose_by_taylor(struct bench *b) {
  int inputs = b->layer.shape.inputs, units = b->layer.shape.units;
  for (int j = 0; j < units; j++) {
    double *root = b->roots + (long)j * inputs;
    b->t[j] = dtd_unit_root(root, b->rule, &b->layer, j, b->x, b->low, b->high);
    for (int i = 0; i < inputs; i++)
      b->taylor[i] += weight(b, i, j) * (b->x[i] - root[i]);
  }
}

/* How far a bench is from each property; sizes relative to sum_j R_j. */
struct departure {
  int active;        /* units with R_j > 0 */
  int rootless;      /* of them, without a root on their line */
  double residual;   /* largest |z_j| at a root */
  double outside;    /* largest distance of a root from the domain */
  double off_taylor; /* largest |R_i by the rule - R_i by Taylor| */
  double leak;       /* |sum_i R_i - sum_j R_j|, by the rule */
  double negative;   /* largest -R_i, by the rule */
};

static struct departure examine(struct bench *b) {
  struct departure d = {0};
  double sum_j = 0, sum_i = 0;
  decompose_by_rule(b);
  decompose_by_taylor(b);
  for (int j = 0; j < b->layer.shape.units; j++) {
    const double *root = b->roots + (long)j * b->layer.shape.inputs;
    sum_j += b->R_j[j];
    if (!(b->R_j[j] > 0)) continue;
    d.active++;
    if (isnan(b->t[j])) {
      d.rootless++;
      continue;
    }
    double z = b->layer.b[j]; /* not dtd_unit_response */
    for (int i = 0; i < b->layer.shape.inputs; i++)
      z += root[i] * weight(b, i, j);
    d.residual = fmax(d.residual, fabs(z));
    d.outside = fmax(d.outside,
                     dtd_domain_excess(b->rule->domain, root,
                                       b->layer.shape.inputs, b->low, b->high));
  }
  double scale = sum_j > 0 ? sum_j : 1;
  for (int i = 0; i < b->layer.shape.inputs; i++) {
    sum_i += b->by_rule[i];
    d.off_taylor =
        fmax(d.off_taylor, fabs(b->by_rule[i] - b->taylor[i]) / scale);
    d.negative = fmax(d.negative, -b->by_rule[i] / scale);
  }
  d.leak = fabs(sum_i - sum_j) / scale;
  return d;
}

/* ---- Propositions 1 to 3 ---- */

static const int shapes[][2] = {{1, 1},   {2, 3},    {5, 3},
                                {40, 30}, {300, 20}, {1568, 8}};
enum { SHAPES = sizeof shapes / sizeof *shapes, SEEDS = 25 };

/* Runs `body` on a bench of every rule with a root, every shape and seed. */
static void on_every_bench(double bias_low, double bias_high,
                           void (*body)(struct bench *b)) {
  int benches = 0;
  for (int r = 0; dtd_rules[r]; r++)
    for (int s = 0; s < SHAPES && dtd_rules[r]->direction; s++)
      for (uint64_t seed = 0; seed < SEEDS; seed++, benches++) {
        struct bench b =
            open_bench(dtd_rules[r], shapes[s], bias_low, bias_high, seed);
        body(&b);
      }
  assert_true(benches >= 3 * SHAPES * SEEDS); /* the paper's rules are there */
}

static void hold_to_the_propositions(struct bench *b) {
  struct departure d = examine(b);
  assert_int_equal(d.rootless, 0);
  assert_true(d.residual <= EXACT);
  assert_true(d.outside <= EXACT);
  assert_true(d.off_taylor <= EXACT);
  if (b->rule->conservative) assert_true(d.leak <= EXACT); /* Definition 1 */
  if (b->rule->positive) assert_true(d.negative <= EXACT); /* Definition 2 */
  if (b->layer.shape.units >= 20) assert_true(d.active > 0);
}

TEST(rules_are_taylor_at_roots_in_their_domain) {
  on_every_bench(-2, 0, hold_to_the_propositions);
  on_every_bench(0, 0, hold_to_the_propositions); /* b = 0 is allowed too */
}

static void keep_step_on_segment(struct bench *b) {
  if (b->rule->domain == DTD_ANY_INPUT) return; /* a line, not a segment */
  examine(b);
  for (int j = 0; j < b->layer.shape.units; j++)
    assert_true(b->t[j] >= 0 && b->t[j] <= 1 + EXACT);
}

TEST(roots_lie_on_the_segments_of_section_4) {
  on_every_bench(-2, 0, keep_step_on_segment);
}

/* No other point of the line or plane is as near: the step is orthogonal to
   the plane z_j = 0, with the length of the distance z_j / |w_j|. */
TEST(the_w_squared_root_is_the_nearest) {
  struct bench b = open_bench(dtd_rule_find("w^2"), shapes[3], -2, 0, 1);
  struct departure d = examine(&b);
  assert_true(d.active > 3);
  for (int j = 0; j < b.layer.shape.units; j++) {
    double distance = 0, norm = 0;
    for (int i = 0; i < b.layer.shape.inputs; i++) {
      double step = b.x[i] - b.roots[(long)j * b.layer.shape.inputs + i];
      distance += step * step;
      norm += weight(&b, i, j) * weight(&b, i, j);
    }
    assert_true(fabs(sqrt(distance) - b.R_j[j] / sqrt(norm)) <= EXACT);
  }
}

/* ---- the library's rules, in float ---- */

static void hold_library_to_rule(struct bench *b) {
  int inputs = b->layer.shape.inputs, units = b->layer.shape.units;
  float *x = test_new(inputs, sizeof *x);
  float *R_i = test_new(inputs, sizeof *R_i);
  float *R_j = test_new(units, sizeof *R_j);
  decompose_by_rule(b);
  for (int i = 0; i < inputs; i++) x[i] = (float)b->x[i];
  for (int j = 0; j < units; j++) R_j[j] = (float)b->R_j[j];
  struct dtd_propagator *p = own_propagator(
      dtd_propagator_new(b->rule, &b->layer, (float)b->low, (float)b->high, 1));
  dtd_propagate(R_i, p, x, NULL, R_j, 1);
  assert_close(R_i, b->by_rule, inputs, ROUNDED);
}

TEST(the_library_computes_the_printed_rules) {
  on_every_bench(-2, 0, hold_library_to_rule);
  on_every_bench(0, 2, hold_library_to_rule); /* 6.2: b > 0 takes its share */
}

/* ---- counterexamples: what the propositions need is needed ---- */

/* Rules whose domain is bounded need b <= 0. A unit held up by its bias alone
   stays positive on the whole segment: no root is left in the domain. */
TEST(positive_biases_leave_no_root_in_the_domain) {
  for (int r = 0; dtd_rules[r]; r++) {
    const struct dtd_rule *rule = dtd_rules[r];
    if (!rule->direction || rule->domain == DTD_ANY_INPUT) continue;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
      struct bench b = open_bench(rule, shapes[2], 20, 30, seed);
      struct departure d = examine(&b);
      assert_int_equal(d.active, 3);
      assert_true(d.rootless == 3 || d.outside > 0.1);
      assert_true(d.off_taylor > 0.01);
      if (rule->bias_in_denominator) assert_true(d.leak > 0.1);
    }
  }
}

/* Proposition 1 needs no bound on b: in R^d every plane can be reached. */
TEST(unbounded_inputs_allow_any_bias) {
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct bench b = open_bench(dtd_rule_find("w^2"), shapes[3], 0, 3, seed);
    hold_to_the_propositions(&b);
  }
}

/* Without excitation z+ has nowhere to look: z_j = b_j > 0 on its whole line.
 */
TEST(a_line_without_a_root_is_reported) {
  float w[] = {-1, 2}, bias[] = {5};
  struct dtd_layer layer = {.shape = LAYER(2, 1, 1), .w = w, .b = bias};
  double x[] = {3, 0}, root[2];
  assert_true(isnan(
      dtd_unit_root(root, dtd_rule_find("z+"), &layer, 0, x, 0, INFINITY)));
  assert_true(root[0] == 3 && root[1] == 0);
}

/* Proposition 2 needs x >= 0: black pixels of -0.5 earn negative relevance
   though root and residual are in order, and some roots leave the domain. */
TEST(z_plus_fails_on_negative_inputs) {
  double negative = 0, outside = 0;
  for (uint64_t seed = 0; seed < SEEDS; seed++) {
    struct bench b = open_bench(dtd_rule_find("z+"), shapes[3], -2, 0, seed);
    for (int i = 0; i < b.layer.shape.inputs; i++) b.x[i] -= 0.5;
    struct departure d = examine(&b);
    assert_true(d.off_taylor <= EXACT);
    negative = fmax(negative, d.negative);
    outside = fmax(outside, d.outside);
  }
  assert_true(negative > 0.01);
  assert_true(outside > 0.1);
}

/* Proposition 3 needs x in the box: beyond it q turns negative. */
TEST(z_box_fails_outside_the_box) {
  float w[] = {1, 1}, bias[] = {0};
  double x[] = {2, -1};
  struct bench b = open_bench(dtd_rule_find("zB"), (int[]){2, 1}, 0, 0, 0);
  memcpy(b.layer.w, w, sizeof w);
  memcpy(b.layer.b, bias, sizeof bias);
  memcpy(b.x, x, sizeof x);
  b.low = -0.5, b.high = 1.5;
  struct departure d = examine(&b); /* q = 2.5, -0.5; R_j = 1 */
  assert_true(fabs(b.by_rule[0] - 1.25) <= EXACT);
  assert_true(fabs(b.by_rule[1] + 0.25) <= EXACT);
  assert_true(d.negative > 0.2 && d.outside > 0.2);
}

/* ---- by hand ---- */

/* z = 2 x_0 - x_1 - 1 at (1, 0.5): z = 0.5, and for
   w^2: v = (2, -1),    slope 5,    t = 0.1:   (0.8, 0.6)
   z+:  v = (1, 0),     slope 2,    t = 0.25:  (0.75, 0.5)
   zB:  v = (1.5, -1),  slope 4,    t = 0.125: (0.8125, 0.625) */
TEST(roots_of_one_unit_by_hand) {
  float w[] = {2, -1}, bias[] = {-1};
  struct dtd_layer layer = {.shape = LAYER(2, 1, 1), .w = w, .b = bias};
  const double x[] = {1, 0.5}, off[] = {0, 0.5};
  const struct {
    const char *rule;
    double t, root[2];
  } cases[] = {{"w^2", 0.1, {0.8, 0.6}},
               {"z+", 0.25, {0.75, 0.5}},
               {"zB", 0.125, {0.8125, 0.625}}};
  for (int c = 0; c < 3; c++) {
    double root[2];
    const struct dtd_rule *rule = dtd_rule_find(cases[c].rule);
    double t = dtd_unit_root(root, rule, &layer, 0, x, -0.5, 1.5);
    assert_true(fabs(t - cases[c].t) < 1e-15);
    for (int i = 0; i < 2; i++)
      assert_true(fabs(root[i] - cases[c].root[i]) < 1e-15);
    t = dtd_unit_root(root, rule, &layer, 0, off, -0.5, 1.5);
    assert_true(t == 0 && root[0] == 0 && root[1] == 0.5);
  }
  assert_true(dtd_unit_response(&layer, 0, x) == 0.5);
}

TEST(distances_from_a_domain_by_hand) {
  const double x[] = {-0.75, 0.5, 2};
  assert_true(dtd_domain_excess(DTD_ANY_INPUT, x, 3, -0.5, 1.5) == 0);
  assert_true(dtd_domain_excess(DTD_NONNEGATIVE_INPUT, x, 3, -0.5, 1) == 0.75);
  assert_true(dtd_domain_excess(DTD_BOX_INPUT, x, 3, -0.5, 1.5) == 0.5);
  assert_true(dtd_domain_excess(DTD_BOX_INPUT, x, 2, -0.5, 1.5) == 0.25);
  assert_true(dtd_domain_excess(DTD_BOX_INPUT, x, 3, -1, 2) == 0);
}
