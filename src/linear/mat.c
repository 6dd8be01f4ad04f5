/* Matrix products on OpenBLAS, with results independent of the thread count. */
#include "linear/mat.h"

#include <cblas.h>
#include <omp.h>
#include <stdio.h>

#include "base/die.h"
#include "linear/processor.h"

enum {
  WORK_PER_PIECE = 3000000, /* multiply-adds: a tenth of a millisecond or less,
                               still long beside waking a thread */
  MOST_PIECES = 16,
  PIECE_UNIT = 8,   /* rows or columns: a kernel's vector width */
  FEW_COLUMNS = 64, /* then rows are shared out instead */
};

struct dtd_view dtd_view(const float *at, int rows, int columns) {
  return (struct dtd_view){at, rows, columns, false};
}

struct dtd_view dtd_transposed(struct dtd_view view) {
  view.transposed = !view.transposed;
  return view;
}

static int read_rows(struct dtd_view v) {
  return v.transposed ? v.columns : v.rows;
}

static int read_columns(struct dtd_view v) {
  return v.transposed ? v.rows : v.columns;
}

/* The part of a view that starts at row or column `first` of what is read. */
static const float *from_row(struct dtd_view v, int first) {
  return v.at + (v.transposed ? (long)first : (long)first * v.columns);
}

static const float *from_column(struct dtd_view v, int first) {
  return v.at + (v.transposed ? (long)first * v.columns : (long)first);
}

/* One piece: rows [r, r + m) and columns [c, c + n) of the product. */
static void multiply_piece(float *out, float keep, float scale,
                           struct dtd_view a, struct dtd_view b, int r, int m,
                           int c, int n) {
  int width = read_columns(b), inner = read_columns(a);
  float *corner = out + (long)r * width + c;
  if (read_rows(a) == 1) /* a vector: y = op(b)' x without packing b */
    cblas_sgemv(CblasRowMajor, b.transposed ? CblasNoTrans : CblasTrans,
                b.transposed ? n : b.rows, b.transposed ? b.columns : n, scale,
                from_column(b, c), b.columns, a.at, 1, keep, corner, 1);
  else
    cblas_sgemm(CblasRowMajor, a.transposed ? CblasTrans : CblasNoTrans,
                b.transposed ? CblasTrans : CblasNoTrans, m, n, inner, scale,
                from_row(a, r), a.columns, from_column(b, c), b.columns, keep,
                corner, width);
}

/* A product, and how it is cut along its rows or its columns. */
struct product {
  float *out, keep, scale;
  struct dtd_view a, b;
  bool by_row;
  int edge, length;
};

static void multiply_from(const struct product *p, int first) {
  int left = p->edge - first, size = p->length < left ? p->length : left;
  if (p->by_row)
    multiply_piece(p->out, p->keep, p->scale, p->a, p->b, first, size, 0,
                   read_columns(p->b));
  else
    multiply_piece(p->out, p->keep, p->scale, p->a, p->b, 0, read_rows(p->a),
                   first, size);
}

/* The length of each piece of an edge, from the shape alone. */
static int piece_length(int edge, long work) {
  long pieces = work / WORK_PER_PIECE;
  if (pieces > MOST_PIECES) pieces = MOST_PIECES;
  if (pieces < 1) pieces = 1;
  long length = (edge + pieces - 1) / pieces;
  return (int)((length + PIECE_UNIT - 1) / PIECE_UNIT * PIECE_UNIT);
}

void dtd_multiply(float *out, float keep, float scale, struct dtd_view a,
                  struct dtd_view b) {
  int rows = read_rows(a), columns = read_columns(b), inner = read_columns(a);
  if (inner != read_rows(b))
    dtd_die(DTD_FAILURE, "matrix product", NULL,
            "(%d, %d) times (%d, %d) is not defined", rows, inner, read_rows(b),
            columns);
  /* By columns if possible: forward, gradient and update of a layer then give a
     thread the same columns of w, which stay in its cache. */
  bool by_row = columns < FEW_COLUMNS && rows > columns;
  int edge = by_row ? rows : columns;
  int length = piece_length(edge, (long)rows * columns * inner);
  size_t pieces = edge ? (size_t)((edge + length - 1) / length) : 0;
  struct product product = {out, keep, scale, a, b, by_row, edge, length};
  if (pieces <= 1)
    multiply_from(&product, 0);
  else if (omp_in_parallel()) {
#pragma omp taskloop grainsize(1)
    for (size_t n = 0; n < pieces; n++)
      multiply_from(&product, (int)n * length);
  } else {
#pragma omp parallel for schedule(static)
    for (size_t n = 0; n < pieces; n++)
      multiply_from(&product, (int)n * length);
  }
}

void dtd_sum_rows(float *sum, const float *a, int rows, int columns) {
  for (int n = 0; n < rows; n++) {
    double total = 0;
    for (int c = 0; c < columns; c++) total += a[(long)n * columns + c];
    sum[n] = (float)total;
  }
}

int dtd_threads(int threads) {
  openblas_set_num_threads(1); /* the threads are ours */
  omp_set_num_threads(threads > 0 ? threads : omp_get_num_procs());
  return dtd_threads_in_use();
}

int dtd_threads_in_use(void) {
  return omp_get_max_threads();
}

int dtd_team(void) {
  return omp_get_num_threads();
}

const char *dtd_mat_configuration(void) {
  static char text[256];
  snprintf(text, sizeof text, "%s, kernels %s, own kernels %s",
           openblas_get_config(), openblas_get_corename(),
           dtd_processor_names[dtd_processor_in_use()]);
  return text;
}
