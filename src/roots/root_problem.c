/* The nearest-root problem, and the certificate that an answer solves it. */
#include "roots/root_problem.h"

#include <math.h>
#include <stddef.h>

const char *const dtd_root_solvers[] = {[DTD_ROOT_MULTIPLIER] = "multiplier",
                                        [DTD_ROOT_SOFTPLUS] = "softplus",
                                        [DTD_ROOT_NLOPT] = "nlopt",
                                        NULL};

struct dtd_root_settings dtd_root_defaults(void) {
  return (struct dtd_root_settings){.solver = DTD_ROOT_MULTIPLIER,
                                    .fraction = 0.1,
                                    .tolerance = 0.01,
                                    .evaluations = 600, /* 60 to 200 do */
                                    .starts = 5};
}

double dtd_root_cosine(const float *x, const float *r, const float *gradient,
                       float low, float high, int inputs) {
  double along[2] = {0}, slopes[2] = {0}, distances[2] = {0}, lambda = 0;
  double edge = 1e-6 * ((double)high - (double)low);
  for (int pass = 0; pass < 2; pass++) { /* the first estimates lambda */
    for (int p = 0; p < inputs; p++) {
      double d = (double)x[p] - (double)r[p], g = (double)gradient[p];
      double multiplier = lambda * g - d; /* of the bound, if r is at one */
      bool at_low = (double)r[p] <= (double)low + edge;
      bool at_high = (double)r[p] >= (double)high - edge;
      if ((at_low && (!pass || multiplier >= 0)) ||
          (at_high && (!pass || multiplier <= 0)))
        continue;
      along[pass] += d * g;
      slopes[pass] += g * g;
      distances[pass] += d * d;
    }
    lambda = slopes[pass] > 0 ? along[pass] / slopes[pass] : 0;
  }
  double scale = sqrt(slopes[1] * distances[1]);
  return scale > 0 ? along[1] / scale : 0;
}

double dtd_root_distance(const float *x, const float *r, int inputs) {
  double sum = 0;
  for (int p = 0; p < inputs; p++) {
    double d = (double)x[p] - (double)r[p];
    sum += d * d;
  }
  return sqrt(sum);
}

void dtd_root_judge(struct dtd_root *root, const float *x, const float *r,
                    const float *gradient, float low, float high, int inputs,
                    const struct dtd_root_settings *settings) {
  bool inside = true;
  for (int p = 0; p < inputs; p++) inside &= r[p] >= low && r[p] <= high;
  root->distance = dtd_root_distance(x, r, inputs);
  root->cosine = root->f > 0
                     ? dtd_root_cosine(x, r, gradient, low, high, inputs)
                     : (double)NAN;
  root->feasible =
      inside &&
      root->f_root <= settings->fraction * (1 + settings->tolerance) * root->f;
  root->certified =
      root->feasible && (root->f == 0 || root->cosine >= DTD_CERTIFIED_COSINE);
}

bool dtd_root_better(const struct dtd_root *a, const struct dtd_root *b) {
  if (a->certified != b->certified) return a->certified;
  if (a->feasible != b->feasible) return a->feasible;
  return a->distance < b->distance;
}
