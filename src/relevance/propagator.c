/* A propagator runs a rule on one layer, at the cost of its active units.

   propagator_kernel.h does the arithmetic on a panel. */
#include "relevance/propagator.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "linear/batch_parts.h"

enum {
  BLOCK = 16,              /* inputs; a multiple of any vector's */
  MOST_BLOCKS = 8,         /* across any panel */
  WORTH_THREADS = 2000000, /* weights times examples that outweigh waking one */
};
#define ALIGNED __attribute__((aligned(64))) /* as dtd_new's memory is */

struct kernels {
  int most; /* blocks across a panel */
  /* The panel's sum_j S_j p_t(w_ij); with sum_1, of two terms in one matrix. */
  void (*send)(float *sum, float *sum_1, const float *part, int blocks,
               const struct dtd_spot *unit, int count);
  /* Adds the panel's share to N_j of each unit listed. */
  void (*gather)(float *N, const float *u, const float *u_1, const float *part,
                 int blocks, const struct dtd_spot *unit, int count);
};

#define KERNELS "relevance/propagator_kernel.h"
#include "linear/vector_kernel.h"

struct dtd_propagator {
  const struct dtd_rule *rule;
  const struct dtd_layer *layer;
  float low, high;
  int capacity;
  const struct kernels *kernels;
  int blocks, panels;          /* of inputs, the last block padded with zeros */
  bool merged;                 /* part[0] is p_0 + p_1 */
  float *part[DTD_MOST_TERMS]; /* p_t(w_ij), panel after panel */
  float *bias;                 /* what joins group 0's denominator (units) */
  float *shift;                /* sum_t o_t sum_i p_t(w_ij) (units) */
  float *tile;                 /* a block of inputs (BLOCK, units) */
  int groups;                  /* of terms */
  float weight[DTD_MOST_GROUPS];
  float parameter;         /* the rule's */
  float *N;                /* of active units (groups, capacity, units) */
  struct dtd_spot *active; /* j and S_j of those (groups, capacity, units) */
  int *count;              /* how many (capacity) */
  float *memory;
};

/* ---- create and free ---- */

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
  *p = (struct dtd_propagator){.rule = rule,
                               .layer = layer,
                               .low = low,
                               .high = high,
                               .capacity = capacity,
                               .kernels = kernels_for(dtd_processor_in_use()),
                               .blocks =
                                   (layer->shape.inputs + BLOCK - 1) / BLOCK,
                               .groups = count_groups(rule),
                               .parameter = (float)rule->parameter.value};
  for (int g = 0; g < p->groups; g++)
    p->weight[g] = rule->weight ? rule->weight(g, p->parameter) : 1;
  p->panels = (p->blocks + p->kernels->most - 1) / p->kernels->most;
  size_t units = (size_t)layer->shape.units, batch = (size_t)capacity;
  size_t spots = (size_t)p->groups * batch * units;
  size_t weights = (size_t)p->blocks * BLOCK * units;
  float *at = p->memory = dtd_new(
      (size_t)rule->terms * weights + (2 + BLOCK) * units + spots, sizeof *at);
  for (int t = 0; t < rule->terms; t++, at += weights) p->part[t] = at;
  p->bias = at;
  p->shift = at += units;
  p->tile = at += units;
  p->N = at + BLOCK * units;
  p->active = dtd_new(spots, sizeof *p->active);
  p->count = dtd_new(batch, sizeof *p->count);
  dtd_propagator_update(p);
  return p;
}

void dtd_propagator_free(struct dtd_propagator *p) {
  if (!p) return;
  dtd_free(p->memory);
  dtd_free(p->active);
  dtd_free(p->count);
  dtd_free(p);
}

const struct dtd_rule *dtd_propagator_rule(const struct dtd_propagator *p) {
  return p->rule;
}

/* ---- the parts ---- */

/* Inputs `column` and after in one panel, `blocks` across. */
struct panel {
  int column, inputs, blocks;
};

static struct panel panel_at(const struct dtd_propagator *p, int index) {
  int first = (int)((long)p->blocks * index / p->panels);
  int end = (int)((long)p->blocks * (index + 1) / p->panels);
  int column = first * BLOCK, columns = (end - first) * BLOCK;
  int left = p->layer->shape.inputs - column;
  return (struct panel){column, left < columns ? left : columns, end - first};
}

static float *part_of(const struct dtd_propagator *p, int term,
                      const struct panel *panel) {
  return p->part[term] + (long)panel->column * p->layer->shape.units;
}

/* tile = p_t(w_ij) of up to BLOCK inputs, zeros in place of the rest. */
static void fill_tile(struct dtd_propagator *p, int term, int input) {
  const struct dtd_rule_term *rule = &p->rule->term[term];
  const float *w = p->layer->w + (long)input * p->layer->shape.units;
  int left = p->layer->shape.inputs - input;
  long count = (long)(left < BLOCK ? left : BLOCK) * p->layer->shape.units;
  if (rule->parts)
    rule->parts(p->tile, w, count);
  else
    for (long i = 0; i < count; i++)
      p->tile[i] = rule->part(w[i], p->parameter);
  for (long i = count; i < (long)BLOCK * p->layer->shape.units; i++)
    p->tile[i] = 0;
}

