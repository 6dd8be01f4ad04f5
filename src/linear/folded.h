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
   whose errors all inputs share, are double, and dtd_folded_settle now and then
   adds u to What, multiplies by g and computes c afresh.

   What is stored in panels of columns. A panel is read once for a whole batch,
   and written once in a step. Where it pays, each panel is an OpenMP task,
   which the threads of the caller's parallel region share, if it has one; no
   result depends on which thread computes a panel.

   | derivation  | C             | shape                        |
   |-------------|---------------|------------------------------|
   | W_pj        | w             | (inputs, units)              |
   | What_pj     | what          | (inputs, units), in panels   |
   | u_j, c_j    | u, column_sum | (units), padded with zeros   |
   | g           | factor        | scalar, never 0              |
*/
#ifndef DTD_FOLDED_H
#define DTD_FOLDED_H

#include <stdbool.h>

#include "linear/ink.h"

struct dtd_folded {
  float *w; /* (inputs, units), borrowed; W as of the last dtd_folded_write */
  int inputs, units, capacity;
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

/* ---- create ---- */

/* Borrows `w` (inputs, units) and reads it. Inputs have the background `low`;
   steps take up to `capacity` examples. */
struct dtd_folded *dtd_folded_new(float *w, int inputs, int units, float low,
                                  int capacity);

/* ---- compute ---- */

/* z (batch, units) = x W, for any number of examples. */
void dtd_folded_apply(float *z, const struct dtd_folded *folded,
                      const struct dtd_ink *ink);

/* W += scale x'd, for d (batch, units); the ink must be sorted. */
void dtd_folded_add(struct dtd_folded *folded, float scale,
                    const struct dtd_ink *ink, const float *d);

/* W *= keep, for keep >= 0. */
void dtd_folded_scale(struct dtd_folded *folded, double keep);

/* Bounds rounding: g and u join What, and the column sum is computed afresh. */
void dtd_folded_settle(struct dtd_folded *folded);

/* ---- between w and here ---- */

/* What = w, u = 0, g = 1. */
void dtd_folded_read(struct dtd_folded *folded);

/* w = g (What + 1 u'); the folded weights stay as they are. */
void dtd_folded_write(const struct dtd_folded *folded);

/* The exact state: What (inputs, units), u and the column sum as the two rows
   of `background` (2, units), and folded->factor, which the caller reads. */
void dtd_folded_save(float *what, double *background,
                     const struct dtd_folded *folded);
void dtd_folded_restore(struct dtd_folded *folded, const float *what,
                        const double *background, double factor);

/* ---- free ---- */

void dtd_folded_free(struct dtd_folded *folded);

#endif
