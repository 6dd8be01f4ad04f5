/* Pixel flipping: removes pixels, the most relevant first, and measures how
   fast f falls. */
#include "evaluate/flipping.h"

#include <string.h>

#include "files/pairs.h"
#include "evaluate/rank.h"

const struct dtd_flipping dtd_flippings[DTD_FLIPPINGS] = {
    {"pixel", 1, 14, DTD_MOST_FLIPPING_STEPS, 18},
    {"block", 7, 1, 32, 5},
};

/* The block that a pixel lies in, counted along rows. */
static int block_of(int p, int side) {
  int row = p / DTD_PAIR_COLUMNS / side, column = p % DTD_PAIR_COLUMNS / side;
  return row * (DTD_PAIR_COLUMNS / side) + column;
}

/* The step at which each pixel is removed, from 1. */
static void schedule(int *step /* (28, 56) */,
                     const struct dtd_flipping *flipping, const float *R_p,
                     struct dtd_rng *rng) {
  double relevance[DTD_PAIR_PIXELS] = {0};
  int order[DTD_PAIR_PIXELS], place[DTD_PAIR_PIXELS];
  int blocks = DTD_PAIR_PIXELS / (flipping->block * flipping->block);
  for (int p = 0; R_p && p < DTD_PAIR_PIXELS; p++)
    relevance[block_of(p, flipping->block)] += (double)R_p[p];
  dtd_order(order, relevance, blocks, rng);
  for (int i = 0; i < blocks; i++) place[order[i]] = i;
  for (int p = 0; p < DTD_PAIR_PIXELS; p++)
    step[p] = place[block_of(p, flipping->block)] / flipping->at_once + 1;
}

/* z_j of every step. A step changes x_p to l where there is ink, and so z by
   (l - x_p) w_pj: row s first holds the change of step s, then z_j after it. */
static void sums_of_steps(float *z /* (steps + 1, units) */, const int *step,
                          int steps, const float *x,
                          const struct dtd_layer *layer) {
  int units = layer->shape.units;
  memset(z, 0, (size_t)(steps + 1) * (size_t)units * sizeof *z);
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) {
    const float *w = layer->w + (long)p * units;
    float *changed = z + (long)step[p] * units, by = DTD_PIXEL_LOW - x[p];
    for (int j = 0; j < units; j++) z[j] += x[p] * w[j];
    if (by != 0)
      for (int j = 0; j < units; j++) changed[j] += by * w[j];
  }
  for (long i = units; i < (long)(steps + 1) * units; i++) z[i] += z[i - units];
}

double dtd_flip(double *curve, const struct dtd_flipping *flipping,
                struct dtd_activations *act, const struct dtd_network *network,
                const float *x, const float *R_p, struct dtd_rng *rng) {
  int step[DTD_PAIR_PIXELS], count = flipping->steps + 1;
  schedule(step, flipping, R_p, rng);
  const struct dtd_layer *first = &network->layer[0];
  float *z = act->detection[0];
  sums_of_steps(z, step, flipping->steps, x, first);
  dtd_forward(act, network, dtd_sums(z, first->weights, count));
  double f = (double)dtd_score(act)[0];
  for (int s = 0; s < count; s++) curve[s] = (double)dtd_score(act)[s] / f;
  return f;
}

double dtd_flipping_area(const double *curve, int steps) {
  double sum = 0;
  for (int s = 1; s <= steps; s++) sum += (curve[s - 1] + curve[s]) / 2;
  return sum / steps;
}

double dtd_aopc(const double *curve, int steps) {
  double sum = 0;
  for (int s = 0; s <= steps; s++) sum += 1 - curve[s];
  return sum / (steps + 1);
}
