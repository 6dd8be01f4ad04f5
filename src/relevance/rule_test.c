/* Holds every registered rule to what it declares and to plain double loops. */

#include "base/test.h"
#include "network/test_network.h"
#include "base/assert_dies.h"
#include "base/test_numbers.h"
#include "relevance/propagator.h"
#include "relevance/rule.h"

TEST_OWNS(propagator)

enum { BATCH = 7 };

/* Rule n of all that are tested: each registered one, and those with a
   parameter also at both ends of its range; null after the last. */
static const struct dtd_rule *tested_rule(int n) {
  const struct dtd_rule *rule = dtd_rules[n / 3];
  int end = n % 3;
  char name[64];
  if (!rule || end == 0 || !rule->parameter.name) return rule;
  snprintf(name, sizeof name, "%s(%.9g)", rule->name,
           end == 1 ? rule->parameter.least : rule->parameter.greatest);
  return dtd_rule_find(name);
}

/* A layer with random weights and biases, and one batch of inputs in the rule's
   domain with the relevance of a one-layer network, R_j = x_j. */
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
  double least = rule->domain == DTD_NONNEGATIVE_INPUT ? 0 : b.low;
  struct dtd_rng rng = dtd_rng_open(11, "test/rule", inputs);
  b.layer = random_layer(inputs, units, bias_low, bias_high, &rng);
  b.layer.w[0] = 0; /* w = 0 is on the boundary of every case */
  b.x = new_random(BATCH * inputs, least, b.high, &rng);
  b.R_j = test_new(BATCH * units, sizeof *b.R_j);
  b.R_i = test_new(BATCH * inputs, sizeof *b.R_i);
  b.expected = test_new(BATCH * inputs, sizeof *b.expected);
  b.x[1] = (float)least;
  b.x[2] = b.high;
  return b;
}

static double weight(const struct bench *b, int i, int j) {
  return b->layer.w[(long)i * b->layer.shape.units + j];
}

