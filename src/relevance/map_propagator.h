/* Runs a rule on weights all of whose units may be active, as of convolutions.

   The terms u_t(x_i) p_t(w_ij) of a rule (rule.h) are products with weights of
   the same storage, P_t = p_t(W), so that what runs on a matrix runs on a
   convolution as it is:

       N = max(0, b) + sum_t u_t(x) P_t      S = R_j / N
       R_i = sum_t u_t(x) (S P_t')

   (groups of terms, stabilisers and parameters as in propagator.h, which lists
   active units instead, for layers where few are). Where the terms shift their
   input, N follows from the response z_j. The box of the first layer is one
   interval a channel; padding is no input, u_t = 0 there, and earns nothing.

   | derivation | C     | shape                |
   |------------|-------|----------------------|
   | x_i, R_i   | x, R_i | (batch, inputs)     |
   | z_j        | z      | (batch, units), after b_j was added |
   | R_j        | R_j    | (batch, units)      |
   | b_j        | bias   | (maps), units / maps positions each |
   | l_i, h_i   | low, high | (channels), inputs / channels positions each | */
#ifndef DTD_MAP_PROPAGATOR_H
#define DTD_MAP_PROPAGATOR_H

#include "linear/weights.h"
#include "relevance/rule.h"

/* The domain of a layer's inputs: intervals [low_c, high_c], or, with low and
   high null, [0, infinity). */
struct dtd_box {
  int channels;
  const float *low, *high; /* (channels) */
};

struct dtd_map_propagator;

/* Borrows all but the rule's parts, which it computes. */
struct dtd_map_propagator *
dtd_map_propagator_new(const struct dtd_rule *rule,
                       const struct dtd_weights *weights, const float *bias,
                       int maps, struct dtd_box box, int capacity);

/* R_i from R_j. kept[n] (batch, may be null) = what the biases of example n
   keep, sum_j R_j max(0, b_j) / N_j. */
void dtd_map_propagate(float *R_i, double *kept,
                       struct dtd_map_propagator *propagator, const float *x,
                       const float *z, const float *R_j, int batch);

void dtd_map_propagator_free(struct dtd_map_propagator *propagator);

#endif
