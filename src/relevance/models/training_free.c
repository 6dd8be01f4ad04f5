/* The training-free relevance model: R_k in proportion to activations.

   Section 5.2: R_k = (sum_j x_j) c_k d_k with c_k and d_k held constant, so

       R_j = x_j / (sum_{j' in pool k} x_j')  R_k

   and the weights that a rule decomposes are the network's own. */
#include "relevance/relevance_model.h"

static void create(struct dtd_relevance_model *model, int upper_units,
                   int capacity) {
  (void)upper_units, (void)capacity;
  model->detection = *model->layer;
}

/* sum_j x_j of one pool, which for q = 1 is x_k. */
static float pool_sum(const float *x, float x_k,
                      const struct dtd_layer *layer) {
  if (layer->shape.norm == 1) return x_k;
  float sum = 0;
  for (int j = 0; j < layer->shape.pool; j++) sum += x[j];
  return sum;
}

static void relevance(float *R_j, struct dtd_relevance_model *model,
                      const struct dtd_site *site) {
  int pool = model->layer->shape.pool;
  int pools = site->batch * dtd_layer_outputs(&model->layer->shape);
  for (int k = 0; k < pools; k++) {
    const float *x = site->x_j + (long)k * pool;
    float sum = pool_sum(x, site->x_k[k], model->layer);
    float R_k = sum > 0 ? site->R_k[k] : 0, whole = sum > 0 ? sum : 1;
    for (int j = 0; j < pool; j++) /* 5.2, first rule */
      R_j[(long)k * pool + j] = x[j] / whole * R_k;
  }
}

const struct dtd_model_kind dtd_model_training_free = {
    .name = "training-free",
    .method = "deep-taylor-free",
    .title = "training-free",
    .of_paper = true,
    .description = "R_k shared out in proportion to the activations of a pool",
    .meaning =
        "Relevance is passed down layer by layer without a trained model: it "
        "is shared in the proportion of the activations (section 5.2).",
    .source = "Montavon et al. 2017, section 5.2",
    .conservative = true,
    .create = create,
    .relevance = relevance,
};
