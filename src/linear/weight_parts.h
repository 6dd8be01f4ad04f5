/* Weights p_t(w_ij) for the terms of a rule, in the storage that w has.

   What multiplies by w multiplies by these just as well, whether w is a matrix
   or a convolution. Terms with the same part share one copy, and a part that is
   the weight itself needs none. */
#ifndef DTD_WEIGHT_PARTS_H
#define DTD_WEIGHT_PARTS_H

#include "linear/terms.h"
#include "linear/weights.h"

struct dtd_weight_parts;

/* Borrows `weights`; their values are not read before dtd_weight_parts_read. */
struct dtd_weight_parts *dtd_weight_parts_new(const struct dtd_weights *weights,
                                              const struct dtd_terms *terms);

/* Reads the values, as they are now. */
void dtd_weight_parts_read(struct dtd_weight_parts *parts);

/* p_t(w). */
const struct dtd_weights *
dtd_weight_parts_at(const struct dtd_weight_parts *parts, int term);

void dtd_weight_parts_free(struct dtd_weight_parts *parts);

#endif
