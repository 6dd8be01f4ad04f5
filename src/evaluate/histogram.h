/* How often values fall into equal bins around 0. */
#ifndef DTD_HISTOGRAM_H
#define DTD_HISTOGRAM_H

/* Counts values in 2 * half equal bins around 0: bin half + i holds
   (i width, (i + 1) width], bin half - 1 - i the mirror image; the width is
   max |value| / half. Exact zeros are counted apart. */
struct dtd_histogram {
  int half;
  double width;
  long zeros;
  long *count; /* (2 half) */
};

struct dtd_histogram dtd_histogram(const float *values, long count, int half);
void dtd_histogram_free(struct dtd_histogram *histogram);

#endif
