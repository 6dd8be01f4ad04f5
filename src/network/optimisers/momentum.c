/* Gradient descent with classical momentum.

   Sutskever et al. 2013, equations 1 and 2, after Polyak 1964:

       v     := mu v - rate g
       theta := theta + v

   With a constant rate these are PyTorch's steps, which multiply by the rate
   after the sum; with a falling one a velocity keeps the rates it was made
   with. */
#include "network/optimiser.h"

enum { VELOCITY };

static void step(float *restrict theta, float *const *moment,
                 const float *restrict g, size_t count,
                 const struct dtd_optimiser_settings *settings, double rate,
                 long t) {
  (void)t;
  float *restrict v = moment[VELOCITY];
  float mu = (float)settings->momentum, down = (float)-rate;
  for (size_t i = 0; i < count; i++) {
    v[i] = mu * v[i] + down * g[i]; /* Eq. 1 */
    theta[i] += v[i];               /* Eq. 2 */
  }
}

const struct dtd_optimiser_kind dtd_optimiser_momentum = {
    .name = "momentum",
    .description = "gradient descent with classical momentum",
    .source = "Sutskever et al. 2013, equations 1 and 2",
    .moments = 1,
    .moment_name = {"velocity"},
    .step = step,
};
