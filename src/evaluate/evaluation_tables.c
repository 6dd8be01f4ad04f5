/* Writes what an evaluation found as the tables and arrays of a result folder.
 */
#include "evaluate/evaluation_tables.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evaluate/claims.h"
#include "evaluate/histogram.h"
#include "base/die.h"
#include "base/memory.h"
#include "files/npy.h"
#include "base/output.h"
#include "evaluate/root_table.h"
#include "evaluate/table1.h"

enum { GALLERY = 12, HALF_BINS = 60, PATH = 4096 };

/* directory/name; valid until the next call. */
static const char *below(const char *directory, const char *name) {
  static char path[PATH];
  if (snprintf(path, sizeof path, "%s/%s", directory, name) >= PATH)
    dtd_die(DTD_FAILURE, directory, "use a shorter path", "path too long");
  return path;
}

/* Adds a name to the columns of a table. */
static void append(char *columns, size_t size, const char *name) {
  size_t length = strlen(columns);
  if ((size_t)snprintf(columns + length, size - length, " %s", name) >=
      size - length)
    dtd_die(DTD_FAILURE, name, NULL, "the table has too many columns");
}

static const char *target_side(const struct dtd_pair *pair) {
  if (pair->is_target[0]) return pair->is_target[1] ? "both" : "left";
  return pair->is_target[1] ? "right" : "none";
}

static void write_methods(const char *path, const struct dtd_evaluation *e,
                          const struct dtd_provenance *from) {
  FILE *table = dtd_table_open(path, from, "method title control");
  for (int m = 0; m < e->methods; m++) {
    const struct dtd_method *method = e->set[0].by[m].method;
    dtd_table_row(table, "%s %s %s", method->name, method->title,
                  method->control ? "yes" : "no");
  }
  dtd_table_close(table);
}

static void write_example(FILE *table, const struct dtd_evaluated_set *set,
                          const struct dtd_explained *by, int n) {
  const struct dtd_pair *pair = &set->pairs[n];
  dtd_row_begin(table, "%s %d %s %d %d %s %f", set->name, n, by->method->name,
                pair->label[0], pair->label[1], target_side(pair),
                (double)set->t[n]);
  for (int i = 0; dtd_measure_name(i); i++)
    dtd_row_number(table, dtd_measure_value(&by->measures[n], i));
  dtd_row_end(table);
}

static void write_examples(const char *path, const struct dtd_evaluation *e,
                           const struct dtd_provenance *from) {
  char columns[2048] = "set example method left right target_side target";
  for (int i = 0; dtd_measure_name(i); i++)
    append(columns, sizeof columns, dtd_measure_name(i));
  FILE *table = dtd_table_open(path, from, columns);
  for (int s = 0; s < DTD_SETS; s++)
    for (int m = 0; m < e->methods; m++)
      for (int n = 0; n < e->set[s].by[m].count; n++)
        write_example(table, &e->set[s], &e->set[s].by[m], n);
  dtd_table_close(table);
}

/* The heatmaps that metrics are of, one after the other. */
static float *kept_heatmaps(int *kept, const struct dtd_explained *by) {
  float *R_p =
      dtd_copy(by->R_p, (size_t)by->count * DTD_PAIR_PIXELS, sizeof *by->R_p);
  *kept = 0;
  for (int n = 0; n < by->count; n++)
    if (!by->measures[n].left_out)
      memcpy(R_p + (long)(*kept)++ * DTD_PAIR_PIXELS,
             by->R_p + (long)n * DTD_PAIR_PIXELS,
             DTD_PAIR_PIXELS * sizeof *R_p);
  return R_p;
}

