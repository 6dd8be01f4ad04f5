/* The units in which one image's nearest-root problem has no scale. */
#include "roots/root_units.h"

#include <math.h>

static double length_of(const float *vector, int count) {
  double squares = 0;
  for (int i = 0; i < count; i++)
    squares += (double)vector[i] * (double)vector[i];
  return sqrt(squares);
}

double dtd_root_length(double f, const float *gradient, double fraction,
                       double low, double high, int inputs) {
  double slope = length_of(gradient, inputs);
  return fmin((1 - fraction) * f / slope, sqrt(inputs) * (high - low));
}

void dtd_root_units(struct dtd_root_units *units,
                    const struct dtd_smooth_network *smooth, const double *f,
                    const float *gradient, double fraction, float low,
                    float high, int batch) {
  const struct dtd_network *network = smooth->network;
  int inputs = network->layer[0].shape.inputs;
  for (int n = 0; n < batch; n++) {
    double drop = (1 - fraction) * f[n];
    units[n].length =
        dtd_root_length(f[n], gradient + (long)n * inputs, fraction,
                        (double)low, (double)high, inputs);
    for (int l = 0; l < network->depth; l++) {
      int width = network->layer[l].shape.units;
      double slope = length_of(smooth->d_z[l] + (long)n * width, width);
      units[n].z[l] = drop / (slope > 0 ? slope : 1);
    }
  }
}
