/* Tests fields of arrows against closed forms of functions of two inputs. */

#include "base/test.h"
#include "base/assert_dies.h"
#include "explain/test_explainer.h"
#include "explain/plane_function.h"
#include "explain/vector_field.h"

enum { SIDE = 12, POINTS = SIDE * SIDE, LINE = 2001 };

/* f = max(0, x_1) + max(0, x_2); the same with a bend; units that read both. */
static const struct dtd_plane_function
    plain = {"plain", {{1, 0, 0}, {0, 1, 0}}},
    bent = {"bent", {{1, 0, 0}, {0, 1, 0}, {0, 1, -1}}},
    mixed = {"mixed", {{1, 0.5f, 0}, {-0.5f, 1, -0.5f}}};

struct field {
  struct dtd_network *network;
  struct dtd_explainer *explainer;
  float *x, *R, *f;
  int count;
};

static struct field field_new(const struct dtd_plane_function *function,
                              const char *rule, int capacity) {
  struct field field = {.network = own_network(dtd_plane_network_new(function)),
                        .x = own_memory(dtd_plane_grid_new(SIDE, -2, 2)),
                        .R = test_new(2 * (size_t)capacity, sizeof(float)),
                        .f = test_new(capacity, sizeof(float)),
                        .count = POINTS};
  struct dtd_explanation_settings settings = explanation_by(rule, -1000, 1000);
  field.explainer = new_explainer(field.network, NULL, &settings, capacity);
  return field;
}

static void compute(struct field *field, const char *explanation) {
  dtd_vector_field(field->R, field->f, field->explainer, explanation, field->x,
                   field->count);
}

static double positive(double value) {
  return value > 0 ? value : 0;
}

TEST(grid_points_are_centres_of_squares) {
  const float wanted[] = {-1, -1, 1, -1, -1, 1, 1, 1};
  float *x = own_memory(dtd_plane_grid_new(2, -2, 2));
  for (int n = 0; n < 8; n++) assert_true(x[n] == wanted[n]);
}

/* Of max(0, x_1) + max(0, x_2) the sensitivity is 1 or 0; the nearest root has
   the negative coordinates of x, and every decomposition is max(0, x_p). */
TEST(explanations_of_a_plain_sum) {
  struct field field = field_new(&plain, "w^2", POINTS);
  for (int e = 0; dtd_field_explanations[e].name; e++) {
    const char *explanation = dtd_field_explanations[e].name;
    bool sensitivity = !strcmp(explanation, "sensitivity");
    assert_true(dtd_field_exists(field.network, explanation));
    compute(&field, explanation);
    for (int n = 0; n < POINTS; n++) {
      const float *x = field.x + 2 * n, *R = field.R + 2 * n;
      assert_true(field.f[n] == (float)(positive(x[0]) + positive(x[1])));
      for (int p = 0; p < 2; p++) {
        double wanted = sensitivity ? x[p] > 0 : positive(x[p]);
        if (!(fabs(R[p] - wanted) <= 1e-6))
          fail_msg("%s at (%g, %g): R_%d = %g, wanted %g", explanation, x[0],
                   x[1], p + 1, R[p], wanted);
      }
    }
  }
}

/* Units that read one input send all their relevance to it by any rule that
   uses the weights. */
TEST(every_rule_finds_the_natural_decomposition) {
  float natural[2 * POINTS];
  for (int r = 0; dtd_rules[r]; r++) {
    const struct dtd_rule *rule = dtd_rules[r];
    bool reads_weights =
        rule->term[0].part(0, (float)rule->parameter.value) == 0;
    if (!rule->conservative || !reads_weights) continue;
    struct field field = field_new(&bent, rule->name, POINTS);
    compute(&field, "natural");
    memcpy(natural, field.R, sizeof natural);
    compute(&field, "deep-taylor-free");
    for (int n = 0; n < 2 * POINTS; n++)
      assert_true(fabsf(field.R[n] - natural[n]) <= 2e-6f);
  }
}

/* R_p = sum_j w_pj^2 / (sum_p' w_p'j^2) x_j (Eq. 13), written out. */
TEST(deep_taylor_of_mixed_units) {
  struct field field = field_new(&mixed, "w^2", POINTS);
  assert_false(dtd_field_exists(field.network, "natural"));
  compute(&field, "deep-taylor-free");
  for (int n = 0; n < POINTS; n++) {
    double x_1 = field.x[2 * n], x_2 = field.x[2 * n + 1];
    double a = positive(x_1 + 0.5 * x_2), b = positive(-0.5 * x_1 + x_2 - 0.5);
    double R_1 = 0.8 * a + 0.2 * b, R_2 = 0.2 * a + 0.8 * b;
    const float *R = field.R + 2 * n;
    assert_true(fabs(R[0] - R_1) <= 2e-6);
    assert_true(fabs(R[1] - R_2) <= 2e-6);
    assert_true(R[0] >= 0 && R[1] >= 0);
    assert_true(fabs((double)R[0] + (double)R[1] - field.f[n]) <= 2e-6);
  }
  assert_dies(2, "no sum of functions of one input",
              compute(&field, "natural"));
}

