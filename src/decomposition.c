/* Deep Taylor decomposition: relevance walks the stack from the output down. */
#include "decomposition.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

/* Units of layer n, or those that its own relevance model has instead. */
static int units_of(const struct dtd_decomposition *d,
                    const struct dtd_relevance_model *first_model, int n) {
  return n == 0 && first_model ? first_model->detection.units
                               : d->network->layer[n].units;
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
    width += (size_t)(network->layer[n].inputs + units_of(d, first_model, n));
  float *at = d->memory = dtd_new(width * (size_t)capacity, sizeof *at);
  for (int n = 0; n < network->depth; n++) {
    const struct dtd_layer *layer = &network->layer[n];
    d->R_i[n] = at;
    d->R_j[n] = at += (size_t)layer->inputs * (size_t)capacity;
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
  return d;
}

void dtd_decomposition_update(struct dtd_decomposition *d, int lowest) {
  for (int n = lowest; n < d->network->depth; n++)
    dtd_propagator_update(d->propagator[n]);
}

struct dtd_site dtd_site_at(const struct dtd_decomposition *d,
                            const struct dtd_activations *act, int layer) {
  bool top = layer == d->network->depth - 1;
  return (struct dtd_site){
      .batch = act->batch,
      .x_i = dtd_layer_input(act, layer),
      .ink = layer ? NULL : act->ink,
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

void dtd_decompose(struct dtd_decomposition *d,
                   const struct dtd_activations *act, int lowest) {
  for (int n = d->network->depth - 1; n >= lowest; n--) {
    struct dtd_site site = dtd_site_at(d, act, n);
    dtd_model_relevance(d->R_j[n], d->model[n], &site);
    clear_unexplained(d->R_j[n], dtd_score(act), act->batch,
                      d->model[n]->detection.units);
    dtd_propagate(d->R_i[n], d->propagator[n], site.x_i, d->R_j[n], /* Eq. 6 */
                  act->batch);
  }
}

void dtd_decomposition_free(struct dtd_decomposition *d) {
  if (!d) return;
  for (int n = 0; n < d->network->depth; n++) {
    if (d->owns_model[n]) dtd_relevance_model_free(d->model[n]);
    dtd_propagator_free(d->propagator[n]);
  }
  free(d->memory);
  free(d);
}
