/* Convolutions: weights that many positions of a picture share.

   Their products are passes of sums over a window (passes.h). The
   weights are packed for them when a product first needs it, forward and
   backward apart: what explains a network never multiplies by all of them in
   both directions. A step

       w_mk += scale sum_p d_m(p) x[position_p + tap_k]

   is a sum over a window, too, whose taps are places and which goes over the
   positions. */
#include "linear/convolution.h"

#include <math.h>
#include <stdatomic.h>

#include "base/memory.h"
#include "linear/storages/passes.h"
#include "linear/inputs_form.h"
#include "linear/weights_kind.h"

/* One direction, and the values as it reads them. */
struct way {
  struct dtd_passes *passes;
  _Atomic(float *) packed; /* null when there was no product since the values
                              changed */
};

struct convolution {
  struct dtd_weights base;
  struct dtd_convolution_shape shape;
  struct way forward, backward;
};

static const struct dtd_weights_kind convolution;

static const struct convolution *of(const struct dtd_weights *w) {
  return (const struct convolution *)w;
}

/* ---- create and free ---- */

struct dtd_weights *
dtd_convolution_new(const struct dtd_convolution_shape *shape, float *values) {
  dtd_convolution_check(shape);
  struct convolution *w = dtd_new(1, sizeof *w);
  w->shape = *shape;
  w->forward.passes = dtd_passes_forward(shape);
  w->backward.passes = dtd_passes_backward(shape);
  w->base = (struct dtd_weights){
      &convolution, values, dtd_convolution_values(shape),
      (int)w->forward.passes->from, (int)w->forward.passes->out};
  return &w->base;
}

static struct dtd_weights *like(const struct dtd_weights *w, float *values) {
  return dtd_convolution_new(&of(w)->shape, values);
}

static void forget(struct way *way) {
  dtd_free(way->packed);
  way->packed = NULL;
}

static void read_values(struct dtd_weights *base) {
  struct convolution *w = (struct convolution *)base;
  forget(&w->forward);
  forget(&w->backward);
}

static void free_convolution(struct dtd_weights *base) {
  struct convolution *w = (struct convolution *)base;
  read_values(base);
  dtd_passes_free(w->forward.passes);
  dtd_passes_free(w->backward.passes);
  dtd_free(w);
}

/* ---- products ---- */

/* The packed values. Threads that need them at once each pack them, and all
   take those of the first to be ready. */
static const float *packed(const struct convolution *w, const struct way *way) {
  _Atomic(float *) *at = (_Atomic(float *) *)&way->packed;
  float *ready = *at;
  if (ready) return ready;
  float *own = dtd_new_beside(w, way->passes->packed, sizeof *own);
  dtd_passes_pack(own, way->passes, w->base.values);
  if (atomic_compare_exchange_strong(at, &ready, own)) return own;
  dtd_free(own);
  return ready;
}

static void apply(float *z, const struct dtd_weights *base,
                  const struct dtd_inputs *x) {
  const struct convolution *w = of(base);
  dtd_passes_run(z, w->forward.passes, packed(w, &w->forward),
                 dtd_inputs_rows(x, base->inputs), x->batch);
}

static void transpose(float *d_x, const struct dtd_weights *base,
                      const float *d, int batch) {
  const struct convolution *w = of(base);
  dtd_passes_run(d_x, w->backward.passes, packed(w, &w->backward), d, batch);
}

/* ---- steps ---- */

/* values += scale step, (maps, taps) as sums are ordered. */
static void add_step(struct dtd_weights *w, float scale, const float *step,
                     const struct dtd_pass *pass) {
  const struct dtd_window_sums *s = &pass->sums;
  for (int m = 0; m < s->groups * s->maps; m++) {
    float *values = w->values + m * pass->weights.map_step;
    for (int first = 0; first < s->channels; first += DTD_BAND)
      for (int t = 0; t < s->window; t++)
        for (int i = first; i < s->channels && i < first + DTD_BAND; i++) {
          float *value = values + i * pass->weights.channel_step + t;
          *value = fmaf(scale, *step++, *value);
        }
  }
}

static void accumulate(struct dtd_weights *base, float scale,
                       const struct dtd_inputs *x, const float *d) {
  const struct dtd_passes *forward = of(base)->forward.passes;
  const float *rows = dtd_inputs_rows(x, base->inputs);
  struct dtd_window_sums sums = forward->pass->sums;
  int positions = (int)forward->map;
  struct dtd_window_weights gradient = {
      .map_step = positions, .group_step = (long)sums.maps * positions};
  size_t plane = dtd_passes_planes(forward);
  sums.position = forward->pass->sums.tap;
  sums.positions = sums.channels * sums.window;
  sums.channel_step *= sums.channels;
  sums.channels = 1;
  sums.window = positions;
  sums.tap = sums.offset = forward->pass->sums.position;
  sums.along_positions = false;
  size_t own = dtd_packed_size(&sums);
  float *room = dtd_new(own + base->count + plane, sizeof *room);
  float *step = room + own, *planes = step + base->count;
  for (int n = 0; n < x->batch; n++) {
    gradient.from = d + n * forward->out;
    dtd_planes_fill(planes, &forward->planes, rows + n * forward->from);
    dtd_window_pack(room, &sums, &gradient);
    dtd_window_sum(step, &sums, room, planes);
    add_step(base, scale, step, forward->pass);
  }
  dtd_free(room);
  read_values(base);
}

static void scale_by(struct dtd_weights *w, double keep) {
  for (size_t i = 0; i < w->count; i++)
    w->values[i] = (float)(keep * (double)w->values[i]);
  read_values(w);
}

static const struct dtd_weights_kind convolution = {.name = "convolution",
                                                    .like = like,
                                                    .apply = apply,
                                                    .transpose = transpose,
                                                    .accumulate = accumulate,
                                                    .scale = scale_by,
                                                    .read = read_values,
                                                    .free = free_convolution};
