/* A relevance model says how much of R_k stands at each detection unit j. */
#include "relevance/relevance_model.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/registry.h"
#include "linear/ink.h"

#define DTD_MODEL(symbol) extern const struct dtd_model_kind symbol;
#include "relevance/models/registry.h"
#undef DTD_MODEL

#define DTD_MODEL(symbol) &symbol,
const struct dtd_model_kind *const dtd_model_kinds[] = {
#include "relevance/models/registry.h"
    NULL};
#undef DTD_MODEL

static const char *kind_name(int n) {
  return dtd_model_kinds[n] ? dtd_model_kinds[n]->name : NULL;
}

const struct dtd_model_kind *dtd_model_kind_find(const char *name) {
  return dtd_model_kinds[dtd_registry_find("relevance model", name, kind_name)];
}

struct dtd_relevance_model *
dtd_relevance_model_new(const struct dtd_model_kind *kind,
                        const struct dtd_layer *layer, int upper_units,
                        int capacity) {
  return dtd_relevance_model_sized(kind, layer, layer->shape.pool, upper_units,
                                   capacity);
}

struct dtd_relevance_model *
dtd_relevance_model_like(const struct dtd_relevance_model *model,
                         const struct dtd_layer *layer, int capacity) {
  return dtd_relevance_model_sized(model->kind, layer, model->pool,
                                   model->upper_units, capacity);
}

struct dtd_relevance_model *
dtd_relevance_model_sized(const struct dtd_model_kind *kind,
                          const struct dtd_layer *layer, int own_pool,
                          int upper_units, int capacity) {
  struct dtd_relevance_model *model = dtd_new(1, sizeof *model);
  model->kind = kind;
  model->layer = layer;
  model->pool = kind->own_pool ? own_pool : layer->shape.pool;
  model->upper_units = upper_units;
  model->capacity = capacity;
  kind->create(model, upper_units, capacity);
  return model;
}

void dtd_relevance_model_store(struct dtd_relevance_model *model,
                               const struct dtd_weights_kind *kind, float low) {
  for (int n = 0; n < model->parameters; n++) {
    struct dtd_parameter *p = &model->parameter[n];
    if (!model->sparse[n]) continue;
    dtd_weights_free(p->weights);
    p->weights = dtd_weights_new(kind, p->values, p->inputs, p->units,
                                 n ? 0 : low, model->capacity);
  }
  model->detection.weights = model->parameter[0].weights;
}

void dtd_model_relevance(float *R_j, struct dtd_relevance_model *model,
                         const struct dtd_site *site) {
  if (site->first + site->batch > model->capacity)
    dtd_die(DTD_FAILURE, model->kind->name, NULL, "a batch of %d exceeds %d",
            site->first + site->batch, model->capacity);
  model->kind->relevance(R_j, model, site);
}

void dtd_relevance_model_free(struct dtd_relevance_model *model) {
  if (!model) return;
  for (int n = 0; n < model->parameters; n++)
    dtd_weights_free(model->parameter[n].weights);
  dtd_ink_free(model->sparse_context);
  dtd_free(model->memory);
  dtd_free(model->scratch);
  dtd_free(model);
}
