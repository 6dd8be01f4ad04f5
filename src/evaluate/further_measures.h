/* Measures that take more than one heatmap of a pair: of changed pixels, moved
   images, swapped digits, re-drawn models, and of another method.

   Each fills in measures of the first pairs of a set that `methods` methods
   have explained, and tells `progress`, which may be null, how far it is. */
#ifndef DTD_FURTHER_MEASURES_H
#define DTD_FURTHER_MEASURES_H

#include "evaluate/evaluated_set.h"

/* Flips the pixels of the first `flips` pairs (flipping.h), in each method's
   order and in random order. */
void dtd_set_flip(struct dtd_evaluated_set *set, int methods, int flips,
                  const struct dtd_network *network, uint64_t seed,
                  dtd_evaluation_progress *progress);

/* Moves images by a pixel (continuity.h): the first by->repeats of each method.
 */
void dtd_set_move(struct dtd_evaluated_set *set, int methods,
                  struct dtd_explainer *explainer,
                  dtd_evaluation_progress *progress);

/* Swaps digits (swap.h) of the first by->repeats pairs of each method. */
void dtd_set_swap(struct dtd_evaluated_set *set, int methods,
                  struct dtd_explainer *explainer,
                  dtd_evaluation_progress *progress);

/* Explains the first `repeats` pairs by models of a draw of their own
   (randomisation.h), those of a method up to its by->repeats. */
void dtd_set_randomise(struct dtd_evaluated_set *set, int methods, int repeats,
                       const struct dtd_explainer *explainer, uint64_t seed,
                       dtd_evaluation_progress *progress);

/* Compares every heatmap with that of the same pair by set->by[reference]. */
void dtd_set_compare(struct dtd_evaluated_set *set, int methods, int reference);

#endif
