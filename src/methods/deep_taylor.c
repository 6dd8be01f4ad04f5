/* Deep Taylor decomposition, R_p by Eq. 6 with either relevance model. */
#include "../method.h"

#include <string.h>

static void explain(float *R_p, struct dtd_explainer *explainer,
                    struct dtd_decomposition *decomposition, int batch) {
  dtd_decompose(decomposition, explainer->act, 0);
  explainer->walked = decomposition;
  memcpy(R_p, decomposition->R_i[0],
         (size_t)batch * (size_t)explainer->network->layer[0].inputs *
             sizeof *R_p);
}

static void explain_free(float *R_p, struct dtd_explainer *explainer,
                         const float *x, int batch) {
  (void)x;
  explain(R_p, explainer, explainer->free, batch);
}

static void explain_min_max(float *R_p, struct dtd_explainer *explainer,
                            const float *x, int batch) {
  (void)x;
  explain(R_p, explainer, explainer->trained, batch);
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
