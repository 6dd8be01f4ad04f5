/* Measures heatmaps, and says how sure the measures are. */
#include "evaluate/measure.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/rng.h"

/* 1 % of the pixels, rounded up. */
enum { TOP_PIXELS = (DTD_PAIR_PIXELS + 99) / 100 };

/* ---- all measures by name ---- */

static const struct column {
  const char *name;
  size_t offset;
} columns[] = {
#define COLUMN(name) {#name, offsetof(struct dtd_measures, name)},
    DTD_MEASURES(COLUMN)
#undef COLUMN
};
enum { COLUMNS = sizeof columns / sizeof *columns };

const char *dtd_measure_name(int n) {
  return n < COLUMNS ? columns[n].name : NULL;
}

double dtd_measure_value(const struct dtd_measures *measures, int n) {
  double value;
  memcpy(&value, (const char *)measures + columns[n].offset, sizeof value);
  return value;
}

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

static int ascending(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

/* The relevances of a heatmap from the strongest to the weakest. */
static void sort_strongest_first(double *sorted, const float *R_p) {
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) sorted[p] = -(double)R_p[p];
  qsort(sorted, DTD_PAIR_PIXELS, sizeof *sorted, ascending);
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) sorted[p] = -sorted[p];
}

/* The fewest pixels that hold this share of the positive relevance. */
static int pixels_holding(double share, const double *sorted, double positive) {
  double enough = share * positive * (1 - 1e-12), held = 0; /* rounding */
  int pixels = 0;
  while (pixels < DTD_PAIR_PIXELS && held < enough) held += sorted[pixels++];
  return pixels;
}

static double top_share(const double *sorted, double positive) {
  double held = 0;
  for (int p = 0; p < TOP_PIXELS && sorted[p] > 0; p++) held += sorted[p];
  return held / positive;
}

/* |strongest K pixels and target ink| / K; NAN without ink. */
static double rank_accuracy(const float *R_p, const double *sorted,
                            const float *image, int side) {
  int K = 0, above = 0, tied = 0, ink_above = 0, ink_tied = 0;
  for (int p = 0; p < DTD_PAIR_PIXELS; p++)
    K += on_side(p, side) && is_ink(image, p);
  if (!K) return NAN;
  double last = sorted[K - 1];
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) {
    bool ink = on_side(p, side) && is_ink(image, p);
    if ((double)R_p[p] > last) above++, ink_above += ink;
    if ((double)R_p[p] == last) tied++, ink_tied += ink;
  }
  return (ink_above + (double)(K - above) / tied * ink_tied) / K;
}

/* The mean relevance where ink never is; NAN when ink may be anywhere. */
static double floor_of(const float *R_p, const bool *never_inked) {
  double sum = 0;
  int pixels = 0;
  for (int p = 0; p < DTD_PAIR_PIXELS; p++)
    if (never_inked[p]) sum += (double)R_p[p], pixels++;
  return pixels ? fmax(0, sum / pixels) : NAN;
}

/* The target_share of max(0, R_p - floor); NAN when nothing is above it. */
static double share_above(double floor, const float *R_p, int side) {
  double all = 0, on_target = 0;
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) {
    double above = fmax(0, (double)R_p[p] - floor);
    all += above;
    if (on_side(p, side)) on_target += above;
  }
  return all > 0 ? on_target / all : NAN;
}

/* The measures for which a heatmap is sorted or its floor is taken. */
static void measure_distribution(struct dtd_measures *m, const float *R_p,
                                 const float *image, bool located, int side,
                                 const bool *never_inked) {
  double sorted[DTD_PAIR_PIXELS], floor = floor_of(R_p, never_inked);
  if (!(m->positive > 0)) return;
  sort_strongest_first(sorted, R_p);
  m->spread = pixels_holding(0.9, sorted, m->positive);
  m->top_share = top_share(sorted, m->positive);
  if (located) m->rank_accuracy = rank_accuracy(R_p, sorted, image, side);
  if (isnan(floor)) return;
  m->floor_share = fmin(1, floor * DTD_PAIR_PIXELS / m->positive);
  if (located) m->target_share_above_floor = share_above(floor, R_p, side);
}

struct dtd_measures dtd_measure(const float *R_p, double f, const float *image,
                                const struct dtd_pair *pair,
                                const bool *never_inked) {
  int side = pair->is_target[1]; /* the target's, when there is just one */
  double on_target = 0, on_ink = 0, on_black = 0;
  bool any_black = false;
#define UNKNOWN(name) .name = NAN,
  struct dtd_measures m = {DTD_OBSERVABLES(UNKNOWN).f = f, .entered = NAN};
#undef UNKNOWN
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) {
    m.sum_r += R_p[p];
    any_black |= never_inked[p];
    if (R_p[p] < 0) m.negative -= R_p[p];
    if (!(R_p[p] > 0)) continue;
    m.positive += R_p[p];
    if (on_side(p, side)) on_target += R_p[p];
    if (on_side(p, side) && near_ink(image, p, side)) on_ink += R_p[p];
    if (never_inked[p]) on_black += R_p[p];
  }
  bool located = pair->is_target[0] != pair->is_target[1] && m.positive > 0;
  if (located) m.target_share = on_target / m.positive;
  if (located) m.ink_share = on_ink / m.positive;
  if (located) m.distractor_share = 1 - m.target_share;
  if (any_black && m.positive > 0) m.black_share = on_black / m.positive;
  measure_distribution(&m, R_p, image, located, side, never_inked);
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

/* The square of the root, so that both are rounded alike. */
double dtd_mean_square(const double *a, const double *b, const int *index,
                       int n) {
  double root = dtd_root_mean_square(a, b, index, n);
  return root * root;
}

double dtd_maximum(const double *a, const double *b, const int *index, int n) {
  (void)b;
  double largest = -INFINITY;
  for (int i = 0; i < n; i++) largest = fmax(largest, a[index[i]]);
  return largest;
}

double dtd_median(const double *a, const double *b, const int *index, int n) {
  (void)b;
  double *sorted = dtd_new((size_t)n, sizeof *sorted);
  for (int i = 0; i < n; i++) sorted[i] = a[index[i]];
  qsort(sorted, (size_t)n, sizeof *sorted, ascending);
  double middle = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  dtd_free(sorted);
  return middle;
}

double dtd_ratio(const double *a, const double *b, const int *index, int n) {
  return dtd_mean(a, NULL, index, n) / dtd_mean(b, NULL, index, n);
}

double dtd_difference(const double *a, const double *b, const int *index,
                      int n) {
  return dtd_mean(a, NULL, index, n) - dtd_mean(b, NULL, index, n);
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

double dtd_variation_ratio(const double *a, const double *b, const int *index,
                           int n) {
  return dtd_variation(a, NULL, index, n) / dtd_variation(b, NULL, index, n);
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
      dtd_free(index);
    }
    qsort(drawn, (size_t)resamples, sizeof *drawn, ascending);
    estimate.value = statistic(a, b, valid, n);
    estimate.low = quantile(drawn, resamples, 0.025);
    estimate.high = quantile(drawn, resamples, 0.975);
    dtd_free(drawn);
  }
  dtd_free(valid);
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
  dtd_free(histogram->count);
}
