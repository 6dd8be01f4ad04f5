/* The training-free relevance model whose pooling ratio c_k is not held fixed.

   Section 5.2 writes R_k = (sum_j x_j) c_k d_k, where c_k = |x|_q / |x|_1 is
   the ratio of the pool's L^q and L^1 norms, and holds c_k as it is at x: then
   R_k is linear in the x_j and each gets x_j / sum_j' x_j' of it. Here c_k
   moves with the x_j, and d_k alone is constant: R_k = |x|_q d_k. This is
   homogeneous of degree one, so its first-order Taylor terms on the way from 0
   to x are the same for every root on that way and add up to R_k (Euler),

       R_j = x_j dR_k/dx_j = x_j (x_j / x_k)^(q-1) d_k
           = x_j^q / (sum_{j' in pool k} x_j'^q)  R_k .

   For q = 1 both are one; for max-pooling (q infinite) the first largest x_j
   takes it all, as in the chain rule. */
#include "relevance/relevance_model.h"

static void create(struct dtd_relevance_model *model, int upper_units,
                   int capacity) {
  (void)upper_units, (void)capacity;
  model->detection = *model->layer;
}

/* Shares of one pool, by the chain rule through it: dx_k/dx_j x_j / x_k. */
static void share_out(float *R_j, const float *x, float x_k, float R_k,
                      const struct dtd_layer *layer) {
  float sum = 0;
  dtd_unpool(R_j, 1, x, x_k, layer->shape.pool, layer->shape.norm);
  for (int j = 0; j < layer->shape.pool; j++) sum += R_j[j] *= x[j];
  for (int j = 0; j < layer->shape.pool; j++)
    R_j[j] = sum > 0 ? R_j[j] / sum * R_k : 0; /* sum is x_k but for rounding */
}

static void relevance(float *R_j, struct dtd_relevance_model *model,
                      const struct dtd_site *site) {
  int pool = model->layer->shape.pool;
  int pools = site->batch * dtd_layer_outputs(&model->layer->shape);
  for (int k = 0; k < pools; k++)
    share_out(R_j + (long)k * pool, site->x_j + (long)k * pool, site->x_k[k],
              site->R_k[k], model->layer);
}

const struct dtd_model_kind dtd_model_training_free_live = {
    .name = "training-free-live",
    .method = "deep-taylor-free-live",
    .description =
        "training-free with a pooling ratio c_k that is not constant",
    .source = "variant of Montavon et al. 2017, section 5.2",
    .conservative = true,
    .create = create,
    .relevance = relevance,
};
