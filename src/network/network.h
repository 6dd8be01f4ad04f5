/* The detection-pooling network: forward, backward and its nonpositive biases.

   A network is a stack of layers. Each layer detects and then pools (Eq. 7, and
   section 5.2 for q other than 1):

       x_j = max(0, sum_i x_i w_ij + b_j),   b_j <= 0
       x_k = (sum_{j in pool k} x_j^q)^(1/q),   pool k = {k n .. k n + n - 1}

   The top layer pools into one unit, f(x) = x_f. The paper's network has two
   layers with q = 1: pixels p, units j, pools k, upper units l, output f.

   | paper          | C                   | shape                     |
   |----------------|---------------------|---------------------------|
   | w_ij, b_j      | layer.w, layer.b    | (inputs, units), (units)  |
   | x_i            | dtd_layer_input()   | (batch, inputs)           |
   | x_j            | detection[layer]    | (batch, units)            |
   | x_k            | pooled[layer]       | (batch, units / pool)     |
   | f(x)           | dtd_score()         | (batch)                   |
*/
#ifndef DTD_NETWORK_H
#define DTD_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "linear/weights.h"

enum { DTD_MOST_LAYERS = 8 };

struct dtd_layer_shape {
  int inputs; /* number of x_i */
  int units;  /* number of detection units x_j */
  int pool;   /* units a pool; units / pool outputs x_k */
  float norm; /* q >= 1 of the pooling; 1 sums, INFINITY takes the maximum */
};

struct dtd_layer {
  struct dtd_layer_shape shape;
  float *w;                    /* (inputs, units): w_ij at w[i * units + j] */
  float *b;                    /* (units) */
  struct dtd_weights *weights; /* the same w_ij, ready for products */
};

struct dtd_network {
  int depth;
  struct dtd_layer layer[DTD_MOST_LAYERS]; /* [0] reads the input */
  float *parameters;                       /* every w and b, one allocation */
  bool own_parameters;                     /* or those of another network */
  size_t parameter_count;
};

/* What one forward pass leaves behind, for up to `capacity` examples. */
struct dtd_activations {
  int capacity, batch, depth;
  struct dtd_inputs input;           /* borrowed */
  float *detection[DTD_MOST_LAYERS]; /* x_j (batch, units) */
  float *pooled[DTD_MOST_LAYERS];    /* x_k (batch, units / pool) */
  float *memory;
};

/* ---- create ---- */

/* A network of zeros with those layers. Dies (usage) when sizes do not fit: a
   pool that does not divide its units, a layer that does not read what the one
   below gives, a top with more than one output, q < 1. */
struct dtd_network *dtd_network_new(const struct dtd_layer_shape *layers,
                                    int depth);

/* A network of zeros with the layers of `network`. */
struct dtd_network *dtd_network_like(const struct dtd_network *network);

/* The same network, whose parameters it borrows, with the weights that read the
   input stored as `kind`: inputs mostly are `low`, steps take up to `capacity`
   examples. */
struct dtd_network *dtd_network_stored(const struct dtd_network *network,
                                       const struct dtd_weights_kind *kind,
                                       float low, int capacity);

struct dtd_network *dtd_network_copy(const struct dtd_network *network);

/* Weights from N(0, deviation^2), biases 0 (section 6.1). Layer n reads the
   stream "weights/detectionN" of `seed`. */
void dtd_network_initialise(struct dtd_network *network, uint64_t seed,
                            double deviation);

struct dtd_activations *dtd_activations_new(const struct dtd_network *network,
                                            int capacity);

/* ---- compute ---- */

/* Eq. 7 for every layer. The inputs are borrowed until the next forward pass.
 */
void dtd_forward(struct dtd_activations *act, const struct dtd_network *network,
                 struct dtd_inputs input);

/* The chain rule, from d_output (batch) = dL/df, and a step along it:

       w := keep w + scale dL/dw,    b := b + scale dL/db

   in `into`, unless null, which has the network's shape and may be the network
   itself.
   d_input (batch, inputs) = dL/dx, unless null.
   `d` is scratch of the network's shape and act's capacity: it receives dL/dz_j
   (before the rectifier) in `detection` and dL/dx_k in `pooled`.
   The derivative of max(0, z) at z = 0 is taken as 0. */
void dtd_backward(struct dtd_network *into, double keep, float scale,
                  float *d_input, struct dtd_activations *d,
                  const struct dtd_network *network,
                  const struct dtd_activations *act, const float *d_output);

/* b := min(b, 0) in every layer. */
void dtd_constrain_biases(struct dtd_network *network);

/* The pooling of one layer alone, x_k from x_j. */
void dtd_pool(float *pooled /* (batch, units / pool) */,
              const float *detection /* (batch, units) */,
              const struct dtd_layer *layer, int batch);

/* dL/dx_j = dL/dx_k (x_j / x_k)^(q-1) for one pool of `count` units; for q =
   infinity the first largest x_j takes it all. */
void dtd_unpool(float *d_x /* (count) */, float d_pooled,
                const float *x /* (count) */, float pooled, int count, float q);

/* ---- inspect ---- */

/* Pools x_k of a layer. */
int dtd_layer_outputs(const struct dtd_layer_shape *layer);
const struct dtd_layer *dtd_top_layer(const struct dtd_network *network);

/* x_i of a layer: the network's input, or what the layer below pooled. */
struct dtd_inputs dtd_layer_input(const struct dtd_activations *act, int layer);

/* The examples of `range` in `act`, which owns their memory. */
struct dtd_activations dtd_activations_part(const struct dtd_activations *act,
                                            const struct dtd_network *network,
                                            struct dtd_range range);

/* f(x) (batch). */
const float *dtd_score(const struct dtd_activations *act);

/* ---- free ---- */

void dtd_network_free(struct dtd_network *network);
void dtd_activations_free(struct dtd_activations *act);

#endif
