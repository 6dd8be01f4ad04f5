/* Slow twins in double, one plain loop an equation, for tests to compare with.

   Nothing here shares code with the library: no BLAS, no batches, no float. One
   example at a time; arrays hold doubles, weights are read as w[i][j] at
   w[i * units + j]. */
#ifndef DTD_PLAIN_TWIN_H
#define DTD_PLAIN_TWIN_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "network.h"
#include "rng.h"

enum { TWIN_WIDTH = 2048 };

/* One example's activations and relevances. */
struct twin {
  double x[DTD_MOST_LAYERS + 1][TWIN_WIDTH]; /* x[0] input, x[n+1] pooled n */
  double z[DTD_MOST_LAYERS][TWIN_WIDTH];     /* before the rectifier */
  double a[DTD_MOST_LAYERS][TWIN_WIDTH];     /* detection */
};

static inline double twin_pool(const double *a, int count, double q) {
  double sum = 0, largest = 0;
  for (int j = 0; j < count; j++) largest = fmax(largest, a[j]);
  if (isinf(q)) return largest;
  for (int j = 0; j < count; j++) sum += pow(a[j], q);
  return pow(sum, 1 / q);
}

/* Eq. 7 in every layer; returns f(x). */
static inline double twin_forward(struct twin *t, const struct dtd_network *net,
                                  const double *input) {
  memcpy(t->x[0], input, (size_t)net->layer[0].inputs * sizeof *input);
  for (int n = 0; n < net->depth; n++) {
    const struct dtd_layer *l = &net->layer[n];
    for (int j = 0; j < l->units; j++) {
      double z = (double)l->b[j];
      for (int i = 0; i < l->inputs; i++)
        z += t->x[n][i] * (double)l->w[(long)i * l->units + j];
      t->z[n][j] = z;
      t->a[n][j] = fmax(0, z);
    }
    for (int k = 0; k < l->units / l->pool; k++)
      t->x[n + 1][k] =
          twin_pool(t->a[n] + k * l->pool, l->pool, (double)l->norm);
  }
  return t->x[net->depth][0];
}

/* Largest |a - b| relative to the largest |b|. */
static inline double twin_distance(const float *a, const double *b,
                                   long count) {
  double difference = 0, largest = 0;
  for (long i = 0; i < count; i++) {
    difference = fmax(difference, fabs((double)a[i] - b[i]));
    largest = fmax(largest, fabs(b[i]));
  }
  return largest > 0 ? difference / largest : difference;
}

/* Uniform numbers on [low, high). */
static inline void twin_fill(float *x, long count, double low, double high,
                             struct dtd_rng *rng) {
  for (long i = 0; i < count; i++)
    x[i] = (float)(low + (high - low) * dtd_rng_uniform(rng));
}

static inline void twin_widen(double *wide, const float *x, long count) {
  for (long i = 0; i < count; i++) wide[i] = (double)x[i];
}

/* A network with random weights of deviation 0.3 and biases on (-0.3, 0]. */
static inline struct dtd_network *
twin_random_network(const struct dtd_layer *shape, int depth, uint64_t seed) {
  struct dtd_network *net = dtd_network_new(shape, depth);
  dtd_network_initialise(net, seed, 0.3);
  struct dtd_rng rng = dtd_rng_open(seed, "test/biases", 0);
  for (int n = 0; n < depth; n++)
    twin_fill(net->layer[n].b, net->layer[n].units, -0.3, 0, &rng);
  return net;
}

#endif
