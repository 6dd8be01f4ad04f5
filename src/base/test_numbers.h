/* Random numbers for tests, and how far two rows of numbers lie apart. */
#ifndef DTD_TEST_NUMBERS_H
#define DTD_TEST_NUMBERS_H

#include "base/test.h"
#include "base/rng.h"

static inline void assert_near(double value, double wanted, double tolerance) {
  if (!(fabs(value - wanted) <= tolerance))
    fail_msg("%.17g is not %.17g within %g", value, wanted, tolerance);
}

/* Up to the rounding of a few operations. */
static inline bool is_near(double a, double b) {
  return fabs(a - b) <= 1e-9 * (1 + fabs(b));
}

/* Fills x (count) with uniform numbers on [low, high). */
static inline void fill_random(float *x, long count, double low, double high,
                               struct dtd_rng *rng) {
  for (long i = 0; i < count; i++)
    x[i] = (float)(low + (high - low) * dtd_rng_uniform(rng));
}

/* New such numbers, and those of a stream. */
static inline float *new_random(long count, double low, double high,
                                struct dtd_rng *rng) {
  float *x = test_new(count, sizeof *x);
  fill_random(x, count, low, high, rng);
  return x;
}
static inline float *random_numbers(long count, double low, double high,
                                    uint64_t seed, const char *stream) {
  struct dtd_rng rng = dtd_rng_open(seed, stream, 0);
  return new_random(count, low, high, &rng);
}

static inline void widen(double *wide, const float *x, long count) {
  for (long i = 0; i < count; i++) wide[i] = x[i];
}

/* The same in new memory. */
static inline double *widened(const float *x, long count) {
  double *wide = test_new(count, sizeof *wide);
  widen(wide, x, count);
  return wide;
}

static inline double sum_of(const float *x, long count) {
  double sum = 0;
  for (long i = 0; i < count; i++) sum += x[i];
  return sum;
}

/* Largest |a - b| relative to the largest |b|; NaN when one of either is. */
static inline double relative_distance(const float *a, const double *b,
                                       long count) {
  double difference = 0, largest = 0;
  for (long i = 0; i < count; i++) {
    if (isnan(a[i] - b[i])) return NAN;
    difference = fmax(difference, fabs(a[i] - b[i]));
    largest = fmax(largest, fabs(b[i]));
  }
  return largest > 0 ? difference / largest : difference;
}

static inline void assert_small(double error, double tolerance,
                                const char *name, const char *file, int line) {
  if (error <= tolerance) return;
  print_error("%s: relative error %g, beyond %g\n", name, error, tolerance);
  _fail(file, line);
}

/* Asserts that a is b, up to `tolerance` of the largest |b|. */
#define assert_close(a, b, count, tolerance)                                   \
  assert_close_by(#a, a, b, count, tolerance)

/* The same; `name` says in a failure what was wrong. */
#define assert_close_by(name, a, b, count, tolerance)                          \
  assert_small(relative_distance(a, b, count), tolerance, name, __FILE__,      \
               __LINE__)

/* The same of two rows of float. */
#define assert_close_floats(a, b, count, tolerance)                            \
  assert_close_by(#a, a, widened(b, count), count, tolerance)

/* Asserts that two rows of numbers are the same to the last bit. */
#define assert_same_bits(a, b, count)                                          \
  assert_memory_equal(a, b, (count) * sizeof *(a))

#endif
