/* Compares variants of an experiment over their seeds, metric by metric. */
#include "runs/comparison.h"

#include <fnmatch.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/output.h"
#include "evaluate/sign_flip.h"
#include "runs/report_names.h"

/* ---- the metrics that are compared ---- */

char *const dtd_usual_metrics[DTD_USUAL_METRICS] = {"network:mse",
                                                    "network:accuracy",
                                                    "*:rms",
                                                    "sensitivity:target_share",
                                                    "taylor:target_share",
                                                    "deep-taylor*:target_share",
                                                    "deep-taylor*:floor_share"};

/* A metric in the order in which the runs name them. */
struct metric {
  const char *subject, *name, *set;
};

struct metrics {
  struct metric *metric;
  int count;
};

static bool matches(const char *subject, const char *metric,
                    const char *pattern) {
  char name[512];
  snprintf(name, sizeof name, "%s:%s", subject, metric);
  return !fnmatch(pattern, name, 0);
}

static bool is_same(const struct metric *a, const struct metric *b) {
  return !strcmp(a->name, b->name) && !strcmp(a->set, b->set) &&
         !strcmp(a->subject, b->subject);
}

/* Row n of a table of metrics. */
static struct metric metric_of(const struct dtd_table *table, int n) {
  return (struct metric){
      dtd_table_cell(table, n, dtd_table_column(table, "subject")),
      dtd_table_cell(table, n, dtd_table_column(table, "metric")),
      dtd_table_cell(table, n, dtd_table_column(table, "set"))};
}

/* Whether a pattern matches it, under its subject in metrics.tsv or under what
   it is compared as. */
static bool is_wanted(const struct metric *own, const char *subject,
                      char *const *patterns, int count) {
  for (int n = 0; n < count; n++)
    if (matches(own->subject, own->name, patterns[n]) ||
        matches(subject, own->name, patterns[n]))
      return true;
  return !count;
}

static void add_metrics(struct metrics *all,
                        const struct dtd_compared_runs *runs,
                        const struct dtd_compared_run *run,
                        char *const *patterns, int count) {
  const struct dtd_table *table = run->evaluated->metrics;
  all->metric =
      dtd_grow(NULL, all->metric, (size_t)all->count,
               (size_t)(all->count + table->rows), sizeof *all->metric);
  for (int n = 0; n < table->rows; n++) {
    struct metric own = metric_of(table, n), metric = own;
    const char *member;
    if (!dtd_compared_as(&metric.subject, &member, runs, run, own.subject) ||
        !is_wanted(&own, metric.subject, patterns, count))
      continue;
    int known = 0;
    while (known < all->count && !is_same(&all->metric[known], &metric))
      known++;
    if (known == all->count) all->metric[all->count++] = metric;
  }
}

/* NAN when the run does not have it. */
static double value_of(const struct dtd_compared_runs *runs,
                       const struct dtd_compared_run *run, const char *member,
                       const struct metric *metric) {
  const struct dtd_table *table = run->evaluated->metrics;
  for (int n = 0; n < table->rows; n++) {
    struct metric own = metric_of(table, n);
    const char *own_member;
    if (!strcmp(own.name, metric->name) &&
        dtd_compared_as(&own.subject, &own_member, runs, run, own.subject) &&
        is_same(&own, metric) && !strcmp(own_member, member))
      return dtd_table_number(table, n, dtd_table_column(table, "value"));
  }
  return NAN;
}

/* ---- one row ---- */

/* What the runs of a variant have, by run: NAN for other runs. */
static void read_values(double *value /* (runs) */,
                        const struct dtd_comparison *comparison, int variant,
                        const struct metric *metric) {
  const struct dtd_compared_runs *runs = comparison->runs;
  const struct dtd_compared_variant *own = &runs->variant[variant];
  for (int n = 0; n < runs->count; n++)
    value[n] = runs->run[n].settings == own->settings
                   ? value_of(runs, &runs->run[n], own->member, metric)
                   : NAN;
}

