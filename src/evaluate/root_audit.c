/* Audits the root points of deep Taylor rules inside a trained network. */
#include "evaluate/root_audit.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "relevance/decomposition.h"
#include "base/die.h"
#include "linear/product.h"
#include "base/memory.h"
#include "relevance/unit_root.h"

/* Inputs this close to an edge of the domain count as on it: rounding. */
static const double ON_EDGE = 1e-10;

struct dtd_root_auditor {
  const struct dtd_network *network; /* all of it */
  int layer;
  const struct dtd_rule *rule;
  float low, high;
  struct dtd_network from;     /* the layers from `layer` up; borrows weights */
  struct dtd_activations *act; /* of x, then of x and its roots */
  struct dtd_decomposition *above; /* 5.2 over `from` */
  double *x;                       /* (inputs) */
  double *root;                    /* (units, inputs) */
  float *batch;                    /* (1 + units, inputs): x, then its roots */
  float *excitation; /* w_kl^+ (outputs, upper units), null on top */
  float *reach;      /* sum_k x_k w_kl^+ (1 + units, upper units), likewise */
};

/* ---- create and free ---- */

static void create_top_down(struct dtd_root_auditor *a) {
  if (a->from.depth < 2) return;
  const struct dtd_layer *upper = &a->from.layer[1];
  size_t count = (size_t)upper->shape.inputs * (size_t)upper->shape.units;
  a->excitation = dtd_new(count, sizeof *a->excitation);
  for (size_t i = 0; i < count; i++)
    a->excitation[i] = upper->w[i] > 0 ? upper->w[i] : 0;
  a->reach = dtd_new((size_t)a->act->capacity * (size_t)upper->shape.units,
                     sizeof *a->reach);
}

struct dtd_root_auditor *dtd_root_auditor_new(const struct dtd_network *network,
                                              int layer,
                                              const struct dtd_rule *rule,
                                              float low, float high) {
  if (layer < 0 || layer >= network->depth)
    dtd_die(DTD_FAILURE, "root audit", NULL, "the network has no layer %d",
            layer + 1);
  if (!rule->direction)
    dtd_die(DTD_FAILURE, rule->name, NULL, "this rule has no root point");
  struct dtd_root_auditor *a = dtd_new(1, sizeof *a);
  *a = (struct dtd_root_auditor){.network = network,
                                 .layer = layer,
                                 .rule = rule,
                                 .low = low,
                                 .high = high};
  a->from.depth = network->depth - layer;
  memcpy(a->from.layer, network->layer + layer,
         (size_t)a->from.depth * sizeof *network->layer);
  size_t inputs = (size_t)a->from.layer[0].shape.inputs;
  size_t units = (size_t)a->from.layer[0].shape.units;
  int capacity = 1 + (int)units;
  a->act = dtd_activations_new(&a->from, capacity);
  const struct dtd_rule *z_plus = dtd_rule_find("z+");
  a->above = dtd_decomposition_new(&a->from, NULL, z_plus, z_plus, 0, INFINITY,
                                   capacity);
  a->x = dtd_new(inputs, sizeof *a->x);
  a->root = dtd_new(units * inputs, sizeof *a->root);
  a->batch = dtd_new((1 + units) * inputs, sizeof *a->batch);
  create_top_down(a);
  return a;
}

void dtd_root_auditor_free(struct dtd_root_auditor *a) {
  if (!a) return;
  dtd_decomposition_free(a->above);
  dtd_activations_free(a->act);
  void *all[] = {a->x, a->root, a->batch, a->excitation, a->reach};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) dtd_free(all[i]);
  dtd_free(a);
}

/* ---- the terms of 5.2, by row of the batch ---- */

/* The forward pass of the first `rows` of a->batch, R_l, and the denominators
   of d_k. */
