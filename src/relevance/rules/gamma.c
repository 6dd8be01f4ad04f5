/* The gamma-rule: all contributions, but positive weights count for more.

   Montavon et al. 2019, section 10.2.1: for x >= 0,

       q_ij = x_i (w_ij + gamma w_ij^+).

   gamma = 0 shares by contributions of both signs, and gamma towards infinity
   is z+. There the bias is one more weight, of an input 1: so max(0, b_j) joins
   the denominator 1 + gamma times; a negative one is left out as in z+, which
   conserves and leaves N >= x_j. */
#include "relevance/rule.h"

static float favoured(float w, float gamma) {
  return w > 0 ? w + gamma * w : w;
}

static float favoured_bias(float b, float gamma) {
  return b > 0 ? b + gamma * b : 0;
}

const struct dtd_rule dtd_rule_gamma = {
    .name = "gamma",
    .description = "q = x (w + gamma w+), for inputs that are never negative",
    .source = "Montavon et al. 2019, section 10.2.1",
    .domain = DTD_NONNEGATIVE_INPUT,
    .conservative = true,
    .bias_in_denominator = true,
    .bias = favoured_bias,
    .parameter = {.name = "gamma", .value = 0.25, .greatest = 1e6},
    .terms = 1,
    .term = {{.factor = dtd_input_itself,
              .factors = dtd_inputs_themselves,
              .part = favoured}},
};
