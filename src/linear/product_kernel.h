/* The kernels of matrix products, for one width of vector.

   product.c has it compiled for each kind of processor by vector_kernel.h. A
   tile of sums stays in twelve registers of any width. */

#define WIDTH     (BLOCK / LANES) /* vectors across a block */
#define TILE_ROWS (12 / WIDTH)    /* of add_rows */
#define DOT_ROWS  (LANES == 16 ? 3 : LANES == 8 ? 2 : 1)
#define DOT_COLS  (LANES == 16 ? 4 : LANES == 8 ? 3 : 1)

/* ---- B as it stands: sum_k a_nk b_kc, one k after another ---- */

/* z += a_nk b_k over `inner` steps. */
INLINE void NAME(add_steps)(vector (*z)[WIDE * WIDTH], struct operand a,
                            const float *b, long b_step, int inner, int rows,
                            int vectors) {
  for (int k = 0; k < inner; k++, a.at += a.step, b += b_step)
    for (int n = 0; n < rows; n++) {
      vector a_nk = SPLAT(a.at[n * a.row]);
      for (int v = 0; v < vectors; v++)
        z[n][v] = FMA(a_nk, ((const loose *)b)[v], z[n][v]);
    }
}

/* sum (rows, vectors) += a B */
INLINE void NAME(add_tile)(float *sum, struct operand a, const float *b,
                           long b_step, int inner, int rows, int vectors) {
  vector z[TILE_ROWS][WIDE * WIDTH];
  for (int n = 0; n < rows; n++)
    for (int v = 0; v < vectors; v++)
      z[n][v] = ((vector *)sum)[n * vectors + v];
  NAME(add_steps)(z, a, b, b_step, inner, rows, vectors);
  for (int n = 0; n < rows; n++)
    for (int v = 0; v < vectors; v++)
      ((vector *)sum)[n * vectors + v] = z[n][v];
}

/* out (rows, vectors) = keep out + scale a B */
INLINE void NAME(set_tile)(const struct target *to, struct operand a,
                           const float *b, long b_step, int inner, int rows,
                           int vectors) {
  vector z[TILE_ROWS][WIDE * WIDTH];
  for (int n = 0; n < rows; n++)
    for (int v = 0; v < vectors; v++) z[n][v] = SPLAT(0);
  vector keep = SPLAT(to->keep), scale = SPLAT(to->scale);
  NAME(add_steps)(z, a, b, b_step, inner, rows, vectors);
  for (int n = 0; n < rows; n++)
    for (int v = 0; v < vectors; v++) {
      loose *out = (loose *)(to->at + n * to->stride) + v;
      if (to->keep == 0)
        *out = scale * z[n][v];
      else
        *out = FMA(scale, z[n][v], keep * (vector)*out);
    }
}

#define ROWS(n, tile, to)                                                      \
  case n:                                                                      \
    if (n <= TILE_ROWS) NAME(tile)(to, a, b, b_step, inner, n, WIDTH);         \
    break;
#define ANY_ROWS(tile, to)                                                     \
  switch (rows) {                                                              \
    ROWS(1, tile, to)                                                          \
    ROWS(2, tile, to)                                                          \
    ROWS(3, tile, to)                                                          \
    ROWS(4, tile, to)                                                          \
    ROWS(5, tile, to)                                                          \
    ROWS(6, tile, to)                                                          \
    ROWS(7, tile, to)                                                          \
    ROWS(8, tile, to)                                                          \
    ROWS(9, tile, to)                                                          \
    ROWS(10, tile, to)                                                         \
    ROWS(11, tile, to)                                                         \
    ROWS(12, tile, to)                                                         \
  }

/* A tile of `rows` rows and one block. */
TARGET
static void NAME(add_rows)(float *sum, struct operand a, const float *b,
                           long b_step, int inner,
                           int rows){ANY_ROWS(add_tile, sum)}

TARGET static void NAME(set_rows)(const struct target *to, struct operand a,
                                  const float *b, long b_step, int inner,
                                  int rows){ANY_ROWS(set_tile, to)}

/* One row and WIDE blocks. */
TARGET static void NAME(set_wide_row)(const struct target *to, struct operand a,
                                      const float *b, long b_step, int inner) {
  NAME(set_tile)(to, a, b, b_step, inner, 1, WIDE * WIDTH);
}

/* ---- B transposed: sum_nc = sum_k a_nk b_ck, k in BLOCK lanes ---- */

