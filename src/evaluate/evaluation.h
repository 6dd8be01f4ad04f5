/* Explains test pairs with the methods asked for and gathers what is to be
   reported.

   Three sets of untranslated test pairs, the same for every model:

   | set         | pairs                          | for |
   |-------------|--------------------------------|-----------------------------|
   | scores      | independent                    | error, accuracy, Rhat to f |
   | independent | the first of those             | conservation, positivity |
   | one-target  | exactly one target each        | where relevance falls |

   Slow methods explain the first few pairs of the latter two. The first few
   one-target pairs also have their pixels flipped (flipping.h), and fewer still
   are explained again: moved by a pixel (continuity.h), and by models with
   re-drawn parameters (randomisation.h), one draw a pair. */
#ifndef DTD_EVALUATION_H
#define DTD_EVALUATION_H

#include <stdio.h>

#include "evaluate/evaluated_set.h"
#include "evaluate/metric.h"

struct dtd_evaluation_settings {
  int scores;       /* pairs for the network's error and accuracy */
  int pairs;        /* pairs explained in each set */
  int roots;        /* of them, by slow methods */
  int flips;        /* of one-target pairs, those whose pixels are flipped */
  int repeats;      /* of them, those explained again */
  int slow_repeats; /* the same for slow methods */
  int bootstrap;    /* resamples behind every interval */
  uint64_t seed;    /* of the test pairs */
  bool skip[DTD_MOST_METHODS]; /* method m of dtd_methods is not evaluated */
};

struct dtd_result {
  const char *subject; /* "network", a relevance model or a method */
  const char *metric, *set;
  struct dtd_estimate estimate;
};

struct dtd_evaluation {
  struct dtd_evaluation_settings settings;
  int methods; /* of set[].by: those the model can be explained by */
  int depth;   /* of the network */
  struct dtd_evaluated_set set[DTD_SETS];
  struct dtd_result *result;
  int results;
};

/* The settings of a set's sampler: those of training, without translations, and
   the stream and mode of the set. */
struct dtd_pair_settings
dtd_test_pairs(const struct dtd_pair_settings *training, uint64_t seed,
               enum dtd_set_index set);

/* Runs everything. `digits` are the test digits and `settings` the sampler's
   (translation, mode and stream are set here); `training_digits` say which
   pixels never carry ink. */
struct dtd_evaluation *
dtd_evaluate(struct dtd_explainer *explainer, const struct dtd_digits *digits,
             const struct dtd_digits *training_digits,
             const struct dtd_pair_settings *pair_settings,
             const struct dtd_evaluation_settings *settings,
             dtd_evaluation_progress *progress);

/* How many pairs of the set a method of that name explained, and in how many of
   them by a root that is not certified: these are left out of its metrics, and
   so of Table 1 and of claims. 0 of 0 when it was not evaluated. */
struct dtd_left_out {
  int pairs, of;
};
struct dtd_left_out dtd_left_out(const struct dtd_evaluation *evaluation,
                                 const char *method, enum dtd_set_index set);

/* Prints a line for each method and set of which pairs are left out. */
void dtd_left_out_print(FILE *output, const struct dtd_evaluation *evaluation);

/* The result of that name, or null when there is none. */
const struct dtd_result *
dtd_result_find(const struct dtd_evaluation *evaluation, const char *subject,
                const char *metric);

/* The mean, over the examples that two methods both explained, of a metric of
   `subject` minus that of `against`; all NAN when one of them is missing or the
   metric is no mean of one number an example. */
struct dtd_estimate dtd_compare(const struct dtd_evaluation *evaluation,
                                const char *metric, const char *subject,
                                const char *against);

/* Adds a result of a metric that dtd_metrics describes; dies on another one.
   `subject` is borrowed for good. */
void dtd_result_add(struct dtd_evaluation *evaluation, const char *subject,
                    const char *metric, struct dtd_estimate estimate);

/* The same of `count` observations a, and b where the metric's statistic has
   two arguments. */
void dtd_result_estimate(struct dtd_evaluation *evaluation, const char *subject,
                         const char *metric, const double *a, const double *b,
                         int count);

void dtd_evaluation_free(struct dtd_evaluation *evaluation);

#endif
