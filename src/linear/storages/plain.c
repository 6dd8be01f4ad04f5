/* Plain weights: a matrix as it stands in its array, for dense products. */
#include <stddef.h>

#include "base/memory.h"
#include "linear/contributions.h"
#include "linear/contributions_kind.h"
#include "linear/mat.h"
#include "linear/weights.h"
#include "linear/weights_kind.h"

static struct dtd_view view_of(const struct dtd_weights *w) {
  return dtd_view(w->values, w->inputs, w->units);
}

static struct dtd_view rows_of(const struct dtd_weights *w,
                               const struct dtd_inputs *x) {
  return dtd_view(dtd_inputs_rows(x, w->inputs), x->batch, w->inputs);
}

static struct dtd_weights *create(float *values, int inputs, int units,
                                  float low, int capacity) {
  (void)low, (void)capacity;
  struct dtd_weights *w = dtd_new(1, sizeof *w);
  *w = (struct dtd_weights){&dtd_plain, values, (size_t)inputs * (size_t)units,
                            inputs, units};
  return w;
}

static struct dtd_weights *like(const struct dtd_weights *w, float *values) {
  return create(values, w->inputs, w->units, 0, 0);
}

static void apply(float *z, const struct dtd_weights *w,
                  const struct dtd_inputs *x) {
  dtd_multiply(z, 0, 1, rows_of(w, x), view_of(w));
}

static void transpose(float *d_x, const struct dtd_weights *w, const float *d,
                      int batch) {
  dtd_multiply(d_x, 0, 1, dtd_view(d, batch, w->units),
               dtd_transposed(view_of(w)));
}

static void accumulate(struct dtd_weights *w, float scale,
                       const struct dtd_inputs *x, const float *d) {
  dtd_multiply(w->values, 1, scale, dtd_transposed(rows_of(w, x)),
               dtd_view(d, x->batch, w->units));
}

static void scale_by(struct dtd_weights *w, double keep) {
  for (size_t i = 0; i < w->count; i++)
    w->values[i] = (float)(keep * (double)w->values[i]);
}

const struct dtd_weights_kind dtd_plain = {
    .name = "plain",
    .create = create,
    .like = like,
    .apply = apply,
    .transpose = transpose,
    .accumulate = accumulate,
    .scale = scale_by,
    .contributions = &dtd_panels,
};