/* Of the independent pairs, as in the paper's Fig. 6. */
static void write_histograms(const char *path, const struct dtd_evaluation *e,
                             const struct dtd_provenance *from) {
  FILE *table = dtd_table_open(path, from, "method low high count");
  for (int m = 0; m < e->methods; m++) {
    const struct dtd_explained *by = &e->set[DTD_SET_INDEPENDENT].by[m];
    int kept;
    float *R_p = kept_heatmaps(&kept, by);
    struct dtd_histogram h =
        dtd_histogram(R_p, (long)kept * DTD_PAIR_PIXELS, HALF_BINS);
    for (int i = 0; i < 2 * h.half; i++)
      dtd_table_row(table, "%s %f %f %d", by->method->name,
                    (i - h.half) * h.width, (i + 1 - h.half) * h.width,
                    (int)h.count[i]);
    dtd_table_row(table, "%s %f %f %d", by->method->name, 0.0, 0.0,
                  (int)h.zeros);
    dtd_histogram_free(&h);
    dtd_free(R_p);
  }
  dtd_table_close(table);
}

static void write_metrics(const char *path, const struct dtd_evaluation *e,
                          const struct dtd_provenance *from) {
  FILE *table =
      dtd_table_open(path, from, "subject metric set value low high n");
  for (int i = 0; i < e->results; i++) {
    const struct dtd_result *r = &e->result[i];
    dtd_table_row(table, "%s %s %s %f %f %f %d", r->subject, r->metric, r->set,
                  r->estimate.value, r->estimate.low, r->estimate.high,
                  r->estimate.n);
  }
  dtd_table_close(table);
}

/* One column of a (count, length) array: its mean with an interval. */
static struct dtd_estimate mean_of_column(const double *at, int count,
                                          int length, int column,
                                          const struct dtd_evaluation *e) {
  double *a = dtd_new((size_t)count, sizeof *a);
  for (int n = 0; n < count; n++) a[n] = at[(long)n * length + column];
  struct dtd_estimate mean = dtd_estimate(
      dtd_mean, a, NULL, count, e->settings.bootstrap, e->settings.seed);
  dtd_free(a);
  return mean;
}

static void write_curves(FILE *table, const char *method,
                         const struct dtd_curves *curves,
                         const struct dtd_evaluation *e) {
  for (int k = 0; k < DTD_FLIPPINGS; k++) {
    int steps = dtd_flippings[k].steps;
    for (int s = 0; s <= steps; s++) {
      struct dtd_estimate mean =
          mean_of_column(curves->at[k], curves->count, steps + 1, s, e);
      dtd_table_row(table, "%s %s %d %f %f %f %f %d", method,
                    dtd_flippings[k].name, s, (double)s / steps, mean.value,
                    mean.low, mean.high, mean.n);
    }
  }
}

/* Mean f(x^(s)) / f(x) against the share of the image that is gone. */
static void write_flipping(const char *path, const struct dtd_evaluation *e,
                           const struct dtd_provenance *from) {
  const struct dtd_evaluated_set *set = &e->set[DTD_SET_ONE_TARGET];
  FILE *table =
      dtd_table_open(path, from, "method curve step removed value low high n");
  for (int m = 0; m < e->methods; m++)
    write_curves(table, set->by[m].method->name, &set->by[m].curves, e);
  write_curves(table, "random-order", &set->random_order, e);
  dtd_table_close(table);
}

/* `randomised` counts the re-drawn layers, from the top. */
static void write_randomisation(const char *path,
                                const struct dtd_evaluation *e,
                                const struct dtd_provenance *from) {
  const struct dtd_evaluated_set *set = &e->set[DTD_SET_ONE_TARGET];
  FILE *table =
      dtd_table_open(path, from, "method randomised value low high n");
  for (int m = 0; m < e->methods; m++)
    for (int layers = 1; layers <= e->depth; layers++) {
      const struct dtd_explained *by = &set->by[m];
      struct dtd_estimate mean =
          mean_of_column(by->randomised, by->repeats, e->depth, layers - 1, e);
      dtd_table_row(table, "%s %d %f %f %f %d", by->method->name, layers,
                    mean.value, mean.low, mean.high, mean.n);
    }
  dtd_table_close(table);
}

