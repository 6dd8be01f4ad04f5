/* A relevance rule sends the relevance of detection units to their inputs. */
#include "rule.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mat.h"
#include "memory.h"
#include "registry.h"

#define DTD_RULE(symbol) extern const struct dtd_rule symbol;
#include "rules/registry.h"
#undef DTD_RULE

#define DTD_RULE(symbol) &symbol,
const struct dtd_rule *const dtd_rules[] = {
#include "rules/registry.h"
    NULL};
#undef DTD_RULE

static const char *rule_name(int n) {
  return dtd_rules[n] ? dtd_rules[n]->name : NULL;
}

const struct dtd_rule *dtd_rule_find(const char *name) {
  return dtd_rules[dtd_registry_find("rule", name, rule_name)];
}

struct dtd_propagator {
  const struct dtd_rule *rule;
  const struct dtd_layer *layer;
  float low, high;
  int capacity;
  float *part[DTD_MOST_TERMS]; /* p_t(w_ij) (inputs, units) */
  float *positive_bias;        /* max(0, b_j) or zeros (units) */
  float *scaled;               /* u_t(x_i), or S P_t' (capacity, inputs) */
  float *share;                /* N, then S (capacity, units) */
  float *memory;
};

struct dtd_propagator *dtd_propagator_new(const struct dtd_rule *rule,
                                          const struct dtd_layer *layer,
                                          float low, float high, int capacity) {
  struct dtd_propagator *p = dtd_new(1, sizeof *p);
  size_t inputs = (size_t)layer->inputs, units = (size_t)layer->units;
  size_t terms = (size_t)rule->terms, batch = (size_t)capacity;
  *p = (struct dtd_propagator){.rule = rule,
                               .layer = layer,
                               .low = low,
                               .high = high,
                               .capacity = capacity};
  float *at = p->memory = dtd_new(
      terms * inputs * units + units + batch * (inputs + units), sizeof *at);
  for (int t = 0; t < rule->terms; t++, at += inputs * units) p->part[t] = at;
  p->positive_bias = at;
  p->scaled = at += units;
  p->share = at + batch * inputs;
  dtd_propagator_update(p);
  return p;
}

void dtd_propagator_update(struct dtd_propagator *p) {
  const struct dtd_layer *layer = p->layer;
  long count = (long)layer->inputs * layer->units;
  for (int t = 0; t < p->rule->terms; t++) {
    const struct dtd_rule_term *term = &p->rule->term[t];
    if (term->parts) {
      term->parts(p->part[t], layer->w, count);
      continue;
    }
    for (long i = 0; i < count; i++) p->part[t][i] = term->part(layer->w[i]);
  }
  if (p->rule->bias_in_denominator)
    for (int j = 0; j < layer->units; j++)
      p->positive_bias[j] = layer->b[j] > 0 ? layer->b[j] : 0;
}

const struct dtd_rule *dtd_propagator_rule(const struct dtd_propagator *p) {
  return p->rule;
}

void dtd_propagator_free(struct dtd_propagator *p) {
  if (!p) return;
  free(p->memory);
  free(p);
}

static float factor_at(const struct dtd_propagator *p, int term, float x) {
  float (*factor)(float, float, float) = p->rule->term[term].factor;
  return factor ? factor(x, p->low, p->high) : 1;
}

/* N_nj = max(0, b_j) + sum_t (u_t(X) P_t)_nj, into p->share. */
static void denominators(struct dtd_propagator *p, const float *x, int batch) {
  int inputs = p->layer->inputs, units = p->layer->units;
  for (int n = 0; n < batch; n++)
    memcpy(p->share + (long)n * units, p->positive_bias,
           (size_t)units * sizeof *p->share);
  for (int t = 0; t < p->rule->terms; t++) {
    for (long i = 0; i < (long)batch * inputs; i++)
      p->scaled[i] = factor_at(p, t, x[i]);
    dtd_multiply(p->share, 1, 1, dtd_view(p->scaled, batch, inputs),
                 dtd_view(p->part[t], inputs, units));
  }
}

void dtd_propagate(float *R_i, struct dtd_propagator *p, const float *x,
                   const float *R_j, int batch) {
  int inputs = p->layer->inputs, units = p->layer->units;
  if (batch > p->capacity)
    dtd_die(DTD_FAILURE, p->rule->name, NULL, "a batch of %d exceeds %d", batch,
            p->capacity);
  denominators(p, x, batch);
  for (long j = 0; j < (long)batch * units; j++) /* S = R_j / N; 0 sends none */
    p->share[j] = R_j[j] == 0 || p->share[j] == 0 ? 0 : R_j[j] / p->share[j];
  memset(R_i, 0, (size_t)batch * (size_t)inputs * sizeof *R_i);
  for (int t = 0; t < p->rule->terms; t++) {
    dtd_multiply(p->scaled, 0, 1, dtd_view(p->share, batch, units),
                 dtd_transposed(dtd_view(p->part[t], inputs, units)));
    for (long i = 0; i < (long)batch * inputs; i++) /* Eq. 15, term by term */
      R_i[i] += factor_at(p, t, x[i]) * p->scaled[i];
  }
}
