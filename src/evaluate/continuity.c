/* Measures how much a heatmap changes when the image moves by one pixel. */
#include "evaluate/continuity.h"

#include <math.h>

#include "base/memory.h"
#include "evaluate/certified_heatmaps.h"
#include "files/pairs.h"

static const int moves[DTD_TRANSLATIONS][2] = {
    {-1, 0}, {1, 0}, {0, -1}, {0, 1}};

void dtd_translate(float *moved, const float *x, int down, int right) {
  for (int row = 0; row < DTD_PAIR_ROWS; row++)
    for (int column = 0; column < DTD_PAIR_COLUMNS; column++) {
      int r = row - down, c = column - right;
      bool inside =
          r >= 0 && r < DTD_PAIR_ROWS && c >= 0 && c < DTD_PAIR_COLUMNS;
      moved[row * DTD_PAIR_COLUMNS + column] =
          inside ? x[r * DTD_PAIR_COLUMNS + c] : DTD_PIXEL_LOW;
    }
}

static double size_of(const float *R) {
  double sum = 0;
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) sum += fabs((double)R[p]);
  return sum;
}

/* |R / scale - S / other|_1 */
static double change(const float *R, double scale, const float *S,
                     double other) {
  double sum = 0;
  for (int p = 0; p < DTD_PAIR_PIXELS; p++)
    sum += fabs((double)R[p] / scale - (double)S[p] / other);
  return sum;
}

double dtd_relative_change(const float *R, const float *S) {
  double scale = size_of(R), other = size_of(S);
  return scale > 0 && other > 0 ? change(R, scale, S, other) : NAN;
}

static double distance(const float *x, const float *y) {
  double sum = 0;
  for (int p = 0; p < DTD_PAIR_PIXELS; p++)
    sum += ((double)x[p] - (double)y[p]) * ((double)x[p] - (double)y[p]);
  return sqrt(sum);
}

/* The steepest change from x, with heatmap R, to its translations. */
static struct dtd_continuity steepest(const float *x, const float *R,
                                      const float *moved,
                                      const float *R_moved) {
  struct dtd_continuity c = {NAN, NAN};
  bool empty = false;
  for (int t = 0; t < DTD_TRANSLATIONS; t++) {
    const float *S = R_moved + (long)t * DTD_PAIR_PIXELS;
    double away = distance(x, moved + (long)t * DTD_PAIR_PIXELS);
    double relative = dtd_relative_change(R, S);
    if (!(away > 0) || isnan(S[0])) continue; /* NAN: not certified */
    empty = empty || isnan(relative);
    c.absolute = fmax(c.absolute, change(R, 1, S, 1) / away);
    c.relative = empty ? NAN : fmax(c.relative, relative / away);
  }
  return c;
}

void dtd_continuity(struct dtd_continuity *continuity,
                    struct dtd_explainer *explainer,
                    const struct dtd_method *method, const float *x,
                    const float *R_p, int count) {
  size_t all = (size_t)count * DTD_TRANSLATIONS * DTD_PAIR_PIXELS;
  const long each = DTD_TRANSLATIONS * DTD_PAIR_PIXELS;
  float *moved = dtd_new(all, sizeof *moved), *R = dtd_new(all, sizeof *R);
  for (long n = 0; n < count; n++)
    for (int t = 0; t < DTD_TRANSLATIONS; t++)
      dtd_translate(moved + n * each + (long)t * DTD_PAIR_PIXELS,
                    x + n * DTD_PAIR_PIXELS, moves[t][0], moves[t][1]);
  dtd_certified_heatmaps(R, explainer, method, moved, count * DTD_TRANSLATIONS);
  for (long n = 0; n < count; n++)
    continuity[n] = steepest(x + n * DTD_PAIR_PIXELS, R_p + n * DTD_PAIR_PIXELS,
                             moved + n * each, R + n * each);
  dtd_free(moved);
  dtd_free(R);
}
