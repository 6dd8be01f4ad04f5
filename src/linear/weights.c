/* Weights of a layer: a matrix W in a storage that makes its products fast. */
#include "linear/weights.h"

#include <string.h>

#include "base/memory.h"
#include "linear/inputs_form.h"
#include "linear/weights_kind.h"

struct dtd_weights *dtd_weights_new(const struct dtd_weights_kind *kind,
                                    float *values, int inputs, int units,
                                    float low, int capacity) {
  return kind->create(values, inputs, units, low, capacity);
}

struct dtd_weights *dtd_weights_like(const struct dtd_weights *w,
                                     float *values) {
  return w->kind->like(w, values);
}

void dtd_weights_free(struct dtd_weights *w) {
  if (!w) return;
  if (w->kind->free)
    w->kind->free(w);
  else
    dtd_free(w);
}

/* ---- inputs whose sums are known ---- */

struct dtd_inputs dtd_inputs_knowing(struct dtd_inputs x,
                                     const struct dtd_weights *weights,
                                     const float *z) {
  x.summed_by = weights;
  x.sums = z;
  x.units = weights->units;
  return x;
}

struct dtd_inputs dtd_sums(const float *z, const struct dtd_weights *weights,
                           int batch) {
  return dtd_inputs_knowing(
      (struct dtd_inputs){.batch = batch, .form = &dtd_only_sums}, weights, z);
}

/* ---- compute ---- */

static void apply_part(float *z, const struct dtd_weights *w,
                       const struct dtd_inputs *x, int index) {
  struct dtd_range range;
  struct dtd_inputs part = dtd_inputs_part(x, index, &range);
  w->kind->apply(z + (long)range.first * w->units, w, &part);
}

void dtd_weights_apply(float *z, const struct dtd_weights *w,
                       const struct dtd_inputs *x) {
  int parts = dtd_inputs_parts(x);
  if (x->sums && x->summed_by == w) {
    if (z != x->sums)
      memcpy(z, x->sums, (size_t)x->batch * (size_t)w->units * sizeof *z);
  } else if (parts == 1) { /* no region, whose tasks would stay in it */
    apply_part(z, w, x, 0);
  } else {
#pragma omp parallel for schedule(static)
    for (int i = 0; i < parts; i++) apply_part(z, w, x, i);
  }
}

void dtd_weights_transpose(float *d_x, const struct dtd_weights *w,
                           const float *d, int batch) {
  w->kind->transpose(d_x, w, d, batch);
}

void dtd_weights_accumulate(struct dtd_weights *w, float scale,
                            const struct dtd_inputs *x, const float *d) {
  w->kind->accumulate(w, scale, x, d);
}

void dtd_weights_scale(struct dtd_weights *w, double keep) {
  if (keep != 1) w->kind->scale(w, keep);
}

void dtd_weights_settle(struct dtd_weights *w) {
  if (w->kind->settle) w->kind->settle(w);
}

/* ---- the values ---- */

void dtd_weights_read(struct dtd_weights *w) {
  if (w->kind->read) w->kind->read(w);
}

void dtd_weights_write(struct dtd_weights *w) {
  if (w->kind->write) w->kind->write(w);
}

int dtd_weights_save(struct dtd_weights_state state[DTD_MOST_STATES],
                     const struct dtd_weights *w) {
  return w->kind->save ? w->kind->save(state, w) : 0;
}

void dtd_weights_restore(struct dtd_weights *w,
                         const struct dtd_weights_state *state) {
  if (w->kind->restore) w->kind->restore(w, state);
}

/* ---- inspect ---- */

int dtd_weights_inputs(const struct dtd_weights *w) {
  return w->inputs;
}

int dtd_weights_units(const struct dtd_weights *w) {
  return w->units;
}

bool dtd_weights_kind_is_open(const struct dtd_weights_kind *kind) {
  return !kind->read;
}
