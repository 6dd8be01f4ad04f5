/* Sensitivity analysis: squared partial derivatives, R_p = (df/dx_p)^2.

   Section 2.2 ("relation to sensitivity analysis"); Gevrey et al. 2003. It
   explains what would change f, not what makes it: no relevance is conserved.
 */
#include "../method.h"
#include "../parts.h"

enum { WORTH_THREADS = 8 }; /* examples that outweigh waking one */

/* dL/dz_j of the first layer, where f is the loss, into explainer->d. */
static void differentiate(struct dtd_explainer *e, int batch) {
  float one[DTD_MOST_IN_PART];
  for (int n = 0; n < DTD_MOST_IN_PART; n++) one[n] = 1;
#pragma omp parallel for schedule(static) if (batch >= WORTH_THREADS)
  for (int i = 0; i < dtd_parts(batch); i++) {
    struct dtd_range part = dtd_part_at(batch, i);
    struct dtd_activations act =
        dtd_activations_part(e->act, e->network, part.first, part.count);
    struct dtd_activations d =
        dtd_activations_part(e->d, e->network, part.first, part.count);
    dtd_backward(NULL, 0, NULL, &d, e->network, &act, one);
  }
}

static void explain(float *R_p, struct dtd_explainer *e, const float *x,
                    int batch) {
  long count = (long)batch * e->network->layer[0].inputs;
  differentiate(e, batch);
  dtd_send(R_p, e->gradient, x, e->d->detection[0], batch);
#pragma omp parallel for schedule(static) if (batch >= WORTH_THREADS)
  for (long p = 0; p < count; p++) R_p[p] *= R_p[p]; /* (df/dx_p)^2 */
}

const struct dtd_method dtd_method_sensitivity = {
    .name = "sensitivity",
    .title = "Sensitivity",
    .description = "squared partial derivatives of f at x",
    .source = "Gevrey et al. 2003; Montavon et al. 2017, section 2.2",
    .positive = true,
    .explain = explain,
};
