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
#include "base/text.h"
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

/* A metric, in the order in which the runs name them. */
struct metric {
  const char *subject, *name, *set;
  double *value; /* (variants, runs): NAN where a run does not have it */
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

/* Whether a pattern matches it, under its subject in metrics.tsv or under what
   it is compared as. */
static bool is_wanted(const struct metric *as, const char *subject,
                      char *const *patterns, int count) {
  for (int n = 0; n < count; n++)
    if (matches(subject, as->name, patterns[n]) ||
        matches(as->subject, as->name, patterns[n]))
      return true;
  return !count;
}

/* The metric of a row as it is compared, and its member; false when it is not.
 */
static bool read_metric(struct metric *as, const char **member,
                        const struct dtd_compared_runs *runs,
                        const struct dtd_compared_run *run, int row) {
  const struct dtd_table *table = run->evaluated->metrics;
  as->name = dtd_table_text(table, row, "metric");
  as->set = dtd_table_text(table, row, "set");
  return dtd_compared_as(&as->subject, member, runs, run,
                         dtd_table_text(table, row, "subject"));
}

static struct metric *find(const struct metrics *all,
                           const struct metric *wanted) {
  for (struct metric *m = all->metric; m < all->metric + all->count; m++)
    if (!strcmp(m->name, wanted->name) && !strcmp(m->set, wanted->set) &&
        !strcmp(m->subject, wanted->subject))
      return m;
  return NULL;
}

static void add_metrics(struct metrics *all,
                        const struct dtd_compared_runs *runs,
                        const struct dtd_compared_run *run,
                        char *const *patterns, int count) {
  const struct dtd_table *table = run->evaluated->metrics;
  int values = runs->variants * runs->count;
  for (int row = 0; row < table->rows; row++) {
    struct metric as, *metric;
    const char *member, *own = dtd_table_text(table, row, "subject");
    if (!read_metric(&as, &member, runs, run, row) ||
        !is_wanted(&as, own, patterns, count) || find(all, &as))
      continue;
    as.value = dtd_new((size_t)values, sizeof *as.value);
    for (int n = 0; n < values; n++) as.value[n] = NAN;
    metric = dtd_append(NULL, &all->metric, &all->count, sizeof *metric);
    *metric = as;
  }
}

static void add_values(struct metrics *all,
                       const struct dtd_compared_runs *runs, int n) {
  const struct dtd_compared_run *run = &runs->run[n];
  const struct dtd_table *table = run->evaluated->metrics;
  for (int row = 0; row < table->rows; row++) {
    struct metric as, *metric;
    const char *member;
    int variant = 0;
    if (!read_metric(&as, &member, runs, run, row) ||
        !(metric = find(all, &as)))
      continue;
    while (runs->variant[variant].settings != run->settings ||
           strcmp(runs->variant[variant].member, member))
      variant++;
    metric->value[variant * runs->count + n] =
        dtd_table_value(table, row, "value");
  }
}

/* ---- one row ---- */

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
  int runs = comparison->runs->count;
  const double *baseline = metric->value + comparison->baseline * runs;
  for (int v = 0; v < comparison->runs->variants; v++) {
    struct dtd_comparison_row *row = &comparison->row[comparison->rows++];
    row->subject = metric->subject;
    row->metric = metric->name;
    row->set = metric->set;
    row->variant = v;
    compute_row(row, comparison, metric->value + v * runs, baseline, seed);
  }
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
  for (int n = 0; n < runs->count; n++) add_values(&metrics, runs, n);
  if (!metrics.count)
    dtd_die(DTD_USAGE, count ? patterns[0] : "metrics.tsv",
            "write SUBJECT:METRIC as in metrics.tsv, * for any",
            "no metric of these runs matches");
  comparison->row = dtd_new((size_t)metrics.count * (size_t)runs->variants,
                            sizeof *comparison->row);
  for (int m = 0; m < metrics.count; m++) {
    add_rows(comparison, &metrics.metric[m], seed);
    dtd_free(metrics.metric[m].value);
  }
  dtd_free(metrics.metric);
  adjust(comparison);
  return comparison;
}

/* ---- written ---- */

static void write_rows(const char *path,
                       const struct dtd_comparison *comparison,
                       const struct dtd_provenance *from) {
  FILE *table = dtd_table_open(
      path, from,
      "subject metric set variant seeds mean low high deviation baseline pairs "
      "difference difference_low difference_high p p_holm");
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

static void write_names(const char *path,
                        const struct dtd_comparison *comparison,
                        const struct dtd_provenance *from) {
  FILE *table = dtd_table_open(path, from, "kind name title subject_title");
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
  char *rows = dtd_printed("%s/compare.tsv", directory);
  char *names = dtd_printed("%s/compare-names.tsv", directory);
  write_rows(rows, comparison, from);
  write_names(names, comparison, from);
  dtd_free(rows);
  dtd_free(names);
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
