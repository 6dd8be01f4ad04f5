/* The flat rule: equal parts for all inputs, by neither values nor weights.

   q_ij = 1 (Bach et al. 2016, "decomposition depth"; Lapuschkin et al. 2019):
   relevance spreads over all that a unit sees, relevant or not. In a
   fully connected first layer that is the whole image, which makes it a control
   there. Biases are left out. */
#include "relevance/rule.h"

static float one(float w, float parameter) {
  (void)w, (void)parameter;
  return 1;
}

const struct dtd_rule dtd_rule_flat = {
    .name = "flat",
    .description = "q = 1, equal parts for all inputs",
    .source = "Bach et al. 2016; Lapuschkin et al. 2019",
    .domain = DTD_ANY_INPUT,
    .conservative = true,
    .positive = true,
    .terms = 1,
    .term = {{.part = one}},
};
