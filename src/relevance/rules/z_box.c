/* The zB-rule: relevance in a box of admissible inputs, l <= x <= h.

   Section 4.2: the root is sought between x and the corner of the box that
   excites unit j least,
       v_ij = x_i - l [w_ij > 0] - h [w_ij < 0],
       q_ij = x_i w_ij - l w_ij^+ - h w_ij^-
            = (x_i - l) w_ij^+ + (x_i - h) w_ij^- .
   The last form is the one computed: both of its terms are >= 0, so no
   cancellation can turn a relevance negative. */
#include "relevance/rule.h"

static float above_low(float x, float low, float high) {
  (void)high;
  return x - low;
}

static void all_above_low(float *factor, const float *x, long count, float low,
                          float high) {
  for (long i = 0; i < count; i++) factor[i] = above_low(x[i], low, high);
}

static float below_high(float x, float low, float high) {
  (void)low;
  return x - high;
}

static void all_below_high(float *factor, const float *x, long count, float low,
                           float high) {
  for (long i = 0; i < count; i++) factor[i] = below_high(x[i], low, high);
}

static float positive_part(float w, float parameter) {
  (void)parameter;
  return w > 0 ? w : 0;
}

static float negative_part(float w, float parameter) {
  (void)parameter;
  return w < 0 ? w : 0;
}

static double direction(double x, double w, double low, double high) {
  return w > 0 ? x - low : w < 0 ? x - high : x;
}

const struct dtd_rule dtd_rule_z_box = {
    .name = "zB",
    .description = "q = x w - l w+ - h w-, for pixels between l and h",
    .source = "Montavon et al. 2017, section 4.2",
    .domain = DTD_BOX_INPUT,
    .conservative = true,
    .positive = true,
    .bias_in_denominator = true,
    .shifts_inputs = true,
    .terms = 2,
    .term = {{.factor = above_low,
              .factors = all_above_low,
              .part = positive_part},
             {.factor = below_high,
              .factors = all_below_high,
              .part = negative_part}},
    .direction = direction,
};