/* The transpose of the weights, panel by panel. */
static void fill_part(struct dtd_propagator *p, int term) {
  int units = p->layer->shape.units;
  for (int i = 0; i < p->panels; i++) {
    struct panel panel = panel_at(p, i);
    for (int block = 0; block < panel.blocks; block++) {
      float *part = part_of(p, term, &panel) + block * BLOCK;
      fill_tile(p, term, panel.column + block * BLOCK);
      for (int j = 0; j < units; j++, part += panel.blocks * BLOCK)
        for (int b = 0; b < BLOCK; b++) part[b] = p->tile[b * units + j];
    }
  }
}

/* Whether p_0 >= 0 >= p_1 and no weight is in both; then part[0] += part[1]. */
static bool merge(struct dtd_propagator *p) {
  long count = (long)p->blocks * BLOCK * p->layer->shape.units;
  float *above = p->part[0], *below = p->part[1];
  for (long i = 0; i < count; i++)
    if (!((above[i] >= 0 && below[i] == 0) || (above[i] == 0 && below[i] <= 0)))
      return false;
  for (long i = 0; i < count; i++) above[i] += below[i];
  return true;
}

static float factor_at(const struct dtd_propagator *p, int term, float x) {
  float (*factor)(float, float, float) = p->rule->term[term].factor;
  return factor ? factor(x, p->low, p->high) : 1;
}

/* sum_i p_t(w_ij) */
static double sum_part(const struct dtd_propagator *p, int term, int j) {
  double sum = 0;
  for (int i = 0; i < p->panels; i++) {
    struct panel panel = panel_at(p, i);
    int columns = panel.blocks * BLOCK;
    const float *row = part_of(p, term, &panel) + (long)j * columns;
    for (int c = 0; c < columns; c++) sum += (double)row[c];
  }
  return sum;
}

/* shift_j = sum_t o_t sum_i p_t(w_ij), with o_t = x - u_t(x) for any x. */
static void sum_shifts(struct dtd_propagator *p) {
  for (int j = 0; j < p->layer->shape.units; j++) {
    double shift = 0;
    for (int t = 0; t < p->rule->terms; t++)
      shift += ((double)p->low - (double)factor_at(p, t, p->low)) *
               sum_part(p, t, j);
    p->shift[j] = (float)shift;
  }
}

/* What b_j adds to its denominator. */
static float joining(const struct dtd_propagator *p, float b) {
  if (!p->rule->bias_in_denominator) return 0;
  if (p->rule->bias) return p->rule->bias(b, p->parameter);
  return b > 0 ? b : 0;
}

void dtd_propagator_update(struct dtd_propagator *p) {
  const struct dtd_layer *layer = p->layer;
  for (int t = 0; t < p->rule->terms; t++) fill_part(p, t);
  if (p->rule->shifts_inputs) sum_shifts(p); /* of parts still apart */
  p->merged = p->rule->terms == 2 && p->groups == 1 && merge(p);
  for (int j = 0; j < layer->shape.units; j++)
    p->bias[j] = joining(p, layer->b[j]);
}

/* ---- S_j = R_j / N_j of active units ---- */

/* Of one example and group of terms. */
static float *denominators_of(const struct dtd_propagator *p, int group,
                              int n) {
  return p->N + ((long)group * p->capacity + n) * p->layer->shape.units;
}

static struct dtd_spot *active_of(const struct dtd_propagator *p, int group,
                                  int n) {
  return p->active + ((long)group * p->capacity + n) * p->layer->shape.units;
}

/* Lists the units that have any relevance in each example of a part. */
static void list_active(struct dtd_propagator *p, const float *R_j,
                        struct dtd_range part) {
  long units = p->layer->shape.units;
  for (int n = part.first; n < part.first + part.count; n++) {
    const float *R = R_j + n * units;
    struct dtd_spot *active = active_of(p, 0, n);
    int count = 0;
    for (int j = 0; j < units; j++) { /* write always, keep if active */
      uint32_t bits; /* but for the sign: quicker to compare than a float */
      memcpy(&bits, &R[j], sizeof bits);
      active[count] = (struct dtd_spot){j, R[j]};
      count += bits << 1 != 0;
    }
    p->count[n] = count;
  }
}

/* u_t(x_i) for one example and the inputs of a panel, padded with zeros; 1
   where the term has no factor. */
static void fill_factors(float *u, const struct dtd_propagator *p, int term,
                         const float *x, const struct panel *panel) {
  const struct dtd_rule_term *rule = &p->rule->term[term];
  x += panel->column;
  if (rule->factors)
    rule->factors(u, x, panel->inputs, p->low, p->high);
  else
    for (int i = 0; i < panel->inputs; i++) u[i] = factor_at(p, term, x[i]);
  for (int i = panel->inputs; i < panel->blocks * BLOCK; i++) u[i] = 0;
}

