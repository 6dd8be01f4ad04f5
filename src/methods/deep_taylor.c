/* Deep Taylor decomposition, R_p by Eq. 6 with either relevance model. */
#include "../method.h"

#include <string.h>

enum { WORTH_THREADS = 32 }; /* examples that outweigh waking one */

/* What was walked stays there to inspect, so R_p is a copy. */
static void finish(float *R_p, struct dtd_explainer *explainer,
                   const struct dtd_decomposition *walked, int batch) {
  long inputs = explainer->network->layer[0].inputs;
  explainer->walked = walked;
#pragma omp parallel for schedule(static) if (batch >= WORTH_THREADS)
  for (int n = 0; n < batch; n++)
    memcpy(R_p + n * inputs, walked->R_i[0] + n * inputs,
           (size_t)inputs * sizeof *R_p);
}

static void explain_free(float *R_p, struct dtd_explainer *explainer,
                         const float *x, int batch) {
  (void)x;
  dtd_decompose(explainer->free, explainer->act, 0);
  finish(R_p, explainer, explainer->free, batch);
}

static void explain_min_max(float *R_p, struct dtd_explainer *explainer,
                            const float *x, int batch) {
  (void)x;
  dtd_image_batch_apply(explainer->z_j, explainer->images,
                        explainer->first_trained);
  dtd_decompose_knowing(explainer->trained, explainer->act, explainer->z_j);
  finish(R_p, explainer, explainer->trained, batch);
}

const struct dtd_method dtd_method_deep_taylor_min_max = {
    .name = "deep-taylor-minmax",
    .title = "Deep Taylor (min-max)",
    .description = "deep Taylor decomposition, trained relevance model",
    .source = "Montavon et al. 2017, section 5.1",
    .of_paper = true,
    .positive = true,
    .needs_minmax = true,
    .explain = explain_min_max,
};

const struct dtd_method dtd_method_deep_taylor_free = {
    .name = "deep-taylor-free",
    .title = "Deep Taylor (training-free)",
    .description = "deep Taylor decomposition, the network's own weights",
    .source = "Montavon et al. 2017, section 5.2",
    .of_paper = true,
    .conservative = true,
    .positive = true,
    .explain = explain_free,
};
