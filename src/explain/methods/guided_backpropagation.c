/* Guided backpropagation: the gradient, but negative signals stop at each unit.

   Springenberg et al. 2015, section 3.4: on the way down a unit passes on what
   arrives only where it is on and what arrives is positive,

       d_j = [x_j > 0] max(0, dx_k/dx_j d_k),    d_i = sum_j w_ij d_j,

   d_f = 1, and R_p = d_p, of either sign. No gradient of any function, and no
   part of f(x). */
#include "explain/explainer.h"

/* d_i (batch, inputs) of one layer from its pools' d_k. */
static void descend(float *d_i, float *d_j, const float *d_k,
                    const struct dtd_layer *layer, const float *x_j,
                    const float *x_k, int batch) {
  int pools = dtd_layer_outputs(&layer->shape);
  for (long k = 0; k < (long)batch * pools; k++)
    dtd_unpool(d_j + k * layer->shape.pool, d_k[k], x_j + k * layer->shape.pool,
               x_k[k], layer->shape.pool, layer->shape.norm);
  for (long j = 0; j < (long)batch * layer->shape.units; j++)
    if (!(x_j[j] > 0 && d_j[j] > 0)) d_j[j] = 0;
  dtd_weights_transpose(d_i, layer->weights, d_j, batch);
}

static void explain(float *R_p, struct dtd_explainer *explainer, const float *x,
                    int batch) {
  (void)x;
  const struct dtd_network *network = explainer->network;
  const struct dtd_activations *act = explainer->act;
  struct dtd_activations *d = explainer->d;
  int top = network->depth - 1;
  for (int n = 0; n < batch; n++) d->pooled[top][n] = 1;
  for (int l = top; l >= 0; l--)
    descend(l ? d->pooled[l - 1] : R_p, d->detection[l], d->pooled[l],
            &network->layer[l], act->detection[l], act->pooled[l], batch);
}

const struct dtd_method dtd_method_guided_backpropagation = {
    .name = "guided-backpropagation",
    .title = "Guided backpropagation",
    .description = "the gradient of f, stopped at units where it is negative",
    .meaning = "The slope of f, but negative signals stop at each unit on the "
               "way down.",
    .source = "Springenberg et al. 2015, section 3.4",
    .explain = explain,
};
