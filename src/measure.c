/* Measures heatmaps, and says how sure the measures are. */
#include "measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "rng.h"

/* ---- one heatmap ---- */

static bool on_side(int p, int side) {
  return p % DTD_PAIR_COLUMNS / DTD_DIGIT_SIDE == side;
}

static bool is_ink(const float *image, int p) {
  return image[p] > DTD_PIXEL_LOW;
}

/* Whether a pixel of the side, at most one away in each direction, has ink. */
static bool near_ink(const float *image, int p, int side) {
  int row = p / DTD_PAIR_COLUMNS, column = p % DTD_PAIR_COLUMNS;
  for (int r = row - 1; r <= row + 1; r++)
    for (int c = column - 1; c <= column + 1; c++) {
      int q = r * DTD_PAIR_COLUMNS + c;
      if (r >= 0 && r < DTD_PAIR_ROWS && c >= 0 && c < DTD_PAIR_COLUMNS &&
          on_side(q, side) && is_ink(image, q))
        return true;
    }
  return false;
}

struct dtd_measures dtd_measure(const float *R_p, double f, const float *image,
                                const struct dtd_pair *pair,
                                const bool *never_inked) {
  int side = pair->is_target[1]; /* the target's, when there is just one */
  double on_target = 0, on_ink = 0, on_black = 0;
  struct dtd_measures m = {.f = f, .entered = NAN};
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) {
    m.sum += R_p[p];
    if (R_p[p] < 0) m.negative -= R_p[p];
    if (!(R_p[p] > 0)) continue;
    m.positive += R_p[p];
    if (on_side(p, side)) on_target += R_p[p];
    if (on_side(p, side) && near_ink(image, p, side)) on_ink += R_p[p];
    if (never_inked[p]) on_black += R_p[p];
  }
  bool located = pair->is_target[0] != pair->is_target[1] && m.positive > 0;
  m.target_share = located ? on_target / m.positive : NAN;
  m.ink_share = located ? on_ink / m.positive : NAN;
  m.distractor_share = located ? 1 - m.target_share : NAN;
  m.black_share = m.positive > 0 ? on_black / m.positive : NAN;
  return m;
}

void dtd_never_inked(bool *never_inked, const struct dtd_digits *digits) {
  uint8_t most[DTD_DIGIT_PIXELS] = {0};
  for (long n = 0; n < digits->count; n++)
    for (int i = 0; i < DTD_DIGIT_PIXELS; i++) {
      uint8_t byte = digits->images[n * DTD_DIGIT_PIXELS + i];
      if (byte > most[i]) most[i] = byte;
    }
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) {
    int row = p / DTD_PAIR_COLUMNS, column = p % DTD_DIGIT_SIDE;
    never_inked[p] = most[row * DTD_DIGIT_SIDE + column] == 0;
  }
}

/* ---- statistics ---- */

double dtd_mean(const double *a, const double *b, const int *index, int n) {
  (void)b;
  double sum = 0;
  for (int i = 0; i < n; i++) sum += a[index[i]];
  return sum / n;
}

double dtd_root_mean_square(const double *a, const double *b, const int *index,
                            int n) {
  (void)b;
  double sum = 0;
  for (int i = 0; i < n; i++) sum += a[index[i]] * a[index[i]];
  return sqrt(sum / n);
}

double dtd_maximum(const double *a, const double *b, const int *index, int n) {
  (void)b;
  double largest = -INFINITY;
  for (int i = 0; i < n; i++) largest = fmax(largest, a[index[i]]);
  return largest;
}

static int ascending(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

double dtd_median(const double *a, const double *b, const int *index, int n) {
  (void)b;
  double *sorted = dtd_new((size_t)n, sizeof *sorted);
  for (int i = 0; i < n; i++) sorted[i] = a[index[i]];
  qsort(sorted, (size_t)n, sizeof *sorted, ascending);
  double middle = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  free(sorted);
  return middle;
}

double dtd_ratio(const double *a, const double *b, const int *index, int n) {
  return dtd_mean(a, NULL, index, n) / dtd_mean(b, NULL, index, n);
}

/* sum (a - mean a)(b - mean b) / n */
static double covariance(const double *a, const double *b, const int *index,
                         int n) {
  double mean_a = dtd_mean(a, NULL, index, n), sum = 0;
  double mean_b = dtd_mean(b, NULL, index, n);
  for (int i = 0; i < n; i++)
    sum += (a[index[i]] - mean_a) * (b[index[i]] - mean_b);
  return sum / n;
}

double dtd_variation(const double *a, const double *b, const int *index,
                     int n) {
  (void)b;
  return sqrt(covariance(a, a, index, n)) / dtd_mean(a, NULL, index, n);
}

double dtd_correlation(const double *a, const double *b, const int *index,
                       int n) {
  return covariance(a, b, index, n) /
         sqrt(covariance(a, a, index, n) * covariance(b, b, index, n));
}

double dtd_slope(const double *a, const double *b, const int *index, int n) {
  return covariance(a, b, index, n) / covariance(b, b, index, n);
}

/* The value below which a share of the sorted values lies, interpolated. */
static double quantile(const double *sorted, int n, double share) {
  double position = share * (n - 1);
  int below = (int)position;
  int above = below + 1 < n ? below + 1 : below;
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

struct dtd_estimate dtd_estimate(dtd_statistic *statistic, const double *a,
                                 const double *b, int count, int resamples,
                                 uint64_t seed) {
  int *valid = dtd_new((size_t)count, sizeof *valid), n = 0;
  for (int i = 0; i < count; i++)
    if (!isnan(a[i]) && !(b && isnan(b[i]))) valid[n++] = i;
  struct dtd_estimate estimate = {NAN, NAN, NAN, n};
  if (n) {
    double *drawn = dtd_new((size_t)resamples, sizeof *drawn);
#pragma omp parallel
    {
      int *index = dtd_new((size_t)n, sizeof *index);
#pragma omp for schedule(static)
      for (int r = 0; r < resamples; r++) {
        struct dtd_rng rng = dtd_rng_open(seed, "bootstrap", (uint64_t)r);
        for (int i = 0; i < n; i++)
          index[i] = valid[dtd_rng_below(&rng, (uint32_t)n)];
        drawn[r] = statistic(a, b, index, n);
      }
      free(index);
    }
    qsort(drawn, (size_t)resamples, sizeof *drawn, ascending);
    estimate.value = statistic(a, b, valid, n);
    estimate.low = quantile(drawn, resamples, 0.025);
    estimate.high = quantile(drawn, resamples, 0.975);
    free(drawn);
  }
  free(valid);
  return estimate;
}

/* ---- histograms ---- */

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
  free(histogram->count);
}
