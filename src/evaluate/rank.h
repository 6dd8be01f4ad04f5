/* Orders values by rank, and correlates two rankings (Spearman's rho).

   Spearman's rank correlation is Pearson's correlation of the ranks, where tied
   values share the mean of the ranks they take up (midranks; Kendall 1945):

       rho = sum_i (r_i - m)(s_i - m)
             / sqrt(sum_i (r_i - m)^2 sum_i (s_i - m)^2)

   with m = (n + 1) / 2. It is the same for any increasing function of either
   side, so that heatmaps of different scale and spread compare. */
#ifndef DTD_RANK_H
#define DTD_RANK_H

#include "base/rng.h"

/* The indices of the values, the largest first; ties in an order drawn from
   `ties`, so that no index is favoured among equals. */
void dtd_order(int *order /* (n) */, const double *value /* (n) */, int n,
               struct dtd_rng *ties);

/* Midranks from 1, of the smallest value, to n. No value may be NAN. */
void dtd_midranks(double *rank /* (n) */, const float *value /* (n) */, int n);

/* Spearman's rho; NAN when all values of a side are equal. */
double dtd_rank_correlation(const float *a /* (n) */, const float *b /* (n) */,
                            int n);

#endif
