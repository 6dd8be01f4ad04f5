/* A propagator runs a rule on one layer, at the cost of its active units. */
#include "relevance/propagator.h"

#include <stdint.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"

enum {
  WORTH_THREADS = 2000000 /* weights times examples that outweigh waking one */
};

struct dtd_propagator {
  const struct dtd_rule *rule;
  const struct dtd_layer *layer;
  float parameter, low, high; /* the rule's, and its inputs' domain */
  struct dtd_contributions *contributions;
  int groups; /* of terms */
  float weight[DTD_MOST_GROUPS];
  float *bias;              /* what joins group 0's denominator (units) */
  float *shift;             /* sum_t o_t sum_i p_t(w_ij) (units) */
  double *sum;              /* scratch (2, units) */
  struct dtd_active active; /* units with relevance, their S_j and N_j */
};

/* ---- create and free ---- */

struct dtd_propagator *dtd_propagator_new(const struct dtd_rule *rule,
                                          const struct dtd_layer *layer,
                                          float low, float high, int capacity) {
  struct dtd_propagator *p = dtd_new(1, sizeof *p);
  size_t units = (size_t)layer->shape.units, batch = (size_t)capacity;
  *p = (struct dtd_propagator){.rule = rule,
                               .layer = layer,
                               .parameter = (float)rule->parameter.value,
                               .low = low,
                               .high = high,
                               .groups = dtd_rule_groups(rule)};
  for (int g = 0; g < p->groups; g++) p->weight[g] = dtd_rule_weight(rule, g);
  p->contributions = dtd_contributions_new(
      layer->weights,
      (struct dtd_terms){rule->term, rule->terms, p->parameter, low, high});
  p->bias = dtd_new(2 * units, sizeof *p->bias);
  p->shift = p->bias + units;
  p->sum = dtd_new(2 * units, sizeof *p->sum);
  size_t spots = (size_t)p->groups * batch * units;
  p->active =
      (struct dtd_active){.units = layer->shape.units, .capacity = capacity};
  p->active.unit = dtd_new(spots, sizeof *p->active.unit);
  p->active.N = dtd_new(spots, sizeof *p->active.N);
  p->active.count = dtd_new(batch, sizeof *p->active.count);
  dtd_propagator_update(p);
  return p;
}

void dtd_propagator_free(struct dtd_propagator *p) {
  if (!p) return;
  dtd_contributions_free(p->contributions);
  dtd_free(p->bias);
  dtd_free(p->sum);
  dtd_free(p->active.unit);
  dtd_free(p->active.N);
  dtd_free(p->active.count);
  dtd_free(p);
}

const struct dtd_rule *dtd_propagator_rule(const struct dtd_propagator *p) {
  return p->rule;
}

/* ---- what follows from the weights alone ---- */

/* shift_j = sum_t o_t sum_i p_t(w_ij), with o_t = x - u_t(x) for any x. */
static void sum_shifts(struct dtd_propagator *p) {
  struct dtd_terms terms = {p->rule->term, p->rule->terms, p->parameter, p->low,
                            p->high};
  int units = p->layer->shape.units;
  double *sum = p->sum, *shift = p->sum + units;
  memset(shift, 0, (size_t)units * sizeof *shift);
  for (int t = 0; t < terms.count; t++) {
    double o = (double)p->low - (double)dtd_terms_factor(&terms, t, p->low);
    dtd_contributions_sum_parts(sum, p->contributions, t);
    for (int j = 0; j < units; j++) shift[j] += o * sum[j];
  }
  for (int j = 0; j < units; j++) p->shift[j] = (float)shift[j];
}

void dtd_propagator_update(struct dtd_propagator *p) {
  const struct dtd_layer *layer = p->layer;
  dtd_contributions_update(p->contributions);
  if (p->rule->shifts_inputs) sum_shifts(p);
  for (int j = 0; j < layer->shape.units; j++)
    p->bias[j] = dtd_rule_bias(p->rule, layer->b[j]);
}

/* ---- S_j = R_j / N_j of active units ---- */

/* Lists the units that have any relevance in each example of a part. */
static void list_active(struct dtd_propagator *p, const float *R_j,
                        struct dtd_range part) {
  long units = p->layer->shape.units;
  for (int n = part.first; n < part.first + part.count; n++) {
    const float *R = R_j + n * units;
    struct dtd_spot *active = dtd_active_units(&p->active, 0, n);
    int count = 0;
    for (int j = 0; j < units; j++) { /* write always, keep if active */
      uint32_t bits; /* but for the sign: quicker to compare than a float */
      memcpy(&bits, &R[j], sizeof bits);
      active[count] = (struct dtd_spot){j, R[j]};
      count += bits << 1 != 0;
    }
    p->active.count[n] = count;
  }
}

