/* The nearest root: the closest image to which the network hardly responds.

       minimise |r - x|^2   subject to   f(r) <= fraction f(x),   l <= r <= h

   (section 2.2, with f(r) < 0.1 f(x) as in section 6.1). f is piecewise linear
   and not convex, so a solver finds a local optimum; see nearest_root.c for the
   one used and how its answer is checked. */
#ifndef DTD_NEAREST_ROOT_H
#define DTD_NEAREST_ROOT_H

#include <stdbool.h>

#include "network.h"

struct dtd_root_settings {
  double fraction;  /* f(r) / f(x) wanted; the paper's is 0.1 */
  double tolerance; /* on that ratio: at most fraction (1 + tolerance) */
  int evaluations;  /* most evaluations of f for one example */
  int starts;       /* most starting points tried */
  int first_start;  /* number of the first; 0 begins at x, others near it at
                       random */
};

/* 0.1, 0.01, 5000 and 5. */
struct dtd_root_settings dtd_root_defaults(void);

/* What the search found for one example. */
struct dtd_root {
  double f, f_root; /* f(x), f(r) */
  double distance;  /* |r - x|_2 */
  double cosine;    /* of x - r with grad f(r), over pixels not at a bound */
  int evaluations, starts;
  bool feasible; /* f(r) <= fraction (1 + tolerance) f(x), r in the box */
};

struct dtd_root_workspace;
struct dtd_root_workspace *
dtd_root_workspace_new(const struct dtd_network *network);

/* Finds the nearest root of one image x, and the gradient of f there. Where
   f(x) = 0, r = x and the gradient is 0. */
struct dtd_root dtd_nearest_root(float *r /* (inputs) */,
                                 float *gradient /* (inputs) */,
                                 struct dtd_root_workspace *workspace,
                                 const float *x /* (inputs) */, float low,
                                 float high,
                                 const struct dtd_root_settings *settings);

void dtd_root_workspace_free(struct dtd_root_workspace *workspace);

#endif
