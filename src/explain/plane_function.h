/* A function of two inputs, written as a short table of detection units.

   Section 4, Eq. 7 with two inputs, a network small enough to be drawn:

       f(x) = sum_j max(0, w_1j x_1 + w_2j x_2 + b_j),    b_j <= 0 .

   Every row of the table is one unit. No derivative has to be written beside
   it, and all explanations are of one and the same f. f is continuous, convex,
   and zero at the origin because no bias is positive. A curved function is as
   many units as its curve has kinks: {1, 0, 0}, {1, 0, -0.5}, {1, 0, -1} .. is
   a parabola in x_1.

   | paper      | C                       | shape        |
   |------------|-------------------------|--------------|
   | w_ij       | unit.w_1, unit.w_2      | scalars      |
   | b_j        | unit.b                  | scalar       |
   | f          | dtd_plane_network_new() | one layer    |
*/
#ifndef DTD_PLANE_FUNCTION_H
#define DTD_PLANE_FUNCTION_H

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

#endif
