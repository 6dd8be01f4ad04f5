/* SmoothGrad: the mean gradient over noisy copies of x.

   Smilkov et al. 2017: R_p = 1/n sum_s df/dx_p(x + e_s), e_s normal with a
   deviation that is a share of the pixels' range h - l. Noise leaves the box;
   nothing is clipped, as there. Sample s of an image reads stream
   "methods/smoothgrad", index s, of a seed that is a hash of the image: the
   same image has the same heatmap in any batch. The sign is kept. */
#include "explain/explainer.h"

#include "base/die.h"
#include "base/memory.h"
#include "base/rng.h"

struct noise {
  const struct dtd_explainer *explainer;
  const float *x; /* (inputs) */
  uint64_t seed;
};

static void image_at(float *image, int sample, const void *context) {
  const struct noise *noise = context;
  const struct dtd_explainer *e = noise->explainer;
  struct dtd_rng rng =
      dtd_rng_open(noise->seed, "methods/smoothgrad", (uint64_t)sample);
  for (long p = 0; p < e->inputs; p++) {
    double range = (double)e->high[p] - (double)e->low[p];
    double deviation = e->settings.smooth_deviation * range;
    image[p] = (float)((double)noise->x[p] + deviation * dtd_rng_normal(&rng));
  }
}

/* R_p (inputs) of one image. */
static void explain_one(float *R_p, struct dtd_explainer *explainer,
                        const float *x, int n) {
  long inputs = explainer->inputs;
  struct noise noise = {explainer, x,
                        dtd_hash_bytes(x, (size_t)inputs * sizeof *x)};
  double *mean = dtd_new((size_t)inputs, sizeof *mean);
  explainer->kind->mean_gradient(mean, explainer, n, image_at, &noise,
                                 explainer->settings.smooth_samples);
  for (long p = 0; p < inputs; p++) R_p[p] = (float)mean[p];
  dtd_free(mean);
}

static void explain(float *R_p, struct dtd_explainer *explainer, const float *x,
                    int batch) {
  const struct dtd_explanation_settings *s = &explainer->settings;
  if (s->smooth_samples < 1)
    dtd_die(DTD_USAGE, "explanation.smooth_samples", "use 50, for example",
            "%d samples have no mean", s->smooth_samples);
  dtd_explain_each(R_p, explainer, x, batch, explain_one);
}

const struct dtd_method dtd_method_smoothgrad = {
    .name = "smoothgrad",
    .title = "SmoothGrad",
    .description = "the mean gradient of f over noisy copies of x",
    .meaning = "The mean slope of f over noisy copies of the image. It is not "
               "made to sum to f.",
    .source = "Smilkov et al. 2017",
    .perturbs = true,
    .explain = explain,
};
