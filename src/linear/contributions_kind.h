/* How a storage of weights sums contributions faster than by its products. */
#ifndef DTD_CONTRIBUTIONS_KIND_H
#define DTD_CONTRIBUTIONS_KIND_H

#include "linear/batch_parts.h"
#include "linear/terms.h"

struct dtd_active;
struct dtd_weights;

/* Each kind has a struct that begins with this. */
struct dtd_contributions {
  const struct dtd_contributions_kind *kind;
  const struct dtd_weights *weights;
  struct dtd_terms terms;
};

struct dtd_contributions_kind {
  struct dtd_contributions *(*create)(const struct dtd_weights *weights,
                                      const struct dtd_terms *terms);
  void (*update)(struct dtd_contributions *c);
  void (*gather)(const struct dtd_active *active,
                 const struct dtd_contributions *c, int group, const float *x,
                 struct dtd_range range);
  void (*send)(float *R_i, const struct dtd_contributions *c,
               const struct dtd_active *active, const float *x, int piece,
               struct dtd_range range);
  void (*sum_parts)(double *sum, const struct dtd_contributions *c, int term);
  int (*pieces)(const struct dtd_contributions *c);
  void (*free)(struct dtd_contributions *c);
};

/* Of any matrix (inputs, units) whose values stand in its array. */
extern const struct dtd_contributions_kind dtd_panels;

#endif
