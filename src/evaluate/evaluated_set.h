/* One set of test pairs, explained and measured by every method. */
#ifndef DTD_EVALUATED_SET_H
#define DTD_EVALUATED_SET_H

#include "evaluate/flipping.h"
#include "evaluate/ledger.h"
#include "evaluate/measure.h"
#include "explain/explained_network.h"
#include "files/pairs.h"

enum { DTD_MOST_METHODS = 32 };

/* Flipping curves of the first `count` pairs; NAN where f is not confident. */
struct dtd_curves {
  int count;
  double *at[DTD_FLIPPINGS]; /* (count, steps + 1) each */
};

/* One method's heatmaps of one set. */
struct dtd_explained {
  const struct dtd_method *method;
  int count;
  float *R_p;                    /* (count, 28, 56) */
  struct dtd_measures *measures; /* (count) */
  struct dtd_root *roots; /* (count), of a method that finds them; null */
  float *root_points;     /* (count, 28, 56), likewise */
  int entries;            /* rows of each ledger */
  struct dtd_ledger_entry *ledger; /* (count, entries) */
  double seconds;                  /* for all of them */
  struct dtd_curves curves;
  int repeats;        /* pairs explained again */
  double *randomised; /* (repeats, depth): rank correlation of |R_p| with the
                         heatmap of the model whose topmost 1, 2, ... layers
                         are re-drawn */
};

struct dtd_evaluated_set {
  const char *name;
  int count;
  float *images; /* (count, 28, 56) */
  float *t;      /* (count) */
  struct dtd_pair *pairs;
  struct dtd_curves random_order; /* of flipping */
  struct dtd_explained by[DTD_MOST_METHODS];
};

/* Says how far an evaluation has come; may be null. */
typedef void dtd_evaluation_progress(const char *task, int done, int of);

/* Draws the first `count` pairs of the sampler. */
void dtd_set_draw(struct dtd_evaluated_set *set,
                  const struct dtd_sampler *sampler, int count);

/* Explains the pairs by the method of set->by[index], whose `method` and
   `count` are given, and fills in its heatmaps, measures, ledger and roots. */
void dtd_set_explain(struct dtd_evaluated_set *set, int index,
                     struct dtd_explainer *explainer,
                     const bool *never_inked /* (28, 56) */,
                     dtd_evaluation_progress *progress);

/* Releases what the set holds, of `methods` methods. */
void dtd_set_free(struct dtd_evaluated_set *set, int methods);

#endif
