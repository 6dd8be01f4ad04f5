/* What a storage of weights defines, for the files that define one. */
#ifndef DTD_WEIGHTS_KIND_H
#define DTD_WEIGHTS_KIND_H

#include <stddef.h>

#include "linear/product.h"

struct dtd_inputs;
struct dtd_weights_state;

/* Each storage has a struct that begins with this. */
struct dtd_weights {
  const struct dtd_weights_kind *kind;
  float *values; /* borrowed */
  size_t count;  /* of values: inputs units where each stands there */
  int inputs, units;
};

struct dtd_contributions_kind; /* contributions_kind.h */

/* What may be null does nothing, as is right where values are all there is. */
struct dtd_weights_kind {
  const char *name;
  /* Of a matrix; null when the storage has a function of its own. */
  struct dtd_weights *(*create)(float *values, int inputs, int units, float low,
                                int capacity);
  struct dtd_weights *(*like)(const struct dtd_weights *w, float *values);
  void (*apply)(float *z, const struct dtd_weights *w,
                const struct dtd_inputs *x);
  void (*transpose)(float *d_x, const struct dtd_weights *w, const float *d,
                    int batch);
  void (*accumulate)(struct dtd_weights *w, float scale,
                     const struct dtd_inputs *x, const float *d);
  void (*scale)(struct dtd_weights *w, double keep);
  void (*settle)(struct dtd_weights *w); /* or null */
  void (*read)(struct dtd_weights *w);   /* or null: the products read the
                                            values themselves */
  void (*write)(struct dtd_weights *w);  /* or null: these are what they are */
  int (*save)(struct dtd_weights_state *state, const struct dtd_weights *w);
  void (*restore)(struct dtd_weights *w, const struct dtd_weights_state *state);
  void (*free)(struct dtd_weights *w); /* null when one allocation is all */
  /* The product of matrices as they stand; null where there is none. */
  void (*multiply)(float *out, float keep, float scale, struct dtd_view a,
                   struct dtd_view b);
  /* A fast way to run rules; null for apply and transpose. */
  const struct dtd_contributions_kind *contributions;
};

#endif