/* N_j of one group; from r_j where that tells. */
static void find_denominators(struct dtd_propagator *p, int group,
                              const float *x, const float *r_j,
                              struct dtd_range part) {
  long units = p->layer->shape.units;
  const float *b = p->layer->b;
  bool known = r_j && p->rule->shifts_inputs;
  for (int n = part.first; n < part.first + part.count; n++) {
    float *N = dtd_active_denominators(&p->active, group, n);
    const struct dtd_spot *active = dtd_active_units(&p->active, 0, n);
    for (int a = 0; a < p->active.count[n]; a++) {
      int j = active[a].at;
      N[a] = group == 0 ? p->bias[j] : 0;
      if (known) N[a] += r_j[n * units + j] - b[j] - p->shift[j];
    }
  }
  if (!known)
    dtd_contributions_gather(&p->active, p->contributions, group, x, part);
  for (int n = part.first; n < part.first + part.count; n++) {
    float *N = dtd_active_denominators(&p->active, group, n);
    for (int a = 0; a < p->active.count[n] && p->rule->stabilised; a++)
      N[a] += N[a] < 0 ? -p->parameter : p->parameter;
  }
}

/* S_j = c_g R_j / N_j of each group, 0 where no input has a share; the weights
   of the groups with any share are scaled to sum to 1. */
static void divide_unit(struct dtd_propagator *p, int n, int a) {
  struct dtd_spot unit = dtd_active_units(&p->active, 0, n)[a];
  float whole = 0;
  for (int g = 0; g < p->groups; g++)
    if (dtd_active_denominators(&p->active, g, n)[a] != 0)
      whole += p->weight[g];
  for (int g = 0; g < p->groups; g++) {
    float N = dtd_active_denominators(&p->active, g, n)[a];
    float s = N == 0 || whole == 0 ? 0 : p->weight[g] / whole * unit.s / N;
    dtd_active_units(&p->active, g, n)[a] = (struct dtd_spot){unit.at, s};
  }
}

static void share_out(struct dtd_propagator *p, const float *x,
                      const float *r_j, struct dtd_range part) {
  for (int g = 0; g < p->groups; g++) find_denominators(p, g, x, r_j, part);
  for (int n = part.first; n < part.first + part.count; n++)
    for (int a = 0; a < p->active.count[n]; a++) divide_unit(p, n, a);
}

/* ---- a batch ---- */

/* R_j are shares already unless `divide`. */
static void run(float *R_i, struct dtd_propagator *p, const float *x,
                const float *r_j, const float *R_j, int batch, bool divide) {
  if (batch > p->active.capacity)
    dtd_die(DTD_FAILURE, p->rule->name, NULL, "a batch of %d exceeds %d", batch,
            p->active.capacity);
  if (batch == 0) return;
  int parts = dtd_batch_parts(batch);
  int pieces = dtd_contributions_pieces(p->contributions);
  double work = (double)batch * p->layer->shape.inputs * p->layer->shape.units;
#pragma omp parallel if (work > WORTH_THREADS)
  {
#pragma omp for schedule(static)
    for (int i = 0; i < parts; i++) {
      struct dtd_range part = dtd_batch_part_at(batch, i);
      list_active(p, R_j, part);
      if (divide) share_out(p, x, r_j, part);
    }
#pragma omp for schedule(static)
    for (int i = 0; i < pieces * parts; i++)
      dtd_contributions_send(R_i, p->contributions, &p->active, x, i / parts,
                             dtd_batch_part_at(batch, i % parts));
  }
}

void dtd_propagate(float *R_i, struct dtd_propagator *p, const float *x,
                   const float *r_j, const float *R_j, int batch) {
  run(R_i, p, x, r_j, R_j, batch, true); /* Eq. 15, term by term */
}

void dtd_send(float *R_i, struct dtd_propagator *p, const float *x,
              const float *S_j, int batch) {
  if (p->groups > 1)
    dtd_die(DTD_FAILURE, p->rule->name, "let dtd_propagate divide",
            "one S_j does not serve %d groups of terms", p->groups);
  run(R_i, p, x, NULL, S_j, batch, false);
}
