/* Redraws a model's parameters at random, to test whether its heatmaps depend
   on them. */
#include "evaluate/randomisation.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "evaluate/rank.h"
#include "base/rng.h"

static double deviation_of(const float *values, size_t count) {
  double mean = 0, square = 0;
  for (size_t i = 0; i < count; i++) mean += (double)values[i];
  mean /= (double)count;
  for (size_t i = 0; i < count; i++)
    square += ((double)values[i] - mean) * ((double)values[i] - mean);
  return sqrt(square / (double)count);
}

static void redraw_weights(float *weights, size_t count, uint64_t seed,
                           const char *stream, uint64_t draw) {
  struct dtd_rng rng = dtd_rng_open(seed, stream, draw);
  double deviation = deviation_of(weights, count);
  for (size_t i = 0; i < count; i++)
    weights[i] = (float)(deviation * dtd_rng_normal(&rng));
}

/* Fisher and Yates. */
static void permute(float *values, int count, uint64_t seed, const char *stream,
                    uint64_t draw) {
  struct dtd_rng rng = dtd_rng_open(seed, stream, draw);
  for (int i = count - 1; i > 0; i--) {
    int other = (int)dtd_rng_below(&rng, (uint32_t)i + 1);
    float held = values[i];
    values[i] = values[other];
    values[other] = held;
  }
}

static size_t weights_of(const struct dtd_layer *layer) {
  return (size_t)layer->shape.inputs * (size_t)layer->shape.units;
}

static void redraw_layer(struct dtd_layer *layer, int number, uint64_t seed,
                         uint64_t draw) {
  char stream[64];
  snprintf(stream, sizeof stream, "randomisation/detection%d", number + 1);
  redraw_weights(layer->w, weights_of(layer), seed, stream, draw);
  snprintf(stream, sizeof stream, "randomisation/bias%d", number + 1);
  permute(layer->b, layer->shape.units, seed, stream, draw);
}

/* Parameter n: weights are redrawn and biases permuted, from a stream named
   after the model and the parameter. */
static void redraw_parameter(struct dtd_relevance_model *model, int n,
                             uint64_t seed, uint64_t draw) {
  const struct dtd_parameter *p = &model->parameter[n];
  const char *name = model->kind->name;
  char stream[96];
  snprintf(stream, sizeof stream, "randomisation/%s%s", name,
           n == 0          ? ""
           : p->inputs > 0 ? "-top-down"
                           : "-bias");
  if (p->inputs > 0)
    redraw_weights(p->values, (size_t)p->inputs * (size_t)p->units, seed,
                   stream, draw);
  else
    permute(p->values, p->units, seed, stream, draw);
}

/* A relevance model of the first layer: v_ij are redrawn with that layer, its
   other parameters with the one above. */
static void redraw_model(struct dtd_relevance_model *model, int lowest,
                         uint64_t seed, uint64_t draw) {
  for (int n = 1; lowest <= 1 && n < model->parameters; n++)
    redraw_parameter(model, n, seed, draw);
  if (lowest <= 0) redraw_parameter(model, 0, seed, draw);
}

/* A copy of `original` that explains a layer of another network. */
static struct dtd_relevance_model *
copy_model(const struct dtd_relevance_model *original,
           const struct dtd_layer *layer, int capacity) {
  struct dtd_relevance_model *model =
      dtd_relevance_model_like(original, layer, capacity);
  memcpy(model->memory, original->memory,
         original->parameter_count * sizeof *model->memory);
  return model;
}

struct dtd_trained_model *
dtd_randomised_model(const struct dtd_explainer *original, int layers,
                     uint64_t seed, uint64_t draw, int capacity) {
  struct dtd_trained_model *trained = dtd_new(1, sizeof *trained);
  struct dtd_network *network = dtd_network_copy(original->network);
  int lowest = network->depth - layers;
  trained->network = network;
  for (int n = network->depth - 1; n >= lowest; n--)
    redraw_layer(&network->layer[n], n, seed, draw);
  trained->explainer =
      dtd_explainer_new(network, NULL, &original->settings, capacity);
  for (int n = 0; dtd_model_kinds[n]; n++) {
    const struct dtd_decomposition *by =
        dtd_explainer_decomposition(original, dtd_model_kinds[n]);
    if (!by || !dtd_model_kinds[n]->trained) continue;
    struct dtd_relevance_model *copy =
        copy_model(by->model[0], &network->layer[0], capacity);
    redraw_model(copy, lowest, seed, draw);
    dtd_explainer_add(trained->explainer, copy);
    trained->relevance[trained->relevances++] = copy;
  }
  return trained;
}

double dtd_size_correlation(const float *R, const float *S, int pixels) {
  float *r = dtd_new(2 * (size_t)pixels, sizeof *r), *s = r + pixels;
  for (int p = 0; p < pixels; p++) {
    r[p] = fabsf(R[p]);
    s[p] = fabsf(S[p]);
  }
  double correlation = dtd_rank_correlation(r, s, pixels);
  dtd_free(r);
  return correlation;
}
