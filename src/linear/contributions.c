/* Sums over contributions q_ij = sum_t u_t(x_i) p_t(w_ij) of inputs to units.

   What is here serves any storage: p_t(w) is weights of the same storage. */
#include "linear/contributions.h"

#include <string.h>

#include "base/memory.h"
#include "linear/contributions_kind.h"
#include "linear/weight_parts.h"
#include "linear/weights_kind.h"

/* ---- any storage ---- */

struct mapped {
  struct dtd_contributions base;
  struct dtd_weight_parts *parts; /* p_t(w) */
};

static void update_mapped(struct dtd_contributions *c) {
  dtd_weight_parts_read(((struct mapped *)c)->parts);
}

static struct dtd_contributions *create_mapped(const struct dtd_weights *w,
                                               const struct dtd_terms *terms) {
  struct mapped *m = dtd_new(1, sizeof *m);
  m->parts = dtd_weight_parts_new(w, terms);
  return &m->base;
}

static void free_mapped(struct dtd_contributions *c) {
  dtd_weight_parts_free(((struct mapped *)c)->parts);
  dtd_free(c);
}

static const struct dtd_weights *part_at(const struct dtd_contributions *c,
                                         int term) {
  return dtd_weight_parts_at(((const struct mapped *)c)->parts, term);
}

static void gather_mapped(const struct dtd_active *active,
                          const struct dtd_contributions *c, int group,
                          const float *x, struct dtd_range range) {
  long inputs = c->weights->inputs, units = c->weights->units;
  float *u = dtd_new((size_t)(inputs + units), sizeof *u), *z = u + inputs;
  for (int n = range.first; n < range.first + range.count; n++)
    for (int t = 0; t < c->terms.count; t++) {
      if (c->terms.term[t].group != group) continue;
      float *N = dtd_active_denominators(active, group, n);
      const struct dtd_spot *unit = dtd_active_units(active, 0, n);
      struct dtd_inputs row = dtd_rows(u, 1);
      dtd_terms_factors(u, &c->terms, t, x + n * inputs, inputs);
      dtd_weights_apply(z, part_at(c, t), &row);
      for (int a = 0; a < active->count[n]; a++) N[a] += z[unit[a].at];
    }
  dtd_free(u);
}

static void send_mapped(float *R_i, const struct dtd_contributions *c,
                        const struct dtd_active *active, const float *x,
                        int piece, struct dtd_range range) {
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
      dtd_weights_transpose(sum, part_at(c, t), S, 1);
      for (long i = 0; i < inputs; i++) R[i] += u[i] * sum[i];
    }
  }
  dtd_free(u);
}

static void sum_mapped(double *sum, const struct dtd_contributions *c,
                       int term) {
  long inputs = c->weights->inputs, units = c->weights->units;
  float *ones = dtd_new((size_t)(inputs + units), sizeof *ones);
  float *z = ones + inputs;
  struct dtd_inputs row = dtd_rows(ones, 1);
  for (long i = 0; i < inputs; i++) ones[i] = 1;
  dtd_weights_apply(z, part_at(c, term), &row);
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
