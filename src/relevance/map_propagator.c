/* Runs a rule on weights all of whose units may be active, as of convolutions.

   Elementwise work goes by chunks of one example, which stay in the nearest
   cache while one formula after another passes over them. */
#include "relevance/map_propagator.h"

#include <math.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "linear/threads.h"
#include "linear/weight_parts.h"
#include "linear/wide_sum.h"

enum {
  CHUNK = 512,       /* elements */
  PIECE_CHUNKS = 64, /* that a thread takes at a time */
};

/* Where N comes from. */
enum source { BY_PRODUCT, FROM_RESPONSE, THE_SAME_FOR_ALL };

struct dtd_map_propagator {
  const struct dtd_rule *rule;
  const struct dtd_weights *weights;
  struct dtd_terms terms; /* without low and high */
  struct dtd_weight_parts *parts;
  int groups;
  float weight[DTD_MOST_GROUPS];
  long inputs, units, positions; /* of a map */
  float *bias;                   /* (maps): what joins group 0's N */
  int channels;
  long span; /* inputs of a channel */
  float *low, *high;
  enum source source;
  /* N = offset, plus z where it comes from there; one a map or one a unit. */
  float *offset;
  bool offset_of_units;
};

/* What is noted of a chunk of units. */
struct note {
  double kept;
  bool unknown; /* z_j = 0 of a unit with relevance */
};

struct dtd_map_scratch {
  int capacity;
  float *S[DTD_MOST_GROUPS]; /* (batch, units): N, then S */
  float *u;                  /* (batch, inputs) */
  float *sum;                /* (batch, inputs) or (batch, units) */
  struct note *note;         /* (batch, chunks) */
  bool *unknown, *begun;     /* (batch) */
  bool *some;                /* (terms, batch): which terms are there */
};

static long chunks_of(long count) {
  return (count + CHUNK - 1) / CHUNK;
}

/* ---- a pass over chunks ---- */

/* A chunk: `count` elements from `first` on, of example n. */
struct chunk {
  int n, count;
  long first;
  long index; /* among all chunks of the batch */
};

struct pass {
  void (*visit)(const struct pass *pass, struct chunk chunk);
  const struct dtd_map_propagator *propagator;
  const struct dtd_map_scratch *scratch;
  const float *x, *r_j, *R_j;
  float *out;       /* of the passes over inputs */
  const float *sum; /* likewise */
  long size;        /* elements of an example */
  int term;
};

static void visit_piece(const void *of, int first, int count) {
  const struct pass *pass = of;
  long chunks = chunks_of(pass->size);
  for (long index = first; index < first + count; index++) {
    long start = index % chunks * CHUNK, left = pass->size - start;
    pass->visit(pass, (struct chunk){.n = (int)(index / chunks),
                                     .count = left < CHUNK ? (int)left : CHUNK,
                                     .first = start,
                                     .index = index});
  }
}

static void pass_over(const struct pass *pass, int batch) {
  struct dtd_share share = {.edge = (int)(batch * chunks_of(pass->size)),
                            .length = PIECE_CHUNKS};
  dtd_share_out(&share, visit_piece, pass);
}

/* ---- factors of inputs ---- */

/* u_t(x_i) of a chunk of inputs. */
static void find_factors(float *u, const struct dtd_map_propagator *p, int term,
                         const float *x, struct chunk chunk) {
  struct dtd_terms terms = p->terms;
  for (long i = chunk.first, end = i + chunk.count; i < end;) {
    long channel = i / p->span, next = (channel + 1) * p->span;
    long count = (next < end ? next : end) - i;
    terms.low = p->low[channel];
    terms.high = p->high[channel];
    dtd_terms_factors(u, &terms, term, x, count);
    u += count, x += count, i += count;
  }
}

static bool is_input(const struct dtd_map_propagator *p, int term) {
  return p->terms.term[term].factor == dtd_input_itself;
}

static void visit_factors(const struct pass *pass, struct chunk chunk) {
  long at = chunk.n * pass->size + chunk.first;
  find_factors(pass->out + at, pass->propagator, pass->term, pass->x + at,
               chunk);
}

/* u_t(x) (batch, inputs) for the terms of a product. */
static const float *factors(const struct dtd_map_propagator *p,
                            const struct dtd_map_scratch *scratch, int term,
                            const float *x, int batch) {
  if (is_input(p, term)) return x;
  pass_over(&(struct pass){.visit = visit_factors,
                           .propagator = p,
                           .x = x,
                           .out = scratch->u,
                           .size = p->inputs,
                           .term = term},
            batch);
  return scratch->u;
}

/* ---- N by products ---- */

