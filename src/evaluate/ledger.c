/* The ledger of relevance: how much there is at each layer of an explanation,
   and where any is lost or made. */
#include "evaluate/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static double sum_of(const float *values, int count) {
  double sum = 0;
  for (int i = 0; i < count; i++) sum += (double)values[i];
  return sum;
}

/* ---- entries ---- */

struct book {
  struct dtd_ledger_entry *entry;
  int entries;
};

static double balance(const struct book *book) {
  return book->entries ? book->entry[book->entries - 1].relevance : 0;
}

static void add(struct book *book, const char *layer, const char *cause,
                double change) {
  double before = balance(book);
  struct dtd_ledger_entry *e = &book->entry[book->entries++];
  snprintf(e->layer, sizeof e->layer, "%s", layer);
  e->change = change;
  e->relevance = before + change;
  e->cause = cause;
}

static void open_with_score(struct book *book, double f) {
  add(book, "f", "score", f);
  book->entry[0].change = 0;
}

/* Books what is missing to `total`, the sum of the layer. */
static void balance_to(struct book *book, const char *layer, const char *cause,
                       double total) {
  add(book, layer, cause, total - balance(book));
}

/* ---- the names of layers ---- */

static void name_units(char *name, size_t size, int depth, int layer) {
  static const char *const letters[] = {"R_j", "R_l"};
  if (depth == 2)
    snprintf(name, size, "%s", letters[layer]);
  else
    snprintf(name, size, "R_detection%d", layer + 1);
}

static void name_inputs(char *name, size_t size, int depth, int layer) {
  if (layer == 0)
    snprintf(name, size, "R_p");
  else if (depth == 2)
    snprintf(name, size, "R_k");
  else
    snprintf(name, size, "R_pooled%d", layer);
}

/* ---- the two steps of a layer ---- */

/* R_k to R_j: what the pools pass to their units. */
static void book_model(struct book *book, const struct dtd_decomposition *d,
                       const struct dtd_site *site, int layer, int example) {
  const struct dtd_layer_shape *shape = &d->model[layer]->detection.shape;
  int pools = dtd_layer_outputs(shape), pool = shape->pool;
  const float *R_k = site->R_k + (long)example * pools;
  const float *R_j = d->R_j[layer] + (long)example * shape->units;
  double dead = 0;
  for (int k = 0; k < pools; k++) {
    bool alive = false;
    for (int j = 0; j < pool; j++) alive |= R_j[k * pool + j] != 0;
    if (!alive) dead += (double)R_k[k];
  }
  char name[32];
  name_units(name, sizeof name, d->network->depth, layer);
  add(book, name, "dead pool", 0 - dead);
  balance_to(book, name,
             d->model[layer]->kind->conservative ? "rounding" : "model fit",
             sum_of(R_j, shape->units));
}

/* sum_j R_j max(0, b_j) / N_j, which is what the rule keeps of units with a
   positive bias (6.2): those alone are sent down again and what arrives is
   missing by as much. Only rules that are otherwise conservative show it. */
static double absorbed(const struct dtd_decomposition *d,
                       const struct dtd_site *site, int layer, int example) {
  const struct dtd_layer *weights = &d->model[layer]->detection;
  const struct dtd_rule *rule = dtd_propagator_rule(d->propagator[layer]);
  int units = weights->shape.units, inputs = weights->shape.inputs,
      positive = 0;
  if (!rule->conservative || !rule->bias_in_denominator) return 0;
  float *R_j = dtd_copy(d->R_j[layer] + (long)example * units, (size_t)units,
                        sizeof *R_j);
  for (int j = 0; j < units; j++)
    if (weights->b[j] > 0)
      positive++;
    else
      R_j[j] = 0;
  double lost = 0;
  if (positive) {
    float *R_i = dtd_new((size_t)inputs, sizeof *R_i);
    dtd_propagate(R_i, d->propagator[layer],
                  dtd_inputs_rows(&site->x_i, inputs) + (long)example * inputs,
                  NULL, R_j, 1);
    lost = sum_of(R_j, units) - sum_of(R_i, inputs);
    dtd_free(R_i);
  }
  dtd_free(R_j);
  return lost;
}

/* R_j to R_i: what the rule sends to the inputs. */
static void book_rule(struct book *book, const struct dtd_decomposition *d,
                      const struct dtd_site *site, int layer, int example) {
  int inputs = d->network->layer[layer].shape.inputs;
  char name[32];
  name_inputs(name, sizeof name, d->network->depth, layer);
  add(book, name, "positive bias", 0 - absorbed(d, site, layer, example));
  balance_to(book, name,
             dtd_propagator_rule(d->propagator[layer])->conservative
                 ? "rounding"
                 : "rule",
             sum_of(d->R_i[layer] + (long)example * inputs, inputs));
}

/* ---- ledgers ---- */

int dtd_ledger_of_decomposition(struct dtd_ledger_entry *entries,
                                const struct dtd_decomposition *d,
                                const struct dtd_activations *act,
                                int example) {
  struct book book = {entries, 0};
  open_with_score(&book, (double)dtd_score(act)[example]);
  for (int n = d->network->depth - 1; n >= 0; n--) {
    struct dtd_site site = dtd_site_at(d, act, n);
    book_model(&book, d, &site, n, example);
    book_rule(&book, d, &site, n, example);
  }
  return book.entries;
}

int dtd_ledger_of_sum(struct dtd_ledger_entry *entries, double f, double sum,
                      const struct dtd_root *root) {
  struct book book = {entries, 0};
  open_with_score(&book, f);
  /* f(x) = f(root) + sum_p R_p + terms of higher order (Eq. 5) */
  if (root) add(&book, "R_p", "left at the root", 0 - root->f_root);
  balance_to(&book, "R_p", root ? "second-order terms" : "not redistributed",
             sum);
  return book.entries;
}

void dtd_ledger_mean(struct dtd_ledger_entry *mean,
                     const struct dtd_ledger_entry *ledgers, int count,
                     int entries) {
  struct book book = {mean, 0};
  for (int i = 0; i < entries; i++) {
    double sum = 0;
    for (int n = 0; n < count; n++) {
      const struct dtd_ledger_entry *e = &ledgers[(long)n * entries + i];
      sum += i ? e->change : e->relevance;
    }
    if (i)
      add(&book, ledgers[i].layer, ledgers[i].cause, sum / count);
    else
      open_with_score(&book, sum / count);
  }
}
