/* Student's t distribution, and the interval it gives for a mean. */
#include "evaluate/student_t.h"

#include <math.h>

#include "base/elementary.h"

static const double pi = 3.14159265358979323846;

/* A(t|nu) where t = sqrt(nu) tan theta (26.7.3, 26.7.4). */
static double within_angle(double theta, int freedom) {
  double cosine = dtd_cos(theta), sine = dtd_sin(theta);
  int odd = freedom % 2;
  double term = odd ? cosine : 1, sum = 0;
  for (int n = odd ? 1 : 0; n <= freedom - 2; n += 2) {
    sum += term;
    term *= (double)(n + 1) / (n + 2) * cosine * cosine;
  }
  return odd ? 2 / pi * (theta + sine * sum) : sine * sum;
}

double dtd_student_t_within(double t, int freedom) {
  return within_angle(atan(t / sqrt(freedom)), freedom);
}

double dtd_student_t_bound(double within, int freedom) {
  double low = 0, high = pi / 2;
  for (;;) {
    double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high)
      return sqrt(freedom) * dtd_sin(low) / dtd_cos(low);
    if (within_angle(middle, freedom) < within)
      low = middle;
    else
      high = middle;
  }
}

struct dtd_mean_interval dtd_student_t_interval(const double *values, int n) {
  struct dtd_mean_interval found = {NAN, NAN, NAN, NAN, n};
  if (n < 1) return found;
  double sum = 0, squares = 0;
  for (int i = 0; i < n; i++) sum += values[i];
  found.mean = sum / n;
  if (n < 2) return found;
  for (int i = 0; i < n; i++)
    squares += (values[i] - found.mean) * (values[i] - found.mean);
  found.deviation = sqrt(squares / (n - 1));
  double reach = dtd_student_t_bound(0.95, n - 1) * found.deviation / sqrt(n);
  found.low = found.mean - reach;
  found.high = found.mean + reach;
  return found;
}
