/* Heatmaps that are to be measured: only those that stand on what was
   certified.

   A heatmap made at a root without a certificate says nothing about the nearest
   root, so it takes no part in a metric, in Table 1 or in a claim. */
#ifndef DTD_CERTIFIED_HEATMAPS_H
#define DTD_CERTIFIED_HEATMAPS_H

#include "explain/explained_network.h"

/* Heatmaps of `count` images, NAN where the method made one at a root that is
   not certified. */
void dtd_certified_heatmaps(float *R_p /* (count, inputs) */,
                            struct dtd_explainer *explainer,
                            const struct dtd_method *method,
                            const float *x /* (count, inputs) */, int count);

#endif
