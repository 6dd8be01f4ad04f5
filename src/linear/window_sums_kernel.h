/* The kernels of sums over a window, for one width of vector.

   window_sums.c has it compiled for each kind of processor by vector_kernel.h.
   A tile of sums stays in twelve registers of any width. */

#define WIDTH (BLOCK / LANES) /* vectors across a block */
#define TILE  (12 / WIDTH)    /* positions of a tile of a block of maps */

/* ---- a block of maps across vectors, one position a row ---- */

/* sum (rows, BLOCK) += over `inner` taps */
INLINE void NAME(maps_tile)(float *sum, const float *w, const float *x,
                            const int *position, const int *tap, int inner,
                            int rows) {
  vector z[TILE][WIDTH];
  const float *at[TILE];
  for (int n = 0; n < rows; n++) {
    at[n] = x + position[n];
    for (int v = 0; v < WIDTH; v++) z[n][v] = ((vector *)sum)[n * WIDTH + v];
  }
  for (int k = 0; k < inner; k++, w += BLOCK) {
    long t = tap[k];
    for (int n = 0; n < rows; n++) {
      vector x_n = SPLAT(at[n][t]);
      for (int v = 0; v < WIDTH; v++)
        z[n][v] = FMA(x_n, ((const vector *)w)[v], z[n][v]);
    }
  }
  for (int n = 0; n < rows; n++)
    for (int v = 0; v < WIDTH; v++) ((vector *)sum)[n * WIDTH + v] = z[n][v];
}

#define ROWS(n)                                                                \
  case n:                                                                      \
    if (n <= TILE) NAME(maps_tile)(sum, w, x, position, tap, inner, n);        \
    break;

TARGET static void NAME(add_maps)(float *sum, const float *w, const float *x,
                                  const int *position, const int *tap,
                                  int inner, int rows) {
  switch (rows) {
    ROWS(1)
    ROWS(2)
    ROWS(3)
    ROWS(4)
    ROWS(5)
    ROWS(6)
    ROWS(7)
    ROWS(8)
    ROWS(9)
    ROWS(10)
    ROWS(11)
    ROWS(12)
  }
}

/* ---- some positions across vectors, one map a row ---- */

#define LONG (STRETCH / LANES)

INLINE void NAME(positions_tile)(float *sum, const float *w, long w_step,
                                 const float *x, const int *tap, int inner,
                                 int rows) {
  vector z[FEW][LONG];
  for (int n = 0; n < rows; n++)
    for (int v = 0; v < LONG; v++) z[n][v] = SPLAT(0);
  for (int k = 0; k < inner; k++, w++) {
    const loose *at = (const loose *)(x + tap[k]);
    vector x_k[LONG];
    for (int v = 0; v < LONG; v++) x_k[v] = at[v];
    for (int n = 0; n < rows; n++) {
      vector w_n = SPLAT(w[n * w_step]);
      for (int v = 0; v < LONG; v++) z[n][v] = FMA(w_n, x_k[v], z[n][v]);
    }
  }
  for (int n = 0; n < rows; n++)
    for (int v = 0; v < LONG; v++) ((vector *)sum)[n * LONG + v] = z[n][v];
}

/* sum (rows, STRETCH) */
TARGET static void NAME(set_positions)(float *sum, const float *w, long w_step,
                                       const float *x, const int *tap,
                                       int inner, int rows) {
  switch (rows) {
  case 1:
    NAME(positions_tile)(sum, w, w_step, x, tap, inner, 1);
    break;
  case 2:
    NAME(positions_tile)(sum, w, w_step, x, tap, inner, 2);
    break;
  case 3:
    NAME(positions_tile)(sum, w, w_step, x, tap, inner, 3);
    break;
  }
}

static const struct kernels NAME(kernels) = {TILE, NAME(add_maps),
                                             NAME(set_positions)};

#undef WIDTH
#undef TILE
#undef ROWS
#undef LONG
