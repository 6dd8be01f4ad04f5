/* The nearest root of a one-layer network of two inputs, exactly.

   Section 2.2: r = argmin |r - x|^2 subject to f(r) = 0 and l <= r <= h. With
   f = sum_j max(0, z_j), z_j = w_1j x_1 + w_2j x_2 + b_j (Eq. 7), f(r) = 0 says
   z_j(r) <= 0 for every unit. So the roots fill an intersection of half-planes,
   one a unit and four for the box, and the nearest of them is

       x itself, if it is a root; or
       the foot of the perpendicular from x on the edge of one half-plane; or
       the corner where two edges meet,

   whichever is nearest among those that lie in all half-planes. In more
   dimensions, or more layers, a search takes this place (nearest_root.h).

   | paper      | C                   | shape    |
   |------------|---------------------|----------|
   | x, x tilde | x, r                | (2)      |
   | l, h       | low, high           | scalars  |
*/
#ifndef DTD_PLANE_ROOT_H
#define DTD_PLANE_ROOT_H

#include "network/network.h"

/* Dies (failure) when there is no root, which needs a positive bias or a box
   without the origin. */
void dtd_plane_root(float *r /* (2) */, const struct dtd_network *network,
                    const float *x /* (2) */, float low, float high);

#endif