/* z_j of example n at the point x - t v_j. */
static double response(const struct bench *b, int n, int j, double t) {
  double z = b->layer.b[j];
  for (int i = 0; i < b->layer.shape.inputs; i++) {
    double x = b->x[n * b->layer.shape.inputs + i], w = weight(b, i, j);
    double v = t == 0 ? 0 : b->rule->direction(x, w, b->low, b->high);
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
  int units = b->layer.shape.units;
  for (int i = 0; i < BATCH * units; i++)
    b->R_j[i] = (float)fmax(0, response(b, i / units, i % units, 0));
}

static void run_on(struct bench *b, const float *r_j) {
  struct dtd_propagator *p = own_propagator(
      dtd_propagator_new(b->rule, &b->layer, b->low, b->high, BATCH));
  dtd_propagate(b->R_i, p, b->x, r_j, b->R_j, BATCH);
}

static void run(struct bench *b) {
  run_on(b, NULL);
}

/* The same with responses that the forward pass would know. */
static void run_on_known_responses(struct bench *b) {
  int units = b->layer.shape.units;
  float *r_j = test_new(BATCH * units, sizeof *r_j);
  for (int i = 0; i < BATCH * units; i++)
    r_j[i] = (float)response(b, i / units, i % units, 0);
  run_on(b, r_j);
}

/* Eq. 12 with the explicit root of every unit: R_i = sum_j w_ij (x_i - r_i).
   The root is a root, and lies in the rule's domain. */
static void explicit_decomposition(struct bench *b) {
  int inputs = b->layer.shape.inputs, units = b->layer.shape.units;
  memset(b->expected, 0, BATCH * inputs * sizeof *b->expected);
  for (int n = 0; n < BATCH; n++)
    for (int j = 0; j < units; j++) {
      if (!(b->R_j[n * units + j] > 0)) continue;
      double t = root_step(b, n, j);
      assert_true(fabs(response(b, n, j, t)) < 1e-10);
      for (int i = 0; i < inputs; i++) {
        double x = b->x[n * inputs + i], w = weight(b, i, j);
        double root = x - t * b->rule->direction(x, w, b->low, b->high);
        if (b->rule->domain == DTD_BOX_INPUT)
          assert_true(root >= b->low - 1e-10 && root <= b->high + 1e-10);
        if (b->rule->domain == DTD_NONNEGATIVE_INPUT)
          assert_true(root >= -1e-10);
        b->expected[n * inputs + i] += w * (x - root);
      }
    }
}

static const int shapes[][2] = {{5, 3}, {40, 30}, {1568, 20}};
enum { SHAPES = sizeof shapes / sizeof *shapes };

TEST(rules_equal_taylor_at_explicit_roots) {
  for (int r = 0; dtd_rules[r]; r++)
    for (size_t s = 0; s < SHAPES && dtd_rules[r]->direction; s++) {
      struct bench b =
          open_bench(dtd_rules[r], shapes[s][0], shapes[s][1], -0.5, 0);
      one_layer_relevance(&b);
      run(&b);
      explicit_decomposition(&b);
      assert_close(b.R_i, b.expected, (long)BATCH * b.layer.shape.inputs, 1e-5);
    }
}

/* ---- every rule in plain double loops ---- */

static double above(double x) {
  return x > 0 ? x : 0;
}

static double below(double x) {
  return x < 0 ? x : 0;
}

/* One unit as the rules' sources describe it: its inputs and weights. */
struct unit {
  int inputs;
  const double *x, *w;
  double b, low, high;
};

/* What the source of a rule prints for input i, with the parameter a; BIAS for
   what the bias adds to the denominator. */
typedef double share(const struct unit *u, int i, double a);
enum { BIAS = -1 };

static double q_w_squared(const struct unit *u, int i, double a) {
  return i == BIAS ? 0 * a : u->w[i] * u->w[i];
}

static double q_z_box(const struct unit *u, int i, double a) {
  if (i == BIAS) return above(u->b) + 0 * a;
  return u->x[i] * u->w[i] - u->low * above(u->w[i]) - u->high * below(u->w[i]);
}

static double q_gamma(const struct unit *u, int i, double a) {
  if (i == BIAS) return (1 + a) * above(u->b);
  return u->x[i] * (u->w[i] + a * above(u->w[i]));
}

static double q_z_plus(const struct unit *u, int i, double a) {
  return i == BIAS ? above(u->b) + 0 * a : u->x[i] * above(u->w[i]);
}

static double q_flat(const struct unit *u, int i, double a) {
  (void)u;
  return i == BIAS ? 0 * a : 1;
}

static double q_linear(const struct unit *u, int i, double a) {
  return i == BIAS ? u->b + 0 * a : u->x[i] * u->w[i];
}

static double denominator(const struct unit *u, share *q, double a) {
  double sum = q(u, BIAS, a);
  for (int k = 0; k < u->inputs; k++) sum += q(u, k, a);
  return sum;
}

static double share_alpha_beta(const struct unit *u, int i, double a) {
  double evidence = above(u->b), against = 0, z = u->x[i] * u->w[i];
  for (int k = 0; k < u->inputs; k++) {
    evidence += above(u->x[k] * u->w[k]);
    against += below(u->x[k] * u->w[k]);
  }
  if (against == 0) return above(z) / evidence;
  if (evidence == 0) return below(z) / against;
  return a * above(z) / evidence - (a - 1) * below(z) / against;
}

static double share_epsilon(const struct unit *u, int i, double a) {
  double z = denominator(u, q_linear, a);
  return u->x[i] * u->w[i] / (z >= 0 ? z + a : z - a);
}

/* The share of relevance that input i gets: `share`, or q_i over the sum. */
static const struct printed {
  const char *name;
  double parameter;
  share *q, *share;
} printed[] = {
    {"w^2", 0, q_w_squared, NULL},
    {"z+", 0, q_z_plus, NULL},
    {"zB", 0, q_z_box, NULL},
    {"alpha-beta", 2, NULL, share_alpha_beta},
    {"alpha-beta(1)", 1, NULL, share_alpha_beta},
    {"alpha-beta(3.5)", 3.5, NULL, share_alpha_beta},
    {"epsilon", 0.01, NULL, share_epsilon},
    {"epsilon(0.5)", 0.5, NULL, share_epsilon},
    {"gamma", 0.25, q_gamma, NULL},
    {"gamma(0)", 0, q_gamma, NULL},
    {"gamma(12)", 12, q_gamma, NULL},
    {"flat", 0, q_flat, NULL},
    {"gradient-x-input", 0, q_linear, NULL},
};
enum { PRINTED = sizeof printed / sizeof *printed };

/* Relevance that any layer above might send: of both signs, where x_j > 0; less
   than that where x_j is small, for what divides by it magnifies rounding. */
static void mixed_relevance(struct bench *b) {
  struct dtd_rng rng = dtd_rng_open(2, "test/mixed", 0);
  one_layer_relevance(b);
  for (int j = 0; j < BATCH * b->layer.shape.units; j++) {
    float *R = &b->R_j[j], small = *R < 1 ? *R : 1;
    *R *= small * (float)(2 * dtd_rng_uniform(&rng) - 1);
  }
}

/* Into b->expected. */
static void decompose_as_printed(struct bench *b, const struct printed *rule) {
  int inputs = b->layer.shape.inputs, units = b->layer.shape.units;
  double *x = test_new(inputs, sizeof *x);
  double *w = test_new(inputs, sizeof *w);
  memset(b->expected, 0, BATCH * inputs * sizeof *b->expected);
  for (int n = 0; n < BATCH; n++)
    for (int j = 0; j < units; j++) {
      double R_j = b->R_j[n * units + j];
      struct unit u = {inputs, x, w, b->layer.b[j], b->low, b->high};
      widen(x, b->x + n * inputs, inputs);
      double size = 0; /* of zeros alone, 0 / 0 would be sent: nothing is */
      for (int i = 0; i < inputs; i++) size += fabs(w[i] = weight(b, i, j));
      for (int i = 0; i < inputs && R_j != 0; i++) {
        double a = rule->parameter;
        double part = rule->share
                          ? rule->share(&u, i, a)
                          : rule->q(&u, i, a) / denominator(&u, rule->q, a);
        b->expected[n * inputs + i] += size > 0 || part > 0 ? part * R_j : 0;
      }
    }
}

static void check_printed(const struct printed *rule, int inputs, int units,
                          double bias_low, double bias_high) {
  struct bench b =
      open_bench(dtd_rule_find(rule->name), inputs, units, bias_low, bias_high);
  mixed_relevance(&b);
  decompose_as_printed(&b, rule);
  for (int known = 0; known < 2; known++) {
    if (known)
      run_on_known_responses(&b);
    else
      run(&b);
    assert_close_by(rule->name, b.R_i, b.expected, BATCH * inputs, 1e-5);
  }
}

TEST(rules_are_those_their_sources_print) {
  const double biases[][2] = {{-0.5, 0}, {-1, 1}, {0.5, 1}};
  const int sizes[][2] = {{1, 6}, {5, 3}, {40, 30}, {400, 20}};
  for (int r = 0; r < PRINTED; r++)
    for (int s = 0; s < 4; s++)
      for (int k = 0; k < 3; k++)
        check_printed(&printed[r], sizes[s][0], sizes[s][1], biases[k][0],
                      biases[k][1]);
}

/* What the terms that a rule declares come to, of one unit and group: its
   denominator before any stabiliser, with q_i in `q`. */
static double declared_group(double *q, const struct bench *b, int n, int j,
                             int group) {
  const struct dtd_rule *rule = b->rule;
  float parameter = (float)rule->parameter.value, bias = b->layer.b[j];
  double sum = 0;
  if (group == 0 && rule->bias_in_denominator)
    sum = rule->bias ? rule->bias(bias, parameter) : above(bias);
  for (int i = 0; i < b->layer.shape.inputs; i++) {
    q[i] = 0;
    for (int t = 0; t < rule->terms; t++) {
      const struct dtd_term *term = &rule->term[t];
      float x = b->x[n * b->layer.shape.inputs + i];
      if (term->group != group) continue;
      q[i] += (term->factor ? term->factor(x, b->low, b->high) : 1) *
              (double)term->part(b->layer.w[i * b->layer.shape.units + j],
                                 parameter);
    }
    sum += q[i];
  }
  if (rule->stabilised)
    sum += sum < 0 ? -rule->parameter.value : rule->parameter.value;
  return sum;
}

static void decompose_as_declared(struct bench *b) {
  int inputs = b->layer.shape.inputs, units = b->layer.shape.units;
  double *q[DTD_MOST_GROUPS], N[DTD_MOST_GROUPS], weights[DTD_MOST_GROUPS];
  for (int g = 0; g < DTD_MOST_GROUPS; g++) q[g] = test_new(inputs, sizeof **q);
  memset(b->expected, 0, BATCH * inputs * sizeof *b->expected);
  for (int n = 0; n < BATCH; n++)
    for (int j = 0; j < units; j++) {
      double whole = 0;
      for (int g = 0; g < DTD_MOST_GROUPS; g++) {
        N[g] = declared_group(q[g], b, n, j, g);
        weights[g] = b->rule->weight
                         ? b->rule->weight(g, (float)b->rule->parameter.value)
                         : g == 0;
        if (N[g] != 0) whole += weights[g];
      }
      for (int g = 0; g < DTD_MOST_GROUPS; g++)
        for (int i = 0; i < inputs && N[g] != 0 && whole != 0; i++)
          b->expected[n * inputs + i] +=
              weights[g] / whole * q[g][i] / N[g] * b->R_j[n * units + j];
    }
}

/* Every registered rule, with both ends of its parameter. */
TEST(rules_are_what_their_terms_say) {
  for (int r = 0; tested_rule(r); r++)
    for (int positive = 0; positive < 2; positive++) {
      struct bench b = open_bench(tested_rule(r), 40, 30, -1, positive);
      mixed_relevance(&b);
      run(&b);
      decompose_as_declared(&b);
      assert_close_by(b.rule->name, b.R_i, b.expected, BATCH * 40, 1e-5);
    }
}

/* ---- rules that meet at an end of their parameter ---- */

static void assert_same_relevance(const char *rule, const char *other,
                                  float least_x) {
  struct bench b = open_bench(dtd_rule_find(rule), 40, 30, -1, 0);
  for (int i = 0; i < BATCH * 40; i++)
    if (b.x[i] < least_x) b.x[i] = least_x;
  mixed_relevance(&b);
  run(&b);
  widen(b.expected, b.R_i, BATCH * 40);
  b.rule = dtd_rule_find(other);
  run(&b);
  assert_close_by(rule, b.R_i, b.expected, BATCH * 40, 1e-5);
}

TEST(rules_meet_at_the_ends_of_their_parameters) {
  assert_same_relevance("alpha-beta(1)", "z+", 0);
  assert_same_relevance("gamma(1000000)", "z+", 0);
  assert_same_relevance("epsilon(1e-9)", "gradient-x-input", -1);
}

static float input(float x, float low, float high) {
  (void)low, (void)high;
  return x;
}

static float positive_part(float w, float parameter) {
  (void)parameter;
  return w > 0 ? w : 0;
}

static float negative_part(float w, float parameter) {
  (void)parameter;
  return w < 0 ? w : 0;
}

static float two_and_minus_one(int group, float parameter) {
  (void)parameter;
  return group ? -1 : 2;
}

/* Where x >= 0, one term for and one against are enough; of opposite signs, but
   not to be summed together. */
TEST(groups_of_one_term_stay_apart) {
  const struct dtd_rule two_terms = {
      .name = "two terms",
      .domain = DTD_NONNEGATIVE_INPUT,
      .weight = two_and_minus_one,
      .terms = 2,
      .term = {{.factor = input, .part = positive_part},
               {.factor = input, .part = negative_part, .group = 1}}};
  struct bench b = open_bench(&two_terms, 40, 30, -0.5, 0);
  mixed_relevance(&b);
  run(&b);
  widen(b.expected, b.R_i, BATCH * 40);
  b.rule = dtd_rule_find("alpha-beta(2)");
  run(&b);
  assert_close(b.R_i, b.expected, BATCH * 40, 1e-5);
}

/* A unit with nothing against it has nothing to subtract. */
TEST(alpha_beta_conserves_without_evidence_against) {
  struct bench b = open_bench(dtd_rule_find("alpha-beta(3)"), 5, 1, 0, 0);
  for (int i = 0; i < 5; i++) b.layer.w[i] = (float)(i + 1);
  for (int i = 0; i < BATCH * 5; i++) b.x[i] = 1;
  for (int n = 0; n < BATCH; n++) b.R_j[n] = 15;
  run(&b);
  for (int i = 0; i < BATCH * 5; i++)
    assert_true(fabs((double)b.R_i[i] - (i % 5 + 1)) <= 1e-5);
}

/* Away from 0, to whichever side the response is on; 0 counts as above. */
TEST(epsilon_moves_the_response_away_from_0) {
  struct bench b = open_bench(dtd_rule_find("epsilon(0.5)"), 2, 3, 0, 0);
  const float w[] = {1, -1, 1, 1, -1, -1}; /* z_j = 2, -2 and 0 at x = 1 */
  const double wanted[] = {1 / 2.5 - 1 / -2.5 + 1 / 0.5,
                           1 / 2.5 - 1 / -2.5 - 1 / 0.5};
  memcpy(b.layer.w, w, sizeof w);
  for (int i = 0; i < BATCH * 2; i++) b.x[i] = 1;
  for (int j = 0; j < BATCH * 3; j++) b.R_j[j] = 1;
  run(&b);
  for (int i = 0; i < BATCH * 2; i++)
    assert_true(fabs(b.R_i[i] - wanted[i % 2]) <= 1e-6);
}

/* ---- what rules declare ---- */

static double size(const float *R, int count) {
  double sum = 0;
  for (int i = 0; i < count; i++) sum += fabs(R[i]);
  return sum;
}

TEST(declared_properties_hold) {
  for (int r = 0; tested_rule(r); r++) {
    struct bench b = open_bench(tested_rule(r), 1568, 40, -0.5, 0);
    struct dtd_rng rng = dtd_rng_open(2, "test/relevance", 0);
    one_layer_relevance(&b);
    for (int i = 0; i < BATCH * 40; i++) /* any relevance, where x_j > 0 */
      if (b.R_j[i] > 0) fill_random(&b.R_j[i], 1, 0, 5, &rng);
    run(&b);
    for (int n = 0; n < BATCH; n++) {
      double arrives = sum_of(b.R_j + n * 40, 40);
      double leaves = sum_of(b.R_i + n * 1568, 1568);
      if (b.rule->conservative &&
          !(fabs(leaves - arrives) <= 1e-5 * size(b.R_i + n * 1568, 1568)))
        fail_msg("%s: %g arrives, %g leaves", b.rule->name, arrives, leaves);
      for (int i = 0; i < 1568 && b.rule->positive; i++)
        assert_true(b.R_i[n * 1568 + i] >= 0);
    }
  }
}

TEST(relevance_is_linear_in_what_arrives) {
  for (int r = 0; tested_rule(r); r++) {
    struct bench b = open_bench(tested_rule(r), 40, 30, -0.5, 0);
    one_layer_relevance(&b);
    run(&b);
    widen(b.expected, b.R_i, BATCH * 40);
    for (int i = 0; i < BATCH * 40; i++) b.expected[i] *= 3;
    for (int i = 0; i < BATCH * 30; i++) b.R_j[i] *= 3;
    run(&b);
    assert_close(b.R_i, b.expected, BATCH * 40, 1e-6);
  }
}

/* What is not declared does not hold either: a declaration that says less than
   it could would go unnoticed. */
TEST(undeclared_properties_do_not_hold) {
  for (int r = 0; dtd_rules[r]; r++) {
    struct bench b = open_bench(dtd_rules[r], 40, 30, -0.5, 0);
    bool conserved = true, positive = true;
    one_layer_relevance(&b);
    run(&b);
    for (int n = 0; n < BATCH; n++)
      conserved &=
          fabs(sum_of(b.R_j + n * 30, 30) - sum_of(b.R_i + n * 40, 40)) <
          1e-4 * sum_of(b.R_j + n * 30, 30);
    for (int i = 0; i < BATCH * 40; i++) positive &= b.R_i[i] >= 0;
    assert_int_equal(conserved, b.rule->conservative);
    assert_int_equal(positive, b.rule->positive);
  }
}

/* Shares come from positive evidence only: once a bias is positive and stays
   outside the denominator, the explicit decomposition no longer sums to R_j. */
TEST(positive_biases_take_their_share) {
  for (int r = 0; tested_rule(r); r++) {
    if (!tested_rule(r)->bias_in_denominator) continue;
    struct bench b = open_bench(tested_rule(r), 40, 30, 0.5, 1);
    one_layer_relevance(&b);
    run(&b);
    for (int n = 0; n < BATCH; n++)
      assert_true(sum_of(b.R_i + n * 40, 40) <
                  0.999 * sum_of(b.R_j + n * 30, 30));
  }
}

/* Nor does relevance that no input has a share in. */
TEST(no_relevance_sends_nothing) {
  for (int r = 0; tested_rule(r); r++) {
    struct bench b = open_bench(tested_rule(r), 40, 30, -0.5, 0);
    memset(b.layer.w, 0, 40 * 30 * sizeof *b.layer.w); /* every N is 0 */
    for (int relevance = 0; relevance < 2; relevance++) {
      for (int j = 0; j < BATCH * 30; j++) b.R_j[j] = (float)relevance;
      run(&b);
      bool reads_weights =
          b.rule->term[0].part(0, (float)b.rule->parameter.value) == 0;
      for (int i = 0; i < BATCH * 40; i++)
        assert_true((b.R_i[i] == 0) == (reads_weights || !relevance));
    }
  }
}

TEST(updating_reads_new_weights) {
  struct bench b = open_bench(dtd_rule_find("zB"), 40, 30, -0.5, 0);
  struct dtd_propagator *p = own_propagator(
      dtd_propagator_new(b.rule, &b.layer, b.low, b.high, BATCH));
  for (int i = 0; i < 40 * 30; i++) b.layer.w[i] = -b.layer.w[i];
  one_layer_relevance(&b);
  explicit_decomposition(&b);
  dtd_propagator_update(p);
  dtd_propagate(b.R_i, p, b.x, NULL, b.R_j, BATCH);
  assert_close(b.R_i, b.expected, BATCH * 40, 1e-5);
}

TEST(too_large_a_batch_dies) {
  for (int r = 0; dtd_rules[r]; r++) {
    struct bench b = open_bench(dtd_rules[r], 5, 3, -0.5, 0);
    struct dtd_propagator *p = own_propagator(
        dtd_propagator_new(b.rule, &b.layer, b.low, b.high, BATCH - 1));
    assert_dies(1, "a batch of 7 exceeds 6",
                dtd_propagate(b.R_i, p, b.x, NULL, b.R_j, BATCH));
  }
}

TEST(names_are_found_or_listed) {
  for (int r = 0; dtd_rules[r]; r++) {
    assert_ptr_equal(dtd_rule_find(dtd_rules[r]->name), dtd_rules[r]);
    assert_true(*dtd_rules[r]->description && *dtd_rules[r]->source);
  }
  assert_dies(2, "z-: there is no such rule (use one of w^2, z+, zB",
              dtd_rule_find("z-"));
}

TEST(a_name_may_hold_a_parameter) {
  const struct dtd_rule *plain = dtd_rule_find("gamma");
  const struct dtd_rule *other = dtd_rule_find("gamma(0.5)");
  assert_string_equal(other->name, "gamma(0.5)");
  assert_true(other->parameter.value == 0.5 && plain->parameter.value == 0.25);
  assert_ptr_equal(dtd_rule_find("gamma(5e-1)"), other);
  assert_ptr_equal(dtd_rule_find("gamma(0.250)"), plain);
  assert_ptr_not_equal(dtd_rule_find("gamma(0.1)"), other);
  assert_true(dtd_rule_find("gamma(0.1)")->parameter.value == 0.1);
  assert_true(other->domain == plain->domain && other->conservative);
}

TEST(a_wrong_parameter_is_refused_in_one_line) {
  const char *wrong[] = {
      "alpha-beta(0.5)", "alpha-beta()",     "alpha-beta(",
      "alpha-beta(2",    "alpha-beta(two)",  "alpha-beta(nan)",
      "alpha-beta(2)x",  "alpha-beta(2, 1)", "alpha-beta(101)",
      "alpha-beta(1e)",  "alpha-beta(-2)",   "alpha-beta( 2)"};
  for (size_t n = 0; n < sizeof wrong / sizeof *wrong; n++) {
    assert_null(dtd_rule_named(wrong[n]));
    assert_dies(2, wrong[n], dtd_rule_find(wrong[n]));
    assert_dies(2,
                "the parameter of alpha-beta is alpha, a number from 1 to 100",
                dtd_rule_find(wrong[n]));
  }
  assert_dies(2, "z+(2): the rule z+ has no parameter", dtd_rule_find("z+(2)"));
  assert_dies(2, "zB(): the rule zB has no parameter", dtd_rule_find("zB()"));
  assert_dies(2, "beta(2): there is no such rule", dtd_rule_find("beta(2)"));
  assert_dies(2, "there is no such rule", dtd_rule_find("(2)"));
  assert_null(dtd_rule_named(""));
}

TEST(names_are_described_with_their_ranges) {
  char text[256], cut[12];
  dtd_rule_describe_names(text, sizeof text);
  assert_non_null(strstr(text, "w^2, z+, zB, alpha-beta(1 to 100), epsilon("));
  assert_non_null(strstr(text, ", flat, gradient-x-input"));
  dtd_rule_describe_names(cut, sizeof cut);
  assert_string_equal(cut, "w^2, z+, zB");
}
