/* One search for a nearest root, from one start, between evaluations of f.

   The method of multipliers of root_search.h: projected L-BFGS minimises A(r)
   for fixed lambda and m, a step at a time; when r is stationary, or after some
   steps, lambda and m move on. Whoever owns the search evaluates the smoothed f
   at the trial point y, and hands in what came out:

       dtd_root_descent_begin     r, m and t of the start; y = r
       ... f and its gradient at y ...
       dtd_root_descent_advance   takes them in, and sets the next y
       ... until `parked`, to wait until it is wanted, or `done` ...

   | symbol     | C                | shape    |
   |------------|------------------|----------|
   | x, r       | x, r             | (inputs) |
   | grad A(r)  | slope            | (inputs) |
   | lambda     | lambda           | scalar   |
   | beta       | beta             | scalar   |
   | m, t       | m, sharpness     | (units), scalar: rectifiers.h |  */
#ifndef DTD_ROOT_DESCENT_H
#define DTD_ROOT_DESCENT_H

#include <stdbool.h>

#include "network/network.h"
#include "roots/rectifiers.h"
#include "roots/root_problem.h"

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
  int example; /* the owner's number of x */
  const float *x;
  double f, lambda, beta, violation, merit, step, change, slack;
  double promise; /* |r - x| expected at the end, once explored */
  int rounds, steps, halvings, evaluations;
  bool opening; /* the slopes at the start become the multipliers */
  bool fresh;   /* r is to be evaluated anew: the multipliers have moved */
  bool leaning; /* settled: each kink unit only moves to its heavier side */
  bool leant;   /* it has, and not to the good */
  bool explored, parked, done;
  float *r, *slope, *direction; /* slope: grad A(r) */
  struct dtd_projected_bfgs *bfgs;
  float *m;        /* multipliers while no row of a product is its own */
  float sharpness; /* t, likewise */
  float *memory;
};

/* A search that has not begun; x and the problem are borrowed. */
void dtd_root_descent_open(struct dtd_root_descent *descent,
                           const struct dtd_descent_problem *problem,
                           int example, const float *x /* (inputs) */,
                           double f /* f(x) > 0 */);

/* Sets r, m and t to those of a start, in root_search.h's order. */
void dtd_root_descent_begin(struct dtd_root_descent *descent, int start);

/* Takes in the smoothed f, `value`, and its gradient at y, which becomes
   scratch; y (inputs) becomes the next trial point. `rectifiers` are the
   search's own, after that pass. */
void dtd_root_descent_advance(struct dtd_root_descent *descent, float *y,
                              float *gradient, double value,
                              const struct dtd_rectifiers *rectifiers);

void dtd_root_descent_close(struct dtd_root_descent *descent);

#endif
