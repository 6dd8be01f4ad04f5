/* Heatmaps that are to be measured: only those that stand on what was
 * certified.
 */
#include "evaluate/certified_heatmaps.h"

#include <math.h>

void dtd_certified_heatmaps(float *R_p, struct dtd_explainer *explainer,
                            const struct dtd_method *method, const float *x,
                            int count) {
  long inputs = explainer->network->layer[0].shape.inputs;
  for (int first = 0; first < count; first += explainer->capacity) {
    int left = count - first;
    int batch = left < explainer->capacity ? left : explainer->capacity;
    float *batch_R_p = R_p + first * inputs;
    dtd_explain(batch_R_p, NULL, explainer, method, x + first * inputs, batch);
    if (!method->finds_roots) continue;
    for (int n = 0; n < batch; n++)
      for (long p = n * inputs;
           !explainer->root[n].certified && p < (n + 1) * inputs; p++)
        batch_R_p[p] = NAN;
  }
}
