/* Shapes of layers, networks with random parameters and activations, which the
   test owns. */
#ifndef DTD_TEST_NETWORK_H
#define DTD_TEST_NETWORK_H

#include "base/test.h"
#include "base/test_numbers.h"
#include "network/network.h"

/* A layer whose pools have the norm q. */
#define LAYER_NORM(i, u, p, q)                                                 \
  { .inputs = (i), .units = (u), .pool = (p), .norm = (q) }

/* One whose pools sum. */
#define LAYER(i, u, p) LAYER_NORM(i, u, p, 1)

TEST_OWNS(weights)
TEST_OWNS(network)
TEST_OWNS(activations)
#define new_network(...)     own_network(dtd_network_new(__VA_ARGS__))
#define new_activations(...) own_activations(dtd_activations_new(__VA_ARGS__))

/* Makes a layer's w ready for products. */
static inline void store_plain(struct dtd_layer *layer) {
  layer->weights = own_weights(dtd_weights_new(
      &dtd_plain, layer->w, layer->shape.inputs, layer->shape.units, 0, 0));
}

/* A layer with weights on [-1, 1) and such biases, ready for products. */
static inline struct dtd_layer random_layer(int inputs, int units,
                                            double bias_low, double bias_high,
                                            struct dtd_rng *rng) {
  struct dtd_layer layer = {.shape = LAYER(inputs, units, 1)};
  layer.w = new_random((long)inputs * units, -1, 1, rng);
  layer.b = new_random(units, bias_low, bias_high, rng);
  store_plain(&layer);
  return layer;
}

/* Weights of deviation 0.3 and biases on (-0.3, 0]. */
static inline struct dtd_network *
random_network(const struct dtd_layer_shape *shape, int depth, uint64_t seed) {
  struct dtd_network *net = new_network(shape, depth);
  dtd_network_initialise(net, seed, 0.3);
  struct dtd_rng rng = dtd_rng_open(seed, "test/biases", 0);
  for (int n = 0; n < depth; n++)
    fill_random(net->layer[n].b, net->layer[n].shape.units, -0.3, 0, &rng);
  return net;
}

#endif