/* z_nc += a_nk b_ck, of one block of k. */
INLINE void NAME(add_block)(vector *z, const float *const *a,
                            const float *const *b, int k, int rows,
                            int columns) {
  for (int n = 0; n < rows; n++)
    for (int c = 0; c < columns; c++)
      for (int v = 0; v < WIDTH; v++) {
        vector *own = &z[(n * columns + c) * WIDTH + v];
        *own = FMA(((const loose *)(a[n] + k))[v],
                   ((const loose *)(b[c] + k))[v], *own);
      }
}

/* The last floats of each row, and zeros up to a block. */
INLINE void NAME(fill)(float (*block)[BLOCK], const float **padded,
                       const float *const *row, int count, int from, int left) {
  for (int n = 0; n < count; n++) {
    memset(block[n], 0, sizeof *block);
    memcpy(block[n], row[n] + from, (size_t)left * sizeof(float));
    padded[n] = block[n];
  }
}

INLINE void NAME(dot_tile)(float *sum, long stride, const float *a, long a_row,
                           const float *b, long b_row, int inner, int rows,
                           int columns) {
  float blocks[DOT_ROWS + DOT_COLS][BLOCK] __attribute__((aligned(64)));
  const float *a_row_at[DOT_ROWS], *b_row_at[DOT_COLS];
  vector z[12] = {{0}};
  int whole = inner / BLOCK * BLOCK;
  for (int n = 0; n < rows; n++) a_row_at[n] = a + n * a_row;
  for (int c = 0; c < columns; c++) b_row_at[c] = b + c * b_row;
  for (int k = 0; k < whole; k += BLOCK)
    NAME(add_block)(z, a_row_at, b_row_at, k, rows, columns);
  if (inner > whole) {
    const float *a_end[DOT_ROWS], *b_end[DOT_COLS];
    NAME(fill)(blocks, a_end, a_row_at, rows, whole, inner - whole);
    NAME(fill)
    (blocks + DOT_ROWS, b_end, b_row_at, columns, whole, inner - whole);
    NAME(add_block)(z, a_end, b_end, 0, rows, columns);
  }
  for (int n = 0; n < rows; n++)
    for (int c = 0; c < columns; c++)
      sum[n * stride + c] = SUM_BLOCK(z + (n * columns + c) * WIDTH);
}

/* sum (rows, columns), row after row `stride` apart; a and b likewise. */
TARGET
static void NAME(dot)(float *sum, long stride, const float *a, long a_row,
                      const float *b, long b_row, int inner, int rows,
                      int columns) {
  for (int c = 0; c < columns;) {
    bool wide = columns - c >= DOT_COLS;
    for (int n = 0; n < rows;) {
      bool tall = rows - n >= DOT_ROWS;
      float *own = sum + n * stride + c;
      const float *a_n = a + n * a_row, *b_c = b + c * b_row;
      if (tall && wide) NAME(dot_tile)
      (own, stride, a_n, a_row, b_c, b_row, inner, DOT_ROWS, DOT_COLS);
      else if (wide) NAME(dot_tile)(own, stride, a_n, a_row, b_c, b_row, inner,
                                    1, DOT_COLS);
      else if (tall) NAME(dot_tile)(own, stride, a_n, a_row, b_c, b_row, inner,
                                    DOT_ROWS, 1);
      else NAME(dot_tile)(own, stride, a_n, a_row, b_c, b_row, inner, 1, 1);
      n += tall ? DOT_ROWS : 1;
    }
    c += wide ? DOT_COLS : 1;
  }
}

/* ---- out = keep out + scale sum ---- */

TARGET
static void NAME(finish)(const struct target *to, const float *sum, long stride,
                         int rows, int columns) {
  for (int n = 0; n < rows; n++, sum += stride) {
    float *out = to->at + n * to->stride;
    if (to->keep == 0)
      for (int c = 0; c < columns; c++) out[c] = to->scale * sum[c];
    else
      for (int c = 0; c < columns; c++)
        out[c] = fmaf(to->scale, sum[c], to->keep * out[c]);
  }
}

static const struct kernels NAME(kernels) = {TILE_ROWS,      NAME(add_rows),
                                             NAME(set_rows), NAME(set_wide_row),
                                             NAME(dot),      NAME(finish)};

#undef WIDTH
#undef TILE_ROWS
#undef DOT_ROWS
#undef DOT_COLS
#undef ROWS
#undef ANY_ROWS
