/* The kernels of relevance propagation, for one width of vector.

   panels.c has it compiled for each kind of processor by vector_kernel.h.

   A panel holds the parts of a few inputs, one row for each unit. Both kernels
   walk over the rows of one example's active units alone; each sum runs over
   the units in their order. */

/* Blocks of a panel whose two sums registers hold: there are 32 of AVX-512. A
   divisor of MOST_BLOCKS, so that panels make up groups of it. */
#define MOST  (LANES == 16 ? 8 : LANES / 4)
#define WIDTH (BLOCK / LANES) /* vectors across a block */

/* min(m, 0): every bit of m where its sign bit is set. */
#define BELOW_ZERO(m) (vector)((integers)(m) & ((integers)(m) >> 31))

/* ---- sum_j S_j p_t(w_ij), for the inputs of a panel ---- */

INLINE void NAME(send_one)(float *restrict sum, const float *part,
                           const struct dtd_spot *unit, int count,
                           int vectors) {
  vector z[MOST_VECTORS] = {{0}};
  for (const struct dtd_spot *end = unit + count; unit < end; unit++) {
    const vector *row = (const vector *)part + (long)unit->at * vectors;
    vector S_j = SPLAT(unit->s);
    for (int v = 0; v < vectors; v++) z[v] = FMA(S_j, row[v], z[v]);
  }
  for (int v = 0; v < vectors; v++) ((vector *)sum)[v] = z[v];
}

/* m = p_0 + p_1 gives both sums, the first in sum, the second in sum_1. */
INLINE void NAME(send_both)(float *restrict sum, float *restrict sum_1,
                            const float *part, const struct dtd_spot *unit,
                            int count, int vectors) {
  vector z[MOST_VECTORS] = {{0}}, z_1[MOST_VECTORS] = {{0}};
  for (const struct dtd_spot *end = unit + count; unit < end; unit++) {
    const vector *row = (const vector *)part + (long)unit->at * vectors;
    vector S_j = SPLAT(unit->s);
    for (int v = 0; v < vectors; v++) {
      vector m = row[v], below = BELOW_ZERO(m);
      z[v] = FMA(S_j, m - below, z[v]);
      z_1[v] = FMA(S_j, below, z_1[v]);
    }
  }
  for (int v = 0; v < vectors; v++) {
    ((vector *)sum)[v] = z[v];
    ((vector *)sum_1)[v] = z_1[v];
  }
}

TARGET
static void NAME(send)(float *sum, float *sum_1, const float *part, int blocks,
                       const struct dtd_spot *unit, int count) {
  if (sum_1)
    WITH_WIDTH(blocks, NAME(send_both), sum, sum_1, part, unit, count)
  else
    WITH_WIDTH(blocks, NAME(send_one), sum, part, unit, count)
}

/* ---- N_j += sum_i u_t(x_i) p_t(w_ij), over the inputs of a group ---- */

/* z += u_i p_i in the sixteen lanes of a block, over one panel. */
INLINE void NAME(gather_one)(vector *z, const float *u, const float *part,
                             int vectors) {
  for (int v = 0; v < vectors; v++)
    z[v % WIDTH] =
        FMA(((const vector *)u)[v], ((const vector *)part)[v], z[v % WIDTH]);
}

INLINE void NAME(gather_both)(vector *z, vector *z_1, const float *u,
                              const float *u_1, const float *part,
                              int vectors) {
  for (int v = 0; v < vectors; v++) {
    vector m = ((const vector *)part)[v], below = BELOW_ZERO(m);
    z[v % WIDTH] = FMA(((const vector *)u)[v], m - below, z[v % WIDTH]);
    z_1[v % WIDTH] = FMA(((const vector *)u_1)[v], below, z_1[v % WIDTH]);
  }
}

/* The panels of a group: all but the last have MOST blocks. */
INLINE float NAME(gather_unit)(const float *u, const float *u_1,
                               const struct group *g, int unit) {
  vector z[WIDTH] = {{0}}, z_1[WIDTH] = {{0}};
  for (int i = 0; i < g->panels; i++) {
    int first = i * MOST * BLOCK, blocks = g->blocks - i * MOST;
    const float *panel = g->part + i * g->next;
    if (blocks >= MOST && u_1) NAME(gather_both)
    (z, z_1, u + first, u_1 + first, panel + (long)unit * MOST * BLOCK,
     MOST_VECTORS);
    else if (blocks >= MOST) NAME(gather_one)(
        z, u + first, panel + (long)unit * MOST * BLOCK, MOST_VECTORS);
    else if (u_1)
        NAME(gather_both)(z, z_1, u + first, u_1 + first,
                          panel + (long)unit * blocks * BLOCK, blocks * WIDTH);
    else NAME(gather_one)(z, u + first, panel + (long)unit * blocks * BLOCK,
                          blocks * WIDTH);
  }
  for (int v = 0; v < WIDTH; v++) z[v] += z_1[v];
  return SUM_BLOCK(z);
}

TARGET
static void NAME(gather)(float *N, const float *u, const float *u_1,
                         const struct group *g, const struct dtd_spot *unit,
                         int count) {
  if (u_1)
    for (int a = 0; a < count; a++)
      N[a] += NAME(gather_unit)(u, u_1, g, unit[a].at);
  else
    for (int a = 0; a < count; a++)
      N[a] += NAME(gather_unit)(u, NULL, g, unit[a].at);
}

static const struct kernels NAME(kernels) = {MOST, NAME(send), NAME(gather)};

#undef MOST
#undef WIDTH
#undef BELOW_ZERO
