/* Min-max without context: each unit's inhibition is a constant.

   a_j = d_j <= 0, what section 5.1 would be if nothing came from above. As a_j
   is the same for every input, d_j is kept at 0 or below, like the network's
   b_j: a unit whose d_j went above would never learn again. */
#include "relevance/models/top_down_model.h"

static void keep_nonpositive(struct dtd_relevance_model *model) {
  float *d = model->top_down_bias;
  for (int j = 0; j < model->detection.shape.units; j++)
    d[j] = d[j] < 0 ? d[j] : 0;
}

static const struct dtd_top_down no_context = {.constrain = keep_nonpositive};

const struct dtd_model_kind dtd_model_min_max_no_context = {
    .name = "minmax-no-context",
    .description = "min-max with a constant inhibition, a_j = d_j <= 0",
    .source = "ablation of Montavon et al. 2017, section 5.1",
    DTD_TOP_DOWN_MODEL(&no_context),
};
