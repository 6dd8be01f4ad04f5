/* The mean gradient of f over many images, for one heatmap.

   Integrated gradients take it on a path to x, SmoothGrad around x. The images
   are made a few at a time, always the same few together, so that the mean does
   not depend on how many heatmaps are asked for at once. */
#ifndef DTD_MEAN_GRADIENT_H
#define DTD_MEAN_GRADIENT_H

#include "network/network.h"

/* Writes image `index` of those that a mean is taken over. */
typedef void dtd_image(float *image /* (inputs) */, int index,
                       const void *context);

/* The mean over `count` images, at least one, of df/dx_p, summed in double in
   their order. */
void dtd_mean_gradient(double *mean /* (inputs) */,
                       const struct dtd_network *network, dtd_image *image_at,
                       const void *context, int count);

#endif
