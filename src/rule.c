/* A relevance rule sends the relevance of detection units to their inputs. */
#include "rule.h"

#include <stdio.h>
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

/* ---- names, with or without a parameter ---- */

/* A registered rule whose parameter has another value than its default. These
   few stay for the life of the program, as the registry does. */
struct variant {
  struct dtd_rule rule;
  char name[64];
  struct variant *next;
};

/* The registered rule that `name` begins with, up to a parenthesis. */
static const struct dtd_rule *registered(const char *name) {
  size_t length = strcspn(name, "(");
  for (int n = 0; dtd_rules[n]; n++)
    if (strlen(dtd_rules[n]->name) == length &&
        !strncmp(dtd_rules[n]->name, name, length))
      return dtd_rules[n];
  return NULL;
}

/* Reads "(0.25)" as a value that the rule's parameter may take. */
static bool read_parameter(double *value, const char *text,
                           const struct dtd_rule_parameter *parameter) {
  size_t length = *text == '(' ? strspn(text + 1, "+-.0123456789eE") : 0;
  if (!parameter->name || !length || strcmp(text + 1 + length, ")"))
    return false;
  char *end;
  *value = strtod(text + 1, &end);
  return end == text + 1 + length && *value >= parameter->least &&
         *value <= parameter->greatest;
}

/* The rule with that parameter: itself at the default, else its one variant. */
static const struct dtd_rule *variant_of(const struct dtd_rule *rule,
                                         double value) {
  static struct variant *first;
  char name[sizeof first->name];
  snprintf(name, sizeof name, "%s(%.9g)", rule->name, value);
  value = strtod(strchr(name, '(') + 1, NULL); /* as the name says */
  if (value == rule->parameter.value) return rule;
  struct variant *v = first;
  while (v && strcmp(v->name, name)) v = v->next;
  if (v) return &v->rule;
  v = dtd_new(1, sizeof *v);
  *v = (struct variant){.rule = *rule, .next = first};
  strcpy(v->name, name);
  v->rule.name = v->name;
  v->rule.parameter.value = value;
  first = v;
  return &v->rule;
}

const struct dtd_rule *dtd_rule_named(const char *name) {
  const struct dtd_rule *rule = registered(name);
  const char *rest = name + strcspn(name, "(");
  double value;
  if (!rule || !*rest) return rule;
  return read_parameter(&value, rest, &rule->parameter)
             ? variant_of(rule, value)
             : NULL;
}

const struct dtd_rule *dtd_rule_find(const char *name) {
  const struct dtd_rule *found = dtd_rule_named(name), *rule = registered(name);
  if (found) return found;
  if (!rule) dtd_registry_find("rule", name, rule_name); /* dies */
  if (!rule->parameter.name)
    dtd_die(DTD_USAGE, name, NULL, "the rule %s has no parameter", rule->name);
  dtd_die(DTD_USAGE, name, "the name alone stands for the default",
          "the parameter of %s is %s, a number from %g to %g", rule->name,
          rule->parameter.name, rule->parameter.least,
          rule->parameter.greatest);
}

void dtd_rule_describe_names(char *text, size_t size) {
  FILE *output = fmemopen(text, size, "w");
  if (!output) dtd_die(DTD_FAILURE, "rules", NULL, "memory is short");
  for (int n = 0; dtd_rules[n]; n++) {
    const struct dtd_rule_parameter *p = &dtd_rules[n]->parameter;
    fprintf(output, "%s%s", n ? ", " : "", dtd_rules[n]->name);
    if (p->name) fprintf(output, "(%g to %g)", p->least, p->greatest);
  }
  fclose(output);
}

/* ---- the engine ---- */

struct dtd_propagator {
  const struct dtd_rule *rule;
  const struct dtd_layer *layer;
  float low, high;
  int capacity;
  int groups;
  float parameter;
  float *part[DTD_MOST_TERMS];   /* p_t(w_ij) (inputs, units) */
  float *bias;                   /* in group 0's denominator, or 0 (units) */
  float *scaled;                 /* u_t(x_i), or S P_t' (capacity, inputs) */
  float *share[DTD_MOST_GROUPS]; /* N, then S (capacity, units) */
  float *memory;
};

