/* Measures of photos' heatmaps, for the statements of section 6.2. */
#include "evaluate/photo_measures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
  OFF = 3,   /* pixels from an edge to what is beside it */
  EDGES = 20 /* one pixel in so many is on an edge */
};

static double positive(double x) {
  return x > 0 ? x : 0;
}

/* ---- cells ---- */

/* The cell of pixel n of `length`, or -1 outside of the central part. */
static int cell_of(int n, int length, double part, int grid) {
  double at = ((n + 0.5) / length - 0.5) / part + 0.5;
  return at >= 0 && at < 1 ? (int)(at * grid) : -1;
}

void dtd_photo_cells(double *r, struct dtd_heatmap h, double part, int grid) {
  double sum = 0;
  memset(r, 0, (size_t)(grid * grid) * sizeof *r);
  for (int row = 0; row < h.rows; row++)
    for (int column = 0; column < h.columns; column++) {
      int y = cell_of(row, h.rows, part, grid);
      int x = cell_of(column, h.columns, part, grid);
      double R = positive((double)h.R[(long)row * h.columns + column]);
      if (y < 0 || x < 0) continue;
      r[y * grid + x] += R;
      sum += R;
    }
  for (int i = 0; i < grid * grid && sum > 0; i++) r[i] /= sum;
}

static int descending(const void *a, const void *b) {
  const double *x = a, *y = b;
  return (x[0] < y[0]) - (x[0] > y[0]);
}

double dtd_photo_evenness(const double *r, const double *other, int n) {
  double(*cell)[2] = dtd_new((size_t)n, sizeof *cell); /* both, own */
  double whole = 0, held = 0, sum = 0, squares = 0;
  int K = 0;
  for (int i = 0; i < n; i++) {
    cell[i][0] = r[i] + other[i];
    cell[i][1] = r[i];
    whole += cell[i][0];
  }
  qsort(cell, (size_t)n, sizeof *cell, descending);
  for (; K < n && (!K || held < whole / 2); K++) {
    held += cell[K][0];
    sum += cell[K][1];
    squares += cell[K][1] * cell[K][1];
  }
  dtd_free(cell);
  return sum * sum / (K * squares);
}

double dtd_photo_alikeness(const double *a, const double *b, int n) {
  double mean_a = 0, mean_b = 0, aa = 0, bb = 0, ab = 0;
  for (int i = 0; i < n; i++) mean_a += a[i] / n, mean_b += b[i] / n;
  for (int i = 0; i < n; i++) {
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
    ab += (a[i] - mean_a) * (b[i] - mean_b);
  }
  return ab / sqrt(aa * bb);
}

/* ---- the length of correlations ---- */

/* Means over blocks, less their mean: (rows / block, columns / block). */
static double *block_means(struct dtd_heatmap h, int block) {
  int rows = h.rows / block, columns = h.columns / block;
  double *mean = dtd_new((size_t)(rows * columns), sizeof *mean), whole = 0;
  for (int i = 0; i < rows * block; i++)
    for (int j = 0; j < columns * block; j++)
      mean[i / block * columns + j / block] +=
          (double)h.R[(long)i * h.columns + j];
  for (int i = 0; i < rows * columns; i++) whole += mean[i];
  for (int i = 0; i < rows * columns; i++) mean[i] -= whole / (rows * columns);
  return mean;
}

/* Mean product of values `lag` apart; along rows with down = 0. */
static double covariance(const double *m, int rows, int columns, int lag,
                         int down) {
  int last_row = rows - (down ? lag : 0), last = columns - (down ? 0 : lag);
  long step = down ? (long)lag * columns : lag;
  double sum = 0;
  for (int i = 0; i < last_row; i++)
    for (int j = 0; j < last; j++)
      sum += m[i * columns + j] * m[i * columns + j + step];
  return sum / ((double)last_row * last);
}

/* Blocks until half of the variance is left, between two lags by the straight
   line; at most as many as there are. */
static double half_length(const double *m, int rows, int columns, int down) {
  int length = down ? rows : columns;
  double half = covariance(m, rows, columns, 0, down) / 2, before = 2 * half;
  for (int lag = 1; lag < length; lag++) {
    double now = covariance(m, rows, columns, lag, down);
    if (now <= half) return lag - 1 + (before - half) / (before - now);
    before = now;
  }
  return length;
}

