/* The nearest-root problem, and the certificate that an answer solves it.

       minimise |r - x|^2 / 2   subject to   f(r) <= fraction f(x),
                                             l <= r <= h

   (section 2.2, with f(r) < 0.1 f(x) as in section 6.1). At a solution some
   lambda >= 0 and some g of f's generalised gradient at r satisfy the
   conditions of Karush, Kuhn and Tucker,

       r - x + lambda g  = 0  where l < r < h,
                        >= 0  where r = l,    <= 0  where r = h.

   So x - r and g point the same way on the free pixels. Their cosine, taken
   over these and over pixels at a bound whose multiplier has the wrong sign, is
   the measure of optimality: 1 at a solution, never above.

   Kinks. f is piecewise linear, so it has one gradient inside each linear
   region, and at a kink, where some rectifier receives 0, the convex hull of
   those around it (Clarke 1983). Pushing r down a convex f leads into its
   valleys, so most nearest roots lie on a few kinks, and there no single
   region's gradient is parallel to x - r. A solver therefore names, for each
   unit at its kink, the share s_j in [0, 1] of its slope: with g built from
   these (smooth_network.h) the conditions hold exactly. A share that is named
   for a unit away from its kink is ignored: there the slope is 0 or 1.
   `own_cosine` is the cosine with the gradient that plain backpropagation gives
   at r.

   f is not convex either: a certified root is a local solution, the nearest
   one among the starts that were tried.

   | paper      | C               | shape    |
   |------------|-----------------|----------|
   | x, x tilde | x, r            | (inputs) |
   | df/dx      | g, `gradient`   | (inputs) |
   | l, h       | low, high       | scalars  |
*/
#ifndef DTD_ROOT_PROBLEM_H
#define DTD_ROOT_PROBLEM_H

#include <stdbool.h>

/* The cosine from which a root counts as certified. */
#define DTD_CERTIFIED_COSINE 0.99

/* A unit is at its kink when switching it changes f by at most this share of
   f(x). */
#define DTD_KINK_TOLERANCE 1e-4

enum dtd_root_solver {
  DTD_ROOT_MULTIPLIER, /* multipliers on f and on every rectifier */
  DTD_ROOT_SOFTPLUS,   /* ever sharper softplus (Table 1, footnote b) */
  DTD_ROOT_NLOPT,      /* NLopt, one example at a time: the reference */
  DTD_ROOT_SOLVERS
};

/* "multiplier", "softplus" and "nlopt", by enum dtd_root_solver; then null. */
extern const char *const dtd_root_solvers[];

struct dtd_root_settings {
  enum dtd_root_solver solver;
  double fraction;  /* f(r) / f(x) wanted; the paper's is 0.1 */
  double tolerance; /* on that ratio: at most fraction (1 + tolerance) */
  int evaluations;  /* most evaluations of f from one start, at least 2 */
  int starts;       /* starts tried: the nearest certified root is kept */
  int first_start;  /* the first of them in root_search.h's order, mostly 0 */
};

/* multiplier, 0.1, 0.01, 600, 5 and 0. */
struct dtd_root_settings dtd_root_defaults(void);

/* The answer of the search for one example. */
struct dtd_root {
  double f, f_root;  /* f(x), f(r) */
  double distance;   /* |r - x|_2 */
  double cosine;     /* of x - r with g; NaN where f(x) = 0 */
  double own_cosine; /* of x - r with the gradient of r's own region */
  int evaluations, starts;
  bool feasible;  /* f(r) <= fraction (1 + tolerance) f(x), r in the box */
  bool certified; /* feasible, and the cosine suffices or f(x) = 0 */
};

/* The cosine of x - r with `gradient`, by the conditions above; 0 when
   either vanishes on the pixels that count. */
double dtd_root_cosine(const float *x, const float *r, const float *gradient,
                       float low, float high, int inputs);

double dtd_root_distance(const float *x, const float *r, int inputs);

/* Fills in distance, cosine, feasible and certified from f and f_root. */
void dtd_root_judge(struct dtd_root *root, const float *x, const float *r,
                    const float *gradient, float low, float high, int inputs,
                    const struct dtd_root_settings *settings);

/* Whether a is the better answer: certified, then feasible, then nearer. */
bool dtd_root_better(const struct dtd_root *a, const struct dtd_root *b);

#endif
