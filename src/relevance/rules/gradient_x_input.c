/* The rule of a linear layer, which in every layer makes gradient x input.

   q_ij = x_i w_ij over z_j = sum_i x_i w_ij + b_j. A unit that is on is linear,
   x_j = z_j, so that with R_j = x_j df/dx_j (as on top, and as pools that sum,
   q = 1, keep it)

       R_i = sum_j x_i w_ij / z_j R_j = x_i sum_j w_ij df/dx_j = x_i df/dx_i

   (Bach et al. 2015, Eq. 56; Shrikumar et al. 2016, and Ancona et al. 2018,
   Proposition 1, for all rectified networks). The bias, of either sign, keeps
   its share: neither conserved nor positive. Without a stabiliser it wants
   units whose z_j is what made R_j; where the forward pass knows it, it is x_j
   itself. */
#include "relevance/rule.h"

const struct dtd_rule dtd_rule_gradient_x_input = {
    .name = "gradient-x-input",
    .description = "q = x w over the response, b included: the linear case",
    .source = "Bach et al. 2015, Eq. 56; Ancona et al. 2018",
    .domain = DTD_ANY_INPUT,
    .bias_in_denominator = true,
    .bias = dtd_weight_itself,
    .shifts_inputs = true,
    .terms = 1,
    .term = {{.factor = dtd_input_itself,
              .factors = dtd_inputs_themselves,
              .part = dtd_weight_itself}},
};
