/* The epsilon-rule: shares of the response itself, kept away from division by
   zero.

   Bach et al. 2015, Eq. 58: with z_ij = x_i w_ij and z_j = sum_i z_ij + b_j,

       R_i = sum_j z_ij / (z_j + epsilon sign(z_j)) R_j,   sign(0) = 1.

   The bias, of either sign, is part of z_j and keeps its share, and epsilon
   absorbs some: neither conserved nor positive. */
#include "relevance/rule.h"

const struct dtd_rule dtd_rule_epsilon = {
    .name = "epsilon",
    .description = "q = x w over the response, b included, plus epsilon",
    .source = "Bach et al. 2015, Eq. 58",
    .domain = DTD_ANY_INPUT,
    .bias_in_denominator = true,
    .bias = dtd_weight_itself,
    .shifts_inputs = true,
    .stabilised = true,
    .parameter = {.name = "epsilon",
                  .value = 0.01,
                  .least = 1e-9,
                  .greatest = 1e6},
    .terms = 1,
    .term = {{.factor = dtd_input_itself,
              .factors = dtd_inputs_themselves,
              .part = dtd_weight_itself}},
};
