/* Measures how far heatmaps move when only what is arbitrary is chosen anew.

   Table 1 calls an explanation unique when nothing in it depends on a choice
   that the method leaves open. What is left open, and how it is chosen anew:

   | method              | open                | anew                          |
   |---------------------|---------------------|-------------------------------|
   | needs no more       | nothing             | computed again                |
   | searches a root     | the starting points | later ones, never tried yet   |
   | trains a relevance  | the initial weights | two models from two seeds, on |
   | model               |                     | the same pairs, both trained  |
   |                     |                     | equally long, the network     |
   |                     |                     | held fixed                    |

   The change of one heatmap is sum_p |R_p - R'_p| over the mean of sum_p |R_p|
   and sum_p |R'_p|: 0 when nothing moved, 2 when nothing stayed. The two short
   trainings differ by their start alone, but are further from converged than
   the model's own; what they show is that the start matters, not how much it
   would matter in the end. */
#ifndef DTD_UNIQUENESS_H
#define DTD_UNIQUENESS_H

#include "config.h"
#include "evaluation.h"

struct dtd_uniqueness_settings {
  int examples;   /* one-target pairs, at most those that were explained */
  int iterations; /* of each short training */
};

/* 20 and 2000. */
struct dtd_uniqueness_settings dtd_uniqueness_defaults(void);

/* The change from one heatmap to another, as above; 0 between two of zeros. */
double dtd_heatmap_change(const float *R_p /* (pixels) */,
                          const float *other /* (pixels) */, int pixels);

/* Adds the result "arbitrary_change" of every method to `evaluation`, which
   `explainer` has made; `settings` say how relevance models are trained, on
   pairs of `training_digits`. */
void dtd_uniqueness_measure(struct dtd_evaluation *evaluation,
                            struct dtd_explainer *explainer,
                            const struct dtd_digits *training_digits,
                            const struct dtd_settings *settings,
                            const struct dtd_uniqueness_settings *own);

#endif
