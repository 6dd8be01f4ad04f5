/* Sums of many floats in double, in one order that runs in vectors.

   Sixteen accumulators take the numbers in turn, then a tree adds them up. */
#ifndef DTD_WIDE_SUM_H
#define DTD_WIDE_SUM_H

double dtd_wide_sum(const float *a, long count);

/* sum_i a_i b_i; each product is rounded to float. */
double dtd_wide_sum_of_products(const float *a, const float *b, long count);

#endif