/* The nearest point r of {z_1 <= 0, z_2 <= 0}, two half-planes whose normals,
   (1, 1/2) and (-1/2, 1), are perpendicular: each violated one is left along
   its own normal, which does not change the other. So nothing is lost, but
   where both are violated R_1 can be negative. */
TEST(taylor_of_mixed_units) {
  struct field field = field_new(&mixed, "w^2", POINTS);
  compute(&field, "taylor");
  int negative = 0, lossy = 0;
  for (int n = 0; n < POINTS; n++) {
    double x_1 = field.x[2 * n], x_2 = field.x[2 * n + 1];
    double a = positive(x_1 + 0.5 * x_2), b = positive(-0.5 * x_1 + x_2 - 0.5);
    double way_1 = (a - 0.5 * b) / 1.25, way_2 = (0.5 * a + b) / 1.25;
    double slope_1 = (a > 0) - 0.5 * (b > 0), slope_2 = 0.5 * (a > 0) + (b > 0);
    const float *R = field.R + 2 * n;
    if (!(fabs(R[0] - slope_1 * way_1) <= 2e-6 &&
          fabs(R[1] - slope_2 * way_2) <= 2e-6))
      fail_msg("at (%g, %g): R = (%g, %g), wanted (%g, %g)", x_1, x_2, R[0],
               R[1], slope_1 * way_1, slope_2 * way_2);
    negative += R[0] < -0.02f;
    lossy += fabs((double)R[0] + (double)R[1] - field.f[n]) > 0.02;
  }
  assert_true(negative > 0 && lossy == 0);
}

/* Beyond the bend of max(0, x_2) + max(0, x_2 - 1), the slope at the root 0 is
   1, and x_2 - 1 of the relevance is lost. */
TEST(taylor_loses_what_bends_later) {
  struct field field = field_new(&bent, "w^2", POINTS);
  compute(&field, "taylor");
  for (int n = 0; n < POINTS; n++)
    for (int p = 0; p < 2; p++) {
      double wanted = positive(field.x[2 * n + p]);
      assert_true(fabs(field.R[2 * n + p] - wanted) <= 1e-6);
    }
}

/* The largest step of an explanation between neighbours on the segment from
   (-2, -1.9) to (1.9, 2), which crosses every kink. */
static double largest_step(const struct dtd_plane_function *function,
                           const char *explanation, int count) {
  struct field field = field_new(function, "w^2", LINE);
  field.x = test_new(2 * LINE, sizeof *field.x);
  field.count = count;
  for (int n = 0; n < count; n++) {
    field.x[2 * n] = (float)(-2 + 3.9 * n / (count - 1));
    field.x[2 * n + 1] = (float)(-1.9 + 3.9 * n / (count - 1));
  }
  compute(&field, explanation);
  double largest = 0;
  for (int n = 1; n < count; n++)
    largest =
        fmax(largest,
             hypot((double)field.R[2 * n] - (double)field.R[2 * n - 2],
                   (double)field.R[2 * n + 1] - (double)field.R[2 * n - 1]));
  return largest;
}

/* |R(x) - R(x')| <= L |x - x'|, with L = sum_j |w_j| because each unit moves by
   at most |w_j| |x - x'| and its relevance is shared out. Sensitivity does not
   shrink with the step: it jumps by 1 or more. */
TEST(decompositions_are_continuous_and_sensitivity_is_not) {
  const int counts[] = {201, LINE};
  const double units = 2 * sqrt(1.25), rounding = 1e-6;
  for (int n = 0; n < 2; n++) {
    double step = 3.9 * sqrt(2) / (counts[n] - 1);
    assert_true(largest_step(&bent, "natural", counts[n]) <=
                3 * step + rounding);
    assert_true(largest_step(&bent, "deep-taylor-free", counts[n]) <=
                3 * step + rounding);
    assert_true(largest_step(&mixed, "deep-taylor-free", counts[n]) <=
                units * step + rounding);
    assert_true(largest_step(&bent, "sensitivity", counts[n]) >= 3);
    assert_true(largest_step(&mixed, "sensitivity", counts[n]) >= 1);
  }
}
