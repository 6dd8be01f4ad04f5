/* The w^2-rule: relevance in proportion to squared weights, for x in R^d.

   Section 4.1, Eq. 13: the nearest root of R_j lies along w_j itself,
       v_ij = w_ij,    q_ij = w_ij^2.
   (The paper prints the root with a slip; it is
   x_i - w_ij / (sum_i' w_i'j^2) (sum_i' x_i' w_i'j + b_j).) */
#include "relevance/rule.h"

static float square(float w, float parameter) {
  (void)parameter;
  return w * w;
}

static double direction(double x, double w, double low, double high) {
  (void)x, (void)low, (void)high;
  return w;
}

const struct dtd_rule dtd_rule_w_squared = {
    .name = "w^2",
    .description = "q = w^2, the nearest root without constraints",
    .source = "Montavon et al. 2017, Eq. 13",
    .domain = DTD_ANY_INPUT,
    .conservative = true,
    .positive = true,
    .terms = 1,
    .term = {{.part = square}},
    .direction = direction,
};