/* A group of no weight has no effect. */
static bool takes_part(const struct dtd_map_propagator *p, int term) {
  return p->weight[p->terms.term[term].group] != 0;
}

/* In which examples any u_t(x_i) is not 0: alpha-beta's terms of negative
   inputs mostly have none. Terms that shift their input always take part. */
static bool *examples_of(const struct dtd_map_scratch *scratch, int term) {
  return scratch->some + (long)term * scratch->capacity;
}

static bool any(const float *u, long count) {
  for (long i = 0; i < count; i += CHUNK) {
    int some = 0;
    for (long k = i; k < count && k < i + CHUNK; k++) some |= u[k] != 0;
    if (some) return true;
  }
  return false;
}

static bool any_example(const struct dtd_map_scratch *scratch, int term,
                        int batch) {
  return memchr(examples_of(scratch, term), true, (size_t)batch);
}

static void note_examples(const struct dtd_map_propagator *p,
                          const struct dtd_map_scratch *scratch, int term,
                          const float *u, int batch) {
  if (is_input(p, term) || p->source != BY_PRODUCT) return;
  for (int n = 0; n < batch; n++)
    examples_of(scratch, term)[n] = any(u + n * p->inputs, p->inputs);
}

static void visit_addition(const struct pass *pass, struct chunk chunk) {
  if (!examples_of(pass->scratch, pass->term)[chunk.n]) return;
  long at = chunk.n * pass->size + chunk.first;
  float *out = pass->out + at;
  const float *sum = pass->sum + at;
  for (int i = 0; i < chunk.count; i++) out[i] += sum[i];
}

/* N (batch, units) = sum_t u_t(x) P_t over the terms of a group. */
static void gather(float *N, const struct dtd_map_propagator *p,
                   const struct dtd_map_scratch *scratch, int group,
                   const float *x, int batch) {
  bool begun = false;
  for (int t = 0; t < p->terms.count; t++) {
    if (p->terms.term[t].group != group || !takes_part(p, t)) continue;
    const float *u = factors(p, scratch, t, x, batch);
    note_examples(p, scratch, t, u, batch);
    if (!any_example(scratch, t, batch)) continue;
    struct dtd_inputs rows = dtd_rows(u, batch);
    dtd_weights_apply(begun ? scratch->sum : N,
                      dtd_weight_parts_at(p->parts, t), &rows);
    if (begun)
      pass_over(&(struct pass){.visit = visit_addition,
                               .scratch = scratch,
                               .term = t,
                               .out = N,
                               .sum = scratch->sum,
                               .size = p->units},
                batch);
    begun = true;
  }
  if (!begun) memset(N, 0, (size_t)(batch * p->units) * sizeof *N);
}

/* ---- S = R_j / N ---- */

/* What a chunk of units has of `value`, one a map. */
static void spread(float *to, const struct dtd_map_propagator *p,
                   const float *value, struct chunk chunk) {
  if (p->positions == 1) {
    memcpy(to, value + chunk.first, (size_t)chunk.count * sizeof *to);
    return;
  }
  for (long j = chunk.first, end = j + chunk.count; j < end;) {
    long map = j / p->positions, next = (map + 1) * p->positions;
    if (next > end) next = end;
    for (; j < next; j++) *to++ = value[map];
  }
}

/* The chunk's N of group 0, offset included. */
static void find_known(float *N, const struct dtd_map_propagator *p,
                       const float *r_j, struct chunk chunk) {
  if (p->offset_of_units)
    memcpy(N, p->offset + chunk.first, (size_t)chunk.count * sizeof *N);
  else
    spread(N, p, p->offset, chunk);
  if (p->source == FROM_RESPONSE)
    for (int j = 0; j < chunk.count; j++) N[j] += r_j[j];
}

static void stabilise(float *N, float epsilon, int count) {
  for (int j = 0; j < count; j++) N[j] += N[j] < 0 ? -epsilon : epsilon;
}

/* S_j = R_j / N_j, 0 where no input has a share. */
static void divide(float *S, const float *R_j, int count) {
  for (int j = 0; j < count; j++) S[j] = R_j[j] / (S[j] == 0 ? INFINITY : S[j]);
}

/* S_j = c_g R_j / N_j of two groups; the weights of those with any share are
   scaled to sum to 1. */
