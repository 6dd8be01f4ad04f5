/* Finds nearest roots with NLopt, one example at a time: the reference.

   NLopt's augmented Lagrangian over limited-memory BFGS, from several starts,
   on f as it is: NLopt knows of no kinks, so the gradient is that of the region
   its answer lies in, and where that is not parallel to x - r the answer stays
   uncertified. Each answer is polished: moved along the segment to x as
   far as the constraint allows, or, should it violate the constraint, along the
   segment to 0, where f = 0 when no bias is positive. */
#ifndef DTD_NLOPT_ROOT_H
#define DTD_NLOPT_ROOT_H

#include "network/network.h"
#include "roots/root_problem.h"

struct dtd_nlopt_workspace;
struct dtd_nlopt_workspace *
dtd_nlopt_workspace_new(const struct dtd_network *network);

/* The root r of one image x and the gradient there. Where f(x) = 0, r = x and
   the gradient is 0. Stops at the first start whose cosine is well above the
   certificate's. */
struct dtd_root dtd_nlopt_root(float *r /* (inputs) */,
                               float *gradient /* (inputs) */,
                               struct dtd_nlopt_workspace *workspace,
                               const float *x /* (inputs) */, float low,
                               float high,
                               const struct dtd_root_settings *settings);

void dtd_nlopt_workspace_free(struct dtd_nlopt_workspace *workspace);

#endif
