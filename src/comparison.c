/* Compares variants of an experiment over their seeds, metric by metric. */
#include "comparison.h"

#include <fnmatch.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "memory.h"
#include "sign_flip.h"

/* ---- the metrics that are compared ---- */

/* A metric in the order in which the runs name them. */
struct metric {
  const char *subject, *name, *set;
};

struct metrics {
  struct metric *metric;
  int count;
};

static bool is_wanted(const char *subject, const char *metric,
                      char *const *patterns, int count) {
  char name[512];
  snprintf(name, sizeof name, "%s:%s", subject, metric);
  for (int n = 0; n < count; n++)
    if (!fnmatch(patterns[n], name, 0)) return true;
  return !count;
}

static bool is_same(const struct metric *a, const struct metric *b) {
  return !strcmp(a->subject, b->subject) && !strcmp(a->name, b->name) &&
         !strcmp(a->set, b->set);
}

static void add_metrics(struct metrics *all, const struct dtd_table *table,
                        char *const *patterns, int count) {
  int subject = dtd_table_column(table, "subject");
  int name = dtd_table_column(table, "metric");
  int set = dtd_table_column(table, "set");
  all->metric = realloc(all->metric, (size_t)(all->count + table->rows) *
                                         sizeof *all->metric);
  if (!all->metric) dtd_die(DTD_FAILURE, "comparison", NULL, "memory is short");
  for (int n = 0; n < table->rows; n++) {
    struct metric metric = {dtd_table_cell(table, n, subject),
                            dtd_table_cell(table, n, name),
                            dtd_table_cell(table, n, set)};
    int known = 0;
    while (known < all->count && !is_same(&all->metric[known], &metric))
      known++;
    if (known == all->count &&
        is_wanted(metric.subject, metric.name, patterns, count))
      all->metric[all->count++] = metric;
  }
}

/* NAN when the run does not have it. */
static double value_of(const struct dtd_compared_run *run,
                       const struct metric *metric) {
  const struct dtd_table *table = run->evaluated->metrics;
  int subject = dtd_table_column(table, "subject");
  int name = dtd_table_column(table, "metric");
  int set = dtd_table_column(table, "set");
  int value = dtd_table_column(table, "value");
  for (int n = 0; n < table->rows; n++) {
    struct metric own = {dtd_table_cell(table, n, subject),
                         dtd_table_cell(table, n, name),
                         dtd_table_cell(table, n, set)};
    if (is_same(&own, metric)) return dtd_table_number(table, n, value);
  }
  return NAN;
}

/* ---- one row ---- */

/* The value of the baseline's run of the same seed; NAN without one. */
static double partner_of(const struct dtd_compared_runs *runs, int run,
                         int baseline, const double *value) {
  for (int n = 0; n < runs->count; n++)
    if (runs->run[n].variant == baseline &&
        runs->run[n].evaluated->settings.seed ==
            runs->run[run].evaluated->settings.seed)
      return value[n];
  return NAN;
}

static void compute_row(struct dtd_comparison_row *row,
                        const struct dtd_comparison *comparison,
                        const double *value /* (runs) */, uint64_t seed) {
  const struct dtd_compared_runs *runs = comparison->runs;
  double *own = dtd_new((size_t)runs->count, sizeof *own);
  double *difference = dtd_new((size_t)runs->count, sizeof *difference);
  int count = 0, pairs = 0;
  for (int n = 0; n < runs->count; n++) {
    if (runs->run[n].variant != row->variant || isnan(value[n])) continue;
    own[count++] = value[n];
    double partner = partner_of(runs, n, comparison->baseline, value);
    if (row->variant != comparison->baseline && !isnan(partner))
      difference[pairs++] = value[n] - partner;
  }
  row->own = dtd_student_interval(own, count);
  row->difference = dtd_student_interval(difference, pairs);
  row->p = pairs ? dtd_sign_flip_test(difference, pairs, seed) : NAN;
  free(own);
  free(difference);
}

