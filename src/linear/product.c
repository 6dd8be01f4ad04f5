/* Matrix products that are the same bits everywhere.

   The columns are cut into blocks and the rows into tiles that a kernel
   (product_kernel.h) sums in registers. A block of B is copied where many tiles
   use it, so that it lies together. */
#include "linear/product.h"

#include <stddef.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "linear/processor.h"
#include "linear/threads.h"

enum {
  BLOCK = 16,      /* columns, or steps of k; a multiple of any vector's */
  WIDE = 4,        /* blocks that one row alone takes at a time */
  BAND = 256,      /* steps of k whose block stays in the nearest cache */
  MOST_ROWS = 96,  /* rows whose sums do, too, over a block .. */
  DOTS = 48,       /* .. or so many columns of a transposed B */
  WORTH_A_COPY = 4 /* tiles */
};
#define ALIGNED __attribute__((aligned(64)))

/* Element (n, k) stands at[n * row + k * step]. */
struct operand {
  const float *at;
  long row, step;
};

/* Where a result goes: rows `stride` apart, out = keep out + scale sum. */
struct target {
  float *at;
  long stride;
  float keep, scale;
};

struct kernels {
  int rows; /* of a tile */
  void (*add_rows)(float *sum, struct operand a, const float *b, long b_step,
                   int inner, int rows);
  void (*set_rows)(const struct target *to, struct operand a, const float *b,
                   long b_step, int inner, int rows);
  void (*set_wide_row)(const struct target *to, struct operand a,
                       const float *b, long b_step, int inner);
  void (*dot)(float *sum, long stride, const float *a, long a_row,
              const float *b, long b_row, int inner, int rows, int columns);
  void (*finish)(const struct target *to, const float *sum, long stride,
                 int rows, int columns);
};

#define KERNELS "linear/product_kernel.h"
#include "linear/vector_kernel.h"

/* ---- views ---- */

struct dtd_view dtd_view(const float *at, int rows, int columns) {
  return (struct dtd_view){at, rows, columns, false};
}

struct dtd_view dtd_transposed(struct dtd_view view) {
  view.transposed = !view.transposed;
  return view;
}

int dtd_view_rows(struct dtd_view v) {
  return v.transposed ? v.columns : v.rows;
}

int dtd_view_columns(struct dtd_view v) {
  return v.transposed ? v.rows : v.columns;
}

static struct operand operand_of(struct dtd_view v) {
  return (struct operand){v.at, v.transposed ? 1 : v.columns,
                          v.transposed ? v.columns : 1};
}

/* The operand from a row and a step on. */
static struct operand from(struct operand a, int row, int step) {
  a.at += row * a.row + step * a.step;
  return a;
}

/* A piece of a product: some rows and columns of out. */
struct piece {
  struct target out;
  struct operand a, b;
  int rows, columns, inner;
  const struct kernels *kernels;
};

static struct target to(const struct piece *p, int row, int column) {
  struct target out = p->out;
  out.at += row * out.stride + column;
  return out;
}

/* ---- B as it stands ---- */

/* Steps of a block of B, `width` columns and zeros beside them. */
static void copy_block(float *copy, const float *b, long b_step, int steps,
                       int width) {
  if (width == BLOCK) {
    for (int k = 0; k < steps; k++, copy += BLOCK, b += b_step)
      memcpy(copy, b, BLOCK * sizeof *copy);
    return;
  }
  memset(copy, 0, (size_t)steps * BLOCK * sizeof *copy);
  for (int k = 0; k < steps; k++, copy += BLOCK, b += b_step)
    memcpy(copy, b, (size_t)width * sizeof *copy);
}

/* Rows `row` and after, at most MOST_ROWS, of the block of B at `column`: band
   by band, tile by tile, tiles as even as can be. */
static void multiply_block(const struct piece *p, int row, int rows, int column,
                           int width) {
  float sum[MOST_ROWS * BLOCK] ALIGNED, copy[BAND * BLOCK] ALIGNED;
  int tiles = (rows + p->kernels->rows - 1) / p->kernels->rows;
  bool copied = width < BLOCK || tiles >= WORTH_A_COPY;
  bool at_once = width == BLOCK && p->inner <= BAND;
  if (!at_once) memset(sum, 0, (size_t)rows * BLOCK * sizeof *sum);
  for (int k = 0; k < p->inner || (at_once && !k); k += BAND) {
    int steps = p->inner - k < BAND ? p->inner - k : BAND;
    const float *b = p->b.at + k * p->b.row + column;
    long b_step = copied ? BLOCK : p->b.row;
    if (copied) copy_block(copy, b, p->b.row, steps, width);
    if (copied) b = copy;
    for (int i = 0; i < tiles; i++) {
      int first = rows * i / tiles, count = rows * (i + 1) / tiles - first;
      struct operand a = from(p->a, row + first, k);
      struct target out = to(p, row + first, column);
      if (at_once)
        p->kernels->set_rows(&out, a, b, b_step, steps, count);
      else
        p->kernels->add_rows(sum + first * BLOCK, a, b, b_step, steps, count);
    }
  }
  struct target out = to(p, row, column);
  if (!at_once) p->kernels->finish(&out, sum, BLOCK, rows, width);
}

