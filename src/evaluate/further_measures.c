/* Measures that take more than one heatmap of a pair: of changed pixels, moved
   images, swapped digits, re-drawn models, and of another method. */
#include "evaluate/further_measures.h"

#include <math.h>

#include "base/memory.h"
#include "base/region.h"
#include "evaluate/certified_heatmaps.h"
#include "evaluate/continuity.h"
#include "evaluate/metric.h"
#include "evaluate/randomisation.h"
#include "evaluate/rank.h"
#include "evaluate/swap.h"

static int least(int a, int b) {
  return a < b ? a : b;
}

/* Whether a heatmap enters the measures of confident pairs. */
static bool counts(const struct dtd_measures *measures) {
  return measures->f > DTD_CONFIDENT && !measures->left_out;
}

/* Curve k of pair n. */
static void flip_pair(struct dtd_curves *curves, long n, int k,
                      const struct dtd_evaluated_set *set, const float *R_p,
                      struct dtd_activations *act,
                      const struct dtd_network *network, uint64_t seed) {
  const struct dtd_flipping *flipping = &dtd_flippings[k];
  int length = flipping->steps + 1;
  struct dtd_rng rng =
      dtd_rng_open(seed, R_p ? "flipping/ties" : "flipping/random-order",
                   (uint64_t)n * DTD_FLIPPINGS + (uint64_t)k);
  double *curve = curves->at[k] + n * length;
  double f =
      dtd_flip(curve, flipping, act, network, set->images + n * DTD_PAIR_PIXELS,
               R_p ? R_p + n * DTD_PAIR_PIXELS : NULL, &rng);
  for (int s = 0; s < length && !(f > DTD_CONFIDENT); s++) curve[s] = NAN;
}

/* Flips the pixels of the first pairs in the order of R_p (count, 28, 56), or
   in random order when it is null. */
static struct dtd_curves flip_pairs(const struct dtd_evaluated_set *set,
                                    const float *R_p, int count,
                                    const struct dtd_network *network,
                                    uint64_t seed) {
  struct dtd_curves curves = {.count = count};
  for (int k = 0; k < DTD_FLIPPINGS; k++)
    curves.at[k] = dtd_new((size_t)count * (size_t)(dtd_flippings[k].steps + 1),
                           sizeof(double));
  struct dtd_region region = {0};
#pragma omp parallel
  {
    struct dtd_activations *act = NULL;
    DTD_GUARD (&region)
      act = dtd_activations_new(network, DTD_MOST_FLIPPING_STEPS + 1);
#pragma omp for schedule(static)
    for (long n = 0; n < (long)count * DTD_FLIPPINGS; n++)
      DTD_GUARD (&region)
        flip_pair(&curves, n / DTD_FLIPPINGS, (int)(n % DTD_FLIPPINGS), set,
                  R_p, act, network, seed);
    dtd_activations_free(act);
  }
  dtd_region_end(&region);
  return curves;
}

/* NAN all along the curves of pair n. */
static void leave_out(struct dtd_curves *curves, long n) {
  for (int k = 0; k < DTD_FLIPPINGS; k++)
    for (int s = 0, length = dtd_flippings[k].steps + 1; s < length; s++)
      curves->at[k][n * length + s] = NAN;
}

/* The areas of pair n's curves, and their gains on random order. */
static void measure_curves(struct dtd_measures *v,
                           const struct dtd_curves *curves,
                           const struct dtd_curves *random, long n) {
  const struct dtd_flipping *pixel = &dtd_flippings[0];
  const struct dtd_flipping *block = &dtd_flippings[1];
  const double *g = curves->at[0] + n * (pixel->steps + 1);
  const double *h = random->at[0] + n * (pixel->steps + 1);
  v->flipping_area = dtd_flipping_area(g, pixel->steps);
  v->flipping_gain = dtd_flipping_area(h, pixel->steps) - v->flipping_area;
  v->flipping_area_early = dtd_flipping_area(g, pixel->early);
  v->flipping_gain_early =
      dtd_flipping_area(h, pixel->early) - v->flipping_area_early;
  g = curves->at[1] + n * (block->steps + 1);
  h = random->at[1] + n * (block->steps + 1);
  v->aopc = dtd_aopc(g, block->steps);
  v->aopc_gain = v->aopc - dtd_aopc(h, block->steps);
  v->aopc_early = dtd_aopc(g, block->early);
  v->aopc_gain_early = v->aopc_early - dtd_aopc(h, block->early);
}

void dtd_set_flip(struct dtd_evaluated_set *set, int methods, int flips,
                  const struct dtd_network *network, uint64_t seed,
                  dtd_evaluation_progress *progress) {
  set->random_order =
      flip_pairs(set, NULL, least(flips, set->count), network, seed);
  for (int m = 0; m < methods; m++) {
    struct dtd_explained *by = &set->by[m];
    by->curves =
        flip_pairs(set, by->R_p, least(flips, by->count), network, seed);
    for (long n = 0; n < by->curves.count; n++) {
      if (by->measures[n].left_out) leave_out(&by->curves, n);
      measure_curves(&by->measures[n], &by->curves, &set->random_order, n);
    }
    if (progress) progress("flipping", m + 1, methods);
  }
}

