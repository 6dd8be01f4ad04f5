/* Contributions of a matrix, in panels of inputs: a unit's weights are a row.

   Parts are kept unit by unit, so that one active unit reads one row, and no
   row of another. A panel and some examples are one piece of work; no sum
   crosses from one piece to another, so no result depends on the number of
   threads, nor an example's on its neighbours. panel_kernel.h does the
   arithmetic on a panel.

   Panels are as wide as the processor's registers allow; N_j is summed over
   groups of them, MOST_BLOCKS wide on every processor, so that its bits are the
   same on all.

   Two terms whose parts are p_0 >= 0 and p_1 <= 0, never both other than 0, are
   kept as one matrix m = p_0 + p_1. It is read once for both sums, as
   p_0 = max(m, 0) and p_1 = min(m, 0). For zB, m = w. (Only one product has to
   be read then; the second sum is not had by subtracting, as in
   (x - h) (W S) + (h - l) (W^+ S), whose rounding could turn a relevance
   negative.) */
#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "linear/contributions.h"
#include "linear/contributions_kind.h"
#include "linear/weights_kind.h"

enum {
  BLOCK = 16,      /* inputs; a multiple of any vector's */
  MOST_BLOCKS = 8, /* across any panel, and across each group of panels */
};
#define ALIGNED __attribute__((aligned(64))) /* as dtd_new's memory is */

/* Adjacent panels of one part, MOST_BLOCKS across or, at the end, fewer. */
struct group {
  const float *part; /* of the first */
  long next;         /* from one panel to the next */
  int panels, blocks;
};

struct kernels {
  int most; /* blocks across a panel */
  /* The panel's sum_j S_j p_t(w_ij); with sum_1, of two terms in one matrix. */
  void (*send)(float *sum, float *sum_1, const float *part, int blocks,
               const struct dtd_spot *unit, int count);
  /* Adds a group's share to N_j of each unit listed; u holds its inputs'. */
  void (*gather)(float *N, const float *u, const float *u_1,
                 const struct group *group, const struct dtd_spot *unit,
                 int count);
};

#define KERNELS "linear/storages/panel_kernel.h"
#include "linear/vector_kernel.h"

struct panels {
  struct dtd_contributions base;
  int inputs, units;
  const struct kernels *kernels;
  int blocks, panels;          /* of inputs, the last block padded with zeros */
  bool merged;                 /* part[0] is p_0 + p_1 */
  float *part[DTD_MOST_TERMS]; /* p_t(w_ij), panel after panel */
  float *tile;                 /* a block of inputs (BLOCK, units) */
  float *memory;
};

static const struct panels *of(const struct dtd_contributions *c) {
  return (const struct panels *)c;
}

/* ---- create and free ---- */

static struct dtd_contributions *create(const struct dtd_weights *weights,
                                        const struct dtd_terms *terms) {
  struct panels *p = dtd_new(1, sizeof *p);
  p->inputs = weights->inputs;
  p->units = weights->units;
  p->kernels = kernels_for(dtd_processor_in_use());
  p->blocks = (p->inputs + BLOCK - 1) / BLOCK;
  p->panels = (p->blocks + p->kernels->most - 1) / p->kernels->most;
  size_t units = (size_t)p->units;
  size_t part = (size_t)p->blocks * BLOCK * units;
  float *at = p->memory =
      dtd_new((size_t)terms->count * part + BLOCK * units, sizeof *at);
  for (int t = 0; t < terms->count; t++, at += part) p->part[t] = at;
  p->tile = at;
  return &p->base;
}

static void free_panels(struct dtd_contributions *c) {
  dtd_free(of(c)->memory);
  dtd_free(c);
}

/* ---- the parts ---- */

/* Inputs `column` and after in one panel, `blocks` across. */
struct panel {
  int column, inputs, blocks;
};

static struct panel panel_at(const struct panels *p, int index) {
  int most = p->kernels->most, first = index * most;
  int blocks = p->blocks - first < most ? p->blocks - first : most;
  int column = first * BLOCK, left = p->inputs - column;
  return (struct panel){column, left < blocks * BLOCK ? left : blocks * BLOCK,
                        blocks};
}

static float *part_of(const struct panels *p, int term,
                      const struct panel *panel) {
  return p->part[term] + (long)panel->column * p->units;
}

/* tile = p_t(w_ij) of up to BLOCK inputs, zeros in place of the rest. */
static void fill_tile(const struct panels *p, int term, int input) {
  const float *w = p->base.weights->values + (long)input * p->units;
  int left = p->inputs - input;
  long count = (long)(left < BLOCK ? left : BLOCK) * p->units;
  dtd_terms_parts(p->tile, &p->base.terms, term, w, count);
  for (long i = count; i < (long)BLOCK * p->units; i++) p->tile[i] = 0;
}

/* The transpose of the weights, panel by panel. */
static void fill_part(const struct panels *p, int term) {
  for (int i = 0; i < p->panels; i++) {
    struct panel panel = panel_at(p, i);
    for (int block = 0; block < panel.blocks; block++) {
      float *part = part_of(p, term, &panel) + block * BLOCK;
      fill_tile(p, term, panel.column + block * BLOCK);
      for (int j = 0; j < p->units; j++, part += panel.blocks * BLOCK)
        for (int b = 0; b < BLOCK; b++) part[b] = p->tile[b * p->units + j];
    }
  }
}

