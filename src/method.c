/* An explanation method turns images into heatmaps R_p. */
#include "method.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "memory.h"
#include "registry.h"

#define DTD_METHOD(symbol) extern const struct dtd_method symbol;
#include "methods/registry.h"
#undef DTD_METHOD

#define DTD_METHOD(symbol) &symbol,
const struct dtd_method *const dtd_methods[] = {
#include "methods/registry.h"
    NULL};
#undef DTD_METHOD

static const char *method_name(int n) {
  return dtd_methods[n] ? dtd_methods[n]->name : NULL;
}

const struct dtd_method *dtd_method_find(const char *name) {
  return dtd_methods[dtd_registry_find("explanation method", name,
                                       method_name)];
}

bool dtd_method_is_usual(const struct dtd_method *method) {
  return method->of_paper || method->control;
}

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

static struct dtd_decomposition *
new_decomposition(const struct dtd_explainer *explainer,
                  struct dtd_relevance_model *first_model) {
  const struct dtd_explanation_settings *s = &explainer->settings;
  return dtd_decomposition_new(explainer->network, first_model, s->first_rule,
                               s->upper_rule, s->low, s->high,
                               explainer->capacity);
}

struct dtd_explainer *dtd_explainer_new(
    const struct dtd_network *network, struct dtd_relevance_model *minmax,
    const struct dtd_explanation_settings *settings, int capacity) {
  struct dtd_explainer *explainer = dtd_new(1, sizeof *explainer);
  explainer->network = network;
  explainer->minmax = minmax;
  explainer->settings = *settings;
  explainer->capacity = capacity;
  explainer->act = dtd_activations_new(network, capacity);
  explainer->d = dtd_activations_new(network, capacity);
  explainer->free = new_decomposition(explainer, NULL);
  if (minmax) explainer->trained = new_decomposition(explainer, minmax);
  explainer->root = dtd_new((size_t)capacity, sizeof *explainer->root);
  explainer->roots =
      dtd_new((size_t)capacity * (size_t)network->layer[0].inputs,
              sizeof *explainer->roots);
  return explainer;
}

void dtd_explain(float *R_p, float *f, struct dtd_explainer *explainer,
                 const struct dtd_method *method, const float *x, int count) {
  if (method->needs_minmax && !explainer->minmax)
    dtd_die(DTD_USAGE, method->name,
            "use a model file with the tensors minmax.*, or another method",
            "the model holds no min-max relevance model");
  long inputs = explainer->network->layer[0].inputs;
  for (int first = 0; first < count; first += explainer->capacity) {
    int left = count - first;
    int batch = left < explainer->capacity ? left : explainer->capacity;
    dtd_forward(explainer->act, explainer->network, x + first * inputs, batch);
    explainer->walked = NULL;
    method->explain(R_p + first * inputs, explainer, x + first * inputs, batch);
    if (f)
      memcpy(f + first, dtd_score(explainer->act), (size_t)batch * sizeof *f);
  }
}

void dtd_explainer_free(struct dtd_explainer *explainer) {
  if (!explainer) return;
  dtd_activations_free(explainer->act);
  dtd_activations_free(explainer->d);
  dtd_decomposition_free(explainer->free);
  dtd_decomposition_free(explainer->trained);
  free(explainer->root);
  free(explainer->roots);
  free(explainer);
}
