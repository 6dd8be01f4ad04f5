/* Sensitivity analysis: squared partial derivatives, R_p = (df/dx_p)^2.

   Section 2.2 ("relation to sensitivity analysis"); Gevrey et al. 2003. It
   explains what would change f, not what f is made of: no relevance is
   conserved. */
#include "explain/explainer.h"

static void explain(float *R_p, struct dtd_explainer *explainer, const float *x,
                    int batch) {
  long count = batch * explainer->inputs;
  explainer->kind->gradient(R_p, explainer, x, batch);
#pragma omp parallel for schedule(static) if (batch >= DTD_WORTH_THREADS)
  for (long p = 0; p < count; p++) R_p[p] *= R_p[p]; /* (df/dx_p)^2 */
}

const struct dtd_method dtd_method_sensitivity = {
    .name = "sensitivity",
    .title = "Sensitivity",
    .description = "squared partial derivatives of f at x",
    .meaning = "The squared slope of f along each pixel, R_p = (∂f/∂x_p)². It "
               "is not made to sum to f.",
    .source = "Gevrey et al. 2003; Montavon et al. 2017, section 2.2",
    .of_paper = true,
    .positive = true,
    .explain = explain,
};
