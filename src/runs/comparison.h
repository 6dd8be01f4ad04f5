/* Compares variants of an experiment over their seeds, metric by metric.

   Variants are settings, or methods or relevance models within each run
   (compared_runs.h). Of each metric a variant has the mean over its runs
   with Student's 95 % interval (student_t.h). Against a baseline, the runs of
   the same seed are paired: the mean difference (variant - baseline) with its
   interval, the p-value of the sign-flip test (sign_flip.h), and Holm's over
   all differences of the comparison. */
#ifndef DTD_COMPARISON_H
#define DTD_COMPARISON_H

#include <stdint.h>

#include "runs/compared_runs.h"
#include "evaluate/student_t.h"
#include "files/table.h"

struct dtd_comparison_row {
  const char *subject, *metric, *set; /* as they are compared; borrowed */
  int variant;
  struct dtd_mean_interval own;        /* over the runs that have a value */
  struct dtd_mean_interval difference; /* over pairs; NAN for the baseline */
  double p, p_holm;                    /* NAN without pairs */
};

struct dtd_comparison {
  const struct dtd_compared_runs *runs; /* borrowed */
  int baseline;                         /* a variant */
  int rows;
  struct dtd_comparison_row *row; /* metric by metric, variant by variant */
};

/* The patterns of the metrics that are mostly compared. */
enum { DTD_USUAL_METRICS = 7 };
extern char *const dtd_usual_metrics[DTD_USUAL_METRICS];

/* Compares the metrics whose "subject:metric", as in metrics.tsv or as it is
   compared, matches one of `patterns`, shell patterns such as "*:target_share"
   (null for "*:*"). The baseline is the variant of that name, the first when it
   is null. Dies (usage) when there is no such variant, and when no metric
   matches. */
struct dtd_comparison *dtd_comparison_new(const struct dtd_compared_runs *runs,
                                          const char *baseline,
                                          char *const *patterns, int count,
                                          uint64_t seed);

/* Writes two tables into the folder, which is made when it is missing.
   compare.tsv has a row a metric and variant. compare-names.tsv has what
   figures call them: a row a metric, "subject:metric:set", with its title and
   that of its subject, then a row a variant, its title without the sections of
   settings.
 */
void dtd_comparison_write(const char *directory,
                          const struct dtd_comparison *comparison,
                          const struct dtd_provenance *from);

/* Prints the comparison in short. */
void dtd_comparison_print(FILE *output,
                          const struct dtd_comparison *comparison);

void dtd_comparison_free(struct dtd_comparison *comparison);

#endif
