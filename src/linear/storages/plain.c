/* Plain weights: a matrix as it stands in its array, for dense products, by our
   kernels or by OpenBLAS's. */
#include <stddef.h>

#include "base/memory.h"
#include "linear/contributions.h"
#include "linear/contributions_kind.h"
#include "linear/blas.h"
#include "linear/weights.h"
#include "linear/weights_kind.h"

static struct dtd_view view_of(const struct dtd_weights *w) {
  return dtd_view(w->values, w->inputs, w->units);
}

static struct dtd_view rows_of(const struct dtd_weights *w,
                               const struct dtd_inputs *x) {
  return dtd_view(dtd_inputs_rows(x, w->inputs), x->batch, w->inputs);
}

static struct dtd_weights *create(const struct dtd_weights_kind *kind,
                                  float *values, int inputs, int units) {
  struct dtd_weights *w = dtd_new(1, sizeof *w);
  *w = (struct dtd_weights){kind, values, (size_t)inputs * (size_t)units,
                            inputs, units};
  return w;
}

static struct dtd_weights *create_plain(float *values, int inputs, int units,
                                        float low, int capacity) {
  (void)low, (void)capacity;
  return create(&dtd_plain, values, inputs, units);
}

static struct dtd_weights *create_dense(float *values, int inputs, int units,
                                        float low, int capacity) {
  (void)low, (void)capacity;
  return create(&dtd_dense, values, inputs, units);
}

static struct dtd_weights *like(const struct dtd_weights *w, float *values) {
  return create(w->kind, values, w->inputs, w->units);
}

static void apply(float *z, const struct dtd_weights *w,
                  const struct dtd_inputs *x) {
  w->kind->multiply(z, 0, 1, rows_of(w, x), view_of(w));
}

static void transpose(float *d_x, const struct dtd_weights *w, const float *d,
                      int batch) {
  w->kind->multiply(d_x, 0, 1, dtd_view(d, batch, w->units),
                    dtd_transposed(view_of(w)));
}

static void accumulate(struct dtd_weights *w, float scale,
                       const struct dtd_inputs *x, const float *d) {
  w->kind->multiply(w->values, 1, scale, dtd_transposed(rows_of(w, x)),
                    dtd_view(d, x->batch, w->units));
}

static void scale_by(struct dtd_weights *w, double keep) {
  for (size_t i = 0; i < w->count; i++)
    w->values[i] = (float)(keep * (double)w->values[i]);
}

#define KIND(title, own_create, product)                                       \
  {                                                                            \
    .name = title, .create = own_create, .like = like, .multiply = product,    \
    .apply = apply, .transpose = transpose, .accumulate = accumulate,          \
    .scale = scale_by, .contributions = &dtd_panels                            \
  }

const struct dtd_weights_kind dtd_plain =
    KIND("plain", create_plain, dtd_multiply);
const struct dtd_weights_kind dtd_dense =
    KIND("dense", create_dense, dtd_blas_multiply);
