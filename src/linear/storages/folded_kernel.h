/* The kernels of folded weights, for one width of vector.

   folded.c has it compiled for each kind of processor by vector_kernel.h.

   Both kernels walk over spots of ink and keep what they add to, one example's
   sums over a panel or one row of it, in registers. Each sum runs over the
   spots in the order of their pixels or examples. */

#define MOST (LANES / 2) /* blocks of a panel that registers hold */

/* ---- z = x W ---- */

/* sum += s_np What_p over one example's spots before row `end`; returns the
   first spot beyond. */
INLINE const struct dtd_spot *NAME(sum_spots)(vector *sum, const vector *what,
                                              const struct dtd_spot *spot,
                                              int end, int vectors) {
  vector z[MOST_VECTORS];
  for (int v = 0; v < vectors; v++) z[v] = sum[v];
  for (; spot->at < end; spot++) {
    const vector *row = what + (long)spot->at * vectors;
    vector s = SPLAT(spot->s);
    for (int v = 0; v < vectors; v++) z[v] = FMA(s, row[v], z[v]);
  }
  for (int v = 0; v < vectors; v++) sum[v] = z[v];
  return spot;
}

/* sum_n (count, panel's columns) = z of examples first .. first + count - 1. */
INLINE void NAME(apply_to_group)(vector *sum, const struct panel *panel,
                                 const struct black *black,
                                 const struct dtd_ink *ink, int first,
                                 int count, int vectors) {
  const vector *z = (const vector *)black->z, *u = (const vector *)black->u;
  const struct dtd_spot *spot[GROUP];
  for (int n = 0; n < count; n++) {
    for (int v = 0; v < vectors; v++)
      sum[n * vectors + v] = FMA(SPLAT(ink->total[first + n]), u[v], z[v]);
    spot[n] = dtd_ink_example(ink, first + n);
  }
  for (int p = 0; p < ink->pixels; p += BAND) {
    int end = p + BAND < ink->pixels ? p + BAND : ink->pixels;
    for (int n = 0; n < count; n++)
      spot[n] = NAME(sum_spots)(sum + n * vectors, (const vector *)panel->what,
                                spot[n], end, vectors);
  }
}

TARGET
static void NAME(apply)(float *sum, const struct panel *panel,
                        const struct black *black, const struct dtd_ink *ink,
                        int first, int count){
    WITH_WIDTH(panel->blocks, NAME(apply_to_group), (vector *)sum, panel, black,
               ink, first, count)}

/* ---- W += scale x'd ---- */

/* In the panel's columns: scaled = scale d, sum = 1' scaled, inked = total'
   scaled. */
INLINE void NAME(scale_gradient)(const struct panel *panel,
                                 struct background *step, float scale,
                                 const struct dtd_ink *ink, const float *d,
                                 int stride, int vectors) {
  vector *sum = (vector *)step->sum, *inked = (vector *)step->inked;
  for (int n = 0; n < ink->batch; n++) {
    vector *scaled = (vector *)panel->scaled + n * vectors;
    memcpy(scaled, d + (long)n * stride + panel->column,
           (size_t)panel->units * sizeof *d);
    for (int v = 0; v < vectors; v++) {
      scaled[v] *= scale;
      sum[v] += scaled[v];
      inked[v] = FMA(SPLAT(ink->total[n]), scaled[v], inked[v]);
    }
  }
}

/* What_p += sum_n s_np scaled_n for every p that has ink. */
INLINE void NAME(add_spots)(const struct panel *panel,
                            const struct dtd_ink *ink, int vectors) {
  for (int p = 0; p < ink->pixels; p++) {
    const struct dtd_spot *spot = ink->by_pixel + ink->start_of_pixel[p];
    const struct dtd_spot *end = ink->by_pixel + ink->start_of_pixel[p + 1];
    if (spot == end) continue;
    vector *row = (vector *)panel->what + (long)p * vectors;
    vector w[MOST_VECTORS];
    for (int v = 0; v < vectors; v++) w[v] = row[v];
    for (; spot < end; spot++) {
      const vector *scaled = (vector *)panel->scaled + spot->at * vectors;
      vector s = SPLAT(spot->s);
      for (int v = 0; v < vectors; v++) w[v] = FMA(s, scaled[v], w[v]);
    }
    for (int v = 0; v < vectors; v++) row[v] = w[v];
  }
}

TARGET
static void NAME(add)(const struct panel *panel, struct background *step,
                      float scale, const struct dtd_ink *ink, const float *d,
                      int stride) {
  WITH_WIDTH(panel->blocks, NAME(scale_gradient), panel, step, scale, ink, d,
             stride)
  WITH_WIDTH(panel->blocks, NAME(add_spots), panel, ink)
}

static const struct kernels NAME(kernels) = {MOST, NAME(apply), NAME(add)};

#undef MOST