static int count_groups(const struct dtd_rule *rule) {
  int most = 0;
  for (int t = 0; t < rule->terms; t++)
    if (rule->term[t].group > most) most = rule->term[t].group;
  return most + 1;
}

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
                               .capacity = capacity,
                               .groups = count_groups(rule),
                               .parameter = (float)rule->parameter.value};
  size_t shares = (size_t)p->groups * batch * units;
  float *at = p->memory = dtd_new(
      terms * inputs * units + units + batch * inputs + shares, sizeof *at);
  for (int t = 0; t < rule->terms; t++, at += inputs * units) p->part[t] = at;
  p->bias = at;
  p->scaled = at += units;
  at += batch * inputs;
  for (int g = 0; g < p->groups; g++, at += batch * units) p->share[g] = at;
  dtd_propagator_update(p);
  return p;
}

/* What b_j adds to its denominator. */
static float joining(const struct dtd_propagator *p, float b) {
  if (!p->rule->bias_in_denominator) return 0;
  if (p->rule->bias) return p->rule->bias(b, p->parameter);
  return b > 0 ? b : 0;
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
    for (long i = 0; i < count; i++)
      p->part[t][i] = term->part(layer->w[i], p->parameter);
  }
  for (int j = 0; j < layer->units; j++) p->bias[j] = joining(p, layer->b[j]);
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

/* N_nj = sum_t (u_t(X) P_t)_nj over the terms of one group, with the bias in
   the first, into p->share[group]. */
static void denominators(struct dtd_propagator *p, int group, const float *x,
                         int batch) {
  int inputs = p->layer->inputs, units = p->layer->units;
  float *N = p->share[group];
  memset(N, 0, (size_t)batch * (size_t)units * sizeof *N);
  for (int n = 0; n < batch && group == 0; n++)
    memcpy(N + (long)n * units, p->bias, (size_t)units * sizeof *N);
  for (int t = 0; t < p->rule->terms; t++) {
    if (p->rule->term[t].group != group) continue;
    for (long i = 0; i < (long)batch * inputs; i++)
      p->scaled[i] = factor_at(p, t, x[i]);
    dtd_multiply(N, 1, 1, dtd_view(p->scaled, batch, inputs),
                 dtd_view(p->part[t], inputs, units));
  }
  for (long j = 0; j < (long)batch * units && p->rule->stabilised; j++)
    N[j] += N[j] < 0 ? -p->parameter : p->parameter;
}

static float weight_of(const struct dtd_propagator *p, int group) {
  return p->rule->weight ? p->rule->weight(group, p->parameter) : 1;
}

/* S_g = c_g R_j / N_g from the N_g in p->share, the weights of the groups with
   any share scaled to sum to 1. 0 sends nothing, nor does a unit without any
   share. */
static void divide(struct dtd_propagator *p, const float *R_j, long count) {
  for (long j = 0; j < count; j++) {
    float whole = 0;
    for (int g = 0; g < p->groups; g++)
      if (p->share[g][j] != 0) whole += weight_of(p, g);
    for (int g = 0; g < p->groups; g++) {
      float *N = &p->share[g][j];
      *N = R_j[j] == 0 || *N == 0 || whole == 0
               ? 0
               : weight_of(p, g) / whole * R_j[j] / *N;
    }
  }
}

void dtd_propagate(float *R_i, struct dtd_propagator *p, const float *x,
                   const float *R_j, int batch) {
  int inputs = p->layer->inputs, units = p->layer->units;
  if (batch > p->capacity)
    dtd_die(DTD_FAILURE, p->rule->name, NULL, "a batch of %d exceeds %d", batch,
            p->capacity);
  for (int g = 0; g < p->groups; g++) denominators(p, g, x, batch);
  divide(p, R_j, (long)batch * units);
  memset(R_i, 0, (size_t)batch * (size_t)inputs * sizeof *R_i);
  for (int t = 0; t < p->rule->terms; t++) {
    const float *S = p->share[p->rule->term[t].group];
    dtd_multiply(p->scaled, 0, 1, dtd_view(S, batch, units),
                 dtd_transposed(dtd_view(p->part[t], inputs, units)));
    for (long i = 0; i < (long)batch * inputs; i++) /* Eq. 15, term by term */
      R_i[i] += factor_at(p, t, x[i]) * p->scaled[i];
  }
}
