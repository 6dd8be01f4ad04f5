/* Taylor decomposition at the nearest root, R_p = df/dx_p(r) (x_p - r_p).

   Section 2.2, Eq. 5, with r the nearest point of the pixels' box where
   f(r) <= 0.1 f(x) (section 6.1); see nearest_root.h. Examples are searched in
   parallel, each on one thread. */
#include "../method.h"

static void explain(float *R_p, struct dtd_explainer *explainer, const float *x,
                    int batch) {
  const struct dtd_explanation_settings *s = &explainer->settings;
  long inputs = explainer->network->layer[0].inputs;
#pragma omp parallel
  {
    struct dtd_root_workspace *workspace =
        dtd_root_workspace_new(explainer->network);
#pragma omp for schedule(dynamic)
    for (int n = 0; n < batch; n++) {
      const float *x_n = x + n * inputs;
      float *root = explainer->roots + n * inputs, *R = R_p + n * inputs;
      explainer->root[n] =
          dtd_nearest_root(root, R, workspace, x_n, s->low, s->high, &s->root);
      for (long p = 0; p < inputs; p++) R[p] *= x_n[p] - root[p]; /* Eq. 5 */
    }
    dtd_root_workspace_free(workspace);
  }
}

const struct dtd_method dtd_method_taylor = {
    .name = "taylor",
    .title = "Taylor (nearest root)",
    .description = "first-order Taylor terms at the nearest root point",
    .source = "Montavon et al. 2017, Eq. 5",
    .slow = true,
    .explain = explain,
};