static void compute_batch(struct dtd_root_auditor *a, int rows) {
  dtd_forward(a->act, &a->from, dtd_rows(a->batch, rows));
  dtd_decompose(a->above, a->act, 1);
  if (!a->excitation) return;
  const struct dtd_layer *upper = &a->from.layer[1];
  for (int n = 0; n < rows; n++)
    for (int l = 0; l < upper->shape.units; l++) /* 6.2: positive biases join */
      a->reach[(long)n * upper->shape.units + l] = fmaxf(0, upper->b[l]);
  dtd_multiply(
      a->reach, 1, 1, dtd_view(a->act->pooled[0], rows, upper->shape.inputs),
      dtd_view(a->excitation, upper->shape.inputs, upper->shape.units));
}

/* c_k = |{x_j}|_q / |{x_j}|_1 */
static double pooling_ratio(const struct dtd_root_auditor *a, int row, int k) {
  const struct dtd_layer *layer = &a->from.layer[0];
  const float *x = a->act->detection[0] + (long)row * layer->shape.units;
  double sum = 0;
  if (layer->shape.norm == 1) return 1;
  for (int j = 0; j < layer->shape.pool; j++)
    sum += x[k * layer->shape.pool + j];
  long at = (long)row * dtd_layer_outputs(&layer->shape) + k;
  return sum > 0 ? a->act->pooled[0][at] / sum : 1;
}

/* d_k = sum_l w_kl^+ R_l / (sum_k' x_k' w_k'l^+) */
static double top_down(const struct dtd_root_auditor *a, int row, int k) {
  if (!a->excitation) return 1;
  int units = a->from.layer[1].shape.units;
  const float *R_l = a->above->R_j[1] + (long)row * units;
  const float *reach = a->reach + (long)row * units;
  double sum = 0;
  for (int l = 0; l < units; l++)
    if (R_l[l] > 0)
      sum += (double)a->excitation[(long)k * units + l] * R_l[l] / reach[l];
  return sum;
}

/* ---- one example ---- */

/* The units with R_j > 0, by 5.2 and Eq. 14, from the batch's first row. */
static int relevant_units(struct dtd_audited_root *found,
                          struct dtd_root_auditor *a) {
  int count = 0;
  float *R_j = a->above->R_j[0];
  struct dtd_site site = dtd_site_at(a->above, a->act, 0);
  dtd_model_relevance(R_j, a->above->model[0], &site);
  for (int j = 0; j < a->from.layer[0].shape.units; j++)
    if (R_j[j] > 0)
      found[count++] = (struct dtd_audited_root){.unit = j, .R_j = R_j[j]};
  return count;
}

/* The explicit root of found[n], into row n + 1 of the batch, and its
 * distances.
 */
static void find_root(struct dtd_audited_root *found, int n,
                      struct dtd_root_auditor *a) {
  const struct dtd_layer *layer = &a->from.layer[0];
  int inputs = layer->shape.inputs;
  double *root = a->root + (long)n * inputs, squares = 0;
  float *row = a->batch + (long)(n + 1) * inputs;
  double low = (double)a->low, high = (double)a->high;
  found->step =
      dtd_unit_root(root, a->rule, layer, found->unit, a->x, low, high);
  for (int i = 0; i < inputs; i++) {
    row[i] = (float)root[i];
    squares += (root[i] - a->x[i]) * (root[i] - a->x[i]);
  }
  found->overshoot = dtd_domain_excess(DTD_BOX_INPUT, root, inputs, low, high);
  found->in_domain = found->overshoot <= ON_EDGE;
  found->distance = sqrt(squares);
}

/* How many units of one layer of `from`, but for `but`, are on in one row of
   the batch and off at x, or the other way round. */
static int flips(const struct dtd_root_auditor *a, int layer, int row,
                 int but) {
  int units = a->from.layer[layer].shape.units, count = 0;
  const float *at_x = a->act->detection[layer];
  const float *at_root = at_x + (long)row * units;
  for (int j = 0; j < units; j++)
    if (j != but) count += (at_x[j] > 0) != (at_root[j] > 0);
  return count;
}

static double share(int part, int whole) {
  return whole ? (double)part / whole : 0;
}

