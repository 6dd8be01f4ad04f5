/* A control: the same relevance for every pixel, R_p = f(x) / d.

   It satisfies Eq. 1, being conservative and positive, and explains nothing
   (section 2). A metric by which it does well does not measure explanation. */
#include "explain/explainer.h"

static void explain(float *R_p, struct dtd_explainer *explainer, const float *x,
                    int batch) {
  (void)x;
  const float *f = explainer->f;
  long d = explainer->inputs;
  for (int n = 0; n < batch; n++) {
    float R_f = f[n] < 0 ? 0 : f[n]; /* a score below 0 is no relevance */
    for (long p = 0; p < d; p++) R_p[n * d + p] = R_f / (float)d;
  }
}

const struct dtd_method dtd_method_constant = {
    .name = "constant",
    .title = "Constant",
    .description = "control: f(x) in equal parts on all pixels",
    .meaning = "f(x) spread evenly over all pixels. Nothing is explained.",
    .source = "Montavon et al. 2017, Eq. 1",
    .conservative = true,
    .positive = true,
    .control = true,
    .explain = explain,
};
