/* Measures heatmaps, and says how sure the measures are.

   Each measure of one heatmap is a number; a statistic of many such numbers
   comes with a bootstrap interval: the examples are drawn again with
   replacement, and the middle 95 % of the statistics so obtained is reported
   (Efron 1979, the percentile method).

   | measure          | meaning                                               |
   |------------------|-------------------------------------------------------|
   | sum              | sum_p R_p, which conservation wants equal to f        |
   | positive         | sum_p max(0, R_p)                                     |
   | negative         | sum_p max(0, -R_p), which positivity wants 0          |
   | target_share     | positive relevance on the target's half / positive    |
   | ink_share        | the same for the target's ink, dilated by one pixel   |
   | distractor_share | the same for the other half                           |
   | black_share      | the same for pixels black in every training digit     |
   | rank_accuracy    | |strongest K pixels and target ink| / K, K = |ink|    |
   | spread           | fewest pixels that hold 90 % of the positive          |
   | top_share        | positive relevance on the strongest 1 % of pixels     |
   | floor_share      | floor * pixels / positive, at most 1                  |
   | ..._above_floor  | target_share of max(0, R_p - floor)                   |

   The floor of a heatmap is the mean relevance of the pixels that are black in
   every training digit, which carry no information; a mean below 0 is no floor.
   Pixels that tie for the last of the strongest K places share what places are
   left equally, so that no order among equals decides. */
#ifndef DTD_MEASURE_H
#define DTD_MEASURE_H

#include <stdbool.h>
#include <stdint.h>

#include "files/pairs.h"

/* The measures of one heatmap; shares are NAN where they make no sense: without
   positive relevance, without exactly one target, or, of black pixels, where
   each has ink in some training digit. */
struct dtd_measures {
  double f, sum, positive, negative;
  double target_share, ink_share, distractor_share, black_share;
  double rank_accuracy, spread, top_share;
  double floor_share, target_share_above_floor;

  /* What takes more than the heatmap; NAN until whoever knows it sets it. */
  double entered; /* sum_j R_j of the first layer, if the method has such */
  double flipping_area, flipping_gain, aopc, aopc_gain; /* see flipping.h */
  double flipping_area_early, flipping_gain_early, aopc_early, aopc_gain_early;
  double continuity, continuity_relative; /* see continuity.h */
  double randomised_top, randomised_all;  /* randomisation.h */
  double rank_correlation_free; /* with the heatmap of deep-taylor-free */
};

struct dtd_measures
dtd_measure(const float *R_p /* (28, 56) */, double f,
            const float *image /* (28, 56), black at DTD_PIXEL_LOW */,
            const struct dtd_pair *pair,
            const bool *never_inked /* (28, 56) */);

/* Which pixels of a pair are black in every digit of a data set, as shipped. */
void dtd_never_inked(bool *never_inked /* (28, 56) */,
                     const struct dtd_digits *digits);

/* ---- statistics of many numbers, a and for some b (n), over index (n) ---- */

/* A statistic of the n observations that `index` selects. */
typedef double dtd_statistic(const double *a, const double *b, const int *index,
                             int n);

dtd_statistic dtd_mean;             /* of a */
dtd_statistic dtd_median;           /* of a */
dtd_statistic dtd_maximum;          /* of a */
dtd_statistic dtd_mean_square;      /* of a */
dtd_statistic dtd_root_mean_square; /* of a */
dtd_statistic dtd_variation;        /* standard deviation of a / mean of a */
dtd_statistic dtd_ratio;            /* sum of a / sum of b */
dtd_statistic dtd_difference;       /* mean of a - b */
dtd_statistic dtd_variation_ratio;  /* variation of a / variation of b */
dtd_statistic dtd_correlation;      /* Pearson's, of a and b */
dtd_statistic dtd_slope;            /* least squares, of a on b */

struct dtd_estimate {
  double value, low, high; /* the statistic and its 95 % interval */
  int n;                   /* observations used */
};

/* The statistic of the observations whose a (and b, if not null) is not NAN,
   with its interval from `resamples` draws of the stream "bootstrap" of `seed`.
   All NAN when there are none. */
struct dtd_estimate dtd_estimate(dtd_statistic *statistic, const double *a,
                                 const double *b, int count, int resamples,
                                 uint64_t seed);

/* ---- histograms ---- */

/* Counts values in 2 * half equal bins around 0: bin half + i holds
   (i width, (i + 1) width], bin half - 1 - i the mirror image; the width is
   max |value| / half. Exact zeros are counted apart. */
struct dtd_histogram {
  int half;
  double width;
  long zeros;
  long *count; /* (2 half) */
};

struct dtd_histogram dtd_histogram(const float *values, long count, int half);
void dtd_histogram_free(struct dtd_histogram *histogram);

#endif
