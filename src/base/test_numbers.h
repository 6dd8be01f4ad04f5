/* Random numbers for tests, and how far two rows of numbers lie apart. */
#ifndef DTD_TEST_NUMBERS_H
#define DTD_TEST_NUMBERS_H

#include <math.h>

#include "base/rng.h"

/* Fills x (count) with uniform numbers on [low, high). */
static inline void fill_random(float *x, long count, double low, double high,
                               struct dtd_rng *rng) {
  for (long i = 0; i < count; i++)
    x[i] = (float)(low + (high - low) * dtd_rng_uniform(rng));
}

static inline void widen(double *wide, const float *x, long count) {
  for (long i = 0; i < count; i++) wide[i] = (double)x[i];
}

/* Largest |a - b| relative to the largest |b|; NaN when one of either is. */
static inline double relative_distance(const float *a, const double *b,
                                       long count) {
  double difference = 0, largest = 0;
  for (long i = 0; i < count; i++) {
    if (isnan((double)a[i] - b[i])) return NAN;
    difference = fmax(difference, fabs((double)a[i] - b[i]));
    largest = fmax(largest, fabs(b[i]));
  }
  return largest > 0 ? difference / largest : difference;
}

#endif