/* The baseline's value of the same seed; NAN without one. */
static double partner_of(const struct dtd_compared_runs *runs, int run,
                         const double *baseline /* (runs) */) {
  for (int n = 0; n < runs->count; n++)
    if (!isnan(baseline[n]) && runs->run[n].evaluated->settings.seed ==
                                   runs->run[run].evaluated->settings.seed)
      return baseline[n];
  return NAN;
}

static void compute_row(struct dtd_comparison_row *row,
                        const struct dtd_comparison *comparison,
                        const double *value /* (runs) */,
                        const double *baseline /* (runs) */, uint64_t seed) {
  const struct dtd_compared_runs *runs = comparison->runs;
  double *own = dtd_new((size_t)runs->count, sizeof *own);
  double *difference = dtd_new((size_t)runs->count, sizeof *difference);
  int count = 0, pairs = 0;
  for (int n = 0; n < runs->count; n++) {
    if (isnan(value[n])) continue;
    own[count++] = value[n];
    double partner = partner_of(runs, n, baseline);
    if (row->variant != comparison->baseline && !isnan(partner))
      difference[pairs++] = value[n] - partner;
  }
  row->own = dtd_student_t_interval(own, count);
  row->difference = dtd_student_t_interval(difference, pairs);
  row->p = pairs ? dtd_sign_flip_test(difference, pairs, seed) : NAN;
  dtd_free(own);
  dtd_free(difference);
}

/* The rows of one metric, variant by variant. */
static void add_rows(struct dtd_comparison *comparison,
                     const struct metric *metric, uint64_t seed) {
  size_t runs = (size_t)comparison->runs->count;
  double *value = dtd_new(runs, sizeof *value);
  double *baseline = dtd_new(runs, sizeof *baseline);
  read_values(baseline, comparison, comparison->baseline, metric);
  for (int v = 0; v < comparison->runs->variants; v++) {
    struct dtd_comparison_row *row = &comparison->row[comparison->rows++];
    row->subject = metric->subject;
    row->metric = metric->name;
    row->set = metric->set;
    row->variant = v;
    read_values(value, comparison, v, metric);
    compute_row(row, comparison, value, baseline, seed);
  }
  dtd_free(value);
  dtd_free(baseline);
}

/* ---- all rows ---- */

static void adjust(struct dtd_comparison *comparison) {
  double *p = dtd_new((size_t)comparison->rows + 1, sizeof *p);
  for (int n = 0; n < comparison->rows; n++) p[n] = comparison->row[n].p;
  dtd_holm(p, p, comparison->rows);
  for (int n = 0; n < comparison->rows; n++) comparison->row[n].p_holm = p[n];
  dtd_free(p);
}

struct dtd_comparison *dtd_comparison_new(const struct dtd_compared_runs *runs,
                                          const char *baseline,
                                          char *const *patterns, int count,
                                          uint64_t seed) {
  struct dtd_comparison *comparison = dtd_new(1, sizeof *comparison);
  struct metrics metrics = {0};
  comparison->runs = runs;
  comparison->baseline = dtd_compared_find(runs, baseline);
  for (int n = 0; n < runs->count; n++)
    add_metrics(&metrics, runs, &runs->run[n], patterns, count);
  if (!metrics.count)
    dtd_die(DTD_USAGE, count ? patterns[0] : "metrics.tsv",
            "write SUBJECT:METRIC as in metrics.tsv, * for any",
            "no metric of these runs matches");
  comparison->row = dtd_new((size_t)metrics.count * (size_t)runs->variants,
                            sizeof *comparison->row);
  for (int m = 0; m < metrics.count; m++)
    add_rows(comparison, &metrics.metric[m], seed);
  dtd_free(metrics.metric);
  adjust(comparison);
  return comparison;
}

/* ---- written ---- */

