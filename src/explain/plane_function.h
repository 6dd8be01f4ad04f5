/* A function of two inputs as a table of detection units, with its nearest
   roots and its natural decomposition.

   Section 4, Eq. 7 with two inputs, a network small enough to be drawn:

       f(x) = sum_j max(0, z_j),    z_j = w_1j x_1 + w_2j x_2 + b_j,
                                    b_j <= 0 .

   Every row of the table is one unit. No derivative is written beside it: all
   explanations are computed from the one f. f is continuous, convex, and zero
   at the origin because no bias is positive. A curved function has as many
   units as its curve has kinks: {1, 0, 0}, {1, 0, -0.5}, {1, 0, -1} .. is
   a parabola in x_1.

   The nearest root (section 2.2) is exact here: r = argmin |r - x|^2 subject to
   f(r) = 0 and l <= r <= h. f(r) = 0 says z_j(r) <= 0 for every unit, so the
   roots fill an intersection of half-planes, one a unit and four for the box,
   and the nearest of them is

       x itself, if it is a root; or
       the foot of the perpendicular from x on the edge of one half-plane; or
       the corner where two edges meet,

   the nearest to x of those that lie in all half-planes. With more inputs or
   layers a search is needed (roots/nearest_root.h).

   The natural decomposition (section 2.1, Eq. 3) exists where f is a sum of
   functions of one input each,

       f(x) = sum_p sigma_p(x_p),    R_p(x) = sigma_p(x_p).

   A one-layer network with sum pooling is such a sum when each of its units
   reads one input: unit j belongs to the input p(j) that it reads, and

       sigma_p(x_p) = sum_{j: p(j) = p} max(0, x_p w_pj + b_j) .

   It follows from the structure alone and needs no root and no rule, but there
   is none as soon as a unit reads two inputs.

   | paper        | C                       | shape            |
   |--------------|-------------------------|------------------|
   | w_ij         | unit.w_1, unit.w_2      | scalars          |
   | b_j          | unit.b                  | scalar           |
   | f            | dtd_plane_network_new() | one layer        |
   | x, x tilde   | x, r                    | (2)              |
   | l, h         | low, high               | scalars          |
   | x_j          | act->detection[0]       | (batch, units)   |
   | sigma_p, R_p | R_p                     | (batch, inputs)  |
*/
#ifndef DTD_PLANE_FUNCTION_H
#define DTD_PLANE_FUNCTION_H

#include <stdbool.h>

#include "network/network.h"

enum { DTD_MOST_PLANE_UNITS = 16 };

/* max(0, w_1 x_1 + w_2 x_2 + b). */
struct dtd_plane_unit {
  float w_1, w_2, b;
};

/* Rows that are left out are zero, and add nothing to f. */
struct dtd_plane_function {
  const char *name; /* as in tables: "sum" */
  struct dtd_plane_unit unit[DTD_MOST_PLANE_UNITS];
};

/* ---- create ---- */

/* The one-layer network that computes f; release with dtd_network_free. Dies
   (usage), naming function and unit, when a bias is positive (f might have no
   root), a number is not finite, or every weight is zero. */
struct dtd_network *
dtd_plane_network_new(const struct dtd_plane_function *function);

/* ---- inspect ---- */

/* "max(0, x_1) + max(0, x_2 - 1)"; release with dtd_free(). */
char *dtd_plane_formula(const struct dtd_plane_function *function);

/* 16 hexadecimal digits of all names and formulas, for tables. */
void dtd_plane_digest(char digest[17],
                      const struct dtd_plane_function *functions, int count);

/* Whether f is a sum of one-input functions by its structure: one layer, norm
   1, each unit reading one input (or none and always 0). */
bool dtd_is_natural_sum(const struct dtd_network *network);

/* ---- compute ---- */

/* The nearest root r of a one-layer network of two inputs. Dies (failure) when
   there is none, which needs a positive bias or a box without the origin. */
void dtd_plane_root(float *r /* (2) */, const struct dtd_network *network,
                    const float *x /* (2) */, float low, float high);

/* R_p of the batch whose forward pass is in `act` (Eq. 3). Dies (usage) when
   the network is not a natural sum. */
void dtd_natural_decomposition(float *R_p /* (batch, inputs) */,
                               const struct dtd_network *network,
                               const struct dtd_activations *act);

#endif
