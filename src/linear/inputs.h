/* Inputs of a layer: dense rows, ink, or sums that are known already.

   A product reads the examples of a batch in the form that they are in; what
   calls it has no need to know which. Inputs are passed by value and borrow
   what they are made from.

   | paper          | C                     | shape           |
   |----------------|-----------------------|-----------------|
   | x_ni           | dtd_inputs_rows()     | (batch, inputs) |
   | sum_i x_ni w_ij| dtd_inputs_knowing(), in weights.h | (batch, units) | */
#ifndef DTD_INPUTS_H
#define DTD_INPUTS_H

#include "linear/batch_parts.h"

struct dtd_ink;
struct dtd_weights;

/* The fields are read in linear/ alone. */
struct dtd_inputs {
  int first, batch; /* examples first .. first + batch - 1 of what is read */
  const struct dtd_inputs_form *form;
  const void *at;
  const struct dtd_weights
      *summed_by;    /* weights whose sums are known, or null */
  const float *sums; /* (batch, units) */
  int units;         /* of those weights */
};

/* ---- create ---- */

/* Dense rows x (batch, inputs). */
struct dtd_inputs dtd_rows(const float *x, int batch);

/* All examples of `ink`. */
struct dtd_inputs dtd_inked(const struct dtd_ink *ink);

/* The examples of `range` alone. */
struct dtd_inputs dtd_inputs_range(struct dtd_inputs x, struct dtd_range range);

/* ---- inspect ---- */

/* x (batch, inputs) as dense rows; of ink they are written out at the first
   call. Dies when only sums are known. */
const float *dtd_inputs_rows(const struct dtd_inputs *x, int inputs);

/* How many parts threads may share, at least 1; part `index`, and in *range
   which examples it has. No result depends on how many threads there are. */
int dtd_inputs_parts(const struct dtd_inputs *x);
struct dtd_inputs dtd_inputs_part(const struct dtd_inputs *x, int index,
                                  struct dtd_range *range);

#endif
