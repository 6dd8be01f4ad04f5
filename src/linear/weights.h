/* Weights of a layer: a matrix W in a storage that makes its products fast.

   W (inputs, units) is a matrix as it stands, or one that follows from fewer
   values, as a convolution does (convolution.h).

   What stands above linear/ multiplies by W, by its transpose, and steps, and
   needs no more. How W is stored is a const descriptor, chosen once when the
   weights are made; there is no way to ask for it afterwards.

       apply        z = x W                     the forward pass
       transpose    d_x = d W'                  the backward pass, relevance
       accumulate   W += scale x'd              a step
       scale        W *= keep                   weight decay
       settle       W = W, rounding bounded

   The values of W stand in a caller's array, where model files, rules and tests
   read them: of a matrix w_ij at values[i * units + j], of a convolution as
   convolution.h has it. A storage may keep its own
   copy: dtd_weights_read takes it from the array, dtd_weights_write puts it
   back.

   To add a storage: one file that defines a const struct dtd_weights_kind
   (weights_kind.h) and a function that makes weights of it. */
#ifndef DTD_WEIGHTS_H
#define DTD_WEIGHTS_H

#include <stdbool.h>
#include <stddef.h>

#include "linear/inputs.h"

struct dtd_weights;
struct dtd_weights_kind;

/* The storages of a matrix (inputs, units); dtd_convolution_new makes weights
   of a storage of its own. */
extern const struct dtd_weights_kind dtd_plain;  /* plain.c: as the array is */
extern const struct dtd_weights_kind dtd_dense;  /* the same, on OpenBLAS: bits
                                                    differ between machines */
extern const struct dtd_weights_kind dtd_folded; /* folded.h: for sparse inputs
                                                    on one background */

/* ---- create ---- */

/* Borrows `values` (inputs, units) and reads them. Inputs mostly are `low`, and
   steps take up to `capacity` examples. */
struct dtd_weights *dtd_weights_new(const struct dtd_weights_kind *kind,
                                    float *values, int inputs, int units,
                                    float low, int capacity);

/* Weights of the same storage and sizes with other values, borrowed. */
struct dtd_weights *dtd_weights_like(const struct dtd_weights *weights,
                                     float *values);

/* ---- inputs whose sums are known ---- */

/* Nothing but sums z (batch, units) = x W by `weights`, which alone can be
   asked for. */
struct dtd_inputs dtd_sums(const float *z, const struct dtd_weights *weights,
                           int batch);

/* The same inputs, of which z (batch, units) = x W by `weights` is known, too,
   so that dtd_weights_apply copies it. */
struct dtd_inputs dtd_inputs_knowing(struct dtd_inputs x,
                                     const struct dtd_weights *weights,
                                     const float *z);

/* ---- compute ---- */

/* z (batch, units) = x W; where x knows the sums already, a copy of them. */
void dtd_weights_apply(float *z, const struct dtd_weights *weights,
                       const struct dtd_inputs *x);

/* d_x (batch, inputs) = d W', d (batch, units). */
void dtd_weights_transpose(float *d_x, const struct dtd_weights *weights,
                           const float *d, int batch);

/* W += scale x'd, d (batch, units). */
void dtd_weights_accumulate(struct dtd_weights *weights, float scale,
                            const struct dtd_inputs *x, const float *d);

/* W *= keep, keep >= 0: a double, since a float near 1 is too coarse. */
void dtd_weights_scale(struct dtd_weights *weights, double keep);

/* W stays what it is; what rounding has gathered since the last time goes. To
   be called now and then where steps are many. */
void dtd_weights_settle(struct dtd_weights *weights);

/* ---- the values ---- */

/* W = values, after something else has changed them. */
void dtd_weights_read(struct dtd_weights *weights);

/* values = W; products go on as if it had not been called. */
void dtd_weights_write(struct dtd_weights *weights);

/* ---- the exact state, for checkpoints ---- */

enum { DTD_MOST_STATES = 3 };

/* An array of the state. Without it W is not what it was, by rounding. */
struct dtd_weights_state {
  const char *suffix;   /* of its name: "", ".background" */
  bool wide;            /* double, otherwise float */
  bool usual;           /* as it is after dtd_weights_read: may be left out */
  void *at;             /* (rows, columns), to be freed with dtd_free */
  size_t rows, columns; /* columns 0 for a vector */
};

/* Fills in the arrays that W's state has beside its values; returns their
   number, 0 when the values say it all. */
int dtd_weights_save(struct dtd_weights_state state[DTD_MOST_STATES],
                     const struct dtd_weights *weights);

/* Puts back arrays of that layout. */
void dtd_weights_restore(struct dtd_weights *weights,
                         const struct dtd_weights_state *state);

/* ---- inspect ---- */

int dtd_weights_inputs(const struct dtd_weights *weights);
int dtd_weights_units(const struct dtd_weights *weights);

/* Whether values may also change outside of these functions while W is in use:
   such a step needs no dtd_weights_read. */
bool dtd_weights_kind_is_open(const struct dtd_weights_kind *kind);

/* ---- free ---- */

void dtd_weights_free(struct dtd_weights *weights);

#endif
