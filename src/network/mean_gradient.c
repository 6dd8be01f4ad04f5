/* The mean gradient of f over many images, for one heatmap. */
#include "network/mean_gradient.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { TOGETHER = 25 };

void dtd_mean_gradient(double *mean, const struct dtd_network *network,
                       dtd_image *image_at, const void *context, int count) {
  long inputs = network->layer[0].shape.inputs;
  struct dtd_activations *act = dtd_activations_new(network, TOGETHER);
  struct dtd_activations *d = dtd_activations_new(network, TOGETHER);
  float *images = dtd_new(2 * TOGETHER * (size_t)inputs, sizeof *images);
  float *gradient = images + TOGETHER * inputs, ones[TOGETHER];
  for (int n = 0; n < TOGETHER; n++) ones[n] = 1;
  memset(mean, 0, (size_t)inputs * sizeof *mean);
  for (int first = 0; first < count; first += TOGETHER) {
    int batch = count - first < TOGETHER ? count - first : TOGETHER;
    for (int n = 0; n < batch; n++)
      image_at(images + n * inputs, first + n, context);
    dtd_forward(act, network, dtd_rows(images, batch));
    dtd_backward(NULL, 1, 0, gradient, d, network, act, ones);
    for (int n = 0; n < batch; n++)
      for (long p = 0; p < inputs; p++)
        mean[p] += (double)gradient[n * inputs + p];
  }
  for (long p = 0; p < inputs; p++) mean[p] /= count;
  dtd_free(images);
  dtd_activations_free(act);
  dtd_activations_free(d);
}
