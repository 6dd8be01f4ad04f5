/* Min-max that starts from the network's own weights.

   v_ij = w_ij before the first step; then each learns on. */
#include "relevance/models/top_down_model.h"

#include <string.h>

static void copy_network(struct dtd_relevance_model *model) {
  size_t count =
      (size_t)model->layer->shape.inputs * (size_t)model->layer->shape.units;
  memcpy(model->detection.w, model->layer->w, count * sizeof(float));
}

static const struct dtd_top_down shared = {.context = &dtd_upper_units,
                                           .start = copy_network};

const struct dtd_model_kind dtd_model_min_max_shared = {
    .name = "minmax-shared",
    .description = "min-max whose v_ij start from the network's w_ij",
    .source = "ablation of Montavon et al. 2017, section 5.1",
    DTD_TOP_DOWN_MODEL(&shared),
};
