/* Deep Taylor decomposition: one method for each relevance model.

   The relevance of the output, f(x), is handed down layer by layer,

       R_i = sum_j R_ij,    R_ij = dR_j/dx_i(x~_j) (x_i - x~_i,j),

   each unit j being expanded at a root x~_j of its own (section 3, Eq. 6). The
   relevance model says how R_j depends on the layer's inputs, the rules where
   the roots are (relevance/decomposition.h). */
#include "explain/explainer.h"

#include <stdio.h>

/* describe_all fills these in before main. */
#define DTD_MODEL(symbol) struct dtd_method dtd_deep_taylor_##symbol;
#include "relevance/models/registry.h"
#undef DTD_MODEL

/* In the order of dtd_model_kinds. */
#define DTD_MODEL(symbol) &dtd_deep_taylor_##symbol,
static struct dtd_method *const own[] = {
#include "relevance/models/registry.h"
};
#undef DTD_MODEL

enum { OWN = sizeof own / sizeof *own, TEXT = DTD_MOST_MODEL_NAME + 64 };

static void explain(float *R_p, struct dtd_explainer *explainer, const float *x,
                    int batch) {
  (void)x;
  explainer->kind->decompose(R_p, explainer, batch);
}

static void describe(struct dtd_method *method, char text[2][TEXT],
                     const struct dtd_model_kind *model) {
  snprintf(text[0], TEXT, "deep-taylor-%s", model->name);
  snprintf(text[1], TEXT, "Deep Taylor (%s)",
           model->title ? model->title : model->name);
  *method = (struct dtd_method){
      .name = model->method ? model->method : text[0],
      .title = text[1],
      .description = model->description,
      .meaning = model->meaning,
      .source = model->source,
      .of_paper = model->of_paper,
      .conservative = model->conservative,
      .positive = true,
      .model = model,
      .explain = explain,
  };
}

__attribute__((constructor)) static void describe_all(void) {
  static char text[OWN][2][TEXT];
  for (int n = 0; n < OWN; n++) describe(own[n], text[n], dtd_model_kinds[n]);
}
