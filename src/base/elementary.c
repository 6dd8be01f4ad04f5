/* Elementary functions that are the same bits everywhere.

   Each argument is brought near 0 by an exact or compensated step, where a few
   terms of the Taylor series are enough. frexp, ldexp, floor, fabs and sqrt are
   the C library's: they are exact or correctly rounded, the same everywhere. */
#include "base/elementary.h"

#include <math.h>

/* ln 2 and pi / 2 as sums: the first part has zeros at its end, so that a small
   integer times it is exact. */
static const double ln2_high = 0x1.62e42fefap-1,
                    ln2_low = 0x1.cf79abc9e3b3ap-40;
static const double quarter_high = 0x1.921fb544p+0,
                    quarter_low = 0x1.0b4611a626331p-34;

/* c[0] + t (c[1] + t (c[2] + ...)) */
static double horner(const double *c, int count, double t) {
  double sum = 0;
  for (int n = count - 1; n >= 0; n--) sum = sum * t + c[n];
  return sum;
}

/* With m = 2^-e x in [sqrt 1/2, sqrt 2) and s = (m - 1) / (m + 1),
   log x = e ln 2 + 2 s (1 + s^2 / 3 + s^4 / 5 + ...), |s| < 0.172. */
double dtd_log(double x) {
  static const double series[] = {1,        1 / 3.0,  1 / 5.0,  1 / 7.0,
                                  1 / 9.0,  1 / 11.0, 1 / 13.0, 1 / 15.0,
                                  1 / 17.0, 1 / 19.0, 1 / 21.0, 1 / 23.0};
  int e;
  if (!(x > 0)) return x == 0 ? -INFINITY : NAN;
  if (isinf(x)) return x;
  double m = frexp(x, &e); /* in [1/2, 1) */
  if (m < 0.70710678118654752) m *= 2, e--;
  double s = (m - 1) / (m + 1);
  double near_one = 2 * s * horner(series, 12, s * s);
  return e * ln2_high + (near_one + e * ln2_low);
}

/* With x = n ln 2 + r, |r| <= ln 2 / 2, e^x = 2^n (1 + r + r^2 / 2! + ...). */
double dtd_exp(double x) {
  static const double series[] = {1,
                                  1,
                                  1 / 2.0,
                                  1 / 6.0,
                                  1 / 24.0,
                                  1 / 120.0,
                                  1 / 720.0,
                                  1 / 5040.0,
                                  1 / 40320.0,
                                  1 / 362880.0,
                                  1 / 3628800.0,
                                  1 / 39916800.0,
                                  1 / 479001600.0,
                                  1 / 6227020800.0};
  if (isnan(x)) return x;
  if (x > 710) return INFINITY;
  if (x < -746) return 0;
  double n = floor(x / (ln2_high + ln2_low) + 0.5);
  double r = x - n * ln2_high - n * ln2_low;
  return ldexp(horner(series, 14, r), (int)n);
}

double dtd_pow(double x, double y) {
  if (y == 0 || x == 1) return 1;
  if (x == 0) return y > 0 ? 0 : INFINITY;
  return dtd_exp(y * dtd_log(x));
}

/* cos r and sin r, |r| <= pi / 4. */
static double near_cos(double r) {
  static const double series[] = {1,
                                  -1 / 2.0,
                                  1 / 24.0,
                                  -1 / 720.0,
                                  1 / 40320.0,
                                  -1 / 3628800.0,
                                  1 / 479001600.0,
                                  -1 / 87178291200.0,
                                  1 / 20922789888000.0};
  return horner(series, 9, r * r);
}

static double near_sin(double r) {
  static const double series[] = {1,
                                  -1 / 6.0,
                                  1 / 120.0,
                                  -1 / 5040.0,
                                  1 / 362880.0,
                                  -1 / 39916800.0,
                                  1 / 6227020800.0,
                                  -1 / 1307674368000.0,
                                  1 / 355687428096000.0};
  return r * horner(series, 9, r * r);
}

/* The cosine of angle - shift pi / 2: with angle = n pi / 2 + r, |r| <= pi / 4,
   it is that of r + (n - shift) pi / 2. */
static double shifted_cos(double angle, int shift) {
  double n = floor(angle / (quarter_high + quarter_low) + 0.5);
  double r = angle - n * quarter_high - n * quarter_low;
  switch (((int)n - shift) & 3) {
  case 0:
    return near_cos(r);
  case 1:
    return -near_sin(r);
  case 2:
    return -near_cos(r);
  default:
    return near_sin(r);
  }
}

double dtd_cos(double angle) {
  return shifted_cos(angle, 0);
}

double dtd_sin(double angle) {
  return shifted_cos(angle, 1);
}
