/* The z+-rule: relevance in proportion to positive contributions, for x >= 0.

   Section 4.2: the root is sought between x and x with the inputs of positive
   weight switched off,
       v_ij = x_i [w_ij > 0],    q_ij = x_i w_ij^+ . */
#include "relevance/rule.h"

static float positive_part(float w, float parameter) {
  (void)parameter;
  return w > 0 ? w : 0;
}

static void positive_parts(float *part, const float *w, long count) {
  for (long i = 0; i < count; i++) part[i] = positive_part(w[i], 0);
}

static double direction(double x, double w, double low, double high) {
  (void)low, (void)high;
  return w > 0 ? x : 0;
}

const struct dtd_rule dtd_rule_z_plus = {
    .name = "z+",
    .description = "q = x w+, for inputs that are never negative",
    .source = "Montavon et al. 2017, section 4.2",
    .domain = DTD_NONNEGATIVE_INPUT,
    .conservative = true,
    .positive = true,
    .bias_in_denominator = true,
    .terms = 1,
    .term = {{.factor = dtd_input_itself,
              .factors = dtd_inputs_themselves,
              .part = positive_part,
              .parts = positive_parts}},
    .direction = direction,
};
