/* A propagator runs a rule on one layer, at the cost of its active units.

   With the terms u_t(x_i) p_t(w_ij) of a rule (rule.h), n being the example,

       N_nj = sum_i sum_t u_t(x_ni) p_t(w_ij)     S_nj = R_nj / N_nj
       R_ni = sum_t u_t(x_ni) sum_j S_nj p_t(w_ij) .

   A rule with two groups of terms has one N and one S for each, which sums the
   terms of that group.

   Few units j have any relevance, so sums over j run over those alone, and N is
   needed for no other. linear/contributions.h has the sums, for any storage of
   the weights.

   Where the terms shift their input, u_t(x) = x - o_t, and their parts add up
   to the weight, sum_t p_t(w) = w, the denominator follows from the response
   z_j = sum_i x_i w_ij, which the forward pass knows:

       N_j = z_j - sum_t o_t sum_i p_t(w_ij) .

   For zB, o = l, h.

   | derivation     | C                   | shape                             |
   |----------------|---------------------|-----------------------------------|
   | x_i, R_i       | x, R_i              | (batch, inputs)                   |
   | z_j + b_j      | r_j                 | (batch, units)                    |
   | R_j, S_j       | R_j, S_j            | (batch, units)                    |
   | p_t(w_ij)      | contributions       | as the weights are stored         |
   | sum_t o_t ...  | shift               | (units)                           |

   Threads share the examples, and the pieces that inputs are cut into; no
   result depends on how many threads there are, nor an example's on its
   neighbours. */
#ifndef DTD_PROPAGATOR_H
#define DTD_PROPAGATOR_H

#include "network/network.h"
#include "relevance/rule.h"

struct dtd_propagator; /* a rule made ready for one layer's weights */

/* Borrows `layer`'s weights and biases; call dtd_propagator_update when they
   change. */
struct dtd_propagator *dtd_propagator_new(const struct dtd_rule *rule,
                                          const struct dtd_layer *layer,
                                          float low, float high, int capacity);
void dtd_propagator_update(struct dtd_propagator *propagator);

/* R_i from R_j, for up to `capacity` examples (Eq. 13, the z+- and zB-rules,
   Eq. 15). r_j = z_j + b_j of active units saves time where they are known; may
   be null. */
void dtd_propagate(float *R_i /* (batch, inputs) */,
                   struct dtd_propagator *propagator,
                   const float *x /* (batch, inputs) */,
                   const float *r_j /* (batch, units) */,
                   const float *R_j /* (batch, units) */, int batch);

/* The second half alone, R_i from S_j; of rules with one group of terms. */
void dtd_send(float *R_i /* (batch, inputs) */,
              struct dtd_propagator *propagator,
              const float *x /* (batch, inputs) */,
              const float *S_j /* (batch, units) */, int batch);

const struct dtd_rule *
dtd_propagator_rule(const struct dtd_propagator *propagator);

void dtd_propagator_free(struct dtd_propagator *propagator);

#endif
