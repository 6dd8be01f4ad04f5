/* Finds nearest roots of many images at once, from several starts each.

   The problem, for each image x (root_problem.h):

       minimise |r - x|^2 / 2   subject to   h(r) = f(r) / f(x) - fraction <= 0,
                                             low <= r <= high

   Method of multipliers (Hestenes 1969, Powell 1969; Bertsekas 1982), of which
   root_descent.h has a single search. For fixed multipliers lambda >= 0 of f's
   constraint and m of the rectifiers, minimise over the box

       A(r) = |r - x|^2 / 2
              + L^2 (max(0, lambda + beta h_m(r))^2 - lambda^2) / (2 beta),
       h_m(r) = f_m(r) / f(x) - fraction,

   f_m being f with its rectifiers held near m (smooth_network.h, rectifiers.h),
   by projected limited-memory BFGS (projected_bfgs.h); then

       lambda := max(0, lambda + beta h_m),   m := the slopes found,

   until neither moves. L is the first-order distance to the root, and the
   sharpness t of each layer is a number over U, the same distance in that
   layer's z (root_units.h). So beta, lambda, t and the steps are those of a
   problem without units: a small f, whose root is near, is searched like a
   large one. A stationary point has r - x + L^2 lambda / f(x) grad f = 0 on the
   free pixels with the slopes m for the gradient at kinks: the
   conditions of root_problem.h, which then judges the answer. Where f bends
   downwards along a unit, its m is an unstable fixed point and leaves for 0 or
   1, as it should: no nearest root lies on such a kink.

   f is not convex, so the start matters. The first ones follow a homotopy: the
   rectifiers begin so blunt that f is nearly linear in every unit, and sharpen
   by factors of eight. They reach nearer roots than a descent from x, the fifth
   start; later ones descend from x shaken at random. With the softplus solver
   all starts are a homotopy in t, from x and from x shaken.

   Only one start is followed to its end. Near a solution the least |r - x|^2 /
   2 changes by -L^2 lambda for each unit of level, so a search at r with h
   small but not 0 is expected to end at

       |r - x|^2 / 2 + L^2 lambda h.

   Each search is therefore parked once |h| <= 0.002 with exact rectifiers; when
   all of an image are, the most promising goes on, and the next one only if the
   certificate is refused.

   Speed and repeatability. Searches are queued in slabs of a few images each,
   and a slab runs many at once, a row each of common products; one that is
   parked or done makes room for the next. No row of these products depends on
   another (linear/row_product.h), so neither threads nor the other images of a
   batch change an answer by a bit. They must not: where f is not convex,
   rounding alone can turn a search towards another local solution. */
#ifndef DTD_ROOT_SEARCH_H
#define DTD_ROOT_SEARCH_H

#include "network/network.h"
#include "roots/root_descent.h"
#include "roots/root_problem.h"

/* The roots r and the generalised gradients there of `count` images, by the
   solver multiplier or softplus. Where f(x) = 0, r = x and the gradient is 0.
   An answer that violates f(r) <= fraction (1 + tolerance) f(x) is drawn
   towards 0, where f = 0 when no bias is positive. */
void dtd_root_search(struct dtd_root *root /* (count) */,
                     float *r /* (count, inputs) */,
                     float *gradient /* (count, inputs) */,
                     const struct dtd_network *network,
                     const float *x /* (count, inputs) */, int count, float low,
                     float high, const struct dtd_root_settings *settings);

#endif
