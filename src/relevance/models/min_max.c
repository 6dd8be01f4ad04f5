/* The min-max relevance model: R_k learned from inputs and top-down context.

   Section 5.1: a_j = min(0, sum_l R_l v_lj + d_j), with pools of as many units
   as the network's. */
#include "relevance/models/top_down_model.h"

static const struct dtd_top_down min_max = {.context = &dtd_upper_units};

const struct dtd_model_kind dtd_model_min_max = {
    .name = "minmax",
    .title = "min–max",
    .of_paper = true,
    .description = "R_k learned from the inputs with a top-down inhibition",
    .meaning = "Relevance is passed down layer by layer; the first layer’s is "
               "predicted by a relevance model trained beside the network "
               "(section 5.1).",
    .source = "Montavon et al. 2017, section 5.1",
    DTD_TOP_DOWN_MODEL(&min_max),
};