/* ---- all rows ---- */

static void adjust(struct dtd_comparison *comparison) {
  double *p = dtd_new((size_t)comparison->rows + 1, sizeof *p);
  for (int n = 0; n < comparison->rows; n++) p[n] = comparison->row[n].p;
  dtd_holm(p, p, comparison->rows);
  for (int n = 0; n < comparison->rows; n++) comparison->row[n].p_holm = p[n];
  free(p);
}

struct dtd_comparison *dtd_comparison_new(const struct dtd_compared_runs *runs,
                                          const char *baseline,
                                          char *const *patterns, int count,
                                          uint64_t seed) {
  struct dtd_comparison *comparison = dtd_new(1, sizeof *comparison);
  struct metrics metrics = {0};
  comparison->runs = runs;
  comparison->baseline = dtd_compared_runs_find(runs, baseline);
  for (int n = 0; n < runs->count; n++)
    add_metrics(&metrics, runs->run[n].evaluated->metrics, patterns, count);
  if (!metrics.count)
    dtd_die(DTD_USAGE, count ? patterns[0] : "metrics.tsv",
            "write SUBJECT:METRIC as in metrics.tsv, * for any",
            "no metric of these runs matches");
  comparison->row = dtd_new((size_t)metrics.count * (size_t)runs->variants,
                            sizeof *comparison->row);
  double *value = dtd_new((size_t)runs->count, sizeof *value);
  for (int m = 0; m < metrics.count; m++) {
    const struct metric *metric = &metrics.metric[m];
    for (int n = 0; n < runs->count; n++)
      value[n] = value_of(&runs->run[n], metric);
    for (int v = 0; v < runs->variants; v++) {
      struct dtd_comparison_row *row = &comparison->row[comparison->rows++];
      row->subject = metric->subject;
      row->metric = metric->name;
      row->set = metric->set;
      row->variant = v;
      compute_row(row, comparison, value, seed);
    }
  }
  free(value);
  free(metrics.metric);
  adjust(comparison);
  return comparison;
}

/* ---- written ---- */

void dtd_comparison_write(const char *path,
                          const struct dtd_comparison *comparison,
                          const struct dtd_provenance *from) {
  FILE *table = dtd_table_open(
      path, from,
      "subject metric set variant seeds mean low high deviation baseline pairs "
      "difference difference_low difference_high p p_holm");
  char *const *name = comparison->runs->variant;
  for (int n = 0; n < comparison->rows; n++) {
    const struct dtd_comparison_row *r = &comparison->row[n];
    dtd_table_row(table, "ssssdffffsdfffff", r->subject, r->metric, r->set,
                  name[r->variant], r->own.n, r->own.mean, r->own.low,
                  r->own.high, r->own.deviation, name[comparison->baseline],
                  r->difference.n, r->difference.mean, r->difference.low,
                  r->difference.high, r->p, r->p_holm);
  }
  dtd_table_close(table);
}

static void print_row(FILE *output, const struct dtd_comparison *comparison,
                      const struct dtd_comparison_row *r) {
  fprintf(output, "  %-38s %10.5g", comparison->runs->variant[r->variant],
          r->own.mean);
  if (r->own.n > 1) fprintf(output, " [%.5g, %.5g]", r->own.low, r->own.high);
  if (r->difference.n)
    fprintf(output, "  difference %+.3g, p %.3g, Holm %.3g", r->difference.mean,
            r->p, r->p_holm);
  fputc('\n', output);
}

void dtd_comparison_print(FILE *output,
                          const struct dtd_comparison *comparison) {
  for (int n = 0; n < comparison->rows; n++) {
    const struct dtd_comparison_row *r = &comparison->row[n];
    if (!r->variant) fprintf(output, "%s %s\n", r->subject, r->metric);
    if (r->own.n) print_row(output, comparison, r);
  }
}

void dtd_comparison_free(struct dtd_comparison *comparison) {
  if (!comparison) return;
  free(comparison->row);
  free(comparison);
}
