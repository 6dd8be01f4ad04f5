/* The detection-pooling network, as explanation methods see it. */
#include "explain/explained_network.h"

#include <stdio.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "files/pairs.h"
#include "linear/batch_parts.h"

/* dL/dx_p = sum_j dL/dz_j w_pj, which is how relevance is sent when S_j is the
   derivative and q_pj the weight. */
static float weight(float w, float parameter) {
  (void)parameter;
  return w;
}

static const struct dtd_rule chain_rule = {
    .name = "chain rule", .terms = 1, .term = {{.part = weight}}};

/* ---- relevance models ---- */

/* The training-free model is the decomposition's own, for which `model` is
 * null.
 */
static void add(struct dtd_explainer *e, struct dtd_relevance_model *model,
                struct dtd_relevance_model *own) {
  const struct dtd_explanation_settings *s = &e->settings;
  if (e->models == DTD_MOST_MODELS)
    dtd_die(DTD_USAGE, model->kind->name, "explain with fewer at once",
            "more than %d relevance models", DTD_MOST_MODELS);
  struct dtd_explaining_model *by = &e->by[e->models++];
  by->decomposition =
      dtd_decomposition_new(e->network, model, s->first_rule, s->upper_rule,
                            s->low, s->high, e->capacity);
  by->own = own;
}

void dtd_explainer_add(struct dtd_explainer *explainer,
                       struct dtd_relevance_model *model) {
  add(explainer, model, NULL);
}

void dtd_explainer_add_untrained(struct dtd_explainer *explainer,
                                 const struct dtd_model_kind *kind) {
  const struct dtd_network *network = explainer->network;
  if (dtd_explainer_by(explainer, kind)) return;
  struct dtd_relevance_model *model = dtd_relevance_model_new(
      kind, &network->layer[0],
      network->depth > 1 ? network->layer[1].shape.units : 0,
      explainer->capacity);
  add(explainer, model, model);
}

const struct dtd_explaining_model *
dtd_explainer_by(const struct dtd_explainer *explainer,
                 const struct dtd_model_kind *kind) {
  for (int n = 0; n < explainer->models; n++)
    if (kind == explainer->by[n].decomposition->model[0]->kind)
      return &explainer->by[n];
  return NULL;
}

struct dtd_decomposition *
dtd_explainer_decomposition(const struct dtd_explainer *explainer,
                            const struct dtd_model_kind *kind) {
  const struct dtd_explaining_model *by = dtd_explainer_by(explainer, kind);
  return by ? by->decomposition : NULL;
}

struct dtd_relevance_model *
dtd_explainer_model(const struct dtd_explainer *explainer, const char *name) {
  const struct dtd_explaining_model *by =
      dtd_explainer_by(explainer, dtd_model_kind_find(name));
  return by ? by->decomposition->model[0] : NULL;
}

bool dtd_explainer_offers(const struct dtd_explainer *explainer,
                          const struct dtd_method *method) {
  return !method->model || dtd_explainer_by(explainer, method->model);
}

/* ---- what methods ask ---- */

static void provide(struct dtd_explainer *explainer,
                    const struct dtd_method *method) {
  if (method->cuts && explainer->inputs != DTD_PAIR_PIXELS)
    dtd_die(DTD_USAGE, method->name, "explain a network of pairs of digits",
            "the network reads %ld inputs, not %d x %d pixels",
            explainer->inputs, DTD_PAIR_ROWS, DTD_PAIR_COLUMNS);
  if (dtd_explainer_offers(explainer, method)) return;
  char to_do[DTD_MOST_MODEL_NAME + 96];
  snprintf(to_do, sizeof to_do,
           "use a model file with the tensors %s.*, or another method",
           method->model->name);
  if (method->model->trained)
    dtd_die(DTD_USAGE, method->name, to_do,
            "the model holds no relevance model %s", method->model->name);
  dtd_explainer_add_untrained(explainer, method->model);
}

static const float *forward(struct dtd_explainer *e, const float *x,
                            int batch) {
  dtd_forward(e->act, e->stored, dtd_image_batch_read(e->images, x, batch));
  return dtd_score(e->act);
}

/* dL/dz_j of the first layer, where f is the loss, into e->d. */
static void differentiate(struct dtd_explainer *e, int batch) {
  float one[DTD_MOST_IN_PART];
  for (int n = 0; n < DTD_MOST_IN_PART; n++) one[n] = 1;
#pragma omp parallel for schedule(static) if (batch >= DTD_WORTH_THREADS)
  for (int i = 0; i < dtd_batch_parts(batch); i++) {
    struct dtd_range part = dtd_batch_part_at(batch, i);
    struct dtd_activations act = dtd_activations_part(e->act, e->network, part);
    struct dtd_activations d = dtd_activations_part(e->d, e->network, part);
    dtd_backward(NULL, 1, 0, NULL, &d, e->network, &act, one);
  }
}

static void gradient(float *d_x, struct dtd_explainer *e, const float *x,
                     int batch) {
  differentiate(e, batch);
  dtd_send(d_x, e->chain_rule, x, e->d->detection[0], batch);
}

