/* The root point of one detection unit that a relevance rule stands for.

   Section 4: a rule decomposes R_j = max(0, z_j), z_j = sum_i x_i w_ij + b_j,
   at a root of its own for every unit j, sought from x along -v_j:

       r = x - t v_j,   z_j(r) = 0   =>   t = z_j(x) / (sum_i w_ij v_ij) .

   Eq. 12 there, with the derivative of the active side, is the rule:

       w_ij (x_i - r_i) = w_ij v_ij / (sum_i' w_i'j v_i'j)  R_j .

   The directions lead to the paper's roots:

       w^2   v_ij = w_ij                                  the nearest root
       z+    v_ij = x_i [w_ij > 0]                        t = 1 switches the
                                                          excitation off
       zB    v_ij = x_i - l [w_ij > 0] - h [w_ij < 0]     t = 1 is the corner
                                                          that excites least

   With b_j <= 0 and x in the rule's domain, z+ and zB have 0 <= t <= 1: the
   root lies on the segment, hence in the domain. Otherwise it may lie outside,
   or the line may hold no root.

   The propagator never needs these points; proofs and audits do. All in double.

   | paper                 | C           | shape    |
   |-----------------------|-------------|----------|
   | x_i, tilde x_i^(j)    | x, root     | (inputs) |
   | l, h                  | low, high   | scalars  |
   | t                     | the result  | scalar   |
*/
#ifndef DTD_UNIT_ROOT_H
#define DTD_UNIT_ROOT_H

#include "network/network.h"
#include "relevance/rule.h"

/* Steps t from x to the root of unit `unit`, whose point goes to `root`. A unit
   with z_j <= 0 is at its root already: t = 0. NAN, and x as the point, when
   the line holds no root. The rule must have a direction; low and high are read
   by the zB-rule alone. */
double dtd_unit_root(double *root /* (inputs) */, const struct dtd_rule *rule,
                     const struct dtd_layer *layer, int unit,
                     const double *x /* (inputs) */, double low, double high);

/* z_j of one unit at any point. */
double dtd_unit_response(const struct dtd_layer *layer, int unit,
                         const double *x /* (inputs) */);

/* How far the worst input lies outside a domain; 0 inside. */
double dtd_domain_excess(enum dtd_domain domain, const double *x /* (count) */,
                         int count, double low, double high);

#endif
