/* Taylor decomposition at the nearest root, R_p = df/dx_p(r) (x_p - r_p).

   Section 2.2, Eq. 5, with r the nearest point of the pixels' box where
   f(r) <= 0.1 f(x) (section 6.1); see nearest_root.h. At a kink of f the
   derivatives are those of the generalised gradient that is parallel to x - r:
   the limit of the gradients of a smoothed f, which keeps R_p >= 0. */
#include "explain/explainer.h"

static void explain(float *R_p, struct dtd_explainer *explainer, const float *x,
                    int batch) {
  const struct dtd_explanation_settings *s = &explainer->settings;
  long count = batch * explainer->inputs;
  dtd_nearest_roots(explainer->root, explainer->roots, R_p, explainer->network,
                    x, batch, s->low, s->high, &s->root);
  for (long p = 0; p < count; p++) R_p[p] *= x[p] - explainer->roots[p];
} /* Eq. 5 */

const struct dtd_method dtd_method_taylor = {
    .name = "taylor",
    .title = "Taylor (nearest root)",
    .description = "first-order Taylor terms at the nearest root point",
    .meaning = "The first-order Taylor expansion of f at the nearest image "
               "with f at most a tenth of f(x).",
    .source = "Montavon et al. 2017, Eq. 5",
    .of_paper = true,
    .slow = true,
    .finds_roots = true,
    .explain = explain,
};
