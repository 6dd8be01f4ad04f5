/* An explainer: a network and relevance models, with all that makes heatmaps.
 */
#include "explain/explainer.h"

#include <stdio.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "linear/batch_parts.h"

void dtd_check_rules(const struct dtd_explanation_settings *settings) {
  if (settings->upper_rule->domain == DTD_BOX_INPUT)
    dtd_die(DTD_USAGE, "explanation.upper_rule", "z+ is the paper's choice",
            "the rule %s needs inputs between two bounds, but pooled "
            "activations have no upper one",
            settings->upper_rule->name);
  if (settings->first_rule->domain == DTD_NONNEGATIVE_INPUT &&
      settings->low < 0)
    dtd_die(DTD_USAGE, "explanation.first_rule", "zB is the paper's choice",
            "the rule %s is meant for inputs >= 0, but black pixels are %g",
            settings->first_rule->name, (double)settings->low);
}

/* dL/dx_p = sum_j dL/dz_j w_pj, which is how relevance is sent when S_j is the
   derivative and q_pj the weight. */
static float weight(float w, float parameter) {
  (void)parameter;
  return w;
}

static const struct dtd_rule chain_rule = {
    .name = "chain rule", .terms = 1, .term = {{.part = weight}}};

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

struct dtd_explainer *dtd_explainer_new(
    const struct dtd_network *network, struct dtd_relevance_model *model,
    const struct dtd_explanation_settings *settings, int capacity) {
  struct dtd_explainer *explainer = dtd_new(1, sizeof *explainer);
  explainer->network = network;
  explainer->settings = *settings;
  explainer->capacity = capacity;
  const struct dtd_layer *layer = &network->layer[0];
  explainer->images =
      dtd_image_batch_new(layer->shape.inputs, settings->low, capacity);
  explainer->act = dtd_activations_new(network, capacity);
  explainer->d = dtd_activations_new(network, capacity);
  explainer->stored =
      dtd_network_stored(network, &dtd_folded, settings->low, capacity);
  explainer->gradient = dtd_propagator_new(&chain_rule, layer, 0, 0, capacity);
  add(explainer, NULL, NULL);
  if (model) add(explainer, model, NULL);
  explainer->root = dtd_new((size_t)capacity, sizeof *explainer->root);
  explainer->roots =
      dtd_new((size_t)capacity * (size_t)network->layer[0].shape.inputs,
              sizeof *explainer->roots);
  return explainer;
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

/* Sees to the relevance model that the method needs. */
static void provide_model(struct dtd_explainer *explainer,
                          const struct dtd_method *method) {
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

void dtd_explain(float *R_p, float *f, struct dtd_explainer *explainer,
                 const struct dtd_method *method, const float *x, int count) {
  provide_model(explainer, method);
  explainer->method = method;
  long inputs = explainer->network->layer[0].shape.inputs;
  for (int first = 0; first < count; first += explainer->capacity) {
    int left = count - first;
    int batch = left < explainer->capacity ? left : explainer->capacity;
    dtd_forward(
        explainer->act, explainer->stored,
        dtd_image_batch_read(explainer->images, x + first * inputs, batch));
    explainer->walked = NULL;
    method->explain(R_p + first * inputs, explainer, x + first * inputs, batch);
    if (f)
      memcpy(f + first, dtd_score(explainer->act), (size_t)batch * sizeof *f);
  }
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

void dtd_explainer_gradient(float *gradient, struct dtd_explainer *e,
                            const float *x, int batch) {
  differentiate(e, batch);
  dtd_send(gradient, e->gradient, x, e->d->detection[0], batch);
}

void dtd_explainer_free(struct dtd_explainer *explainer) {
  if (!explainer) return;
  dtd_image_batch_free(explainer->images);
  dtd_activations_free(explainer->act);
  dtd_activations_free(explainer->d);
  dtd_network_free(explainer->stored);
  dtd_propagator_free(explainer->gradient);
  for (int n = 0; n < explainer->models; n++) {
    struct dtd_explaining_model *by = &explainer->by[n];
    dtd_decomposition_free(by->decomposition);
    dtd_relevance_model_free(by->own);
  }
  dtd_free(explainer->root);
  dtd_free(explainer->roots);
  dtd_free(explainer);
}
