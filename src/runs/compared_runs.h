/* Result folders, and the variants of one experiment that they set side by
   side.

   Runs with the same settings but for training.seed are runs of one settings. A
   row of metrics.tsv is of a subject: the network, a relevance model or an
   explanation method. Across settings, each subject is compared for itself;
   across methods or models, the subjects of one run are compared, so that
   network and data are the same for all:

   | across   | subject in metrics.tsv   | compared as | variant       |
   |----------|--------------------------|-------------|---------------|
   | settings | any, S                   | S           | its settings  |
   | methods  | sensitivity              | method      | sensitivity   |
   | models   | minmax-pooled            | model       | minmax-pooled |
   | models   | deep-taylor-minmax-pooled| deep-taylor | minmax-pooled |

   Where there are several settings, each method or model is a variant in each
   of them, named "SETTINGS,MEMBER". */
#ifndef DTD_COMPARED_RUNS_H
#define DTD_COMPARED_RUNS_H

#include <stdbool.h>

#include "runs/evaluation_record.h"

enum dtd_across { DTD_ACROSS_SETTINGS, DTD_ACROSS_METHODS, DTD_ACROSS_MODELS };

struct dtd_compared_run {
  struct dtd_evaluation_record *evaluated;
  char *name;   /* of its settings, as given; null when none was */
  char *key;    /* its data and all settings that matter but the seed */
  int settings; /* 0, 1, ... in the order of their first runs */
};

struct dtd_compared_variant {
  char *name;         /* all different */
  int settings;       /* of its runs */
  const char *member; /* method or model, borrowed; "" across settings */
};

struct dtd_compared_runs {
  int count, settings, variants;
  struct dtd_compared_run *run; /* (count) */
  char **name;                  /* (settings) */
  enum dtd_across across;
  bool mixed;
  struct dtd_compared_variant *variant; /* (variants): settings by settings */
};

/* Reads result folders. One that holds runs.tsv, as a sweep writes it, stands
   for the runs listed there, under the names of their variants; those that are
   not finished are left out with a warning. Other settings are named after what
   differs between the runs. Compares models where all runs have the same
   settings and more than one relevance model, settings otherwise. Dies (usage)
   when nothing is left, when a run is given twice, when two variants have one
   name, and, unless `mixed`, when runs were not evaluated alike: on other data,
   other target digits or with other settings of [evaluation]. */
struct dtd_compared_runs *dtd_compared_runs_read(char *const *directory,
                                                 int count, bool mixed);

/* "settings", "methods" or "models"; dies (usage), naming `where` it stands, on
   another word. */
enum dtd_across dtd_across_find(const char *word, const char *where);

/* Chooses the variants anew, methods and models in the order of metrics.tsv.
   Methods that search for each example are measured on fewer pairs
   (evaluation.roots, slow_repeats): they are left out with a warning unless the
   runs are mixed. Dies (usage) when the runs have no method or model, or two
   variants of one name. */
void dtd_compare_across(struct dtd_compared_runs *runs, enum dtd_across across);

/* How a subject takes part: what it is compared as and which member it is, as
   in the table above; false when it does not. Both are borrowed. */
bool dtd_compared_as(const char **subject, const char **member,
                     const struct dtd_compared_runs *runs,
                     const struct dtd_compared_run *run, const char *name);

/* The variant of that name, the first for null; dies (usage), naming those
   there are, when there is none. */
int dtd_compared_find(const struct dtd_compared_runs *runs, const char *name);

/* A hash of the digests of all runs, for provenance. */
void dtd_compared_runs_digest(char digest[17],
                              const struct dtd_compared_runs *runs);

void dtd_compared_runs_free(struct dtd_compared_runs *runs);

#endif
