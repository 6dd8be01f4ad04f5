/* Nodes with weights: what convolutions, matrices and scaled maps have in
   common.

       z_j = sum_i x_i w_ij + b_j        dL/dx_i = sum_j w_ij dL/dz_j

   b_j is one a map. A map that is scaled and shifted by itself,

       z_c(r, s) = a_c x_c(r, s) + b_c,

   is a convolution of 1 x 1 in as many groups as there are channels. Where its
   input comes from weights that nothing else reads, it is folded into them. */
#ifndef DTD_WEIGHTED_NODE_H
#define DTD_WEIGHTED_NODE_H

#include "network/node.h"

/* ---- create ---- */

/* Lets `node`, whose out is its input, be z_c = a_c x_c + b_c: copies of scale
   and shift (channels). */
void dtd_scaled_maps(struct dtd_node *node, const float *scale,
                     const float *shift);

/* w, b of `below` := a w, a b + b of `scaled`, whose input it computes. */
void dtd_fold_scaled_maps(struct dtd_node *below,
                          const struct dtd_node *scaled);

/* ---- compute: of every kind with weights ---- */

void dtd_weighted_forward(float *out, const struct dtd_node *node,
                          const float *const *in, int batch);
void dtd_weighted_backward(float *const *d_in, const struct dtd_node *node,
                           const float *const *in, const float *out,
                           const float *d_out, int batch);
double dtd_weighted_operations(const struct dtd_node *node);

#endif
