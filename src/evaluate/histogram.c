/* How often values fall into equal bins around 0. */
#include "evaluate/histogram.h"

#include <math.h>

#include "base/memory.h"

struct dtd_histogram dtd_histogram(const float *values, long count, int half) {
  struct dtd_histogram h = {.half = half};
  h.count = dtd_new(2 * (size_t)half, sizeof *h.count);
  double largest = 0;
  for (long n = 0; n < count; n++)
    largest = fmax(largest, fabs((double)values[n]));
  h.width = largest / half;
  for (long n = 0; n < count; n++) {
    if (values[n] == 0) {
      h.zeros++;
      continue;
    }
    int i = (int)ceil(fabs((double)values[n]) / h.width) - 1;
    i = i < 0 ? 0 : i < half ? i : half - 1; /* rounding at the edges */
    h.count[values[n] > 0 ? half + i : half - 1 - i]++;
  }
  return h;
}

void dtd_histogram_free(struct dtd_histogram *histogram) {
  dtd_free(histogram->count);
}
