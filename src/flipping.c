/* Takes the most relevant pixels away first, and watches the score fall. */
#include "flipping.h"

#include <stdlib.h>

#include "memory.h"
#include "pairs.h"
#include "rank.h"

const struct dtd_flipping dtd_flippings[DTD_FLIPPINGS] = {
    {"pixel", 1, 14, DTD_MOST_FLIPPING_STEPS, 18},
    {"block", 7, 1, 32, 5},
};

/* The block that a pixel lies in, counted along rows. */
static int block_of(int p, int side) {
  int row = p / DTD_PAIR_COLUMNS / side, column = p % DTD_PAIR_COLUMNS / side;
  return row * (DTD_PAIR_COLUMNS / side) + column;
}

/* The step at which each pixel goes, from 1. */
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

double dtd_flip(double *curve, const struct dtd_flipping *flipping,
                struct dtd_activations *act, const struct dtd_network *network,
                const float *x, const float *R_p, struct dtd_rng *rng) {
  int step[DTD_PAIR_PIXELS], count = flipping->steps + 1;
  int capacity = act->capacity < count ? act->capacity : count;
  float *images = dtd_new((size_t)capacity * DTD_PAIR_PIXELS, sizeof *images);
  schedule(step, flipping, R_p, rng);
  for (int first = 0; first < count; first += capacity) {
    int batch = count - first < capacity ? count - first : capacity;
    for (int n = 0; n < batch; n++)
      for (int p = 0; p < DTD_PAIR_PIXELS; p++)
        images[(long)n * DTD_PAIR_PIXELS + p] =
            step[p] <= first + n ? DTD_PIXEL_LOW : x[p];
    dtd_forward(act, network, images, batch);
    for (int n = 0; n < batch; n++)
      curve[first + n] = (double)dtd_score(act)[n];
  }
  free(images);
  double f = curve[0];
  for (int s = 0; s < count; s++) curve[s] /= f;
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