/* How many matrices hold the terms. */
static int matrices(const struct dtd_propagator *p) {
  return p->merged ? 1 : p->rule->terms;
}

/* N_j += sum_i sum_t u_t(x_i) p_t(w_ij) over one group, for active units. */
static void gather(struct dtd_propagator *p, int group, const float *x,
                   struct dtd_range part) {
  float u[2][MOST_BLOCKS * BLOCK] ALIGNED;
  long inputs = p->layer->shape.inputs;
  for (int i = 0; i < p->panels; i++) {
    struct panel panel = panel_at(p, i);
    for (int n = part.first; n < part.first + part.count; n++)
      for (int t = 0; t < matrices(p); t++) {
        if (p->rule->term[t].group != group) continue;
        fill_factors(u[0], p, t, x + n * inputs, &panel);
        if (p->merged) fill_factors(u[1], p, 1, x + n * inputs, &panel);
        p->kernels->gather(denominators_of(p, group, n), u[0],
                           p->merged ? u[1] : NULL, part_of(p, t, &panel),
                           panel.blocks, active_of(p, 0, n), p->count[n]);
      }
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
    float *N = denominators_of(p, group, n);
    const struct dtd_spot *active = active_of(p, 0, n);
    for (int a = 0; a < p->count[n]; a++) {
      int j = active[a].at;
      N[a] = group == 0 ? p->bias[j] : 0;
      if (known) N[a] += r_j[n * units + j] - b[j] - p->shift[j];
    }
  }
  if (!known) gather(p, group, x, part);
  for (int n = part.first; n < part.first + part.count; n++) {
    float *N = denominators_of(p, group, n);
    for (int a = 0; a < p->count[n] && p->rule->stabilised; a++)
      N[a] += N[a] < 0 ? -p->parameter : p->parameter;
  }
}

/* S_j = c_g R_j / N_j of each group, 0 where no input has a share; the weights
   of the groups with any share are scaled to sum to 1. */
static void divide_unit(struct dtd_propagator *p, int n, int a) {
  struct dtd_spot unit = active_of(p, 0, n)[a];
  float whole = 0;
  for (int g = 0; g < p->groups; g++)
    if (denominators_of(p, g, n)[a] != 0) whole += p->weight[g];
  for (int g = 0; g < p->groups; g++) {
    float N = denominators_of(p, g, n)[a];
    float s = N == 0 || whole == 0 ? 0 : p->weight[g] / whole * unit.s / N;
    active_of(p, g, n)[a] = (struct dtd_spot){unit.at, s};
  }
}

static void share_out(struct dtd_propagator *p, const float *x,
                      const float *r_j, struct dtd_range part) {
  for (int g = 0; g < p->groups; g++) find_denominators(p, g, x, r_j, part);
  for (int n = part.first; n < part.first + part.count; n++)
    for (int a = 0; a < p->count[n]; a++) divide_unit(p, n, a);
}

/* ---- R_i = sum_t u_t(x_i) sum_j S_j p_t(w_ij) ---- */

/* R_i += u_t(x_i) sum_i, for the inputs of a panel. */
static void add_term(float *R_i, const struct dtd_propagator *p, int term,
                     const float *x, const float *sum,
                     const struct panel *panel) {
  float u[MOST_BLOCKS * BLOCK] ALIGNED;
  fill_factors(u, p, term, x, panel);
  for (int i = 0; i < panel->inputs; i++) R_i[i] += u[i] * sum[i];
}

/* R_i of one panel and part. */
static void send_part(float *R_i, const struct dtd_propagator *p,
                      const float *x, const struct panel *panel,
                      struct dtd_range part) {
  float sum[2][MOST_BLOCKS * BLOCK] ALIGNED;
  long inputs = p->layer->shape.inputs;
  for (int n = part.first; n < part.first + part.count; n++) {
    float *R = R_i + n * inputs + panel->column;
    memset(R, 0, (size_t)panel->inputs * sizeof *R);
    for (int t = 0; t < matrices(p); t++) {
      p->kernels->send(sum[0], p->merged ? sum[1] : NULL, part_of(p, t, panel),
                       panel->blocks, active_of(p, p->rule->term[t].group, n),
                       p->count[n]);
      add_term(R, p, t, x + n * inputs, sum[0], panel);
      if (p->merged) add_term(R, p, 1, x + n * inputs, sum[1], panel);
    }
  }
}

/* ---- a batch ---- */

/* R_j are shares already unless `divide`. */
static void run(float *R_i, struct dtd_propagator *p, const float *x,
                const float *r_j, const float *R_j, int batch, bool divide) {
  if (batch > p->capacity)
    dtd_die(DTD_FAILURE, p->rule->name, NULL, "a batch of %d exceeds %d", batch,
            p->capacity);
  if (batch == 0) return;
  int parts = dtd_batch_parts(batch);
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
    for (int i = 0; i < p->panels * parts; i++) {
      struct panel panel = panel_at(p, i / parts);
      send_part(R_i, p, x, &panel, dtd_batch_part_at(batch, i % parts));
    }
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
