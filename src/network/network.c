/* The detection-pooling network: forward, backward and its nonpositive biases.
 */
#include "network/network.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/elementary.h"
#include "base/die.h"
#include "base/memory.h"
#include "base/rng.h"

int dtd_layer_outputs(const struct dtd_layer_shape *layer) {
  return layer->units / layer->pool;
}

const struct dtd_layer *dtd_top_layer(const struct dtd_network *network) {
  return &network->layer[network->depth - 1];
}

struct dtd_inputs dtd_layer_input(const struct dtd_activations *act,
                                  int layer) {
  return layer ? dtd_rows(act->pooled[layer - 1], act->batch) : act->input;
}

const float *dtd_score(const struct dtd_activations *act) {
  return act->pooled[act->depth - 1];
}

/* ---- create and free ---- */

static void check_layer(const struct dtd_layer_shape *layer, int index,
                        int below) {
  char what[32];
  snprintf(what, sizeof what, "detection layer %d", index + 1);
  if (layer->inputs < 1 || layer->units < 1 || layer->pool < 1)
    dtd_die(DTD_USAGE, what, "use sizes of at least 1",
            "%d inputs, %d units, pools of %d", layer->inputs, layer->units,
            layer->pool);
  if (layer->units % layer->pool)
    dtd_die(DTD_USAGE, what, "use a pool size that divides the units",
            "pools of %d do not divide %d units", layer->pool, layer->units);
  if (below && layer->inputs != below)
    dtd_die(DTD_USAGE, what, "make the layers fit",
            "reads %d inputs but the layer below gives %d", layer->inputs,
            below);
  if (!(layer->norm >= 1))
    dtd_die(DTD_USAGE, what, "use 1 for sums, inf for the maximum",
            "pooling norm %g is below 1", layer->norm);
}

struct dtd_network *dtd_network_new(const struct dtd_layer_shape *layers,
                                    int depth) {
  if (depth < 1 || depth > DTD_MOST_LAYERS)
    dtd_die(DTD_USAGE, "network", NULL, "%d layers, not 1 to %d", depth,
            DTD_MOST_LAYERS);
  struct dtd_network *network = dtd_new(1, sizeof *network);
  network->depth = depth;
  network->own_parameters = true;
  for (int n = 0; n < depth; n++) {
    check_layer(&layers[n], n, n ? dtd_layer_outputs(&layers[n - 1]) : 0);
    network->layer[n].shape = layers[n];
    network->parameter_count +=
        (size_t)(layers[n].inputs + 1) * (size_t)layers[n].units;
  }
  int outputs = dtd_layer_outputs(&layers[depth - 1]);
  if (outputs != 1)
    dtd_die(DTD_USAGE, "network", "let the last pool size equal its units",
            "the top layer has %d outputs, not 1", outputs);
  float *at = network->parameters =
      dtd_new(network->parameter_count, sizeof *at);
  for (int n = 0; n < depth; n++) {
    struct dtd_layer *layer = &network->layer[n];
    layer->w = at;
    layer->b = at + (size_t)layer->shape.inputs * (size_t)layer->shape.units;
    at = layer->b + layer->shape.units;
    layer->weights = dtd_weights_new(&dtd_plain, layer->w, layer->shape.inputs,
                                     layer->shape.units, 0, 0);
  }
  return network;
}

struct dtd_network *dtd_network_like(const struct dtd_network *network) {
  struct dtd_layer_shape shape[DTD_MOST_LAYERS];
  for (int n = 0; n < network->depth; n++) shape[n] = network->layer[n].shape;
  return dtd_network_new(shape, network->depth);
}

struct dtd_network *dtd_network_stored(const struct dtd_network *network,
                                       const struct dtd_weights_kind *kind,
                                       float low, int capacity) {
  struct dtd_network *stored = dtd_new(1, sizeof *stored);
  *stored = *network;
  stored->own_parameters = false;
  for (int n = 0; n < network->depth; n++) {
    struct dtd_layer *layer = &stored->layer[n];
    layer->weights =
        dtd_weights_new(n ? &dtd_plain : kind, layer->w, layer->shape.inputs,
                        layer->shape.units, low, capacity);
  }
  return stored;
}

struct dtd_network *dtd_network_copy(const struct dtd_network *network) {
  struct dtd_network *copy = dtd_network_like(network);
  memcpy(copy->parameters, network->parameters,
         network->parameter_count * sizeof *copy->parameters);
  return copy;
}