/* Opens directory/name. */
static FILE *open_table(const char *directory, const char *name,
                        const char *columns,
                        const struct dtd_provenance *from) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", directory, name);
  return dtd_table_open(path, from, columns);
}

static void write_rows(const char *directory,
                       const struct dtd_comparison *comparison,
                       const struct dtd_provenance *from) {
  FILE *table = open_table(
      directory, "compare.tsv",
      "subject metric set variant seeds mean low high deviation baseline pairs "
      "difference difference_low difference_high p p_holm",
      from);
  const struct dtd_compared_variant *variant = comparison->runs->variant;
  for (int n = 0; n < comparison->rows; n++) {
    const struct dtd_comparison_row *r = &comparison->row[n];
    dtd_table_row(table, "%s %s %s %s %d %f %f %f %f %s %d %f %f %f %f %f",
                  r->subject, r->metric, r->set, variant[r->variant].name,
                  r->own.n, r->own.mean, r->own.low, r->own.high,
                  r->own.deviation, variant[comparison->baseline].name,
                  r->difference.n, r->difference.mean, r->difference.low,
                  r->difference.high, r->p, r->p_holm);
  }
  dtd_table_close(table);
}

/* The name without the sections of its settings, "first_rule=zB, seed=1" of
   "explanation.first_rule=zB,training.seed=1"; release with dtd_free(). */
static char *variant_title(const char *name) {
  char *title = dtd_new(2 * strlen(name) + 1, 1), *at = title;
  while (*name) {
    size_t word = strcspn(name, " ,"), dot = strcspn(name, ".");
    size_t skipped = dot < strcspn(name, "= ,") ? dot + 1 : 0;
    const char *gap = name[word] == ',' ? ", " : name[word] ? " " : "";
    at += sprintf(at, "%.*s%s", (int)(word - skipped), name + skipped, gap);
    name += word + (name[word] != 0);
  }
  return title;
}

static void write_names(const char *directory,
                        const struct dtd_comparison *comparison,
                        const struct dtd_provenance *from) {
  FILE *table = open_table(directory, "compare-names.tsv",
                           "kind name title subject_title", from);
  for (int n = 0; n < comparison->rows; n++) {
    const struct dtd_comparison_row *r = &comparison->row[n];
    char name[512];
    if (r->variant) continue;
    snprintf(name, sizeof name, "%s:%s:%s", r->subject, r->metric, r->set);
    dtd_table_row(table, "%s %s %s %s", "metric", name,
                  dtd_metric_title(r->subject, r->metric).text,
                  dtd_subject_title(r->subject).text);
  }
  for (int v = 0; v < comparison->runs->variants; v++) {
    const char *name = comparison->runs->variant[v].name;
    char *title = variant_title(name);
    dtd_table_row(table, "%s %s %s %s", "variant", name, title, "");
    dtd_free(title);
  }
  dtd_table_close(table);
}

void dtd_comparison_write(const char *directory,
                          const struct dtd_comparison *comparison,
                          const struct dtd_provenance *from) {
  dtd_output_directory(directory);
  write_rows(directory, comparison, from);
  write_names(directory, comparison, from);
}

static void print_row(FILE *output, const struct dtd_comparison *comparison,
                      const struct dtd_comparison_row *r) {
  fprintf(output, "  %-38s %10.5g", comparison->runs->variant[r->variant].name,
          r->own.mean);
  if (r->own.n > 1) fprintf(output, " [%.5g, %.5g]", r->own.low, r->own.high);
  if (r->difference.n) {
    fprintf(output, "  difference %+.3g", r->difference.mean);
    if (r->difference.n > 1)
      fprintf(output, " [%+.3g, %+.3g]", r->difference.low, r->difference.high);
    fprintf(output, ", p %.3g, Holm %.3g", r->p, r->p_holm);
  }
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
  dtd_free(comparison->row);
  dtd_free(comparison);
}
