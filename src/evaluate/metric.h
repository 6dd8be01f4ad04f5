/* Every metric of an explanation method, one line each in metric.c.

   A metric is a statistic of what was observed of the heatmaps of one set of
   pairs: {"target_share", one-target pairs, mean, target_share}. A comparison
   is a statistic of the same observation by two methods on the same pairs, a of
   the method and b of the reference, deep-taylor-free; its interval draws
   pairs, so what makes a pair hard for both drops out. To add either: an
   observation and a line. */
#ifndef DTD_METRIC_H
#define DTD_METRIC_H

#include "evaluate/measure.h"

/* The score f above which a target was found: half of DTD_TARGET_VALUE. */
#define DTD_CONFIDENT 50.0

enum { DTD_SETS = 2 };
enum dtd_set_index { DTD_SET_INDEPENDENT, DTD_SET_ONE_TARGET };

/* A number of one heatmap; NAN where the metric leaves the pair out. */
typedef double dtd_observation(const struct dtd_measures *measures);

struct dtd_metric {
  const char *name;
  enum dtd_set_index set;
  dtd_statistic *statistic;
  dtd_observation *a, *b; /* b is null unless the statistic wants it */
};

/* Ended by a null name. */
extern const struct dtd_metric dtd_metrics[];

/* Over the pairs that both methods explained: a is observed of the method, b of
   the reference. Ended by a null name. */
extern const struct dtd_metric dtd_comparisons[];
extern const char *const dtd_reference_method;

#endif
