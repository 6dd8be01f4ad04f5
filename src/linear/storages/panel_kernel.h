/* The kernels of relevance propagation, for one width of vector.

   panels.c has it compiled for each kind of processor by vector_kernel.h.

   A panel holds the parts of a few inputs, one row for each unit. Both kernels
   walk over the rows of one example's active units alone; each sum runs over
   the units in their order. */

/* Blocks of a panel whose two sums registers hold: there are 32 of AVX-512. */
#define MOST (LANES == 16 ? 8 : LANES / 4)

/* min(m, 0): every bit of m where its sign bit is set. */
#define BELOW_ZERO(m) (vector)((integers)(m) & ((integers)(m) >> 31))

/* The sum of a vector's lanes, pairs first. */
INLINE float NAME(sum_lanes)(const vector *v) {
  float lane[LANES];
  memcpy(lane, v, sizeof lane);
  for (int step = LANES / 2; step > 0; step /= 2)
    for (int l = 0; l < step; l++) lane[l] += lane[l + step];
  return lane[0];
}

/* ---- sum_j S_j p_t(w_ij), for the inputs of a panel ---- */

INLINE void NAME(send_one)(float *restrict sum, const float *part,
                           const struct dtd_spot *unit, int count,
                           int vectors) {
  vector z[MOST_VECTORS] = {{0}};
  for (const struct dtd_spot *end = unit + count; unit < end; unit++) {
    const vector *row = (const vector *)part + (long)unit->at * vectors;
    for (int v = 0; v < vectors; v++) z[v] += unit->s * row[v];
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
    for (int v = 0; v < vectors; v++) {
      vector m = row[v], below = BELOW_ZERO(m);
      z[v] += unit->s * (m - below);
      z_1[v] += unit->s * below;
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

/* ---- N_j += sum_i u_t(x_i) p_t(w_ij), over the inputs of a panel ---- */

INLINE void NAME(gather_one)(float *N, const float *u, const float *part,
                             const struct dtd_spot *unit, int count,
                             int vectors) {
  for (int a = 0; a < count; a++) {
    const vector *row = (const vector *)part + (long)unit[a].at * vectors;
    vector z = {0};
    for (int v = 0; v < vectors; v++) z += ((const vector *)u)[v] * row[v];
    N[a] += NAME(sum_lanes)(&z);
  }
}

INLINE void NAME(gather_both)(float *N, const float *u, const float *u_1,
                              const float *part, const struct dtd_spot *unit,
                              int count, int vectors) {
  for (int a = 0; a < count; a++) {
    const vector *row = (const vector *)part + (long)unit[a].at * vectors;
    vector z = {0}, z_1 = {0};
    for (int v = 0; v < vectors; v++) {
      vector m = row[v], below = BELOW_ZERO(m);
      z += ((const vector *)u)[v] * (m - below);
      z_1 += ((const vector *)u_1)[v] * below;
    }
    z += z_1;
    N[a] += NAME(sum_lanes)(&z);
  }
}

TARGET
static void NAME(gather)(float *N, const float *u, const float *u_1,
                         const float *part, int blocks,
                         const struct dtd_spot *unit, int count) {
  if (u_1)
    WITH_WIDTH(blocks, NAME(gather_both), N, u, u_1, part, unit, count)
  else
    WITH_WIDTH(blocks, NAME(gather_one), N, u, part, unit, count)
}

static const struct kernels NAME(kernels) = {MOST, NAME(send), NAME(gather)};

#undef MOST
#undef BELOW_ZERO
