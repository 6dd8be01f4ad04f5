/* Gradient x input, R_p = x_p df/dx_p: the terms of a linear f.

   Shrikumar et al. 2016. A rectified network is linear around x but for its
   biases, f(x) = sum_p x_p df/dx_p + sum of the biases' parts (q = 1), and
   those go to no pixel: the sum is f(x) only where all biases are 0. The same
   as deep Taylor with the rule gradient-x-input in every layer. */
#include "explain/explainer.h"

static void explain(float *R_p, struct dtd_explainer *explainer, const float *x,
                    int batch) {
  long count = batch * explainer->inputs;
  explainer->kind->gradient(R_p, explainer, x, batch);
#pragma omp parallel for schedule(static) if (batch >= DTD_WORTH_THREADS)
  for (long p = 0; p < count; p++) R_p[p] *= x[p];
}

const struct dtd_method dtd_method_gradient_x_input = {
    .name = "gradient-x-input",
    .title = "Gradient × input",
    .description = "pixels times partial derivatives of f at x",
    .meaning = "Pixels times the slope of f along them. The biases’ part of f "
               "goes to no pixel.",
    .source = "Shrikumar et al. 2016",
    .explain = explain,
};
