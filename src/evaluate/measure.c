/* Measures heatmaps: one number each for what is asked of them. */
#include "evaluate/measure.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* What sums of floats in double may be off by, relatively. */
#define ROUNDING 1e-12

/* 1 % and 10 % of the pixels, rounded up. */
enum {
  TOP_PIXELS = (DTD_PAIR_PIXELS + 99) / 100,
  TOP_TENTH = (DTD_PAIR_PIXELS + 9) / 10
};

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
  double enough = share * positive * (1 - ROUNDING), held = 0;
  int pixels = 0;
  while (pixels < DTD_PAIR_PIXELS && held < enough) held += sorted[pixels++];
  return pixels;
}

static double top_share(const double *sorted, double positive) {
  double held = 0;
  for (int p = 0; p < TOP_PIXELS && sorted[p] > 0; p++) held += sorted[p];
  return held / positive;
}

/* How many of the K strongest pixels are `chosen`. Pixels that tie for the last
   places share them equally, so that the count may be a fraction. */
static double chosen_among_strongest(const float *R_p, const double *sorted,
                                     int K, const bool *chosen) {
  int above = 0, tied = 0, chosen_above = 0, chosen_tied = 0;
  double last = sorted[K - 1];
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) {
    if ((double)R_p[p] > last) above++, chosen_above += chosen[p];
    if ((double)R_p[p] == last) tied++, chosen_tied += chosen[p];
  }
  return chosen_above + (double)(K - above) / tied * chosen_tied;
}

/* Where the strongest pixels are, of a pair with one target. */
static void measure_strongest(struct dtd_measures *m, const float *R_p,
                              const double *sorted, const float *image,
                              int side) {
  bool ink[DTD_PAIR_PIXELS], distractor[DTD_PAIR_PIXELS];
  int K = 0; /* the target's ink */
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) {
    ink[p] = on_side(p, side) && is_ink(image, p);
    distractor[p] = !on_side(p, side);
    K += ink[p];
  }
  m->distractor_top_share =
      chosen_among_strongest(R_p, sorted, TOP_TENTH, distractor) / TOP_TENTH;
  if (!K) return;
  m->rank_accuracy = chosen_among_strongest(R_p, sorted, K, ink) / K;
  m->ink_coverage =
      chosen_among_strongest(R_p, sorted, (int)m->spread, ink) / K;
}

/* The mean relevance where ink never is; NAN when ink may be anywhere. */
static double floor_of(const float *R_p, const bool *never_inked) {
  double sum = 0;
  int pixels = 0;
  for (int p = 0; p < DTD_PAIR_PIXELS; p++)
    if (never_inked[p]) sum += (double)R_p[p], pixels++;
  return pixels ? fmax(0, sum / pixels) : NAN;
}

/* The share of max(0, R_p - floor) on a side; NAN when nothing is above it. */
static double share_above(double floor, const float *R_p, int side) {
  double all = 0, on_it = 0;
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) {
    double above = fmax(0, (double)R_p[p] - floor);
    all += above;
    if (on_side(p, side)) on_it += above;
  }
  return all > 0 ? on_it / all : NAN;
}

/* (sum r)^2 / (K sum r^2) over the target's ink (Cauchy-Schwarz: at most 1). */
static double ink_evenness(const float *R_p, const float *image, int side) {
  double sum = 0, squares = 0;
  int K = 0;
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) {
    if (!on_side(p, side) || !is_ink(image, p)) continue;
    double r = fmax(0, (double)R_p[p]);
    K++, sum += r, squares += r * r;
  }
  return squares > 0 ? sum * sum / (K * squares) : NAN;
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
  if (located) measure_strongest(m, R_p, sorted, image, side);
  if (isnan(floor)) return;
  m->floor_share = fmin(1, floor * DTD_PAIR_PIXELS / m->positive);
  if (!located) return;
  m->target_share_above_floor = share_above(floor, R_p, side);
  m->distractor_share_above_floor = share_above(floor, R_p, !side);
}

struct dtd_measures dtd_measure(const float *R_p, double f, const float *image,
                                const struct dtd_pair *pair,
                                const bool *never_inked) {
  int side = pair->is_target[1]; /* the target's, when there is just one */
  double on_target = 0, on_ink = 0, on_other_ink = 0, on_black = 0;
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
    if (on_side(p, !side) && near_ink(image, p, !side)) on_other_ink += R_p[p];
    if (never_inked[p]) on_black += R_p[p];
  }
  bool located = pair->is_target[0] != pair->is_target[1] && m.positive > 0;
  if (located) {
    m.target_share = on_target / m.positive;
    m.ink_share = on_ink / m.positive;
    m.distractor_share = 1 - m.target_share;
    m.target_found = m.target_share > 0.5 * (1 + ROUNDING);
    m.distractor_ink_share = on_other_ink / m.positive;
    m.distractor_share_of_ink = on_other_ink / (on_ink + on_other_ink);
    m.ink_evenness = ink_evenness(R_p, image, side);
  }
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
