/* Weights p_t(w_ij) for the terms of a rule, in the storage that w has. */
#include "linear/weight_parts.h"

#include "base/memory.h"
#include "linear/weights_kind.h"

struct dtd_weight_parts {
  const struct dtd_weights *weights;
  struct dtd_terms terms;
  float *values[DTD_MOST_TERMS];           /* of what is the term's own */
  struct dtd_weights *own[DTD_MOST_TERMS]; /* null where another has it */
  const struct dtd_weights *at[DTD_MOST_TERMS];
};

/* The first term that has the part of `term`. */
static int first_alike(const struct dtd_terms *terms, int term) {
  int first = 0;
  while (terms->term[first].part != terms->term[term].part) first++;
  return first;
}

struct dtd_weight_parts *dtd_weight_parts_new(const struct dtd_weights *weights,
                                              const struct dtd_terms *terms) {
  struct dtd_weight_parts *p = dtd_new(1, sizeof *p);
  p->weights = weights;
  p->terms = *terms;
  for (int t = 0; t < terms->count; t++) {
    int first = first_alike(terms, t);
    if (terms->term[t].part == dtd_weight_itself) {
      p->at[t] = weights;
    } else if (first < t) {
      p->at[t] = p->at[first];
    } else {
      p->values[t] = dtd_new(weights->count, sizeof *p->values[t]);
      p->at[t] = p->own[t] = dtd_weights_like(weights, p->values[t]);
    }
  }
  return p;
}

void dtd_weight_parts_read(struct dtd_weight_parts *p) {
  for (int t = 0; t < p->terms.count; t++) {
    if (!p->own[t]) continue;
    dtd_terms_parts(p->values[t], &p->terms, t, p->weights->values,
                    (long)p->weights->count);
    dtd_weights_read(p->own[t]);
  }
}

const struct dtd_weights *dtd_weight_parts_at(const struct dtd_weight_parts *p,
                                              int term) {
  return p->at[term];
}

void dtd_weight_parts_free(struct dtd_weight_parts *p) {
  if (!p) return;
  for (int t = 0; t < p->terms.count; t++) {
    dtd_weights_free(p->own[t]);
    dtd_free(p->values[t]);
  }
  dtd_free(p);
}
