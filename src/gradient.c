/* The gradient of f: in a batch of images, or its mean over many images. */
#include "gradient.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

enum { TOGETHER = 25 };

void dtd_gradient(float *gradient, struct dtd_activations *d,
                  const struct dtd_network *network,
                  const struct dtd_activations *act) {
  float *ones = dtd_new((size_t)act->batch, sizeof *ones);
  for (int n = 0; n < act->batch; n++) ones[n] = 1;
  dtd_backward(NULL, 0, gradient, d, network, act, ones);
  free(ones);
}

void dtd_mean_gradient(double *mean, const struct dtd_network *network,
                       dtd_image *image_at, const void *context, int count) {
  long inputs = network->layer[0].inputs;
  struct dtd_activations *act = dtd_activations_new(network, TOGETHER);
  struct dtd_activations *d = dtd_activations_new(network, TOGETHER);
  float *images = dtd_new(2 * TOGETHER * (size_t)inputs, sizeof *images);
  float *gradient = images + TOGETHER * inputs;
  memset(mean, 0, (size_t)inputs * sizeof *mean);
  for (int first = 0; first < count; first += TOGETHER) {
    int batch = count - first < TOGETHER ? count - first : TOGETHER;
    for (int n = 0; n < batch; n++)
      image_at(images + n * inputs, first + n, context);
    dtd_forward(act, network, images, batch);
    dtd_gradient(gradient, d, network, act);
    for (int n = 0; n < batch; n++)
      for (long p = 0; p < inputs; p++)
        mean[p] += (double)gradient[n * inputs + p];
  }
  for (long p = 0; p < inputs; p++) mean[p] /= count;
  free(images);
  dtd_activations_free(act);
  dtd_activations_free(d);
}
