/* Adam: steps as large as the rate, for gradients of any scale.

   Kingma & Ba 2015, Algorithm 1, in step t = 1, 2, ...:

       m     := beta1 m + (1 - beta1) g
       v     := beta2 v + (1 - beta2) g^2
       theta := theta - rate (m / (1 - beta1^t))
                        / (sqrt(v / (1 - beta2^t)) + epsilon)   */
#include "network/optimiser.h"

#include <math.h>

#include "base/elementary.h"

enum { FIRST, SECOND };

static void step(float *restrict theta, float *const *moment,
                 const float *restrict g, size_t count,
                 const struct dtd_optimiser_settings *settings, double rate,
                 long t) {
  float *restrict m = moment[FIRST], *restrict v = moment[SECOND];
  double beta1 = settings->beta1, beta2 = settings->beta2;
  float keep1 = (float)beta1, add1 = (float)(1 - beta1);
  float keep2 = (float)beta2, add2 = (float)(1 - beta2);
  float down = (float)(-rate / (1 - dtd_pow(beta1, (double)t)));
  float unbias = (float)(1 / (1 - dtd_pow(beta2, (double)t)));
  float epsilon = (float)settings->epsilon;
  for (size_t i = 0; i < count; i++) {
    m[i] = keep1 * m[i] + add1 * g[i];
    v[i] = keep2 * v[i] + add2 * (g[i] * g[i]);
    theta[i] += down * m[i] / (sqrtf(v[i] * unbias) + epsilon);
  }
}

const struct dtd_optimiser_kind dtd_optimiser_adam = {
    .name = "adam",
    .description = "Adam, with bias-corrected first and second moments",
    .source = "Kingma & Ba 2015, Algorithm 1",
    .moments = 2,
    .moment_name = {"first_moment", "second_moment"},
    .step = step,
};
