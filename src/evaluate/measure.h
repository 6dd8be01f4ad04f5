/* Measures heatmaps: one number each for what is asked of them.

   The floor of a heatmap is the mean relevance of the pixels that are black in
   every training digit, which carry no information; a mean below 0 is no floor.
   Pixels that tie for the last of the strongest K places share what places are
   left equally, so that no order among equals decides. */
#ifndef DTD_MEASURE_H
#define DTD_MEASURE_H

#include <stdbool.h>
#include <stdint.h>

#include "files/pairs.h"

/* Every measure of one heatmap, X(name), in the order of the columns of
   examples.tsv: each line is a member of struct dtd_measures and a column. To
   add one: a line at the end, and its value where the heatmap is measured. */
#define DTD_SUMS(X)                                                            \
  X(f)        /* the score */                                                  \
  X(sum_r)    /* sum_p R_p; equal to f if conserved */                         \
  X(positive) /* sum_p max(0, R_p) */                                          \
  X(negative) /* sum_p max(0, -R_p); 0 if positive */
/* These say something about a heatmap where f is confident: metric.c makes an
   observation of each. */
#define DTD_OBSERVABLES(X)                                                     \
  X(target_share)     /* positive relevance on the target's half / positive */ \
  X(ink_share)        /* on the target's ink, dilated by one pixel */          \
  X(distractor_share) /* on the other half */                                  \
  X(black_share)      /* on pixels black in every training digit */            \
  X(rank_accuracy)    /* |strongest K pixels and target ink| / K, K = |ink| */ \
  X(spread)           /* fewest pixels that hold 90 % of the positive */       \
  X(top_share)        /* positive relevance on the strongest 1 % of pixels */  \
  X(floor_share)      /* floor * pixels / positive, at most 1 */               \
  X(target_share_above_floor) /* target_share of max(0, R_p - floor) */        \
  X(flipping_area)                                                             \
  X(flipping_gain) /* flipping.h; above random order */                        \
  X(aopc)                                                                      \
  X(aopc_gain)                                                                 \
  X(continuity)                                                                \
  X(continuity_relative) /* continuity.h */                                    \
  X(randomised_top)                                                            \
  X(randomised_all)        /* randomisation.h */                               \
  X(rank_correlation_free) /* with the heatmap of deep-taylor-free */          \
  X(flipping_area_early)                                                       \
  X(flipping_gain_early)                                                       \
  X(aopc_early)                                                                \
  X(aopc_gain_early)                                                           \
  X(target_found)         /* 1 where target_share is above one half, else 0 */ \
  X(distractor_ink_share) /* on the distractor's ink, dilated by one pixel */  \
  X(distractor_top_share) /* share of the strongest tenth of the pixels that   \
                             are on the distractor's half */                   \
  X(distractor_share_above_floor) /* of max(0, R_p - floor) */                 \
  X(distractor_share_of_ink) /* distractor_ink_share / (that + ink_share) */   \
  X(ink_evenness) /* (sum r)^2 / (K sum r^2), r = max(0, R_p) on the target's  \
                     K pixels of ink: 1 if even, 1 / K if on one */            \
  X(ink_coverage) /* share of the target's ink among the fewest pixels that    \
                     hold 90 % of the positive relevance */                    \
  X(distractor_swap)                                                           \
  X(target_swap)                                                               \
  X(swap_ratio) /* swap.h */
#define DTD_MEASURES(X) DTD_SUMS(X) DTD_OBSERVABLES(X)

/* Shares are NAN where they make no sense: without positive relevance, without
   exactly one target, or, of black pixels, where each has ink in some training
   digit. What takes more than the heatmap is NAN until it is set. */
struct dtd_measures {
#define DTD_MEMBER(name) double name;
  DTD_MEASURES(DTD_MEMBER)
#undef DTD_MEMBER
  double entered; /* sum_j R_j of the first layer, if the method has such; no
                     column */
  bool left_out;  /* of every metric: made at a root that is not certified; no
                     column */
};

/* The columns of examples.tsv that hold measures: name n, null after the last,
   and its value. */
const char *dtd_measure_name(int n);
double dtd_measure_value(const struct dtd_measures *measures, int n);

/* Measures one heatmap. */
struct dtd_measures
dtd_measure(const float *R_p /* (28, 56) */, double f,
            const float *image /* (28, 56), black at DTD_PIXEL_LOW */,
            const struct dtd_pair *pair,
            const bool *never_inked /* (28, 56) */);

/* Which pixels of a pair are black in every digit of a data set, as shipped. */
void dtd_never_inked(bool *never_inked /* (28, 56) */,
                     const struct dtd_digits *digits);

#endif
