/* Runs a rule on weights all of whose units may be active, as of convolutions.

   The terms u_t(x_i) p_t(w_ij) of a rule (rule.h) are products with weights of
   the same storage, P_t = p_t(W), so that what runs on a matrix runs on a
   convolution as it is:

       N = max(0, b) + sum_t u_t(x) P_t      S = R_j / N
       R_i = sum_t u_t(x) (S P_t')

   (groups of terms, stabilisers and parameters as in propagator.h, which lists
   active units instead, for layers where few are). The box of the first layer
   is one interval a channel; padding is no input, u_t = 0 there, and earns
   nothing.

   The first product is saved where N is known without it. Terms that shift
   their input, u_t(x) = x - o_t, whose parts add up to the weight, have
   N = z - b + max(0, b) - sum_t o_t P_t: the response z is the forward pass's,
   and the last sum is the same for every x. But z may be rectified, and a
   unit that is off may still have relevance from above; so an example in which
   z_j = 0 and R_j is not has its N by the product. And where no term looks at
   its input, N is the same for every x.

   | derivation | C         | shape                                          |
   |------------|-----------|------------------------------------------------|
   | x_i, R_i   | x, R_i    | (batch, inputs)                                |
   | z_j + b_j  | r_j       | (batch, units), rectified or not               |
   | R_j        | R_j       | (batch, units)                                 |
   | b_j        | bias      | (maps), each of units / maps positions         |
   | l_i, h_i   | low, high | (channels), each of inputs / channels positions|

   A propagator is not changed by its use, and several threads may use it at
   once, each with a scratch of its own. Elementwise work is shared out as
   products are (linear/threads.h). No result depends on the threads, nor an
   example's on its neighbours. */
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
struct dtd_map_scratch;

/* ---- create ---- */

/* Borrows `weights` alone, whose values it reads; bias null is zeros. */
struct dtd_map_propagator *
dtd_map_propagator_new(const struct dtd_rule *rule,
                       const struct dtd_weights *weights, const float *bias,
                       int maps, struct dtd_box box);

/* What `count` propagators, null ones left out, need in turn for up to
   `capacity` examples. */
struct dtd_map_scratch *
dtd_map_scratch_new(const struct dtd_map_propagator *const *propagators,
                    int count, int capacity);

/* ---- compute ---- */

/* R_i from R_j. kept[n] (batch, may be null) = what the biases of example n
   keep, sum_j R_j max(0, b_j) / N_j. r_j may be null. Takes no memory but what
   products do. */
void dtd_map_propagate(float *R_i, double *kept,
                       const struct dtd_map_propagator *propagator,
                       struct dtd_map_scratch *scratch, const float *x,
                       const float *r_j, const float *R_j, int batch);

/* ---- inspect ---- */

const struct dtd_rule *
dtd_map_propagator_rule(const struct dtd_map_propagator *propagator);

/* ---- free ---- */

void dtd_map_propagator_free(struct dtd_map_propagator *propagator);
void dtd_map_scratch_free(struct dtd_map_scratch *scratch);

#endif