static void write_claim(FILE *table, const char *sentence,
                        const struct dtd_claim *c,
                        const struct dtd_judged_claim *judged,
                        const struct dtd_evaluation *e) {
  char statistic[160];
  dtd_claim_statistic(statistic, sizeof statistic, c);
  dtd_table_row(table, "%s %s %s %f %f %f %f %s %s %s %d", c->name,
                c->statement, statistic, judged->estimate.value,
                judged->estimate.low, judged->estimate.high, c->threshold,
                judged->verdict, sentence, c->reading ? c->reading : "NA",
                dtd_claim_left_out(c, e));
}

/* Sentences, and their claims in a table of their own. */
static void write_sentences(const char *directory,
                            const struct dtd_evaluation *e,
                            const struct dtd_provenance *from) {
  FILE *claims = dtd_table_open(below(directory, "claims.tsv"), from,
                                "claim statement statistic value low high "
                                "threshold verdict sentence reading left_out");
  FILE *sentences = dtd_table_open(
      below(directory, "sentences.tsv"), from,
      "sentence quote verdict claims hold fail undecided readings");
  for (const struct dtd_sentence *s = dtd_sentences; s->name; s++) {
    struct dtd_sentence_verdict v = dtd_sentence_judge(s, e);
    for (int n = 0; n < v.claims; n++)
      write_claim(claims, s->name, &s->claims[n], &v.judged[n], e);
    dtd_table_row(sentences, "%s %s %s %d %d %d %d %s", s->name, s->quote,
                  v.verdict, v.claims, v.hold, v.fail,
                  v.claims - v.hold - v.fail, *v.readings ? v.readings : "NA");
  }
  dtd_table_close(claims);
  dtd_table_close(sentences);
}

static void write_table1(const char *path, const struct dtd_evaluation *e,
                         const struct dtd_provenance *from) {
  struct dtd_table1_cell cells[DTD_TABLE1_CELLS];
  int count = dtd_table1(cells, e);
  FILE *table = dtd_table_open(
      path, from,
      "property method paper measured value tolerance agrees quantity "
      "left_out");
  for (int i = 0; i < count; i++) {
    const struct dtd_table1_cell *c = &cells[i];
    dtd_table_row(table, "%s %s %s %s %f %f %s %s %d", c->property, c->method,
                  c->paper, c->measured, c->value, c->tolerance, c->agrees,
                  c->quantity, c->left_out.pairs);
  }
  dtd_table_close(table);
}

static void write_books(FILE *table, const struct dtd_explained *by,
                        const char *example,
                        const struct dtd_ledger_entry *ledger) {
  for (int i = 0; i < by->entries; i++)
    dtd_table_row(table, "%s %s %s %f %f %s", by->method->name, example,
                  ledger[i].layer, ledger[i].relevance, ledger[i].change,
                  ledger[i].cause);
}

/* The examples that every method has explained. */
static int examples_in_common(const struct dtd_evaluation *e,
                              const struct dtd_evaluated_set *set) {
  int count = set->count;
  for (int m = 0; m < e->methods; m++)
    if (set->by[m].count < count) count = set->by[m].count;
  return count;
}

/* The mean of those pairs that no method leaves out of its metrics; returns how
   many they are. */
static int mean_ledger(struct dtd_ledger_entry *mean,
                       const struct dtd_evaluation *e,
                       const struct dtd_evaluated_set *set, int method,
                       int common) {
  const struct dtd_explained *by = &set->by[method];
  size_t rows = (size_t)by->entries;
  struct dtd_ledger_entry *kept =
      dtd_copy(by->ledger, (size_t)common * rows, sizeof *kept);
  int count = 0;
  for (int n = 0; n < common; n++) {
    bool left_out = false;
    for (int m = 0; m < e->methods; m++)
      left_out |= set->by[m].measures[n].left_out;
    if (!left_out)
      memcpy(kept + (size_t)count++ * rows, by->ledger + (size_t)n * rows,
             rows * sizeof *kept);
  }
  if (count) dtd_ledger_mean(mean, kept, count, by->entries);
  dtd_free(kept);
  return count;
}

