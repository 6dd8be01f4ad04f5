/* Min-max with a number of units y_j in each pool that is not the network's.

   minmax.units_per_pool says how many. */
#include "relevance/models/top_down_model.h"

static const struct dtd_top_down units = {.context = &dtd_upper_units};

const struct dtd_model_kind dtd_model_min_max_units = {
    .name = "minmax-units",
    .description = "min-max with minmax.units_per_pool units y_j in a pool",
    .source = "ablation of Montavon et al. 2017, section 5.1",
    .own_pool = true,
    DTD_TOP_DOWN_MODEL(&units),
};