/* Whether p_0 >= 0 >= p_1 and no weight is in both. */
static bool can_merge(const struct panels *p) {
  const struct dtd_terms *terms = &p->base.terms;
  long count = (long)p->blocks * BLOCK * p->units;
  const float *above = p->part[0], *below = p->part[1];
  if (terms->count != 2 || terms->term[0].group != terms->term[1].group)
    return false;
  for (long i = 0; i < count; i++)
    if (!((above[i] >= 0 && below[i] == 0) || (above[i] == 0 && below[i] <= 0)))
      return false;
  return true;
}

static void update(struct dtd_contributions *c) {
  struct panels *p = (struct panels *)c;
  long count = (long)p->blocks * BLOCK * p->units;
  for (int t = 0; t < c->terms.count; t++) fill_part(p, t);
  p->merged = can_merge(p);
  for (long i = 0; p->merged && i < count; i++) p->part[0][i] += p->part[1][i];
}

/* sum_i p_t(w_ij); of parts merged, p_0 is what is above 0. */
static void sum_parts(double *sum, const struct dtd_contributions *c,
                      int term) {
  const struct panels *p = of(c);
  memset(sum, 0, (size_t)p->units * sizeof *sum);
  for (int i = 0; i < p->panels; i++) {
    struct panel panel = panel_at(p, i);
    int columns = panel.blocks * BLOCK;
    const float *row = part_of(p, p->merged ? 0 : term, &panel);
    for (int j = 0; j < p->units; j++, row += columns)
      for (int k = 0; k < columns; k++)
        if (!p->merged || (row[k] > 0) == (term == 0)) sum[j] += (double)row[k];
  }
}

static int pieces(const struct dtd_contributions *c) {
  return of(c)->panels;
}

/* ---- sums ---- */

/* u_t(x_i) for one example and the inputs of a panel, padded with zeros. */
static void fill_factors(float *u, const struct panels *p, int term,
                         const float *x, const struct panel *panel) {
  dtd_terms_factors(u, &p->base.terms, term, x + panel->column, panel->inputs);
  for (int i = panel->inputs; i < panel->blocks * BLOCK; i++) u[i] = 0;
}

/* How many matrices hold the terms. */
static int matrices(const struct panels *p) {
  return p->merged ? 1 : p->base.terms.count;
}

/* All inputs of the group that begins with panel `index`. */
static struct panel inputs_of_group(const struct panels *p, int index) {
  struct panel all = panel_at(p, index);
  int left = p->inputs - all.column, blocks = p->blocks - all.column / BLOCK;
  all.inputs = left < MOST_BLOCKS * BLOCK ? left : MOST_BLOCKS * BLOCK;
  all.blocks = blocks < MOST_BLOCKS ? blocks : MOST_BLOCKS;
  return all;
}

static void gather(const struct dtd_active *active,
                   const struct dtd_contributions *c, int group, const float *x,
                   struct dtd_range range) {
  const struct panels *p = of(c);
  int most = p->kernels->most;
  float u[2][MOST_BLOCKS * BLOCK] ALIGNED;
  for (int i = 0; i < p->panels; i += MOST_BLOCKS / most) {
    struct panel all = inputs_of_group(p, i);
    struct group g = {.next = (long)most * BLOCK * p->units,
                      .panels = (all.blocks + most - 1) / most,
                      .blocks = all.blocks};
    for (int n = range.first; n < range.first + range.count; n++)
      for (int t = 0; t < matrices(p); t++) {
        const float *x_n = x + (long)n * p->inputs;
        if (c->terms.term[t].group != group) continue;
        g.part = part_of(p, t, &all);
        fill_factors(u[0], p, t, x_n, &all);
        if (p->merged) fill_factors(u[1], p, 1, x_n, &all);
        p->kernels->gather(dtd_active_denominators(active, group, n), u[0],
                           p->merged ? u[1] : NULL, &g,
                           dtd_active_units(active, 0, n), active->count[n]);
      }
  }
}

/* R_i += u_t(x_i) sum_i, for the inputs of a panel. */
static void add_term(float *R_i, const struct panels *p, int term,
                     const float *x, const float *sum,
                     const struct panel *panel) {
  float u[MOST_BLOCKS * BLOCK] ALIGNED;
  fill_factors(u, p, term, x, panel);
  for (int i = 0; i < panel->inputs; i++) R_i[i] += u[i] * sum[i];
}

static void send(float *R_i, const struct dtd_contributions *c,
                 const struct dtd_active *active, const float *x, int piece,
                 struct dtd_range range) {
  const struct panels *p = of(c);
  struct panel panel = panel_at(p, piece);
  float sum[2][MOST_BLOCKS * BLOCK] ALIGNED;
  for (int n = range.first; n < range.first + range.count; n++) {
    const float *x_n = x + (long)n * p->inputs;
    float *R = R_i + (long)n * p->inputs + panel.column;
    memset(R, 0, (size_t)panel.inputs * sizeof *R);
    for (int t = 0; t < matrices(p); t++) {
      p->kernels->send(sum[0], p->merged ? sum[1] : NULL, part_of(p, t, &panel),
                       panel.blocks,
                       dtd_active_units(active, c->terms.term[t].group, n),
                       active->count[n]);
      add_term(R, p, t, x_n, sum[0], &panel);
      if (p->merged) add_term(R, p, 1, x_n, sum[1], &panel);
    }
  }
}

const struct dtd_contributions_kind dtd_panels = {
    .create = create,
    .update = update,
    .gather = gather,
    .send = send,
    .sum_parts = sum_parts,
    .pieces = pieces,
    .free = free_panels,
};