void dtd_network_initialise(struct dtd_network *network, uint64_t seed,
                            double deviation) {
  for (int n = 0; n < network->depth; n++) {
    struct dtd_layer *layer = &network->layer[n];
    char stream[32];
    snprintf(stream, sizeof stream, "weights/detection%d", n + 1);
    struct dtd_rng rng = dtd_rng_open(seed, stream, 0);
    size_t count = (size_t)layer->shape.inputs * (size_t)layer->shape.units;
    for (size_t i = 0; i < count; i++)
      layer->w[i] = (float)(deviation * dtd_rng_normal(&rng));
    memset(layer->b, 0, (size_t)layer->shape.units * sizeof *layer->b);
  }
}

void dtd_network_free(struct dtd_network *network) {
  if (!network) return;
  for (int n = 0; n < network->depth; n++)
    dtd_weights_free(network->layer[n].weights);
  if (network->own_parameters) dtd_free(network->parameters);
  dtd_free(network);
}

struct dtd_activations *dtd_activations_new(const struct dtd_network *network,
                                            int capacity) {
  struct dtd_activations *act = dtd_new(1, sizeof *act);
  act->capacity = capacity;
  act->depth = network->depth;
  size_t width = 0;
  for (int n = 0; n < network->depth; n++)
    width += (size_t)(network->layer[n].shape.units +
                      dtd_layer_outputs(&network->layer[n].shape));
  float *at = act->memory = dtd_new(width * (size_t)capacity, sizeof *at);
  for (int n = 0; n < network->depth; n++) {
    const struct dtd_layer *layer = &network->layer[n];
    act->detection[n] = at;
    act->pooled[n] = at += (size_t)layer->shape.units * (size_t)capacity;
    at += (size_t)dtd_layer_outputs(&layer->shape) * (size_t)capacity;
  }
  return act;
}

struct dtd_activations dtd_activations_part(const struct dtd_activations *act,
                                            const struct dtd_network *network,
                                            struct dtd_range range) {
  struct dtd_activations part = *act;
  long first = range.first;
  part.capacity = part.batch = range.count;
  part.memory = NULL;
  part.input = dtd_inputs_range(act->input, range);
  for (int n = 0; n < network->depth; n++) {
    const struct dtd_layer *layer = &network->layer[n];
    part.detection[n] += first * layer->shape.units;
    part.pooled[n] += first * dtd_layer_outputs(&layer->shape);
  }
  return part;
}

void dtd_activations_free(struct dtd_activations *act) {
  if (!act) return;
  dtd_free(act->memory);
  dtd_free(act);
}

/* ---- forward ---- */

/* x_j = max(0, z_j + b_j), z_j = sum_i x_i w_ij being there already   (Eq. 7,
   detection) */
static void rectify(float *detection, const struct dtd_layer *layer,
                    int batch) {
  int units = layer->shape.units;
  const float *b = layer->b;
  for (int n = 0; n < batch; n++) {
    float *x = detection + (long)n * units;
    for (int j = 0; j < units; j++) {
      float z = x[j] + b[j];
      x[j] = z < 0 ? 0 : z; /* lets a NaN through */
    }
  }
}

/* Added in strands, several of which a processor adds at once. */
static float sum(const float *x, int count) {
  enum { STRANDS = 8 };
  float strand[STRANDS] = {0}, total = 0;
  int j = 0;
  for (; j + STRANDS <= count; j += STRANDS)
    for (int s = 0; s < STRANDS; s++) strand[s] += x[j + s];
  for (int s = 0; j > 0 && s < STRANDS; s++) total += strand[s];
  for (; j < count; j++) total += x[j];
  return total;
}

static float power(float x, float q) {
  return (float)dtd_pow((double)x, (double)q);
}

/* x_k = |{x_j}|_q over one pool (Eq. 7, pooling; section 5.2 for q != 1). The
   largest x_j is taken out of the root so that no power overflows. */
static float pool_norm(const float *x, int count, float q) {
  if (q == 1) return sum(x, count);
  float largest = 0;
  for (int j = 0; j < count; j++) largest = x[j] > largest ? x[j] : largest;
  if (!(largest > 0)) return sum(x, count); /* 0, or a NaN let through */
  if (isinf(q)) return largest;
  float powers = 0;
  for (int j = 0; j < count; j++) powers += power(x[j] / largest, q);
  return largest * power(powers, 1 / q);
}

void dtd_pool(float *pooled, const float *detection,
              const struct dtd_layer *layer, int batch) {
  int count = batch * dtd_layer_outputs(&layer->shape);
  for (int k = 0; k < count; k++)
    pooled[k] = pool_norm(detection + (long)k * layer->shape.pool,
                          layer->shape.pool, layer->shape.norm);
}