void dtd_set_move(struct dtd_evaluated_set *set, int methods,
                  struct dtd_explainer *explainer,
                  dtd_evaluation_progress *progress) {
  for (int m = 0; m < methods; m++) {
    struct dtd_explained *by = &set->by[m];
    struct dtd_continuity *moved = dtd_new((size_t)by->repeats, sizeof *moved);
    dtd_continuity(moved, explainer, by->method, set->images, by->R_p,
                   by->repeats);
    for (int n = 0; n < by->repeats; n++) {
      by->measures[n].continuity = moved[n].absolute;
      by->measures[n].continuity_relative = moved[n].relative;
    }
    dtd_free(moved);
    if (progress) progress("continuity", m + 1, methods);
  }
}

void dtd_set_swap(struct dtd_evaluated_set *set, int methods,
                  struct dtd_explainer *explainer,
                  dtd_evaluation_progress *progress) {
  for (int m = 0; m < methods; m++) {
    struct dtd_explained *by = &set->by[m];
    struct dtd_swap *swap = dtd_new((size_t)by->repeats, sizeof *swap);
    dtd_swaps(swap, explainer, by->method, set->images, set->pairs, by->R_p,
              by->repeats, set->count);
    for (int n = 0; n < by->repeats; n++) {
      by->measures[n].distractor_swap = swap[n].distractor;
      by->measures[n].target_swap = swap[n].target;
      by->measures[n].swap_ratio = swap[n].ratio;
    }
    dtd_free(swap);
    if (progress) progress("swapped digits", m + 1, methods);
  }
}

/* Explains pair n by models of a draw of its own. */
static void randomise_pair(struct dtd_evaluated_set *set, int methods,
                           const struct dtd_explainer *explainer, uint64_t seed,
                           long n) {
  int depth = explainer->network->depth;
  const float *x = set->images + n * DTD_PAIR_PIXELS;
  float *R_p = dtd_new(DTD_PAIR_PIXELS, sizeof *R_p);
  for (int layers = 1; layers <= depth; layers++) {
    struct dtd_trained_model *model =
        dtd_randomised_model(explainer, layers, seed, (uint64_t)n, 1);
    for (int m = 0; m < methods; m++) {
      struct dtd_explained *by = &set->by[m];
      if (n >= by->repeats) continue;
      dtd_certified_heatmaps(R_p, model->explainer, by->method, x, 1);
      by->randomised[n * depth + layers - 1] =
          counts(&by->measures[n]) && !isnan(R_p[0])
              ? dtd_size_correlation(by->R_p + n * DTD_PAIR_PIXELS, R_p,
                                     DTD_PAIR_PIXELS)
              : NAN;
    }
    dtd_trained_model_free(model);
  }
  dtd_free(R_p);
}

void dtd_set_randomise(struct dtd_evaluated_set *set, int methods, int repeats,
                       const struct dtd_explainer *explainer, uint64_t seed,
                       dtd_evaluation_progress *progress) {
  enum { CHUNK = 20 }; /* pairs between reports of progress */
  int count = least(repeats, set->count), depth = explainer->network->depth;
  for (int m = 0; m < methods; m++)
    set->by[m].randomised =
        dtd_new((size_t)(set->by[m].repeats * depth), sizeof(double));
  for (int first = 0; first < count; first += CHUNK) {
    int end = least(first + CHUNK, count);
    struct dtd_region region = {0};
#pragma omp parallel for schedule(dynamic)
    for (int n = first; n < end; n++)
      DTD_GUARD (&region) randomise_pair(set, methods, explainer, seed, n);
    dtd_region_end(&region);
    if (progress) progress("re-drawn models", end, count);
  }
  for (int m = 0; m < methods; m++)
    for (int n = 0; n < set->by[m].repeats; n++) {
      const double *by_layer = set->by[m].randomised + (long)n * depth;
      set->by[m].measures[n].randomised_top = by_layer[0];
      set->by[m].measures[n].randomised_all = by_layer[depth - 1];
    }
}

void dtd_set_compare(struct dtd_evaluated_set *set, int methods,
                     int reference) {
  for (int m = 0; m < methods; m++) {
    struct dtd_explained *by = &set->by[m];
    int count = least(by->count, set->by[reference].count);
    struct dtd_region region = {0};
#pragma omp parallel for schedule(static)
    for (int n = 0; n < count; n++)
      DTD_GUARD (&region)
        by->measures[n].rank_correlation_free = dtd_rank_correlation(
            by->R_p + (long)n * DTD_PAIR_PIXELS,
            set->by[reference].R_p + (long)n * DTD_PAIR_PIXELS,
            DTD_PAIR_PIXELS);
    dtd_region_end(&region);
  }
}
