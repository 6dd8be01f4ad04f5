/* One search for a nearest root, from one start, between evaluations of f.

   The method of multipliers of root_search.h: projected L-BFGS minimises A(r)
   for fixed lambda and m, a step at a time; when r is stationary, or after some
   steps, lambda and m are updated. The caller evaluates the smoothed f at the
   trial point y, so that many searches share a product:

       dtd_root_descent_begin     sets r, m and t of the start; y = r
       ... the caller computes f and its gradient at y ...
       dtd_root_descent_advance   uses both, and sets the next y
       ... until the search is `done`, or `parked`: it waits for the caller to
           choose the most promising ...

   Lengths of the search are in units of units.length, sharpnesses in units of
   1 / units.z (root_units.h).

   | symbol     | C                | shape    |
   |------------|------------------|----------|
   | x, r       | x, r             | (inputs) |
   | L          | units.length     | scalar   |
   | grad A(r)  | slope            | (inputs) |
   | lambda     | lambda           | scalar   |
   | beta       | beta             | scalar   |
   | m          | m                | (units)  |
   | t          | sharpness        | scalar, times 1 / units.z |  */
#ifndef DTD_ROOT_DESCENT_H
#define DTD_ROOT_DESCENT_H

#include <stdbool.h>

#include "network/network.h"
#include "roots/rectifiers.h"
#include "roots/root_problem.h"
#include "roots/root_units.h"

/* The first start of the multiplier solver that is random. */
enum { DTD_ROOT_FIRST_RANDOM = 5 };

/* What all searches share; borrowed. */
struct dtd_descent_problem {
  const struct dtd_network *network;
  const struct dtd_root_settings *settings;
  float low, high;
  int inputs, units; /* units of all layers together */
};

struct dtd_root_descent {
  const struct dtd_descent_problem *problem;
  int example; /* the number of x in the caller's batch */
  const float *x;
  struct dtd_root_units units;
  double f, lambda, beta, violation, merit, step, change, slack;
  double promise; /* |r - x| expected at the end; known once explored */
  int rounds, steps, halvings, returns, evaluations;
  bool opening; /* the slopes at the start become the multipliers */
  bool fresh; /* the multipliers have changed: f at r is to be computed anew */
  bool leaning; /* the last round: units at their kink move to one side */
  bool leant;   /* leaning went too far for a kink; it is not tried again */
  bool explored, parked, done;
  float *r, *slope, *direction; /* slope: grad A(r) */
  struct dtd_projected_bfgs *bfgs;
  float *m; /* multipliers, while the search has no row of a product */
  double sharpness;
  float *memory;
};

/* A search that has not begun; x and the problem are borrowed. The units are
   those of x. */
void dtd_root_descent_open(struct dtd_root_descent *descent,
                           const struct dtd_descent_problem *problem,
                           int example, const float *x /* (inputs) */,
                           double f /* f(x) > 0 */,
                           const struct dtd_root_units *units);

/* Sets r, m and t to those of a start, in root_search.h's order. */
void dtd_root_descent_begin(struct dtd_root_descent *descent, int start);

/* The sharpness t of each layer for the next evaluation. */
void dtd_root_descent_sharpness(float *t /* (layers) */,
                                const struct dtd_root_descent *descent);

/* From the smoothed f, `value`, and its gradient at the trial point y to the
   next trial point, which y (inputs) becomes; the gradient becomes scratch.
   `rectifiers` are those of this search after that pass. */
void dtd_root_descent_advance(struct dtd_root_descent *descent, float *y,
                              float *gradient, double value,
                              const struct dtd_rectifiers *rectifiers);

void dtd_root_descent_close(struct dtd_root_descent *descent);

#endif
