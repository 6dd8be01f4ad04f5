/* The engine of the min-max family: R_k learned from the inputs and a context.

   Section 5.1, with a context C of numbers from above that a member of the
   family chooses, and as many units y_j in a pool as it likes:

       a_j    = min(ceiling, sum_c C_c v_cj + d_j)
       y_j    = max(0, sum_i x_i v_ij + a_j)
       Rhat_k = sum_{j in pool k} y_j

       minimise over v_ij, v_cj, d_j   < sum_k (Rhat_k - R_k)^2 >

   where R_k is the true relevance and C, R_k are data: no gradient leaves the
   model. The decomposition holds a_j constant, so R_j = y_j (Eq. 14). The paper
   has C = R_l and ceiling = 0. Each step is one of projected gradient descent
   where the member constrains its parameters.

   | paper       | C                    | shape            | in model files    |
   |-------------|----------------------|------------------|-------------------|
   | v_ij        | model->detection.w   | (inputs, units)  | NAME.weight       |
   | v_cj (v_lj) | model->top_down      | (width, units)   | NAME.top_down     |
   | d_j         | model->top_down_bias | (units)          | NAME.top_down_bias|
   | C_c (R_l)   | context              | (batch, width)   |                   |
   | a_j         | a                    | (batch, units)   |                   |
   | y_j         | y                    | (batch, units)   |                   |

   Subgradients: max(0, z) has derivative 0 at z = 0; min(ceiling, s) has
   derivative 1 at the ceiling, so that a top-down bias of exactly 0 can still
   learn to inhibit.

   To add a member: one file in models/ that defines a const struct dtd_top_down
   and a const struct dtd_model_kind with DTD_TOP_DOWN_MODEL(it), and one line
   in models/registry.h. */
#ifndef DTD_TOP_DOWN_MODEL_H
#define DTD_TOP_DOWN_MODEL_H

#include "relevance/relevance_model.h"

/* What a_j is computed from. */
struct dtd_context {
  /* How many numbers there are for each example. */
  int (*width)(const struct dtd_relevance_model *model);
  /* C (batch, width): something of the site's, or `room` once filled. */
  const float *(*read)(float *room /* (batch, width) */,
                       const struct dtd_relevance_model *model,
                       const struct dtd_site *site);
  bool sparse; /* mostly zeros, so that it pays to read them as ink */
};

/* R_l, the paper's. */
extern const struct dtd_context dtd_upper_units;

/* What sets a member of the family apart. */
struct dtd_top_down {
  const struct dtd_context *context; /* null for none: a_j = d_j */
  float ceiling;                     /* of a_j: 0, or INFINITY for any sign */
  /* Puts starting values other than N(0, deviation^2) into v_ij; or null. */
  void (*start)(struct dtd_relevance_model *model);
  /* Puts v_cj and d_j back to where they may be, after the start and after each
     step; or null. */
  void (*constrain)(struct dtd_relevance_model *model);
};

/* ---- the functions of a dtd_model_kind ---- */

void dtd_top_down_create(struct dtd_relevance_model *model, int upper_units,
                         int capacity);
void dtd_top_down_initialise(struct dtd_relevance_model *model, uint64_t seed,
                             double deviation, double top_down_deviation);
void dtd_top_down_relevance(float *R_j, struct dtd_relevance_model *model,
                            const struct dtd_site *site);
double dtd_top_down_learn(struct dtd_relevance_model *into, float scale,
                          struct dtd_relevance_model *model,
                          const struct dtd_site *site);

/* Designated initialisers of a dtd_model_kind for the member `member`. */
#define DTD_TOP_DOWN_MODEL(member)                                             \
  .trained = true, .top_down = (member), .create = dtd_top_down_create,        \
  .initialise = dtd_top_down_initialise, .relevance = dtd_top_down_relevance,  \
  .learn = dtd_top_down_learn

#endif
