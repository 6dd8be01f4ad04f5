/* The natural decomposition of a sum of one-input functions, R_p =
   sigma_p(x_p).

   Section 2.1, Eq. 3:

       f(x) = sum_p sigma_p(x_p),    R_p(x) = sigma_p(x_p).

   A one-layer network with sum pooling (Eq. 7) is such a sum when each of its
   detection units reads one input: unit j belongs to the input p(j) that it
   reads, and

       sigma_p(x_p) = sum_{j: p(j) = p} max(0, x_p w_pj + b_j),

   which is piecewise linear, and zero where all of its units are: the
   deactivated state of p. The decomposition is read off the structure and needs
   no root point and no rule, but there is none as soon as a unit reads two
   inputs.

   | paper        | C                     | shape            |
   |--------------|-----------------------|------------------|
   | x_j          | act->detection[0]     | (batch, units)   |
   | sigma_p, R_p | R_p                   | (batch, inputs)  |
*/
#ifndef DTD_NATURAL_DECOMPOSITION_H
#define DTD_NATURAL_DECOMPOSITION_H

#include <stdbool.h>

#include "network/network.h"

/* ---- inspect ---- */

/* Whether f is a sum of one-input functions by its structure: one layer, norm
   1, each unit reading one input (or none and always 0). */
bool dtd_is_natural_sum(const struct dtd_network *network);

/* ---- compute ---- */

/* R_p of the batch whose forward pass is in `act` (Eq. 3). Dies (usage) when
   the network is not a natural sum. */
void dtd_natural_decomposition(float *R_p /* (batch, inputs) */,
                               const struct dtd_network *network,
                               const struct dtd_activations *act);

#endif