/* The gallery's one-target pairs, one by one, and the mean of all pairs that
   every method has explained, so that methods are compared on the same. */
static void write_ledger(const char *path, const struct dtd_evaluation *e,
                         const struct dtd_provenance *from) {
  const struct dtd_evaluated_set *set = &e->set[DTD_SET_ONE_TARGET];
  FILE *table =
      dtd_table_open(path, from, "method example layer relevance change cause");
  int common = examples_in_common(e, set);
  for (int m = 0; m < e->methods; m++) {
    const struct dtd_explained *by = &set->by[m];
    struct dtd_ledger_entry mean[DTD_MOST_ENTRIES];
    for (int n = 0; n < common && n < GALLERY; n++) {
      char example[16];
      snprintf(example, sizeof example, "%d", n);
      write_books(table, by, example, by->ledger + (long)n * by->entries);
    }
    if (mean_ledger(mean, e, set, m, common))
      write_books(table, by, "mean", mean);
  }
  dtd_table_close(table);
}

/* The first pairs with all their heatmaps, a row a pixel: the paper's Fig. 5.
 */
static void write_gallery(const char *path, const struct dtd_evaluation *e,
                          const struct dtd_provenance *from) {
  const struct dtd_evaluated_set *set = &e->set[DTD_SET_ONE_TARGET];
  char columns[1024] = "example row column pixel";
  int examples = GALLERY;
  for (int m = 0; m < e->methods; m++) {
    const struct dtd_explained *by = &set->by[m];
    append(columns, sizeof columns, by->method->name);
    if (by->count < examples) examples = by->count;
  }
  FILE *table = dtd_table_open(path, from, columns);
  for (int n = 0; n < examples; n++)
    for (int p = 0; p < DTD_PAIR_PIXELS; p++) {
      long at = (long)n * DTD_PAIR_PIXELS + p;
      dtd_row_begin(table, "%d %d %d %f", n, p / DTD_PAIR_COLUMNS,
                    p % DTD_PAIR_COLUMNS, (double)set->images[at]);
      for (int m = 0; m < e->methods; m++)
        dtd_row_number(table, (double)set->by[m].R_p[at]);
      dtd_row_end(table);
    }
  dtd_table_close(table);
}

static int ascending(const void *left, const void *right) {
  float a = *(const float *)left, b = *(const float *)right;
  return (a > b) - (a < b);
}

/* The colour scale of each method over the gallery: the relevance, in size,
   that all but one pixel in 200 stay below; and the largest of all. */
static void write_gallery_scale(const char *path,
                                const struct dtd_evaluation *e,
                                const struct dtd_provenance *from) {
  const struct dtd_evaluated_set *set = &e->set[DTD_SET_ONE_TARGET];
  FILE *table = dtd_table_open(path, from, "method scale largest");
  for (int m = 0; m < e->methods; m++) {
    const struct dtd_explained *by = &set->by[m];
    int examples = by->count < GALLERY ? by->count : GALLERY;
    size_t count = (size_t)examples * DTD_PAIR_PIXELS;
    float *size = dtd_copy(by->R_p, count, sizeof *size);
    for (size_t p = 0; p < count; p++) size[p] = fabsf(size[p]);
    qsort(size, count, sizeof *size, ascending);
    dtd_table_row(table, "%s %f %f", by->method->name,
                  (double)size[count - 1 - count / 200],
                  (double)size[count - 1]);
    dtd_free(size);
  }
  dtd_table_close(table);
}

static void write_images(const char *path, const float *images, int count) {
  dtd_npy_write(path, images, (size_t)count, DTD_PAIR_ROWS, DTD_PAIR_COLUMNS);
}

