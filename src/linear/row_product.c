/* Products of rows with fixed weights in which no row depends on another.

   B is cut into panels of BLOCK columns, the rows into tiles that a kernel
   (row_product_kernel.h) sums in registers, and the sums into bands of k, so
   that a band of a panel and of the rows stays in the nearest caches. */
#include "linear/row_product.h"

#include <string.h>

#include "base/memory.h"
#include "linear/processor.h"

enum {
  BLOCK = 16,     /* columns of a panel; a multiple of any vector's floats */
  BAND = 256,     /* steps of k */
  MOST_ROWS = 60, /* rows whose band is laid out at a time; a multiple of .. */
  MOST_TILE = 12  /* .. any tile's rows */
};

struct kernels {
  int rows; /* of a tile */
  void (*add_tile)(float *tile, const float *a, const float *b, int inner);
};

#define KERNELS "linear/row_product_kernel.h"
#include "linear/vector_kernel.h"

/* ---- create and free ---- */

struct dtd_row_product *dtd_row_product_new(struct dtd_view b) {
  struct dtd_row_product *product = dtd_new(1, sizeof *product);
  int inner = product->inner = b.transposed ? b.columns : b.rows;
  int columns = product->columns = b.transposed ? b.rows : b.columns;
  long down = b.transposed ? 1 : b.columns, along = b.transposed ? inner : 1;
  size_t panels = (size_t)(columns + BLOCK - 1) / BLOCK;
  float *to = dtd_new(panels * (size_t)inner * BLOCK, sizeof *to);
  product->kernels = kernels_for(dtd_processor_in_use());
  product->panels = to;
  for (int first = 0; first < columns; first += BLOCK)
    for (int k = 0; k < inner; k++, to += BLOCK)
      for (int c = 0; c < BLOCK && first + c < columns; c++)
        to[c] = b.at[k * down + (first + c) * along];
  return product;
}

void dtd_row_product_free(struct dtd_row_product *product) {
  if (!product) return;
  dtd_free(product->panels);
  dtd_free(product);
}

/* ---- compute ---- */

/* Steps first .. first + steps - 1 of all rows, tile after tile as (steps, tile
   rows); rows that are missing from the last tile are 0. */
static void lay_out(float *to, const float *a, int inner, int first, int steps,
                    int rows, int tile_rows) {
  for (int tile = 0; tile < rows; tile += tile_rows)
    for (int n = 0; n < tile_rows; n++) {
      float *at = to + (long)tile * steps + n;
      const float *from = a + (long)(tile + n) * inner + first;
      for (int k = 0; k < steps; k++)
        at[(long)k * tile_rows] = tile + n < rows ? from[k] : 0;
    }
}

/* Moves the sums of a tile: a row of `out` has `columns`, a tile's BLOCK. */
static void load(float *tile, const float *out, int columns, int rows,
                 int width) {
  for (int n = 0; n < rows; n++)
    memcpy(tile + n * BLOCK, out + (long)n * columns,
           (size_t)width * sizeof *tile);
}

static void store(float *out, const float *tile, int columns, int rows,
                  int width) {
  for (int n = 0; n < rows; n++)
    memcpy(out + (long)n * columns, tile + n * BLOCK,
           (size_t)width * sizeof *tile);
}

/* out (rows, columns) += the steps of the band that `a` lays out. */
static void add_band(float *out, const struct dtd_row_product *product,
                     const float *a, int first, int steps, int rows) {
  float tile[MOST_TILE * BLOCK] __attribute__((aligned(64))) = {0};
  int columns = product->columns, tile_rows = product->kernels->rows;
  for (int column = 0; column < columns; column += BLOCK) {
    const float *b =
        product->panels + (long)column * product->inner + (long)first * BLOCK;
    int width = columns - column < BLOCK ? columns - column : BLOCK;
    for (int row = 0; row < rows; row += tile_rows) {
      float *corner = out + (long)row * columns + column;
      int height = rows - row < tile_rows ? rows - row : tile_rows;
      load(tile, corner, columns, height, width);
      product->kernels->add_tile(tile, a + (long)row * steps, b, steps);
      store(corner, tile, columns, height, width);
    }
  }
}

void dtd_row_product_apply(float *out, const struct dtd_row_product *product,
                           const float *a, int rows) {
  float band[(MOST_ROWS + MOST_TILE) * BAND];
  int inner = product->inner, columns = product->columns;
  memset(out, 0, (size_t)rows * (size_t)columns * sizeof *out);
  for (int row = 0; row < rows; row += MOST_ROWS) {
    int count = rows - row < MOST_ROWS ? rows - row : MOST_ROWS;
    for (int first = 0; first < inner; first += BAND) {
      int steps = inner - first < BAND ? inner - first : BAND;
      lay_out(band, a + (long)row * inner, inner, first, steps, count,
              product->kernels->rows);
      add_band(out + (long)row * columns, product, band, first, steps, count);
    }
  }
}
