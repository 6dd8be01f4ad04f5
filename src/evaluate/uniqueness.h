/* Measures how much heatmaps change when the arbitrary choices are made anew.

   Table 1 calls an explanation unique when it depends on no choice that the
   method leaves open. These are open, and chosen anew:

   | a method that ..    | open choice         | made anew                     |
   |---------------------|---------------------|-------------------------------|
   | searches a root     | the starting points | from starts not tried before  |
   | trains a relevance  | the initial weights | two models from two seeds, on |
   | model               |                     | the same pairs, both trained  |
   |                     |                     | equally long, the network     |
   |                     |                     | held fixed                    |
   | does neither        | none                | computed again                |

   The change of one heatmap is sum_p |R_p - R'_p| over the mean of sum_p |R_p|
   and sum_p |R'_p|: 0 between equal heatmaps, 2 between those without a common
   part. The two short trainings differ by their start alone, but have converged
   less than the model's own: they show that the start matters, not how much it
   would matter after a full training. */
#ifndef DTD_UNIQUENESS_H
#define DTD_UNIQUENESS_H

#include "evaluate/evaluation.h"
#include "network/trainer.h"

struct dtd_uniqueness_settings {
  int examples;   /* one-target pairs, at most those that were explained */
  int iterations; /* of each short training */
  /* How relevance models were trained, and are trained again. */
  struct dtd_pair_settings pairs;
  struct dtd_training_settings training;
  struct dtd_rate rate;      /* of the relevance model */
  double deviation;          /* of v_ij at the start */
  double top_down_deviation; /* of v_lj */
  uint64_t seed;
};

/* 20 and 2000; how models are trained is left to the caller. */
struct dtd_uniqueness_settings dtd_uniqueness_defaults(void);

/* The change from one heatmap to another, as above; 0 between two of zeros. */
double dtd_heatmap_change(const float *R_p /* (pixels) */,
                          const float *other /* (pixels) */, int pixels);

/* Adds the result "arbitrary_change" of every method to `evaluation`, which
   `explainer` has made. Relevance models are trained anew on pairs of
   `training_digits`. */
void dtd_uniqueness_measure(struct dtd_evaluation *evaluation,
                            struct dtd_explainer *explainer,
                            const struct dtd_digits *training_digits,
                            const struct dtd_uniqueness_settings *settings);

#endif
