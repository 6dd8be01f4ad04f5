/* Deep Taylor decomposition: relevance walks the stack from the output down. */
#include "relevance/decomposition.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "linear/batch_parts.h"

enum { WORTH_THREADS = 16 }; /* examples that outweigh waking one */

/* Units of layer n, or those that its own relevance model has instead. */
static int units_of(const struct dtd_decomposition *d,
                    const struct dtd_relevance_model *first_model, int n) {
  return n == 0 && first_model ? first_model->detection.shape.units
                               : d->network->layer[n].shape.units;
}

/* A copy of v_ij for images, which mostly are `low`. */
static void open_own_weights(struct dtd_decomposition *d, float low) {
  const struct dtd_layer *own = &d->model[0]->detection;
  if (own->w == d->network->layer[0].w) return;
  d->v = dtd_weights_new(&dtd_folded, own->w, own->shape.inputs,
                         own->shape.units, low, d->capacity);
  d->z_j =
      dtd_new((size_t)d->capacity * (size_t)own->shape.units, sizeof *d->z_j);
}

struct dtd_decomposition *dtd_decomposition_new(
    const struct dtd_network *network, struct dtd_relevance_model *first_model,
    const struct dtd_rule *first_rule, const struct dtd_rule *upper_rule,
    float low, float high, int capacity) {
  struct dtd_decomposition *d = dtd_new(1, sizeof *d);
  d->network = network;
  d->capacity = capacity;
  size_t width = 0;
  for (int n = 0; n < network->depth; n++)
    width +=
        (size_t)(network->layer[n].shape.inputs + units_of(d, first_model, n));
  float *at = d->memory = dtd_new(width * (size_t)capacity, sizeof *at);
  for (int n = 0; n < network->depth; n++) {
    const struct dtd_layer *layer = &network->layer[n];
    d->R_i[n] = at;
    d->R_j[n] = at += (size_t)layer->shape.inputs * (size_t)capacity;
    at += (size_t)units_of(d, first_model, n) * (size_t)capacity;
    d->owns_model[n] = n > 0 || !first_model;
    d->model[n] =
        d->owns_model[n]
            ? dtd_relevance_model_new(dtd_model_kind_find("training-free"),
                                      layer, 0, capacity)
            : first_model;
    d->propagator[n] =
        n ? dtd_propagator_new(upper_rule, &d->model[n]->detection, 0, INFINITY,
                               capacity)
          : dtd_propagator_new(first_rule, &d->model[n]->detection, low, high,
                               capacity);
  }
  open_own_weights(d, low);
  return d;
}

void dtd_decomposition_update(struct dtd_decomposition *d, int lowest) {
  if (lowest == 0 && d->v) dtd_weights_read(d->v);
  for (int n = lowest; n < d->network->depth; n++)
    dtd_propagator_update(d->propagator[n]);
}

struct dtd_site dtd_site_at(const struct dtd_decomposition *d,
                            const struct dtd_activations *act, int layer) {
  bool top = layer == d->network->depth - 1;
  return (struct dtd_site){
      .batch = act->batch,
      .x_i = dtd_layer_input(act, layer),
      .x_j = act->detection[layer],
      .x_k = act->pooled[layer],
      .R_k = top ? dtd_score(act) : d->R_i[layer + 1], /* R_f = x_f on top */
      .R_l = top ? NULL : d->R_j[layer + 1],
  };
}

/* f(x) = 0 leaves nothing to explain, even where a trained model predicts some
   R_k. */
static void clear_unexplained(float *R_j, const float *f, int batch,
                              int units) {
  for (int n = 0; n < batch; n++)
    if (f[n] == 0)
      memset(R_j + (long)n * units, 0, (size_t)units * sizeof *R_j);
}

/* Some of a site's examples. */
static struct dtd_site part_of_site(const struct dtd_site *site,
                                    const struct dtd_layer_shape *layer,
                                    int upper_units, struct dtd_range part) {
  struct dtd_site own = *site;
  long first = part.first, outputs = dtd_layer_outputs(layer);
  own.first = part.first;
  own.batch = part.count;
  own.x_i = dtd_inputs_range(site->x_i, part);
  own.x_j += first * layer->units;
  own.x_k += first * outputs;
  own.R_k += first * outputs;
  if (own.R_l) own.R_l += first * upper_units;
  return own;
}

/* R_j of layer n, from its relevance model. */
static void detect(struct dtd_decomposition *d, int n,
                   const struct dtd_site *site, const float *f) {
  const struct dtd_layer *layer = &d->network->layer[n];
  bool top = n == d->network->depth - 1;
  int upper_units = top ? 0 : layer[1].shape.units;
  int units = d->model[n]->detection.shape.units;
#pragma omp parallel for schedule(static) if (site->batch >= WORTH_THREADS)
  for (int i = 0; i < dtd_batch_parts(site->batch); i++) {
    struct dtd_range part = dtd_batch_part_at(site->batch, i);
    struct dtd_site own = part_of_site(site, &layer->shape, upper_units, part);
    float *R_j = d->R_j[n] + (long)part.first * units;
    dtd_model_relevance(R_j, d->model[n], &own);
    clear_unexplained(R_j, f + part.first, part.count, units);
  }
}

/* z_j + b_j of the units that layer n decomposes, as far as they are active:
   x_j of the network's own, and for others z_j, which the site's inputs know
   from then on. */
static const float *respond(struct dtd_decomposition *d, int n,
                            struct dtd_site *site) {
  if (n > 0 || !d->v) return site->x_j;
  dtd_weights_apply(d->z_j, d->v, &site->x_i);
  site->x_i =
      dtd_inputs_knowing(site->x_i, d->model[0]->detection.weights, d->z_j);
  return d->z_j;
}

void dtd_decompose(struct dtd_decomposition *d,
                   const struct dtd_activations *act, int lowest) {
  for (int n = d->network->depth - 1; n >= lowest; n--) {
    struct dtd_site site = dtd_site_at(d, act, n);
    const float *x =
        dtd_inputs_rows(&site.x_i, d->network->layer[n].shape.inputs);
    const float *r_j = respond(d, n, &site);
    detect(d, n, &site, dtd_score(act));
    dtd_propagate(d->R_i[n], d->propagator[n], x, r_j, d->R_j[n], /* Eq. 6 */
                  act->batch);
  }
}

void dtd_decomposition_free(struct dtd_decomposition *d) {
  if (!d) return;
  for (int n = 0; n < d->network->depth; n++) {
    if (d->owns_model[n]) dtd_relevance_model_free(d->model[n]);
    dtd_propagator_free(d->propagator[n]);
  }
  dtd_weights_free(d->v);
  dtd_free(d->z_j);
  dtd_free(d->memory);
  dtd_free(d);
}