/* Eq. 7 for some examples, layer by layer. */
static void forward_part(struct dtd_activations *act,
                         const struct dtd_network *network,
                         const struct dtd_inputs *input,
                         struct dtd_range range) {
  struct dtd_activations part = dtd_activations_part(act, network, range);
  part.input = *input;
  for (int n = 0; n < network->depth; n++) {
    const struct dtd_layer *layer = &network->layer[n];
    struct dtd_inputs x = dtd_layer_input(&part, n);
    dtd_weights_apply(part.detection[n], layer->weights, &x);
    rectify(part.detection[n], layer, range.count);
    dtd_pool(part.pooled[n], part.detection[n], layer, range.count);
  }
}

void dtd_forward(struct dtd_activations *act, const struct dtd_network *network,
                 struct dtd_inputs input) {
  int parts = dtd_inputs_parts(&input);
  if (input.batch > act->capacity)
    dtd_die(DTD_FAILURE, "network", NULL, "a batch of %d exceeds capacity %d",
            input.batch, act->capacity);
  act->input = input;
  act->batch = input.batch;
  if (parts == 1) { /* products may be tasks of the caller's own region */
    forward_part(act, network, &input, (struct dtd_range){0, input.batch});
    return;
  }
#pragma omp parallel for schedule(static)
  for (int i = 0; i < parts; i++) {
    struct dtd_range range;
    struct dtd_inputs part = dtd_inputs_part(&input, i, &range);
    forward_part(act, network, &part, range);
  }
}

/* ---- backward ---- */

void dtd_unpool(float *d_x, float d_pooled, const float *x, float pooled,
                int count, float q) {
  int first_largest = 1;
  if (q == 1) {
    for (int j = 0; j < count; j++) d_x[j] = d_pooled;
    return;
  }
  for (int j = 0; j < count; j++) {
    if (!(pooled > 0))
      d_x[j] = 0;
    else if (isinf(q))
      d_x[j] = x[j] == pooled && first_largest-- == 1 ? d_pooled : 0;
    else
      d_x[j] = d_pooled * power(x[j] / pooled, q - 1);
  }
}

/* dL/dz_j = dL/dx_j [x_j > 0], z_j being what the rectifier receives. */
static void back_through_detection(float *d_detection, const float *d_pooled,
                                   const float *detection, const float *pooled,
                                   const struct dtd_layer *layer, int batch) {
  int pool = layer->shape.pool,
      count = batch * dtd_layer_outputs(&layer->shape);
  for (int k = 0; k < count; k++)
    dtd_unpool(d_detection + (long)k * pool, d_pooled[k],
               detection + (long)k * pool, pooled[k], pool, layer->shape.norm);
  for (long j = 0; j < (long)count * pool; j++)
    d_detection[j] = detection[j] > 0 ? d_detection[j] : 0;
}

/* b_j += scale sum_n dL/dz_j */
static void accumulate_biases(struct dtd_layer *into, float scale,
                              const float *d_detection, int batch) {
  float *b = into->b;
  for (int n = 0; n < batch; n++) {
    const float *d = d_detection + (long)n * into->shape.units;
    for (int j = 0; j < into->shape.units; j++) b[j] += scale * d[j];
  }
}

void dtd_backward(struct dtd_network *into, double keep, float scale,
                  float *d_input, struct dtd_activations *d,
                  const struct dtd_network *network,
                  const struct dtd_activations *act, const float *d_output) {
  int batch = act->batch, top = network->depth - 1;
  memcpy(d->pooled[top], d_output, (size_t)batch * sizeof *d_output);
  for (int n = top; n >= 0; n--) {
    const struct dtd_layer *layer = &network->layer[n];
    float *d_below = n ? d->pooled[n - 1] : d_input;
    back_through_detection(d->detection[n], d->pooled[n], act->detection[n],
                           act->pooled[n], layer, batch);
    if (d_below) /* dL/dx_i = sum_j w_ij dL/dz_j, with w before its update */
      dtd_weights_transpose(d_below, layer->weights, d->detection[n], batch);
    if (!into) continue;
    struct dtd_inputs x = dtd_layer_input(act, n);
    dtd_weights_scale(into->layer[n].weights, keep);
    dtd_weights_accumulate(into->layer[n].weights, scale, &x, d->detection[n]);
    accumulate_biases(&into->layer[n], scale, d->detection[n], batch);
  }
}

void dtd_constrain_biases(struct dtd_network *network) {
  for (int n = 0; n < network->depth; n++)
    for (int j = 0; j < network->layer[n].shape.units; j++)
      if (network->layer[n].b[j] > 0) network->layer[n].b[j] = 0;
}