double dtd_photo_correlation_length(struct dtd_heatmap h, int block) {
  int rows = h.rows / block, columns = h.columns / block;
  double *m = block_means(h, block);
  double length = half_length(m, rows, columns, 1) / rows +
                  half_length(m, rows, columns, 0) / columns;
  dtd_free(m);
  return length / 2;
}

/* ---- the sides of edges ---- */

/* The change of gray values at a pixel, over two pixels each way and the three
   rows, or columns, around it (Prewitt's operator). */
static void slope_at(double slope[2], const float *gray, int columns, int row,
                     int column) {
  const float *at = gray + (long)row * columns + column;
  slope[0] = slope[1] = 0;
  for (int k = -1; k <= 1; k++) {
    slope[0] += (double)(at[columns + k] - at[-columns + k]);
    slope[1] += (double)(at[k * columns + 1] - at[k * columns - 1]);
  }
}

/* The pixels with the steepest slopes, far enough from the border. */
struct edge {
  double steepness;
  int row, column;
  double slope[2];
};

static int steepest_first(const void *a, const void *b) {
  const struct edge *x = a, *y = b;
  if (x->steepness != y->steepness) return x->steepness < y->steepness ? 1 : -1;
  return x->row != y->row ? x->row - y->row : x->column - y->column;
}

static struct edge *find_edges(int *count, struct dtd_heatmap h,
                               const float *gray) {
  int first = OFF + 1, n = 0;
  int rows = h.rows - 2 * first, columns = h.columns - 2 * first;
  *count = 0;
  if (rows <= 0 || columns <= 0) return NULL;
  struct edge *edge = dtd_new((size_t)rows * (size_t)columns, sizeof *edge);
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++, n++) {
      edge[n].row = first + i;
      edge[n].column = first + j;
      slope_at(edge[n].slope, gray, h.columns, first + i, first + j);
      edge[n].steepness = hypot(edge[n].slope[0], edge[n].slope[1]);
    }
  qsort(edge, (size_t)n, sizeof *edge, steepest_first);
  while (*count < n / EDGES && edge[*count].steepness > 0) ++*count;
  return edge;
}

void dtd_photo_edge_sides(double *dark, double *bright, struct dtd_heatmap h,
                          const float *gray) {
  int count;
  struct edge *edge = find_edges(&count, h, gray);
  double sum = 0, side[2] = {0, 0}; /* towards the dark, towards the bright */
  for (long p = 0; p < (long)h.rows * h.columns; p++) sum += (double)h.R[p];
  for (int n = 0; n < count; n++)
    for (int s = 0; s < 2; s++) {
      double step = (s ? OFF : -OFF) / edge[n].steepness;
      long row = edge[n].row + lround(step * edge[n].slope[0]);
      long column = edge[n].column + lround(step * edge[n].slope[1]);
      side[s] += (double)h.R[row * h.columns + column];
    }
  double mean = sum / ((double)h.rows * h.columns);
  *dark = side[0] / count / mean;
  *bright = side[1] / count / mean;
  dtd_free(edge);
}

/* ---- the trace of a stride ---- */

/* The squared coefficient of variation of the means of `period` phases, of sums
   over rows or columns (length). */
static double variation(const double *sum, int length, int period) {
  int whole = length / period * period;
  double mean = 0, square = 0;
  for (int n = 0; n < whole; n++) mean += sum[n] / whole;
  for (int phase = 0; phase < period; phase++) {
    double own = 0;
    for (int n = phase; n < whole; n += period) own += sum[n];
    own = own / (whole / period) / mean - 1;
    square += own * own / period;
  }
  return square;
}

double dtd_photo_trace(struct dtd_heatmap h, int period) {
  double *row = dtd_new((size_t)(h.rows + h.columns), sizeof *row);
  double *column = row + h.rows;
  for (int i = 0; i < h.rows; i++)
    for (int j = 0; j < h.columns; j++) {
      double R = (double)h.R[(long)i * h.columns + j];
      row[i] += R;
      column[j] += R;
    }
  double trace =
      (variation(row, h.rows, period) + variation(column, h.columns, period)) /
      2;
  dtd_free(row);
  return trace;
}
