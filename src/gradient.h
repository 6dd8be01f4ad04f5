/* The gradient of f: in a batch of images, or its mean over many images.

   Sensitivity and gradient x input ask for df/dx_p at x; integrated gradients
   and SmoothGrad for its mean over images on a path or around x, which are made
   a few at a time, always the same few together, so that the mean does not
   depend on how many images are explained at once. */
#ifndef DTD_GRADIENT_H
#define DTD_GRADIENT_H

#include "network.h"

/* df/dx_p (batch, inputs) at what `act` holds the forward pass of; `d` is
   scratch of act's capacity. */
void dtd_gradient(float *gradient, struct dtd_activations *d,
                  const struct dtd_network *network,
                  const struct dtd_activations *act);

/* Writes image `index` of those that a mean is taken over. */
typedef void dtd_image(float *image /* (inputs) */, int index,
                       const void *context);

/* The mean over `count` images, at least one, of df/dx_p, summed in double in
   their order. */
void dtd_mean_gradient(double *mean /* (inputs) */,
                       const struct dtd_network *network, dtd_image *image_at,
                       const void *context, int count);

#endif