static bool is_among(const struct dtd_method *method,
                     const struct dtd_evaluated_set *set, int methods) {
  for (int m = 0; m < methods; m++)
    if (set->by[m].method == method) return true;
  return false;
}

static bool has_roots(const struct dtd_evaluated_set *set, int methods) {
  for (int m = 0; m < methods; m++)
    if (set->by[m].roots) return true;
  return false;
}

/* Files of another evaluation, which would be taken for heatmaps and roots of
   these pairs. */
static void remove_stale(const char *directory,
                         const struct dtd_evaluated_set *set, int methods) {
  for (int n = 0; dtd_methods[n]; n++) {
    char name[128];
    snprintf(name, sizeof name, "heatmaps/%s.npy", dtd_methods[n]->name);
    if (!is_among(dtd_methods[n], set, methods)) remove(below(directory, name));
  }
  if (has_roots(set, methods)) return;
  remove(below(directory, "heatmaps/roots.npy"));
  remove(below(directory, "heatmaps/roots-pairs.npy"));
  remove(below(directory, "roots.tsv"));
}

static void write_heatmaps(const char *directory,
                           const struct dtd_evaluated_set *set, int methods) {
  dtd_output_directory(directory);
  write_images(below(directory, "pairs.npy"), set->images, set->count);
  for (int m = 0; m < methods; m++) {
    const struct dtd_explained *by = &set->by[m];
    char name[128];
    snprintf(name, sizeof name, "%s.npy", by->method->name);
    write_images(below(directory, name), by->R_p, by->count);
    if (!by->roots) continue;
    write_images(below(directory, "roots.npy"), by->root_points, by->count);
    write_images(below(directory, "roots-pairs.npy"), set->images, by->count);
  }
}

/* Of the one-target pairs, whose roots are among the heatmaps, and of the
   independent ones. */
static void write_roots(const char *path, const struct dtd_evaluation *e,
                        const struct dtd_provenance *from) {
  static const enum dtd_set_index order[DTD_SETS] = {DTD_SET_ONE_TARGET,
                                                     DTD_SET_INDEPENDENT};
  for (int m = 0; m < e->methods; m++) {
    struct dtd_root_rows rows[DTD_SETS];
    if (!e->set[0].by[m].roots) continue;
    for (int s = 0; s < DTD_SETS; s++) {
      const struct dtd_explained *by = &e->set[order[s]].by[m];
      rows[s] =
          (struct dtd_root_rows){dtd_set_names[order[s]], by->roots, by->count};
    }
    dtd_root_table_write(path, rows, DTD_SETS, from);
  }
}

void dtd_evaluation_write(const char *directory, const struct dtd_evaluation *e,
                          const struct dtd_provenance *from) {
  const struct dtd_evaluated_set *located = &e->set[DTD_SET_ONE_TARGET];
  char heatmaps[PATH];
  snprintf(heatmaps, sizeof heatmaps, "%s", below(directory, "heatmaps"));
  remove_stale(directory, located, e->methods);
  write_heatmaps(heatmaps, located, e->methods);
  write_gallery(below(directory, "gallery.tsv"), e, from);
  write_gallery_scale(below(directory, "gallery-scale.tsv"), e, from);
  write_methods(below(directory, "methods.tsv"), e, from);
  write_examples(below(directory, "examples.tsv"), e, from);
  write_histograms(below(directory, "histogram.tsv"), e, from);
  write_roots(below(directory, "roots.tsv"), e, from);
  write_sentences(directory, e, from);
  write_table1(below(directory, "table1.tsv"), e, from);
  write_ledger(below(directory, "ledger.tsv"), e, from);
  write_metrics(below(directory, "metrics.tsv"), e, from);
  write_flipping(below(directory, "flipping.tsv"), e, from);
  write_randomisation(below(directory, "randomisation.tsv"), e, from);
}
