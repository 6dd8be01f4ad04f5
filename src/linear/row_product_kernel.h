/* The kernel of row products, for one width of vector.

   row_product.c has it compiled for each kind of processor by vector_kernel.h.
   A tile of TILE_ROWS x BLOCK sums stays in twelve registers of any width. */

#define VECTORS   (BLOCK / LANES)
#define TILE_ROWS (12 / VECTORS)

/* tile (TILE_ROWS, BLOCK) += a B over `inner` steps; a (inner, TILE_ROWS) and
   b (inner, BLOCK). */
TARGET
static void NAME(add_tile)(float *tile, const float *a, const float *b,
                           int inner) {
  vector z[TILE_ROWS][VECTORS], *sum = (vector *)tile;
  const vector *row = (const vector *)b;
  for (int n = 0; n < TILE_ROWS; n++)
    for (int v = 0; v < VECTORS; v++) z[n][v] = sum[n * VECTORS + v];
  for (int k = 0; k < inner; k++, a += TILE_ROWS, row += VECTORS)
    for (int n = 0; n < TILE_ROWS; n++)
      for (int v = 0; v < VECTORS; v++)
        z[n][v] = FMA(SPLAT(a[n]), row[v], z[n][v]);
  for (int n = 0; n < TILE_ROWS; n++)
    for (int v = 0; v < VECTORS; v++) sum[n * VECTORS + v] = z[n][v];
}

static const struct kernels NAME(kernels) = {TILE_ROWS, NAME(add_tile)};

#undef VECTORS
#undef TILE_ROWS
