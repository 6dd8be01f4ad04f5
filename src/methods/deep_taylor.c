/* Deep Taylor decomposition, R_p by Eq. 6: one method for each relevance model.
 */
#include "../method.h"

#include <stdio.h>
#include <string.h>

/* Filled in from the models below, before any program starts. */
#define DTD_MODEL(symbol) struct dtd_method dtd_deep_taylor_##symbol;
#include "../models/registry.h"
#undef DTD_MODEL

/* In the order of dtd_model_kinds. */
#define DTD_MODEL(symbol) &dtd_deep_taylor_##symbol,
static struct dtd_method *const own[] = {
#include "../models/registry.h"
};
#undef DTD_MODEL

enum { OWN = sizeof own / sizeof *own, TEXT = DTD_MOST_MODEL_NAME + 64 };

static void explain(float *R_p, struct dtd_explainer *explainer, const float *x,
                    int batch) {
  (void)x;
  struct dtd_decomposition *decomposition =
      dtd_explainer_decomposition(explainer, explainer->method->model);
  dtd_decompose(decomposition, explainer->act, 0);
  explainer->walked = decomposition;
  memcpy(R_p, decomposition->R_i[0],
         (size_t)batch * (size_t)explainer->network->layer[0].inputs *
             sizeof *R_p);
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
      .source = model->source,
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
