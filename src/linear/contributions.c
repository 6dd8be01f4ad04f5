/* Sums over contributions q_ij = sum_t u_t(x_i) p_t(w_ij) of inputs to units.

   What is here serves any storage: p_t(w) is weights of the same storage. */
#include "linear/contributions.h"

#include <string.h>

#include "base/memory.h"
#include "linear/contributions_kind.h"
#include "linear/weights_kind.h"

/* ---- terms ---- */

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

/* ---- any storage ---- */

struct mapped {
  struct dtd_contributions base;
  struct dtd_weights *part[DTD_MOST_TERMS]; /* p_t(w) */
  float *values[DTD_MOST_TERMS];            /* of them */
};

static void update_mapped(struct dtd_contributions *c) {
  struct mapped *m = (struct mapped *)c;
  const struct dtd_weights *w = c->weights;
  for (int t = 0; t < c->terms.count; t++) {
    dtd_terms_parts(m->values[t], &c->terms, t, w->values, (long)w->count);
    dtd_weights_read(m->part[t]);
  }
}

static struct dtd_contributions *create_mapped(const struct dtd_weights *w,
                                               const struct dtd_terms *terms) {
  struct mapped *m = dtd_new(1, sizeof *m);
  for (int t = 0; t < terms->count; t++) {
    m->values[t] = dtd_new(w->count, sizeof *m->values[t]);
    m->part[t] = dtd_weights_like(w, m->values[t]);
  }
  return &m->base;
}

static void free_mapped(struct dtd_contributions *c) {
  struct mapped *m = (struct mapped *)c;
  for (int t = 0; t < c->terms.count; t++) {
    dtd_weights_free(m->part[t]);
    dtd_free(m->values[t]);
  }
  dtd_free(m);
}

static void gather_mapped(const struct dtd_active *active,
                          const struct dtd_contributions *c, int group,
                          const float *x, struct dtd_range range) {
  const struct mapped *m = (const struct mapped *)c;
  long inputs = c->weights->inputs, units = c->weights->units;
  float *u = dtd_new((size_t)(inputs + units), sizeof *u), *z = u + inputs;
  for (int n = range.first; n < range.first + range.count; n++)
    for (int t = 0; t < c->terms.count; t++) {
      if (c->terms.term[t].group != group) continue;
      float *N = dtd_active_denominators(active, group, n);
      const struct dtd_spot *unit = dtd_active_units(active, 0, n);
      struct dtd_inputs row = dtd_rows(u, 1);
      dtd_terms_factors(u, &c->terms, t, x + n * inputs, inputs);
      dtd_weights_apply(z, m->part[t], &row);
      for (int a = 0; a < active->count[n]; a++) N[a] += z[unit[a].at];
    }
  dtd_free(u);
}

static void send_mapped(float *R_i, const struct dtd_contributions *c,
                        const struct dtd_active *active, const float *x,
                        int piece, struct dtd_range range) {
  const struct mapped *m = (const struct mapped *)c;
  long inputs = c->weights->inputs, units = c->weights->units;
  float *u = dtd_new((size_t)(2 * inputs + units), sizeof *u);
  float *sum = u + inputs, *S = sum + inputs;
  (void)piece; /* the only one */
  for (int n = range.first; n < range.first + range.count; n++) {
    float *R = R_i + n * inputs;
    memset(R, 0, (size_t)inputs * sizeof *R);
    for (int t = 0; t < c->terms.count; t++) {
      const struct dtd_spot *unit =
          dtd_active_units(active, c->terms.term[t].group, n);
      memset(S, 0, (size_t)units * sizeof *S);
      for (int a = 0; a < active->count[n]; a++) S[unit[a].at] = unit[a].s;
      dtd_terms_factors(u, &c->terms, t, x + n * inputs, inputs);
      dtd_weights_transpose(sum, m->part[t], S, 1);
      for (long i = 0; i < inputs; i++) R[i] += u[i] * sum[i];
    }
  }
  dtd_free(u);
}

static void sum_mapped(double *sum, const struct dtd_contributions *c,
                       int term) {
  const struct mapped *m = (const struct mapped *)c;
  long inputs = c->weights->inputs, units = c->weights->units;
  float *ones = dtd_new((size_t)(inputs + units), sizeof *ones);
  float *z = ones + inputs;
  struct dtd_inputs row = dtd_rows(ones, 1);
  for (long i = 0; i < inputs; i++) ones[i] = 1;
  dtd_weights_apply(z, m->part[term], &row);
  for (long j = 0; j < units; j++) sum[j] = (double)z[j];
  dtd_free(ones);
}

static int one_piece(const struct dtd_contributions *c) {
  (void)c;
  return 1;
}

static const struct dtd_contributions_kind mapped = {
    .create = create_mapped,
    .update = update_mapped,
    .gather = gather_mapped,
    .send = send_mapped,
    .sum_parts = sum_mapped,
    .pieces = one_piece,
    .free = free_mapped,
};

/* ---- whichever the weights have ---- */

struct dtd_contributions *
dtd_contributions_new(const struct dtd_weights *weights,
                      struct dtd_terms terms) {
  const struct dtd_contributions_kind *kind = weights->kind->contributions;
  if (!kind) kind = &mapped;
  struct dtd_contributions *c = kind->create(weights, &terms);
  c->kind = kind;
  c->weights = weights;
  c->terms = terms;
  return c;
}

void dtd_contributions_update(struct dtd_contributions *c) {
  c->kind->update(c);
}

void dtd_contributions_gather(const struct dtd_active *active,
                              const struct dtd_contributions *c, int group,
                              const float *x, struct dtd_range range) {
  c->kind->gather(active, c, group, x, range);
}

void dtd_contributions_send(float *R_i, const struct dtd_contributions *c,
                            const struct dtd_active *active, const float *x,
                            int piece, struct dtd_range range) {
  c->kind->send(R_i, c, active, x, piece, range);
}

void dtd_contributions_sum_parts(double *sum, const struct dtd_contributions *c,
                                 int term) {
  c->kind->sum_parts(sum, c, term);
}

int dtd_contributions_pieces(const struct dtd_contributions *c) {
  return c->kind->pieces(c);
}

void dtd_contributions_free(struct dtd_contributions *c) {
  if (c) c->kind->free(c);
}