static void divide_groups(float *S_0, float *S_1, const float *weight,
                          const float *R_j, int count) {
  float c_0 = weight[0], c_1 = weight[1];
  for (int j = 0; j < count; j++) {
    float N_0 = S_0[j] == 0 ? INFINITY : S_0[j];
    float N_1 = S_1[j] == 0 ? INFINITY : S_1[j];
    float whole = (S_0[j] == 0 ? 0 : c_0) + (S_1[j] == 0 ? 0 : c_1);
    if (whole == 0) whole = INFINITY;
    S_0[j] = c_0 / whole * R_j[j] / N_0;
    S_1[j] = c_1 / whole * R_j[j] / N_1;
  }
}

static bool any_unknown(const float *r_j, const float *R_j, int count) {
  int some = 0;
  for (int j = 0; j < count; j++) some |= (R_j[j] != 0) & (r_j[j] == 0);
  return some != 0;
}

static void visit_division(const struct pass *pass, struct chunk chunk) {
  const struct dtd_map_propagator *p = pass->propagator;
  const struct dtd_map_scratch *scratch = pass->scratch;
  struct note *note = &scratch->note[chunk.index];
  float bias[CHUNK];
  long at = chunk.n * p->units + chunk.first;
  float *S = scratch->S[0] + at;
  const float *R_j = pass->R_j + at, *r_j = pass->r_j ? pass->r_j + at : NULL;
  *note = (struct note){0};
  if (p->bias) spread(bias, p, p->bias, chunk);
  if (p->source == BY_PRODUCT || scratch->unknown[chunk.n]) {
    for (int j = 0; p->bias && j < chunk.count; j++) S[j] += bias[j];
  } else {
    find_known(S, p, r_j, chunk);
    note->unknown =
        p->source == FROM_RESPONSE && any_unknown(r_j, R_j, chunk.count);
  }
  if (p->rule->stabilised) stabilise(S, p->terms.parameter, chunk.count);
  if (p->groups == 1)
    divide(S, R_j, chunk.count);
  else
    divide_groups(S, scratch->S[1] + at, p->weight, R_j, chunk.count);
  if (p->bias) note->kept = dtd_wide_sum_of_products(S, bias, chunk.count);
}

/* S of every group; then also whether N has to be found by products after all,
   in some examples. */
static bool share_out(const struct dtd_map_propagator *p,
                      const struct dtd_map_scratch *scratch, const float *r_j,
                      const float *R_j, int batch) {
  bool some = false;
  long chunks = chunks_of(p->units);
  pass_over(&(struct pass){.visit = visit_division,
                           .propagator = p,
                           .scratch = scratch,
                           .r_j = r_j,
                           .R_j = R_j,
                           .size = p->units},
            batch);
  for (long i = 0; i < batch * chunks; i++) {
    if (!scratch->note[i].unknown) continue;
    scratch->unknown[i / chunks] = some = true;
  }
  return some;
}

static void find_shares(const struct dtd_map_propagator *p,
                        struct dtd_map_scratch *scratch, const float *x,
                        const float *r_j, const float *R_j, int batch) {
  bool blind = p->source == FROM_RESPONSE && !r_j;
  memset(scratch->some, true, DTD_MOST_TERMS * (size_t)scratch->capacity);
  memset(scratch->unknown, blind, (size_t)batch * sizeof *scratch->unknown);
  if (p->source != BY_PRODUCT && !blind &&
      !share_out(p, scratch, r_j, R_j, batch))
    return;
  for (int g = 0; g < p->groups; g++)
    gather(scratch->S[g], p, scratch, g, x, batch);
  share_out(p, scratch, r_j, R_j, batch);
}

/* ---- R_i = sum_t u_t(x) (S P_t') ---- */

/* R_i = u sum, where the sum may already stand in R_i, or R_i += u sum. */
static void multiply(float *R_i, const float *u, const float *sum, bool add,
                     int count) {
  if (add)
    for (int i = 0; i < count; i++) R_i[i] += u[i] * sum[i];
  else if (sum == R_i)
    for (int i = 0; i < count; i++) R_i[i] *= u[i];
  else
    for (int i = 0; i < count; i++) R_i[i] = u[i] * sum[i];
}

/* An example's first term is written, others are added. */
static void visit_product(const struct pass *pass, struct chunk chunk) {
  const struct dtd_map_propagator *p = pass->propagator;
  float found[CHUNK];
  long at = chunk.n * pass->size + chunk.first;
  const float *u = pass->x + at;
  if (!examples_of(pass->scratch, pass->term)[chunk.n]) return;
  if (!is_input(p, pass->term)) {
    find_factors(found, p, pass->term, u, chunk);
    u = found;
  }
  multiply(pass->out + at, u, pass->sum + at, pass->scratch->begun[chunk.n],
           chunk.count);
}

