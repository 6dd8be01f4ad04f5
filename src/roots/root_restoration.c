/* Draws points at which f is too large towards 0 until it is not. */
#include "roots/root_restoration.h"

#include <stdbool.h>

#include "base/memory.h"

enum { HALVINGS = 20 };

/* The share of a point that is kept lies between these. */
struct bracket {
  double below, above;
};

static bool is_moving(struct bracket share) {
  return share.below != share.above;
}

static void scale_point(float *point, const float *r, double share,
                        int inputs) {
  for (int p = 0; p < inputs; p++) point[p] = (float)share * r[p];
}

void dtd_root_restore(float *points, int *evaluations, double *value,
                      float *gradient, struct dtd_smooth_network *smooth,
                      const double *f, const struct dtd_root_settings *settings,
                      int count) {
  struct bracket share[DTD_MOST_RESTORED];
  int inputs = smooth->network->layer[0].shape.inputs;
  double most = settings->fraction * (1 + settings->tolerance);
  bool any = false;
  dtd_smooth_value(value, gradient, smooth, points, DTD_HARD, NULL, NULL,
                   count);
  for (int n = 0; n < count; n++) {
    share[n] = (struct bracket){value[n] > most * f[n] ? 0 : 1, 1};
    any |= is_moving(share[n]);
  }
  if (!any) return;
  float *r = dtd_copy(points, (size_t)count * (size_t)inputs, sizeof *r);
  for (int step = 0; step < HALVINGS; step++) {
    for (int n = 0; n < count; n++)
      if (is_moving(share[n]))
        scale_point(points + (long)n * inputs, r + (long)n * inputs,
                    (share[n].below + share[n].above) / 2, inputs);
    dtd_smooth_value(value, gradient, smooth, points, DTD_HARD, NULL, NULL,
                     count);
    for (int n = 0; n < count; n++) {
      if (!is_moving(share[n])) continue;
      double middle = (share[n].below + share[n].above) / 2;
      evaluations[n]++;
      *(value[n] <= settings->fraction * f[n] ? &share[n].below
                                              : &share[n].above) = middle;
    }
  }
  for (int n = 0; n < count; n++)
    if (is_moving(share[n]))
      scale_point(points + (long)n * inputs, r + (long)n * inputs,
                  share[n].below, inputs);
  dtd_free(r);
}
