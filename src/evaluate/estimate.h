/* Statistics of many numbers, with intervals that say how sure they are.

   A statistic of one number an example comes with a bootstrap interval: the
   examples are drawn again with replacement, and the middle 95 % of the
   statistics so obtained is reported (Efron 1979, the percentile method). */
#ifndef DTD_ESTIMATE_H
#define DTD_ESTIMATE_H

#include <stdint.h>

/* A statistic of n numbers a, and for some b: those that index (n) selects. */
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

#endif