/* Writes or adds a term; `first` when all of R_i may be written over. */
static void send_term(float *R_i, const struct dtd_map_propagator *p,
                      const struct dtd_map_scratch *scratch, int term,
                      bool first, const float *x, int batch) {
  const float *S = scratch->S[p->terms.term[term].group];
  float *sum = first ? R_i : scratch->sum;
  dtd_weights_transpose(sum, dtd_weight_parts_at(p->parts, term), S, batch);
  if (p->terms.term[term].factor || !first)
    pass_over(&(struct pass){.visit = visit_product,
                             .propagator = p,
                             .scratch = scratch,
                             .x = x,
                             .out = R_i,
                             .sum = sum,
                             .size = p->inputs,
                             .term = term},
              batch);
  for (int n = 0; n < batch; n++)
    scratch->begun[n] |= examples_of(scratch, term)[n];
}

static void send(float *R_i, const struct dtd_map_propagator *p,
                 struct dtd_map_scratch *scratch, const float *x, int batch) {
  bool begun = false;
  memset(scratch->begun, 0, (size_t)batch * sizeof *scratch->begun);
  for (int t = 0; t < p->terms.count; t++) {
    if (!takes_part(p, t) || !any_example(scratch, t, batch)) continue;
    send_term(R_i, p, scratch, t, !begun, x, batch);
    begun = true;
  }
  for (int n = 0; n < batch; n++)
    if (!scratch->begun[n])
      memset(R_i + n * p->inputs, 0, (size_t)p->inputs * sizeof *R_i);
}

void dtd_map_propagate(float *R_i, double *kept,
                       const struct dtd_map_propagator *p,
                       struct dtd_map_scratch *scratch, const float *x,
                       const float *r_j, const float *R_j, int batch) {
  if (batch > scratch->capacity)
    dtd_die(DTD_FAILURE, p->rule->name, NULL, "a batch of %d exceeds %d", batch,
            scratch->capacity);
  long chunks = chunks_of(p->units);
  find_shares(p, scratch, x, r_j, R_j, batch);
  send(R_i, p, scratch, x, batch);
  for (int n = 0; kept && n < batch; n++) {
    kept[n] = 0;
    for (long i = n * chunks; i < (n + 1) * chunks; i++)
      kept[n] += scratch->note[i].kept;
  }
}

/* ---- what follows from the weights alone ---- */

static bool no_term_looks(const struct dtd_rule *rule) {
  for (int t = 0; t < rule->terms; t++)
    if (rule->term[t].factor || rule->term[t].group) return false;
  return true;
}

/* o_t of each input, or ones where the term looks at none. */
static void fill_constant(float *picture, const struct dtd_map_propagator *p,
                          int term) {
  struct dtd_terms terms = p->terms;
  for (long i = 0; i < p->inputs; i++) {
    terms.low = p->low[i / p->span];
    terms.high = p->high[i / p->span];
    float x = terms.low;
    picture[i] =
        p->source == FROM_RESPONSE ? x - dtd_terms_factor(&terms, term, x) : 1;
  }
}

/* Adds scale sum_i o_ti p_t(w_ij) of every term to sum[j]. */
static void add_constant(float *sum, const struct dtd_map_propagator *p,
                         float scale) {
  float *picture = dtd_new((size_t)(p->inputs + p->units), sizeof *picture);
  float *z = picture + p->inputs;
  struct dtd_inputs row = dtd_rows(picture, 1);
  for (int t = 0; t < p->terms.count; t++) {
    fill_constant(picture, p, t);
    dtd_weights_apply(z, dtd_weight_parts_at(p->parts, t), &row);
    for (long j = 0; j < p->units; j++) sum[j] += scale * z[j];
  }
  dtd_free(picture);
}

/* Whether u_t(x) = x for every term, so that nothing is shifted. */
static bool inputs_themselves(const struct dtd_map_propagator *p) {
  for (int t = 0; t < p->terms.count; t++)
    if (!is_input(p, t)) return false;
  return true;
}

static void find_offset(struct dtd_map_propagator *p, const float *bias) {
  long maps = p->units / p->positions;
  bool from_z = p->source == FROM_RESPONSE;
  if (p->source == BY_PRODUCT) return;
  p->offset_of_units = !from_z || !inputs_themselves(p);
  long count = p->offset_of_units ? p->units : maps;
  p->offset = dtd_new((size_t)count, sizeof *p->offset);
  for (long j = 0; j < count; j++) {
    long map = p->offset_of_units ? j / p->positions : j;
    p->offset[j] = p->bias ? p->bias[map] : 0;
    if (from_z && bias) p->offset[j] -= bias[map];
  }
  if (p->offset_of_units) add_constant(p->offset, p, from_z ? -1 : 1);
}

