/* Random numbers for tests, and how far two rows of numbers lie apart. */
#ifndef DTD_TEST_NUMBERS_H
#define DTD_TEST_NUMBERS_H

#include "base/test.h"
#include "base/rng.h"

static inline void assert_near(double value, double wanted, double tolerance) {
  if (!(fabs(value - wanted) <= tolerance))
    fail_msg("%.17g is not %.17g within %g", value, wanted, tolerance);
}

/* Fills x (count) with uniform numbers on [low, high). */
static inline void fill_random(float *x, long count, double low, double high,
                               struct dtd_rng *rng) {
  for (long i = 0; i < count; i++)
    x[i] = (float)(low + (high - low) * dtd_rng_uniform(rng));
}

/* New such numbers, of that stream. */
static inline float *random_numbers(long count, double low, double high,
                                    uint64_t seed, const char *stream) {
  float *x = test_new((size_t)count, sizeof *x);
  struct dtd_rng rng = dtd_rng_open(seed, stream, 0);
  fill_random(x, count, low, high, &rng);
  return x;
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
