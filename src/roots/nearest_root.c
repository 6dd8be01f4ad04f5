/* The nearest root: the closest image to which the network hardly responds. */
#include "roots/nearest_root.h"

#include "roots/nlopt_root.h"
#include "roots/root_search.h"
#include "base/region.h"

void dtd_nearest_roots(struct dtd_root *root, float *r, float *gradient,
                       const struct dtd_network *network, const float *x,
                       int count, float low, float high,
                       const struct dtd_root_settings *settings) {
  long inputs = network->layer[0].shape.inputs;
  if (settings->solver != DTD_ROOT_NLOPT) {
    dtd_root_search(root, r, gradient, network, x, count, low, high, settings);
    return;
  }
  struct dtd_region region = {0};
#pragma omp parallel
  {
    struct dtd_nlopt_workspace *workspace = NULL;
    DTD_GUARD (&region) workspace = dtd_nlopt_workspace_new(network);
#pragma omp for schedule(dynamic)
    for (int n = 0; n < count; n++)
      DTD_GUARD (&region)
        root[n] =
            dtd_nlopt_root(r + n * inputs, gradient + n * inputs, workspace,
                           x + n * inputs, low, high, settings);
    dtd_nlopt_workspace_free(workspace);
  }
  dtd_region_end(&region);
}
