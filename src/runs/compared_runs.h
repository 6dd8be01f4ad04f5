/* Result folders sorted into variants of one experiment.

   Runs with the same settings but for training.seed are one variant. */
#ifndef DTD_COMPARED_RUNS_H
#define DTD_COMPARED_RUNS_H

#include <stdbool.h>

#include "runs/evaluation_record.h"

struct dtd_compared_run {
  struct dtd_evaluation_record *evaluated;
  char *name;  /* its variant's, as given; null when none was */
  char *key;   /* all its settings that matter but the seed, as one text */
  int variant; /* 0, 1, ... in the order of their first runs */
};

struct dtd_compared_runs {
  int count, variants;
  struct dtd_compared_run *run; /* (count) */
  char **variant;               /* (variants): their names, all different */
};

/* Reads result folders. One that holds runs.tsv, as a sweep writes it, stands
   for the runs listed there, under the names of their variants; those that are
   not finished are left out with a warning. Other variants are named after the
   settings in which the runs differ. Dies (usage) when nothing is left, when a
   run is given twice, and, unless `mixed`, when runs were not evaluated alike:
   on other data, other target digits or with other settings of [evaluation]. */
struct dtd_compared_runs *dtd_compared_runs_read(char *const *directory,
                                                 int count, bool mixed);

/* A hash of the digests of all runs, for provenance. */
void dtd_compared_runs_digest(char digest[17],
                              const struct dtd_compared_runs *runs);

void dtd_compared_runs_free(struct dtd_compared_runs *runs);

#endif