/* Compares the network at the root in row `row` with the network at x. */
static void compare(struct dtd_audited_root *found, int row,
                    const struct dtd_root_auditor *a) {
  int others = a->from.layer[0].shape.units - 1;
  int layer_flips = flips(a, 0, row, found->unit), all_flips = layer_flips;
  found->same_layer = layer_flips == 0;
  found->flipped_layer = share(layer_flips, others);
  for (int n = 1; n < a->from.depth; n++) {
    all_flips += flips(a, n, row, -1);
    others += a->from.layer[n].shape.units;
  }
  found->same_network = all_flips == 0;
  found->flipped_network = share(all_flips, others);
  const float *f = dtd_score(a->act);
  found->f_ratio = (double)f[row] / f[0];
  int k = found->unit / a->from.layer[0].shape.pool;
  double c_ratio = pooling_ratio(a, row, k) / pooling_ratio(a, 0, k);
  double d_ratio = top_down(a, row, k) / top_down(a, 0, k);
  found->c_drift = fabs(c_ratio - 1);
  found->d_drift = fabs(d_ratio - 1);
  found->conserved = c_ratio * d_ratio;
}

/* A unit without a root: outside domain and region, and no part in the rest. */
static void declare_rootless(struct dtd_audited_root *found) {
  *found = (struct dtd_audited_root){.unit = found->unit,
                                     .R_j = found->R_j,
                                     .step = NAN,
                                     .flipped_layer = NAN,
                                     .flipped_network = NAN,
                                     .f_ratio = NAN,
                                     .c_drift = NAN,
                                     .d_drift = NAN,
                                     .conserved = NAN,
                                     .overshoot = NAN,
                                     .distance = NAN};
}

int dtd_audit_example(struct dtd_audited_root *found,
                      struct dtd_root_auditor *a, const float *x) {
  int inputs = a->from.layer[0].shape.inputs;
  for (int i = 0; i < inputs; i++) a->x[i] = (double)x[i];
  memcpy(a->batch, x, (size_t)inputs * sizeof *x);
  compute_batch(a, 1);
  int count = relevant_units(found, a);
#pragma omp parallel for schedule(static)
  for (int n = 0; n < count; n++) find_root(&found[n], n, a);
  compute_batch(a, 1 + count);
  for (int n = 0; n < count; n++)
    if (isnan(found[n].step))
      declare_rootless(&found[n]);
    else
      compare(&found[n], n + 1, a);
  return count;
}

/* ---- many examples ---- */

#define VALUE(name) offsetof(struct dtd_audited_root, name)

const struct dtd_audit_quantity dtd_audit_quantities[DTD_AUDIT_ROWS] = {
    {{"in_domain", "Root in the domain",
      "Pixels between black and white, or x ≥ 0 above."},
     "in domain",
     VALUE(in_domain),
     DTD_SHARE},
    {{"same_region_layer", "Same region, layer",
      "Share of roots where the layer’s other units are on or off as at x."},
     "region: layer",
     VALUE(same_layer),
     DTD_SHARE},
    {{"same_region_network", "Same region, network",
      "Share of roots where those of every layer above are, too."},
     "network",
     VALUE(same_network),
     DTD_SHARE},
    {{"flipped_layer", "Units that differ, layer",
      "Share of the layer’s other units that are on or off unlike at x."},
     NULL,
     VALUE(flipped_layer),
     DTD_SHARE},
    {{"flipped_network", "Units that differ, network",
      "Share of the units of this layer and those above that are on or off "
      "unlike at x."},
     NULL,
     VALUE(flipped_network),
     DTD_SHARE},
    {{"f_ratio_low_quartile", "f(root) / f(x), lower quartile",
      "A quarter of a pair’s units have less."},
     NULL,
     VALUE(f_ratio),
     DTD_LOW_QUARTILE},
    {{"f_ratio_median", "f(root) / f(x)", "Of the median unit."},
     "f(root)/f(x)",
     VALUE(f_ratio),
     DTD_MEDIAN},
    {{"f_ratio_high_quartile", "f(root) / f(x), upper quartile",
      "A quarter of a pair’s units have more."},
     NULL,
     VALUE(f_ratio),
     DTD_HIGH_QUARTILE},
    {{"c_drift_median", "Drift of c_k", "Of the median unit; 0 where q = 1."},
     NULL,
     VALUE(c_drift),
     DTD_MEDIAN},
    {{"d_drift_median", "Drift of d_k",
      "Of the median unit; section 5.2 neglects it."},
     "d drift",
     VALUE(d_drift),
     DTD_MEDIAN},
    {{"d_drift_high_quartile", "Drift of d_k, upper quartile",
      "A quarter of a pair’s units have more."},
     NULL,
     VALUE(d_drift),
     DTD_HIGH_QUARTILE},
    {{"conserved", "Relevance kept", "When c_k d_k is taken at the root."},
     "conserved",
     VALUE(conserved),
     DTD_BY_RELEVANCE},
    {{"overshoot_median", "Overshoot",
      "Distance of the worst input from the domain, median unit."},
     NULL,
     VALUE(overshoot),
     DTD_MEDIAN},
    {{"distance_median", "Distance", "Median |x − root|."},
     "distance",
     VALUE(distance),
     DTD_MEDIAN},
};