/* d_i (batch, inputs) of one layer from its pools' d_k. */
static void descend_guided(float *d_i, float *d_j, const float *d_k,
                           const struct dtd_layer *layer, const float *x_j,
                           const float *x_k, int batch) {
  int pools = dtd_layer_outputs(&layer->shape);
  for (long k = 0; k < (long)batch * pools; k++)
    dtd_unpool(d_j + k * layer->shape.pool, d_k[k], x_j + k * layer->shape.pool,
               x_k[k], layer->shape.pool, layer->shape.norm);
  for (long j = 0; j < (long)batch * layer->shape.units; j++)
    if (!(x_j[j] > 0 && d_j[j] > 0)) d_j[j] = 0;
  dtd_weights_transpose(d_i, layer->weights, d_j, batch);
}

static void guided_gradient(float *d_x, struct dtd_explainer *explainer,
                            int batch) {
  const struct dtd_network *network = explainer->network;
  const struct dtd_activations *act = explainer->act;
  struct dtd_activations *d = explainer->d;
  int top = network->depth - 1;
  for (int n = 0; n < batch; n++) d->pooled[top][n] = 1;
  for (int l = top; l >= 0; l--)
    descend_guided(l ? d->pooled[l - 1] : d_x, d->detection[l], d->pooled[l],
                   &network->layer[l], act->detection[l], act->pooled[l],
                   batch);
}

/* R_p is a copy: the layers' relevances stay in the decomposition, to be
   inspected. */
static void decompose(float *R_p, struct dtd_explainer *explainer, int batch) {
  enum { WORTH = 32 }; /* examples that outweigh waking a thread */
  struct dtd_decomposition *walked =
      dtd_explainer_decomposition(explainer, explainer->method->model);
  long inputs = explainer->inputs;
  dtd_decompose(walked, explainer->act, 0);
  explainer->walked = walked;
#pragma omp parallel for schedule(static) if (batch >= WORTH)
  for (int n = 0; n < batch; n++)
    memcpy(R_p + n * inputs, walked->R_i[0] + n * inputs,
           (size_t)inputs * sizeof *R_p);
}

static void mean_gradient(double *mean, struct dtd_explainer *explainer, int n,
                          dtd_image *image_at, const void *context, int count) {
  (void)n;
  dtd_mean_gradient(mean, explainer->network, image_at, context, count);
}

/* In one batch, so that a score depends on the images alone. */
static void scores_of(float *f, struct dtd_explainer *explainer, int n,
                      dtd_image *image_at, const void *context, int count) {
  (void)n;
  const struct dtd_network *network = explainer->network;
  struct dtd_activations *act = dtd_activations_new(network, count);
  float *images =
      dtd_new((size_t)count * (size_t)explainer->inputs, sizeof *images);
  for (int i = 0; i < count; i++)
    image_at(images + i * explainer->inputs, i, context);
  dtd_forward(act, network, dtd_rows(images, count));
  memcpy(f, dtd_score(act), (size_t)count * sizeof *f);
  dtd_free(images);
  dtd_activations_free(act);
}

/* ---- create and free ---- */

static void release(struct dtd_explainer *explainer) {
  dtd_image_batch_free(explainer->images);
  dtd_activations_free(explainer->act);
  dtd_activations_free(explainer->d);
  dtd_network_free(explainer->stored);
  dtd_propagator_free(explainer->chain_rule);
  for (int n = 0; n < explainer->models; n++) {
    struct dtd_explaining_model *by = &explainer->by[n];
    dtd_decomposition_free(by->decomposition);
    dtd_relevance_model_free(by->own);
  }
  dtd_free(explainer->root);
  dtd_free(explainer->roots);
}

static const struct dtd_explained_kind explained_network = {
    .provide = provide,
    .forward = forward,
    .gradient = gradient,
    .guided_gradient = guided_gradient,
    .decompose = decompose,
    .mean_gradient = mean_gradient,
    .scores_of = scores_of,
    .free = release,
};

struct dtd_explainer *dtd_explainer_new(
    const struct dtd_network *network, struct dtd_relevance_model *model,
    const struct dtd_explanation_settings *settings, int capacity) {
  struct dtd_explainer *e = dtd_new(1, sizeof *e);
  const struct dtd_layer *layer = &network->layer[0];
  int inputs = layer->shape.inputs;
  *e = (struct dtd_explainer){.kind = &explained_network,
                              .network = network,
                              .settings = *settings,
                              .capacity = capacity,
                              .inputs = inputs,
                              .together = 1};
  e->shape = inputs == DTD_PAIR_PIXELS
                 ? (struct dtd_maps){1, DTD_PAIR_ROWS, DTD_PAIR_COLUMNS}
                 : (struct dtd_maps){1, 1, inputs};
  e->low = dtd_explainer_ends(&e->settings.low, 1, inputs);
  e->high = dtd_explainer_ends(&e->settings.high, 1, inputs);
  e->images = dtd_image_batch_new(inputs, settings->low, capacity);
  e->act = dtd_activations_new(network, capacity);
  e->d = dtd_activations_new(network, capacity);
  e->stored = dtd_network_stored(network, &dtd_folded, settings->low, capacity);
  e->chain_rule = dtd_propagator_new(&chain_rule, layer, 0, 0, capacity);
  add(e, NULL, NULL);
  if (model) add(e, model, NULL);
  e->root = dtd_new((size_t)capacity, sizeof *e->root);
  e->roots = dtd_new((size_t)capacity * (size_t)inputs, sizeof *e->roots);
  return e;
}
