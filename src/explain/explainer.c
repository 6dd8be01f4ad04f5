/* An explainer: a network of either kind with all that makes heatmaps of it. */
#include "explain/explainer.h"

#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/region.h"

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

void dtd_explain(float *R_p, float *f, struct dtd_explainer *explainer,
                 const struct dtd_method *method, const float *x, int count) {
  const struct dtd_explained_kind *kind = explainer->kind;
  long inputs = explainer->inputs;
  kind->provide(explainer, method);
  explainer->method = method;
  for (int first = 0; first < count; first += explainer->capacity) {
    int left = count - first;
    int batch = left < explainer->capacity ? left : explainer->capacity;
    explainer->f = kind->forward(explainer, x + first * inputs, batch);
    explainer->walked = NULL;
    method->explain(R_p + first * inputs, explainer, x + first * inputs, batch);
    if (f) memcpy(f + first, explainer->f, (size_t)batch * sizeof *f);
  }
}

void dtd_explain_each(float *R_p, struct dtd_explainer *explainer,
                      const float *x, int batch,
                      void (*one)(float *R_p, struct dtd_explainer *explainer,
                                  const float *x, int n)) {
  long inputs = explainer->inputs;
  int together = explainer->together;
  struct dtd_region region = {0};
#pragma omp parallel for schedule(dynamic)
  for (int first = 0; first < batch; first += together)
    for (int n = first; n < batch && n < first + together; n++)
      DTD_GUARD (&region) one(R_p + n * inputs, explainer, x + n * inputs, n);
  dtd_region_end(&region);
}

float *dtd_explainer_ends(const float *ends, int channels, long inputs) {
  float *each = dtd_new((size_t)inputs, sizeof *each);
  for (long p = 0; p < inputs; p++) each[p] = ends[p / (inputs / channels)];
  return each;
}

void dtd_explainer_free(struct dtd_explainer *explainer) {
  if (!explainer) return;
  explainer->kind->free(explainer);
  dtd_free(explainer->low);
  dtd_free(explainer->high);
  dtd_free(explainer);
}
