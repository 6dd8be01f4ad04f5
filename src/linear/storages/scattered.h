/* The way back where channels are few, as below pixels: each position sends.

   A sum over a window would have few maps, and vectors would hold positions,
   of which none can be skipped. So the position r sends

       c_i,u(r) = sum_o d_o(r) w_o,i(u)    to    d_x_i(s r + d u - p),

   rows and columns alike: a product with channels times window maps, which
   skips zeros, and additions, position by position from the first row on. */
#ifndef DTD_SCATTERED_H
#define DTD_SCATTERED_H

#include "linear/storages/passes.h"

/* Whether that is faster. */
bool dtd_scattering_pays(const struct dtd_convolution_shape *shape);

struct dtd_passes *
dtd_passes_scattered(const struct dtd_convolution_shape *shape);

#endif