static void multiply_by_blocks(const struct piece *p) {
  int column = 0;
  for (; p->rows == 1 && column + WIDE * BLOCK <= p->columns;
       column += WIDE * BLOCK) {
    struct target out = to(p, 0, column);
    p->kernels->set_wide_row(&out, p->a, p->b.at + column, p->b.row, p->inner);
  }
  for (; column < p->columns; column += BLOCK) {
    int left = p->columns - column;
    for (int row = 0; row < p->rows; row += MOST_ROWS) {
      int rows = p->rows - row < MOST_ROWS ? p->rows - row : MOST_ROWS;
      multiply_block(p, row, rows, column, left < BLOCK ? left : BLOCK);
    }
  }
}

/* ---- B transposed ---- */

static void multiply_by_dots(const struct piece *p) {
  float sum[MOST_ROWS * DOTS] ALIGNED;
  for (int column = 0; column < p->columns; column += DOTS) {
    int left = p->columns - column, width = left < DOTS ? left : DOTS;
    for (int row = 0; row < p->rows; row += MOST_ROWS) {
      int rows = p->rows - row < MOST_ROWS ? p->rows - row : MOST_ROWS;
      struct target out = to(p, row, column);
      p->kernels->dot(sum, DOTS, p->a.at + row * p->a.row, p->a.row,
                      p->b.at + column * p->b.step, p->b.step, p->inner, rows,
                      width);
      p->kernels->finish(&out, sum, DOTS, rows, width);
    }
  }
}

/* ---- pieces ---- */

/* A whole product, and how it is shared out. */
struct product {
  struct piece whole;
  bool dots;
  struct dtd_share share;
};

static void multiply_piece(const void *of, int first, int count) {
  const struct product *product = of;
  struct piece p = product->whole;
  if (product->share.by_row) {
    p.out = to(&p, first, 0);
    p.a = from(p.a, first, 0);
    p.rows = count;
  } else {
    p.out = to(&p, 0, first);
    p.b.at += first * p.b.step;
    p.columns = count;
  }
  product->dots ? multiply_by_dots(&p) : multiply_by_blocks(&p);
}

/* A transposed view as rows of their own, to be freed. */
static float *rows_of(struct dtd_view v) {
  float *rows = dtd_new((size_t)v.rows * (size_t)v.columns, sizeof *rows);
  for (int r = 0; r < v.columns; r++)
    for (int c = 0; c < v.rows; c++)
      rows[(long)r * v.rows + c] = v.at[(long)c * v.columns + r];
  return rows;
}

struct dtd_share dtd_product_share(struct dtd_view a, struct dtd_view b) {
  int rows = dtd_view_rows(a), columns = dtd_view_columns(b);
  int inner = dtd_view_columns(a);
  if (inner != dtd_view_rows(b))
    dtd_die(DTD_FAILURE, "matrix product", NULL,
            "(%d, %d) times (%d, %d) is not defined", rows, inner,
            dtd_view_rows(b), columns);
  return dtd_share(rows, columns, inner);
}

void dtd_multiply(float *out, float keep, float scale, struct dtd_view a,
                  struct dtd_view b) {
  int rows = dtd_view_rows(a), columns = dtd_view_columns(b);
  int inner = dtd_view_columns(a);
  struct dtd_share share = dtd_product_share(a, b);
  float *own = a.transposed && b.transposed ? rows_of(a) : NULL;
  if (own) a = dtd_view(own, rows, inner);
  struct product product = {
      .whole = {{out, columns, keep, scale},
                operand_of(a),
                operand_of(b),
                rows,
                columns,
                inner,
                kernels_for(dtd_processor_in_use())},
      .dots = b.transposed,
      .share = share,
  };
  dtd_share_out(&product.share, multiply_piece, &product);
  dtd_free(own);
}

void dtd_sum_rows(float *sum, const float *a, int rows, int columns) {
  for (int n = 0; n < rows; n++) {
    double total = 0;
    for (int c = 0; c < columns; c++) total += a[(long)n * columns + c];
    sum[n] = (float)total;
  }
}
