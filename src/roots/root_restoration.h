/* Draws points at which f is too large towards 0 until it is not.

   Where no bias is positive f(0) = 0 and f is continuous, so on the way from r
   to 0 there is a point s r, 0 <= s <= 1, with f(s r) at the level. It is found
   by halving [0, 1] twenty times: of the two ends the one where f is at most
   fraction f(x) is kept. Points with f(r) <= fraction (1 + tolerance) f(x) stay
   as they are. */
#ifndef DTD_ROOT_RESTORATION_H
#define DTD_ROOT_RESTORATION_H

#include "roots/root_problem.h"
#include "roots/smooth_network.h"

enum { DTD_MOST_RESTORED = 64 }; /* points at a time */

/* Moves the points (count, inputs). evaluations (count) grows by those of f
   that a moving point took, f (count) is f(x). value (count) and gradient
   (count, inputs) are scratch. */
void dtd_root_restore(float *points, int *evaluations, double *value,
                      float *gradient, struct dtd_smooth_network *smooth,
                      const double *f, const struct dtd_root_settings *settings,
                      int count);

#endif
