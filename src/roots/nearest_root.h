/* The nearest root: the closest image to which the network hardly responds.

       minimise |r - x|^2   subject to   f(r) <= fraction f(x),   l <= r <= h

   | file           | what it holds                                         |
   |----------------|-------------------------------------------------------|
   | root_problem.h | settings, the answer, and its certificate             |
   | root_search.h  | the solvers multiplier and softplus, many at once     |
   | nlopt_root.h   | the solver nlopt, the reference                       | */
#ifndef DTD_NEAREST_ROOT_H
#define DTD_NEAREST_ROOT_H

#include "network/network.h"
#include "roots/root_problem.h"

/* Finds the nearest roots r of `count` images by the solver that the settings
   name, with the gradients of f there; at kinks, the elements of the
   generalised gradient that the certificate was given for. Where f(x) = 0, r =
   x and the gradient is 0. All threads share the work; the answers
   depend neither on their number nor on which images are asked for together. */
void dtd_nearest_roots(struct dtd_root *root /* (count) */,
                       float *r /* (count, inputs) */,
                       float *gradient /* (count, inputs) */,
                       const struct dtd_network *network,
                       const float *x /* (count, inputs) */, int count,
                       float low, float high,
                       const struct dtd_root_settings *settings);

#endif