static int ascending(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

/* Median or hinge of one pair's values, which it sorts: a hinge is the median
   of the half on its side, the middle value belonging to both. */
static double hinge(double *values, int count,
                    enum dtd_audit_reduction reduction) {
  int half = (count + 1) / 2;
  if (!count) return NAN;
  qsort(values, (size_t)count, sizeof *values, ascending);
  int *index = dtd_new((size_t)count, sizeof *index);
  for (int i = 0; i < count; i++) index[i] = i;
  double middle = reduction == DTD_MEDIAN
                      ? dtd_median(values, NULL, index, count)
                  : reduction == DTD_LOW_QUARTILE
                      ? dtd_median(values, NULL, index, half)
                      : dtd_median(values, NULL, index + count - half, half);
  dtd_free(index);
  return middle;
}

/* One pair's contribution to one quantity: a, and b where it is a ratio. */
static void reduce(double *a, double *b,
                   const struct dtd_audit_quantity *quantity,
                   const struct dtd_audited_root *found, int count) {
  double *values = dtd_new((size_t)count + 1, sizeof *values);
  int valid = 0;
  *a = *b = 0;
  for (int n = 0; n < count; n++) {
    double value = *(const double *)((const char *)&found[n] + quantity->value);
    double weight = quantity->reduction == DTD_BY_RELEVANCE ? found[n].R_j : 1;
    if (isnan(value)) continue;
    values[valid++] = value;
    *a += weight * value;
    *b += weight;
  }
  if (quantity->reduction > DTD_BY_RELEVANCE)
    *a = hinge(values, valid, quantity->reduction);
  dtd_free(values);
}

/* The layer's inputs (pairs, inputs) for images of the whole network. */
static float *layer_inputs(const struct dtd_root_auditor *a,
                           const float *images, int pairs) {
  size_t count = (size_t)pairs * (size_t)a->from.layer[0].shape.inputs;
  struct dtd_activations *act = dtd_activations_new(a->network, pairs);
  dtd_forward(act, a->network, dtd_rows(images, pairs));
  struct dtd_inputs input = dtd_layer_input(act, a->layer);
  float *x = dtd_copy(dtd_inputs_rows(&input, a->from.layer[0].shape.inputs),
                      count, sizeof *x);
  dtd_activations_free(act);
  return x;
}

void dtd_root_audit(struct dtd_audit_row *rows, struct dtd_root_auditor *a,
                    const float *images, int pairs, int resamples,
                    uint64_t seed) {
  const struct dtd_layer *layer = &a->from.layer[0];
  struct dtd_audited_root *found =
      dtd_new((size_t)layer->shape.units, sizeof *found);
  double *top = dtd_new(DTD_AUDIT_ROWS * (size_t)pairs, sizeof *top);
  double *bottom = dtd_new(DTD_AUDIT_ROWS * (size_t)pairs, sizeof *bottom);
  float *x = layer_inputs(a, images, pairs);
  long units = 0;
  for (int n = 0; n < pairs; n++) {
    int count = dtd_audit_example(found, a, x + (long)n * layer->shape.inputs);
    units += count;
    for (int q = 0; q < DTD_AUDIT_ROWS; q++)
      reduce(&top[q * pairs + n], &bottom[q * pairs + n],
             &dtd_audit_quantities[q], found, count);
  }
  for (int q = 0; q < DTD_AUDIT_ROWS; q++) {
    bool ratio = dtd_audit_quantities[q].reduction <= DTD_BY_RELEVANCE;
    rows[q] =
        (struct dtd_audit_row){.rule = a->rule->name,
                               .quantity = dtd_audit_quantities[q].is.name,
                               .layer = a->layer,
                               .units = units};
    rows[q].estimate = dtd_estimate(
        ratio ? dtd_ratio : dtd_median, top + (long)q * pairs,
        ratio ? bottom + (long)q * pairs : NULL, pairs, resamples, seed);
  }
  dtd_free(found);
  dtd_free(top);
  dtd_free(bottom);
  dtd_free(x);
}

static bool is_audited(const struct dtd_rule *rule) {
  return rule->direction != NULL;
}

struct dtd_audit_row *dtd_audit_network(int *count,
                                        const struct dtd_network *network,
                                        const struct dtd_rule *upper_rule,
                                        float low, float high,
                                        const float *images, int pairs,
                                        int resamples, uint64_t seed) {
  int rules = 0;
  for (int r = 0; dtd_rules[r]; r++) rules += is_audited(dtd_rules[r]);
  struct dtd_audit_row *rows = dtd_new(
      (size_t)(rules + network->depth - 1) * DTD_AUDIT_ROWS, sizeof *rows);
  *count = 0;
  for (int n = 0; n < network->depth; n++)
    for (int r = 0; dtd_rules[r]; r++) {
      const struct dtd_rule *rule = dtd_rules[r];
      if (!is_audited(rule) || (n && rule != upper_rule)) continue;
      struct dtd_root_auditor *a = dtd_root_auditor_new(
          network, n, rule, n ? 0 : low, n ? INFINITY : high);
      dtd_root_audit(rows + *count, a, images, pairs, resamples, seed);
      dtd_root_auditor_free(a);
      *count += DTD_AUDIT_ROWS;
    }
  return rows;
}

/* ---- report ---- */

void dtd_audit_write(const char *path, const struct dtd_audit_row *rows,
                     int count, const struct dtd_provenance *from) {
  FILE *table = dtd_table_open(
      path, from, "rule layer quantity value low high units pairs");
  for (int i = 0; i < count; i++)
    dtd_table_row(table, "%s %d %s %f %f %f %d %d", rows[i].rule,
                  rows[i].layer + 1, rows[i].quantity, rows[i].estimate.value,
                  rows[i].estimate.low, rows[i].estimate.high,
                  (int)rows[i].units, rows[i].estimate.n);
  dtd_table_close(table);
}

void dtd_audit_print(FILE *output, const struct dtd_audit_row *rows,
                     int count) {
  fputs("rule   layer   roots", output);
  for (int q = 0; q < DTD_AUDIT_ROWS; q++)
    if (dtd_audit_quantities[q].heading)
      fprintf(output, "  %s", dtd_audit_quantities[q].heading);
  for (int i = 0; i < count; i++) {
    const char *heading = dtd_audit_quantities[i % DTD_AUDIT_ROWS].heading;
    if (i % DTD_AUDIT_ROWS == 0)
      fprintf(output, "\n%-6s %5d %7ld", rows[i].rule, rows[i].layer + 1,
              rows[i].units);
    if (heading)
      fprintf(output, "  %*.3f", (int)strlen(heading), rows[i].estimate.value);
  }
  fputc('\n', output);
}
