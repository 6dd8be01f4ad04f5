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
    __builtin_prefetch(w + AHEAD * BLOCK, 0, 3);
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

/* ---- several blocks of maps across vectors, the spots of one position ---- */

/* The next element of the window has its weights behind these; they are asked
   for early. */
INLINE void NAME(ask_for_next)(const float *w, long w_step, int row,
                               int blocks) {
  for (int b = 0; row < DTD_BAND && b < blocks; b++)
    __builtin_prefetch(w + b * w_step + (DTD_BAND + row) * BLOCK, 0, 3);
}

/* sum (positions, blocks, BLOCK) += the spots of each position */
INLINE void NAME(spots_tile)(float *sum, const float *w, long w_step,
                             const struct listed *listed, int blocks) {
  for (int n = 0; n < listed->positions; n++) {
    const int *start = listed->start + listed->element[listed->position[n]];
    const struct dtd_spot *spot = listed->spot + start[0];
    const struct dtd_spot *end = listed->spot + start[1];
    vector z[WIDE][WIDTH], *own = (vector *)(sum + n * blocks * BLOCK);
    NAME(ask_for_next)(w, w_step, n, blocks);
    if (spot == end) continue;
    for (int b = 0; b < blocks; b++)
      for (int v = 0; v < WIDTH; v++) z[b][v] = own[b * WIDTH + v];
    for (; spot < end; spot++) {
      vector s = SPLAT(spot->s);
      const float *row = w + (long)spot->at * BLOCK;
      for (int b = 0; b < blocks; b++)
        for (int v = 0; v < WIDTH; v++)
          z[b][v] = FMA(s, ((const vector *)(row + b * w_step))[v], z[b][v]);
    }
    for (int b = 0; b < blocks; b++)
      for (int v = 0; v < WIDTH; v++) own[b * WIDTH + v] = z[b][v];
  }
}

#define BLOCKS(n)                                                              \
  case n:                                                                      \
    NAME(spots_tile)(sum, w, w_step, listed, n);                               \
    break;

TARGET static void NAME(add_spots)(float *sum, const float *w, long w_step,
                                   const struct listed *listed, int blocks) {
  switch (blocks) {
    BLOCKS(1)
    BLOCKS(2)
    BLOCKS(3)
    BLOCKS(4)
    BLOCKS(5)
    BLOCKS(6)
  }
}

/* ---- sums of maps across, turned ---- */

/* z (4, 4) = the transpose of sum's first columns. */
INLINE void NAME(turn_quarters)(float *z, long z_step, const float *sum,
                                long sum_step) {
  quarter a = *(const quarter *)sum, b = *(const quarter *)(sum + sum_step);
  quarter c = *(const quarter *)(sum + 2 * sum_step);
  quarter d = *(const quarter *)(sum + 3 * sum_step);
  quarter ab = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  quarter cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  quarter ab_2 = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  quarter cd_2 = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  quarter turned[4] = {__builtin_shufflevector(ab, cd, 0, 1, 4, 5),
                       __builtin_shufflevector(ab, cd, 2, 3, 6, 7),
                       __builtin_shufflevector(ab_2, cd_2, 0, 1, 4, 5),
                       __builtin_shufflevector(ab_2, cd_2, 2, 3, 6, 7)};
  for (int m = 0; m < 4; m++)
    memcpy(z + m * z_step, &turned[m], sizeof turned[m]);
}

/* z (maps, count) = the transpose of sum, rows `sum_step` apart. */
TARGET static void NAME(turn)(float *z, long z_step, const float *sum,
                              long sum_step, int maps, int count) {
  int whole_maps = maps / 4 * 4, whole = count / 4 * 4;
  for (int first = 0; first < whole; first += BLOCK) {
    int end = first + BLOCK < whole ? first + BLOCK : whole;
    for (int m = 0; m < whole_maps; m++) /* asked for early */
      __builtin_prefetch(z + m * z_step + first + 2 * BLOCK, 1, 3);
    for (int m = 0; m < whole_maps; m += 4)
      for (int n = first; n < end; n += 4) NAME(turn_quarters)
    (z + m * z_step + n, z_step, sum + n * sum_step + m, sum_step);
  }
  for (int m = 0; m < maps; m++)
    for (int n = m < whole_maps ? whole : 0; n < count; n++)
      z[m * z_step + n] = sum[n * sum_step + m];
}

/* ---- some positions across vectors, one map a row ---- */

#define LONG (STRETCH / LANES)

/* The channels of a picture lie far apart, so the next stretch's elements are
   asked for early. */
INLINE void NAME(positions_tile)(float *sum, const float *w, long w_step,
                                 const float *x, const int *tap, int inner,
                                 int rows) {
  vector z[FEW][LONG];
  for (int n = 0; n < rows; n++)
    for (int v = 0; v < LONG; v++) z[n][v] = SPLAT(0);
  for (int k = 0; k < inner; k++, w++) {
    const loose *at = (const loose *)(x + tap[k]);
    vector w_k[FEW];
    for (int n = 0; n < rows; n++) w_k[n] = SPLAT(w[n * w_step]);
    __builtin_prefetch(x + tap[k] + STRETCH + 16 * (k % 2), 0, 2);
    for (int v = 0; v < LONG; v++) {
      vector x_v = at[v];
      for (int n = 0; n < rows; n++) z[n][v] = FMA(w_k[n], x_v, z[n][v]);
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

static const struct kernels NAME(kernels) = {
    TILE, NAME(add_maps), NAME(add_spots), NAME(turn), NAME(set_positions)};

#undef WIDTH
#undef TILE
#undef ROWS
#undef LONG
#undef BLOCKS
