/* A weight matrix for sparse inputs, whose background is folded into a vector.

   An input is x_np = low + s_np with few s_np other than 0 (ink.h). Keep the
   weights of a layer as W = What + 1 u', the same u_j for every input p. Then

       (x W)_nj = sum_p s_np What_pj + (sum_p s_np + P low) u_j + low c_j,

   c_j = sum_p What_pj being the column sum and P the number of inputs, and a
   gradient x'D splits in the same way,

       (x'D)_pj = sum_n s_np D_nj + low sum_n D_nj,

   whose second part is the same for every p and so belongs to u. A step
   W += scale x'D is then

       What_pj += scale sum_n s_np D_nj            only rows p with ink
       u_j     += scale low sum_n D_nj
       c_j     += scale sum_n (sum_p s_np) D_nj .

   With a factor before all of it, W = g (What + 1 u'), multiplying every weight
   touches none: weight decay is g *= keep.

   This is exact but for rounding. What rounds like any float weight; u and c,
   whose errors all inputs share, are double, and settling now and then adds u
   to What, multiplies by g and computes c afresh.

   What is stored in panels of columns. A panel is read once for a whole batch,
   and written once in a step. Where it pays, each panel is an OpenMP task,
   which the threads of the caller's parallel region share, if it has one; no
   result depends on which thread computes a panel.

   | derivation  | C             | shape                        |
   |-------------|---------------|------------------------------|
   | W_pj        | base.values   | (inputs, units)              |
   | What_pj     | what          | (inputs, units), in panels   |
   | u_j, c_j    | u, column_sum | (units), padded with zeros   |
   | g           | factor        | scalar, never 0              |
*/
#ifndef DTD_FOLDED_H
#define DTD_FOLDED_H

#include <stdbool.h>

#include "linear/weights.h"
#include "linear/weights_kind.h"

/* For folded.c and its tests: what stands above linear/ sees weights alone. */
struct dtd_fold {
  struct dtd_weights base; /* its values: W as of the last write */
  bool written;            /* the values are W */
  int capacity;
  float low;
  const struct kernels *kernels; /* for this processor */
  int blocks;                    /* of columns, the last one padded */
  int panels;                    /* that the blocks make */
  float *what;                   /* What, panel after panel */
  double *u;                     /* (padded units) */
  double *column_sum;            /* (padded units) */
  double factor;
  float *scaled; /* scratch: scale D, panel after panel */
};

#endif
