/* The detection-pooling network: forward, backward and its nonpositive biases.
 */
#include "network/network.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "linear/mat.h"
#include "base/memory.h"
#include "base/rng.h"

int dtd_layer_outputs(const struct dtd_layer_shape *layer) {
  return layer->units / layer->pool;
}

const struct dtd_layer *dtd_top_layer(const struct dtd_network *network) {
  return &network->layer[network->depth - 1];
}

const float *dtd_layer_input(const struct dtd_activations *act, int layer) {
  return layer ? act->pooled[layer - 1] : act->input;
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
  }
  return network;
}

struct dtd_network *dtd_network_like(const struct dtd_network *network) {
  struct dtd_layer_shape shape[DTD_MOST_LAYERS];
  for (int n = 0; n < network->depth; n++) shape[n] = network->layer[n].shape;
  return dtd_network_new(shape, network->depth);
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
  dtd_free(network->parameters);
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
                                            int first, int count) {
  struct dtd_activations part = *act;
  part.capacity = part.batch = count;
  part.memory = NULL;
  if (part.input) part.input += (long)first * network->layer[0].shape.inputs;
  for (int n = 0; n < network->depth; n++) {
    const struct dtd_layer *layer = &network->layer[n];
    part.detection[n] += (long)first * layer->shape.units;
    part.pooled[n] += (long)first * dtd_layer_outputs(&layer->shape);
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

/* x_k = |{x_j}|_q over one pool (Eq. 7, pooling; section 5.2 for q != 1). The
   largest x_j is taken out of the root so that no power overflows. */
static float pool_norm(const float *x, int count, float q) {
  if (q == 1) return sum(x, count);
  float largest = 0;
  for (int j = 0; j < count; j++) largest = x[j] > largest ? x[j] : largest;
  if (!(largest > 0)) return sum(x, count); /* 0, or a NaN let through */
  if (isinf(q)) return largest;
  float powers = 0;
  for (int j = 0; j < count; j++) powers += powf(x[j] / largest, q);
  return largest * powf(powers, 1 / q);
}

void dtd_pool(float *pooled, const float *detection,
              const struct dtd_layer *layer, int batch) {
  int count = batch * dtd_layer_outputs(&layer->shape);
  for (int k = 0; k < count; k++)
    pooled[k] = pool_norm(detection + (long)k * layer->shape.pool,
                          layer->shape.pool, layer->shape.norm);
}

static void open_pass(struct dtd_activations *act, const float *input,
                      const struct dtd_ink *ink, int batch) {
  if (batch > act->capacity)
    dtd_die(DTD_FAILURE, "network", NULL, "a batch of %d exceeds capacity %d",
            batch, act->capacity);
  act->input = input;
  act->ink = ink;
  act->batch = batch;
}

/* Eq. 7 for layer n, whose z_j = sum_i x_i w_ij are in act->detection. */
static void detect_and_pool(struct dtd_activations *act,
                            const struct dtd_network *network, int n) {
  rectify(act->detection[n], &network->layer[n], act->batch);
  dtd_pool(act->pooled[n], act->detection[n], &network->layer[n], act->batch);
}

/* Eq. 7 for the layers from `lowest` up. */
static void forward(struct dtd_activations *act,
                    const struct dtd_network *network, int lowest) {
  for (int n = lowest; n < network->depth; n++) {
    const struct dtd_layer *layer = &network->layer[n];
    dtd_multiply(
        act->detection[n], 0, 1,
        dtd_view(dtd_layer_input(act, n), act->batch, layer->shape.inputs),
        dtd_view(layer->w, layer->shape.inputs, layer->shape.units));
    detect_and_pool(act, network, n);
  }
}

void dtd_forward(struct dtd_activations *act, const struct dtd_network *network,
                 const float *input, int batch) {
  open_pass(act, input, NULL, batch);
  forward(act, network, 0);
}

void dtd_forward_ink(struct dtd_activations *act,
                     const struct dtd_network *network,
                     const struct dtd_folded *first,
                     const struct dtd_ink *ink) {
  open_pass(act, NULL, ink, ink->batch);
  dtd_folded_apply(act->detection[0], first, ink);
  detect_and_pool(act, network, 0);
}

void dtd_forward_upper(struct dtd_activations *act,
                       const struct dtd_network *network) {
  forward(act, network, 1);
}

float *dtd_forward_sums(struct dtd_activations *act, int batch) {
  open_pass(act, NULL, NULL, batch);
  return act->detection[0];
}

void dtd_forward_from_sums(struct dtd_activations *act,
                           const struct dtd_network *network) {
  detect_and_pool(act, network, 0);
  forward(act, network, 1);
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
      d_x[j] = d_pooled * powf(x[j] / pooled, q - 1);
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

/* The factor is a double: as a float, one near 1 is too coarse. */
void dtd_shrink_weights(struct dtd_layer *layer, double keep) {
  size_t count = (size_t)layer->shape.inputs * (size_t)layer->shape.units;
  if (keep == 1) return;
  for (size_t i = 0; i < count; i++)
    layer->w[i] = (float)(keep * (double)layer->w[i]);
}

/* w_ij += scale sum_n x_i dL/dz_j */
static void accumulate_weights(struct dtd_layer *into, float scale,
                               const float *input, const float *d_detection,
                               int batch) {
  dtd_multiply(into->w, 1, scale,
               dtd_transposed(dtd_view(input, batch, into->shape.inputs)),
               dtd_view(d_detection, batch, into->shape.units));
}

/* dtd_backward; the first layer's weights are `first` unless null, and weights
   are multiplied by `keep` before what is added to them. */
static void backward(struct dtd_network *into, struct dtd_folded *first,
                     double keep, float scale, float *d_input,
                     struct dtd_activations *d,
                     const struct dtd_network *network,
                     const struct dtd_activations *act, const float *d_output) {
  int batch = act->batch, top = network->depth - 1;
  memcpy(d->pooled[top], d_output, (size_t)batch * sizeof *d_output);
  for (int n = top; n >= 0; n--) {
    const struct dtd_layer *layer = &network->layer[n];
    back_through_detection(d->detection[n], d->pooled[n], act->detection[n],
                           act->pooled[n], layer, batch);
    float *d_below = n ? d->pooled[n - 1] : d_input;
    if (d_below) /* dL/dx_i = sum_j w_ij dL/dz_j, with w before its update */
      dtd_multiply(d_below, 0, 1,
                   dtd_view(d->detection[n], batch, layer->shape.units),
                   dtd_transposed(dtd_view(layer->w, layer->shape.inputs,
                                           layer->shape.units)));
    if (!into) continue;
    if (n == 0 && first) {
      dtd_folded_scale(first, keep);
      dtd_folded_add(first, scale, act->ink, d->detection[n]);
    } else {
      dtd_shrink_weights(&into->layer[n], keep);
      accumulate_weights(&into->layer[n], scale, dtd_layer_input(act, n),
                         d->detection[n], batch);
    }
    accumulate_biases(&into->layer[n], scale, d->detection[n], batch);
  }
}

void dtd_backward(struct dtd_network *into, float scale, float *d_input,
                  struct dtd_activations *d, const struct dtd_network *network,
                  const struct dtd_activations *act, const float *d_output) {
  backward(into, NULL, 1, scale, d_input, d, network, act, d_output);
}

void dtd_descend(struct dtd_network *network, struct dtd_folded *first,
                 double keep, double rate, struct dtd_activations *d,
                 const struct dtd_activations *act, const float *d_output) {
  backward(network, first, keep, (float)-rate, NULL, d, network, act, d_output);
}

void dtd_constrain_biases(struct dtd_network *network) {
  for (int n = 0; n < network->depth; n++)
    for (int j = 0; j < network->layer[n].shape.units; j++)
      if (network->layer[n].b[j] > 0) network->layer[n].b[j] = 0;
}
