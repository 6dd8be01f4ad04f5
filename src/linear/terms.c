/* The terms of a rule: functions of an input times functions of a weight. */
#include "linear/terms.h"

#include <string.h>

/* ---- what several rules have ---- */

float dtd_input_itself(float x, float low, float high) {
  (void)low, (void)high;
  return x;
}

void dtd_inputs_themselves(float *factor, const float *x, long count, float low,
                           float high) {
  (void)low, (void)high;
  memcpy(factor, x, (size_t)count * sizeof *factor);
}

float dtd_weight_itself(float w, float parameter) {
  (void)parameter;
  return w;
}

/* ---- of any term ---- */

float dtd_terms_factor(const struct dtd_terms *terms, int term, float x) {
  float (*factor)(float, float, float) = terms->term[term].factor;
  return factor ? factor(x, terms->low, terms->high) : 1;
}

void dtd_terms_factors(float *u, const struct dtd_terms *terms, int term,
                       const float *x, long count) {
  const struct dtd_term *t = &terms->term[term];
  if (t->factors)
    t->factors(u, x, count, terms->low, terms->high);
  else
    for (long i = 0; i < count; i++) u[i] = dtd_terms_factor(terms, term, x[i]);
}

void dtd_terms_parts(float *part, const struct dtd_terms *terms, int term,
                     const float *w, long count) {
  const struct dtd_term *t = &terms->term[term];
  if (t->parts)
    t->parts(part, w, count);
  else
    for (long i = 0; i < count; i++) part[i] = t->part(w[i], terms->parameter);
}
