/* What a comparison sets side by side: settings, methods or relevance models.

   A row of metrics.tsv is of a subject: the network, a relevance model or an
   explanation method. Across settings, the runs' own variants are compared,
   each subject for itself. Across methods or models it is the subjects of one
   run, so that network and data are the same for all:

   | across   | subject in metrics.tsv   | compared as | variant       |
   |----------|--------------------------|-------------|---------------|
   | settings | any, S                   | S           | the run's own |
   | methods  | sensitivity              | method      | sensitivity   |
   | models   | minmax-pooled            | model       | minmax-pooled |
   | models   | deep-taylor-minmax-pooled| deep-taylor | minmax-pooled |

   Runs of several settings give each method or model once in each of them,
   named "SETTINGS,MEMBER". */
#ifndef DTD_COMPARED_VARIANTS_H
#define DTD_COMPARED_VARIANTS_H

#include "runs/compared_runs.h"

enum dtd_across { DTD_ACROSS_SETTINGS, DTD_ACROSS_METHODS, DTD_ACROSS_MODELS };

struct dtd_compared_variant {
  char *name;
  int settings;       /* the variant of its runs */
  const char *member; /* method or model, borrowed; "" across settings */
};

struct dtd_compared_variants {
  enum dtd_across across;
  bool mixed;
  int count;
  struct dtd_compared_variant *variant; /* (count): settings by settings */
};

/* "settings", "methods" or "models"; dies (usage), naming `where` it stands, on
   another word. */
enum dtd_across dtd_across_find(const char *word, const char *where);

/* What to compare across unless told: models where all runs have the same
   settings and more than one relevance model, settings otherwise. */
enum dtd_across dtd_across_usual(const struct dtd_compared_runs *runs);

/* The variants of these runs, methods and models in the order of metrics.tsv.
   Methods that search for each example are measured on fewer pairs
   (evaluation.roots, slow_repeats): they are left out with a warning unless
   `mixed`. Dies (usage) when the runs have no method or model, or two variants
   of one name.
 */
struct dtd_compared_variants *
dtd_compared_variants_new(const struct dtd_compared_runs *runs,
                          enum dtd_across across, bool mixed);

/* How a subject takes part: what it is compared as and which member it is, as
   in the table above; false when it does not. Both are borrowed. */
bool dtd_compared_as(const char **subject, const char **member,
                     const struct dtd_compared_variants *variants,
                     const struct dtd_compared_run *run, const char *name);

/* The variant of that name, the first for null; dies (usage), naming those
   there are, when there is none. */
int dtd_compared_variants_find(const struct dtd_compared_variants *variants,
                               const char *name);

void dtd_compared_variants_free(struct dtd_compared_variants *variants);

#endif
