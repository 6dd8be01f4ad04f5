/* In how many runs each of the paper's claims and sentences holds.

   A verdict of one run may be chance. Over the runs of one settings, which
   differ in their seed, compare-claims.tsv has for every sentence, and for
   every claim below it, the number of runs in which it holds, holds in part,
   does not hold, and is undecided. */
#ifndef DTD_COMPARED_VERDICTS_H
#define DTD_COMPARED_VERDICTS_H

#include <stdio.h>

#include "files/table.h"
#include "runs/compared_runs.h"

struct dtd_counted_verdict {
  int settings;            /* of the runs */
  char *sentence;          /* its name */
  char *claim;             /* "" for the sentence as a whole */
  char *said;              /* the paper's words, or the claim in ours */
  int runs;                /* that judge it */
  int hold, in_part, fail; /* the others are undecided */
};

struct dtd_compared_verdicts {
  int count;
  struct dtd_counted_verdict *verdict; /* settings by settings */
};

/* Counts the verdicts of sentences.tsv and claims.tsv in each run's folder.
   Runs without these files are left out with a warning. */
struct dtd_compared_verdicts *
dtd_compared_verdicts_new(const struct dtd_compared_runs *runs);

/* Writes compare-claims.tsv into the folder, which exists. */
void dtd_compared_verdicts_write(const char *directory,
                                 const struct dtd_compared_verdicts *verdicts,
                                 const struct dtd_compared_runs *runs,
                                 const struct dtd_provenance *from);

/* Prints the sentences in short, those of each settings. */
void dtd_compared_verdicts_print(FILE *output,
                                 const struct dtd_compared_verdicts *verdicts,
                                 const struct dtd_compared_runs *runs);

void dtd_compared_verdicts_free(struct dtd_compared_verdicts *verdicts);

#endif