/* ---- create and free ---- */

/* One interval for all inputs where they have the same. */
static void read_box(struct dtd_map_propagator *p, struct dtd_box box) {
  int channels = box.low ? box.channels : 1;
  p->low = dtd_new(2 * (size_t)channels, sizeof *p->low);
  p->high = p->low + channels;
  bool same = true;
  for (int c = 0; c < channels; c++) {
    p->low[c] = box.low ? box.low[c] : 0;
    p->high[c] = box.low ? box.high[c] : INFINITY;
    same &= p->low[c] == p->low[0] && p->high[c] == p->high[0];
  }
  p->channels = same ? 1 : channels;
  p->span = p->inputs / p->channels;
}

struct dtd_map_propagator *
dtd_map_propagator_new(const struct dtd_rule *rule,
                       const struct dtd_weights *weights, const float *bias,
                       int maps, struct dtd_box box) {
  struct dtd_map_propagator *p = dtd_new(1, sizeof *p);
  *p = (struct dtd_map_propagator){
      .rule = rule,
      .weights = weights,
      .terms = {.term = rule->term,
                .count = rule->terms,
                .parameter = (float)rule->parameter.value},
      .inputs = dtd_weights_inputs(weights),
      .units = dtd_weights_units(weights),
      .positions = dtd_weights_units(weights) / maps,
      .source = rule->shifts_inputs   ? FROM_RESPONSE
                : no_term_looks(rule) ? THE_SAME_FOR_ALL
                                      : BY_PRODUCT};
  p->groups = dtd_rule_groups(rule);
  for (int g = 0; g < p->groups; g++) p->weight[g] = dtd_rule_weight(rule, g);
  read_box(p, box);
  p->parts = dtd_weight_parts_new(weights, &p->terms);
  dtd_weight_parts_read(p->parts);
  if (rule->bias_in_denominator && bias) {
    p->bias = dtd_new((size_t)maps, sizeof *p->bias);
    for (int m = 0; m < maps; m++) p->bias[m] = dtd_rule_bias(rule, bias[m]);
  }
  find_offset(p, bias);
  return p;
}

void dtd_map_propagator_free(struct dtd_map_propagator *p) {
  if (!p) return;
  dtd_weight_parts_free(p->parts);
  dtd_free(p->bias);
  dtd_free(p->low);
  dtd_free(p->offset);
  dtd_free(p);
}

const struct dtd_rule *
dtd_map_propagator_rule(const struct dtd_map_propagator *p) {
  return p->rule;
}

/* ---- scratch ---- */

/* Elements an example. */
struct need {
  long S[DTD_MOST_GROUPS], u, sum, chunks;
};

static void raise_to(long *need, long value) {
  if (value > *need) *need = value;
}

static void add_need(struct need *need, const struct dtd_map_propagator *p) {
  for (int g = 0; g < p->groups; g++) raise_to(&need->S[g], p->units);
  raise_to(&need->chunks, chunks_of(p->units));
  if (!inputs_themselves(p)) raise_to(&need->u, p->inputs);
  if (p->terms.count == 1) return;
  raise_to(&need->sum, p->inputs);
  raise_to(&need->sum, p->units);
}

struct dtd_map_scratch *
dtd_map_scratch_new(const struct dtd_map_propagator *const *propagators,
                    int count, int capacity) {
  struct need need = {{0}, 0, 0, 0};
  struct dtd_map_scratch *s = dtd_new(1, sizeof *s);
  size_t batch = (size_t)capacity;
  for (int i = 0; i < count; i++)
    if (propagators[i]) add_need(&need, propagators[i]);
  s->capacity = capacity;
  for (int g = 0; g < DTD_MOST_GROUPS; g++)
    s->S[g] = dtd_new(batch * (size_t)need.S[g], sizeof *s->S[g]);
  s->u = dtd_new(batch * (size_t)need.u, sizeof *s->u);
  s->sum = dtd_new(batch * (size_t)need.sum, sizeof *s->sum);
  s->note = dtd_new(batch * (size_t)need.chunks, sizeof *s->note);
  s->unknown = dtd_new((2 + DTD_MOST_TERMS) * batch, sizeof *s->unknown);
  s->begun = s->unknown + batch;
  s->some = s->begun + batch;
  return s;
}

void dtd_map_scratch_free(struct dtd_map_scratch *s) {
  if (!s) return;
  for (int g = 0; g < DTD_MOST_GROUPS; g++) dtd_free(s->S[g]);
  dtd_free(s->u);
  dtd_free(s->sum);
  dtd_free(s->note);
  dtd_free(s->unknown);
  dtd_free(s);
}
