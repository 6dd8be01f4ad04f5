/* Min-max whose context may also excite: a_j of either sign.

   a_j = sum_l R_l v_lj + d_j. Section 5.1 takes the minimum with 0 so that a
   root of R_j exists: where a_j > 0, a unit may be on for every valid input,
   and the root that a rule stands for need not exist. The rule then still sends
   down all of R_j, in the same proportions. */
#include "relevance/models/top_down_model.h"

#include <math.h>

static const struct dtd_top_down any_sign = {.context = &dtd_upper_units,
                                             .ceiling = INFINITY};

const struct dtd_model_kind dtd_model_min_max_any_sign = {
    .name = "minmax-any-sign",
    .description = "min-max with a_j of either sign",
    .source = "ablation of Montavon et al. 2017, section 5.1",
    DTD_TOP_DOWN_MODEL(&any_sign),
};
