/* Sums of many floats in double, in one order that runs in vectors. */
#include "linear/wide_sum.h"

enum { ADDERS = 16 };

static double add_up(double *sum) {
  for (int step = ADDERS / 2; step > 0; step /= 2)
    for (int k = 0; k < step; k++) sum[k] += sum[k + step];
  return sum[0];
}

double dtd_wide_sum(const float *a, long count) {
  double sum[ADDERS] = {0};
  long whole = count / ADDERS * ADDERS;
  for (long i = 0; i < whole; i += ADDERS)
    for (int k = 0; k < ADDERS; k++) sum[k] += (double)a[i + k];
  for (long i = whole; i < count; i++) sum[i - whole] += (double)a[i];
  return add_up(sum);
}

double dtd_wide_sum_of_products(const float *a, const float *b, long count) {
  double sum[ADDERS] = {0};
  long whole = count / ADDERS * ADDERS;
  for (long i = 0; i < whole; i += ADDERS)
    for (int k = 0; k < ADDERS; k++) sum[k] += (double)(a[i + k] * b[i + k]);
  for (long i = whole; i < count; i++) sum[i - whole] += (double)(a[i] * b[i]);
  return add_up(sum);
}
