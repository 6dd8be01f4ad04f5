/* Min-max whose context is the upper layer pooled into one number.

   a_j = min(0, C v_j + d_j) with C = sum_l R_l / sqrt(n), n upper units: in the
   paper's network sum_l R_l is f(x), what the upper layer pools into. The unit
   vector (1, ..., 1) / sqrt(n) makes this section 5.1 with all v_lj of a unit j
   held equal, learning as fast as they would. */
#include "relevance/models/top_down_model.h"

#include <math.h>

static int one(const struct dtd_relevance_model *model) {
  (void)model;
  return 1;
}

static const float *pool(float *room, const struct dtd_relevance_model *model,
                         const struct dtd_site *site) {
  int n = model->upper_units;
  const float *R_l = site->R_l;
  for (int example = 0; example < site->batch; example++, R_l += n) {
    double sum = 0;
    for (int l = 0; l < n; l++) sum += (double)R_l[l];
    room[example] = (float)(sum / sqrt(n));
  }
  return room;
}

static const struct dtd_context pooled_upper_units = {.width = one,
                                                      .read = pool};
static const struct dtd_top_down pooled = {.context = &pooled_upper_units};

const struct dtd_model_kind dtd_model_min_max_pooled = {
    .name = "minmax-pooled",
    .description = "min-max whose context is the upper layer's sum alone",
    .source = "ablation of Montavon et al. 2017, section 5.1",
    DTD_TOP_DOWN_MODEL(&pooled),
};
