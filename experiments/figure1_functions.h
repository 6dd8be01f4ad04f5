/* The functions that figure1 explains: the one place to change.

   A function is a row of the table, and each of its detection units a triple
   {w_1, w_2, b}, one max(0, w_1 x_1 + w_2 x_2 + b) with b <= 0 (Eq. 7). No
   derivative is written down. A curve is as many units as it has kinks:
   {1, 0, 0}, {1, 0, -0.5f}, {1, 0, -1} .. bend upwards like a parabola. After a
   change:

       make && build/bin/figure1 --out results/figure1
       scripts/plot.sh results/figure1

   The figure has a row of panels for each function. Contour lines show f, and
   the arrow at x is R(x) = (R_1, R_2). What it shows:

   sum     Each unit reads one input, so f = sigma_1(x_1) + sigma_2(x_2), and
           the natural decomposition R_p = sigma_p(x_p) exists (section 2.1):
           it is continuous and grows with f. Sensitivity jumps where f bends
           and is constant in between, though f is not. Taylor decomposition
           (2.2) uses the slope at the nearest root alone, so the steeper slope
           beyond x_2 = 1 is lost. Deep Taylor decomposition (4) expands each
           unit at a root of its own and equals the natural decomposition.

   mixed   Units read both inputs; no natural decomposition exists. Sensitivity
           and Taylor decomposition jump between regions, and Taylor's
           relevances do not sum to f and can be negative. Deep Taylor's are
           continuous, never negative, and sum to f. */
#ifndef FIGURE1_FUNCTIONS_H
#define FIGURE1_FUNCTIONS_H

#include "explain/plane_function.h"

static const struct dtd_plane_function functions[] = {
    {"sum", {{1, 0, 0}, {0, 1, 0}, {0, 1, -1}}},
    {"mixed", {{1, 0.5f, 0}, {-0.5f, 1, -0.5f}, {1, 0, -1}}},
};

/* They are shown for LOW <= x_1, x_2 <= HIGH. */
static const float LOW = -2, HIGH = 2;

#endif
