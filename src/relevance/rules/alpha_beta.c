/* The alpha-beta-rule: evidence for a unit alpha times, against it beta times.

   Bach et al. 2015, Eq. 60, with beta counted positive: with
   z_ij = x_i w_ij,

       R_i = sum_j (alpha z_ij^+ / sum_i' z_i'j^+
                    - beta z_ij^- / sum_i' z_i'j^-) R_j,   alpha - beta = 1,

   for inputs of any sign: z^+ = x^+ w^+ + x^- w^- and z^- = x^+ w^- + x^- w^+
   (^+ and ^- keep the sign). alpha = 1 is z+ where x >= 0. Bach et al. also put
   min(0, b_j) below z^-; here as in z+ a negative bias is left out, which
   conserves, and max(0, b_j) joins the sum of z^+ (6.2). A unit without z^- has
   nothing to subtract, and alpha is 1 there. */
#include "relevance/rule.h"

static float positive_input(float x, float low, float high) {
  (void)low, (void)high;
  return x > 0 ? x : 0;
}

static void positive_inputs(float *factor, const float *x, long count,
                            float low, float high) {
  for (long i = 0; i < count; i++) factor[i] = positive_input(x[i], low, high);
}

static float negative_input(float x, float low, float high) {
  (void)low, (void)high;
  return x < 0 ? x : 0;
}

static void negative_inputs(float *factor, const float *x, long count,
                            float low, float high) {
  for (long i = 0; i < count; i++) factor[i] = negative_input(x[i], low, high);
}

static float positive_part(float w, float alpha) {
  (void)alpha;
  return w > 0 ? w : 0;
}

static float negative_part(float w, float alpha) {
  (void)alpha;
  return w < 0 ? w : 0;
}

enum { FOR, AGAINST };

static float weight(int group, float alpha) {
  return group == FOR ? alpha : 1 - alpha; /* -beta */
}

const struct dtd_rule dtd_rule_alpha_beta = {
    .name = "alpha-beta",
    .description = "alpha times q = (x w)+, less alpha - 1 times q = (x w)-",
    .source = "Bach et al. 2015, Eq. 60",
    .domain = DTD_ANY_INPUT,
    .conservative = true,
    .bias_in_denominator = true,
    .parameter = {.name = "alpha", .value = 2, .least = 1, .greatest = 100},
    .weight = weight,
    .terms = 4,
    .term = {{.factor = positive_input,
              .factors = positive_inputs,
              .part = positive_part,
              .group = FOR},
             {.factor = negative_input,
              .factors = negative_inputs,
              .part = negative_part,
              .group = FOR},
             {.factor = positive_input,
              .factors = positive_inputs,
              .part = negative_part,
              .group = AGAINST},
             {.factor = negative_input,
              .factors = negative_inputs,
              .part = positive_part,
              .group = AGAINST}},
};
