/* Min-max whose context is the relevance of the other pools of its own layer.

   a_j = min(0, sum_k' R_k' v_k'j + d_j) over the pools k' other than that of j,
   whose own R_k is what it has to predict. No pool is nearer than another in a
   fully connected layer, so all others are neighbours. */
#include "relevance/models/top_down_model.h"

static int pools(const struct dtd_relevance_model *model) {
  return dtd_layer_outputs(&model->layer->shape);
}

static const float *read_pools(float *room,
                               const struct dtd_relevance_model *model,
                               const struct dtd_site *site) {
  (void)room, (void)model;
  return site->R_k;
}

/* v_kj = 0 for the pool k of j. */
static void leave_out_own(struct dtd_relevance_model *model) {
  int units = model->detection.shape.units, pool = model->detection.shape.pool;
  for (int j = 0; j < units; j++)
    model->top_down[(long)(j / pool) * units + j] = 0;
}

static const struct dtd_context other_pools = {.width = pools,
                                               .read = read_pools};
static const struct dtd_top_down neighbours = {.context = &other_pools,
                                               .constrain = leave_out_own};

const struct dtd_model_kind dtd_model_min_max_neighbours = {
    .name = "minmax-neighbours",
    .description = "min-max whose context is R_k of the other pools",
    .source = "ablation of Montavon et al. 2017, section 5.1",
    DTD_TOP_DOWN_MODEL(&neighbours),
};
