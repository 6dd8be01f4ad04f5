/* Measures how much a heatmap changes when one digit of a pair is swapped.

   An explanation of "there is a target" should follow the target and not the
   distracting digit: when another digit that is no target takes the
   distractor's place, little should change; when another target takes the
   target's, much. With x' the pair after the swap,

       change = |R(x)/|R(x)|_1 - R(x')/|R(x')|_1|_1 / 2,

   0 for equal heatmaps and 1 for heatmaps without a pixel in common, and

       ratio = change when the distractor is swapped / when the target is.

   Low is good for the ratio: it says how much the heatmap follows the
   distractor, for any scale and floor it has. The digit that comes in is that
   of the next pair of the set, so nothing is drawn at random. */
#ifndef DTD_SWAP_H
#define DTD_SWAP_H

#include "explain/explained_network.h"
#include "files/pairs.h"

struct dtd_swap {
  double distractor, target; /* the change when it is swapped */
  double ratio;
};

/* Of the first `count` of `pairs` one-target pairs x, which `method` explained
   by R_p. NAN where a heatmap is empty, there is no other pair, or, for the
   ratio, swapping the target changes nothing. */
void dtd_swaps(struct dtd_swap *swap /* (count) */,
               struct dtd_explainer *explainer, const struct dtd_method *method,
               const float *x /* (pairs, 28, 56) */,
               const struct dtd_pair *pair /* (pairs) */,
               const float *R_p /* (count, 28, 56) */, int count, int pairs);

/* The image x with its half `side` replaced by the half `other_side` of y. */
void dtd_replace_half(float *swapped /* (28, 56) */,
                      const float *x /* (28, 56) */, int side,
                      const float *y /* (28, 56) */, int other_side);

#endif
