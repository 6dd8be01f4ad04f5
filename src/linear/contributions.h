/* Sums over contributions q_ij = sum_t u_t(x_i) p_t(w_ij) of inputs to units.

   Each term is a function of the input times a function of the weight. With few
   units j that have any relevance, the active ones, two sums are asked for (n
   is the example, g a group of terms):

       N_nj = sum_i sum_{t in g} u_t(x_ni) p_t(w_ij)            gather
       R_ni = sum_t u_t(x_ni) sum_j S_nj p_t(w_ij)              send

   They exist for any storage of weights: p_t(w) is stored as w is, and then
   gather is an apply, send a transpose. A matrix has a faster way, panels.c.

   | derivation     | C                         | shape                        |
   |----------------|---------------------------|------------------------------|
   | u_t, p_t       | term[t].factor, part      | scalar functions             |
   | j, S_nj        | dtd_active_units()        | (active units)               |
   | N_nj           | dtd_active_denominators() | (active units)               |
 */
#ifndef DTD_CONTRIBUTIONS_H
#define DTD_CONTRIBUTIONS_H

#include "linear/batch_parts.h"
#include "linear/ink.h"
#include "linear/terms.h"
#include "linear/weights.h"

/* The active units of a batch, which the caller lists. */
struct dtd_active {
  int units, capacity;
  int *count;            /* (capacity) */
  struct dtd_spot *unit; /* (groups, capacity, units): j and S_j of those */
  float *N;              /* likewise */
};

struct dtd_contributions;

/* ---- create ---- */

/* Of one layer's weights, borrowed; their values are not read before
   dtd_contributions_update. */
struct dtd_contributions *
dtd_contributions_new(const struct dtd_weights *weights,
                      struct dtd_terms terms);

/* Reads the values, as they are now. */
void dtd_contributions_update(struct dtd_contributions *contributions);

/* ---- compute ---- */

/* N_j += sum_i sum_t u_t(x_i) p_t(w_ij) over the terms of one group, for the
   active units of the examples in `range`. */
void dtd_contributions_gather(const struct dtd_active *active,
                              const struct dtd_contributions *contributions,
                              int group, const float *x /* (batch, inputs) */,
                              struct dtd_range range);

/* R_i of the examples in `range` and of the inputs in piece `piece`; sums of
   different pieces do not meet. */
void dtd_contributions_send(float *R_i /* (batch, inputs) */,
                            const struct dtd_contributions *contributions,
                            const struct dtd_active *active,
                            const float *x /* (batch, inputs) */, int piece,
                            struct dtd_range range);

/* sum[j] = sum_i p_t(w_ij), for all units. */
void dtd_contributions_sum_parts(double *sum /* (units) */,
                                 const struct dtd_contributions *contributions,
                                 int term);

/* ---- inspect ---- */

/* Into how many pieces the inputs are cut, for threads to share. */
int dtd_contributions_pieces(const struct dtd_contributions *contributions);

/* Where one group of one example stands. */
static inline struct dtd_spot *dtd_active_units(const struct dtd_active *active,
                                                int group, int example) {
  return active->unit +
         ((long)group * active->capacity + example) * active->units;
}

static inline float *dtd_active_denominators(const struct dtd_active *active,
                                             int group, int example) {
  return active->N + ((long)group * active->capacity + example) * active->units;
}

/* ---- free ---- */

void dtd_contributions_free(struct dtd_contributions *contributions);

#endif
