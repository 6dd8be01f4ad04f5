/* Every metric: its names, what it means, and how it is computed, in one row of
   metric.c.

   A metric of a method is a statistic of what was observed of its heatmaps of
   one set of pairs: {"target_share", one-target pairs, mean, target_share}.
   A comparison with the reference, deep-taylor-free, is a statistic of the same
   observation by two methods on the same pairs, a of the method and b of the
   reference; its interval draws pairs, so what makes a pair hard for both drops
   out. The network and its relevance models have metrics too; those, and what
   takes more than one evaluation, have no observation here: the module that
   measures them adds them (evaluation.c, uniqueness.c).

   To add a metric of a method: an observation and a row. Tables, figures, the
   report and comparisons of runs find it there. */
#ifndef DTD_METRIC_H
#define DTD_METRIC_H

#include "evaluate/estimate.h"
#include "evaluate/measure.h"

/* The score f above which a target was found: half of DTD_TARGET_VALUE. */
#define DTD_CONFIDENT 50.0

/* The pairs that a metric is taken over; the first DTD_SETS are explained. */
enum dtd_set_index {
  DTD_SET_INDEPENDENT,
  DTD_SET_ONE_TARGET,
  DTD_SETS,
  DTD_SET_SCORES = DTD_SETS,
  DTD_SET_BLACK /* no pair, but a black image */
};
extern const char *const dtd_set_names[];

/* What a metric is of: one row of metrics.tsv names one such subject. */
enum dtd_metric_subject {
  DTD_OF_NETWORK,
  DTD_OF_MODEL,        /* a trained relevance model */
  DTD_OF_METHOD,       /* an explanation method */
  DTD_BESIDE_REFERENCE /* a method compared with the reference */
};

/* What a metric is about; reports list metrics group by group. */
enum dtd_metric_group {
  DTD_CONSERVATION,
  DTD_POSITIVITY,
  DTD_LOCALISATION,
  DTD_FAITHFULNESS,
  DTD_ROBUSTNESS,
  DTD_BALANCE,
  DTD_COST,
  DTD_FIT, /* of the network and its relevance models to what they learn */
  DTD_METRIC_GROUPS
};
extern const char
    *const dtd_metric_groups[DTD_METRIC_GROUPS]; /* their titles */

/* A number of one heatmap; NAN where the metric leaves the pair out. */
typedef double dtd_observation(const struct dtd_measures *measures);

struct dtd_metric {
  const char *name;  /* "target_share", as in metrics.tsv */
  const char *title; /* "Share on the target’s half" */
  enum dtd_metric_group group;
  const char *meaning; /* sentences in plain text: what it is, what is good */
  enum dtd_metric_subject subject;
  enum dtd_set_index set;
  dtd_statistic *statistic; /* null for a single number, without interval */
  dtd_observation *a, *b;   /* a is null where another module observes; b is
                               null unless the statistic has two arguments
                               */
};

/* In the order of metrics.tsv; ended by a null name. */
extern const struct dtd_metric dtd_metrics[];
extern const char *const dtd_reference_method;

/* The metric of a row of metrics.tsv, whose subject is "network", a relevance
   model's name ("model" for any) or a method's; null when there is none. */
const struct dtd_metric *dtd_metric_find(const char *subject,
                                         const char *metric);

#endif
