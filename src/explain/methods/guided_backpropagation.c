/* Guided backpropagation: the gradient, but negative signals stop at each unit.

   Springenberg et al. 2015, section 3.4: on the way down a unit passes on what
   arrives only where it is on and what arrives is positive,

       d_j = [x_j > 0] max(0, dx_k/dx_j d_k),    d_i = sum_j w_ij d_j,

   d_f = 1, and R_p = d_p, of either sign. No gradient of any function, and no
   part of f(x). */
#include "explain/explainer.h"

static void explain(float *R_p, struct dtd_explainer *explainer, const float *x,
                    int batch) {
  (void)x;
  explainer->kind->guided_gradient(R_p, explainer, batch);
}

const struct dtd_method dtd_method_guided_backpropagation = {
    .name = "guided-backpropagation",
    .title = "Guided backpropagation",
    .description = "the gradient of f, stopped at units where it is negative",
    .meaning = "The slope of f, but negative signals stop at each unit on the "
               "way down.",
    .source = "Springenberg et al. 2015, section 3.4",
    .explain = explain,
};
