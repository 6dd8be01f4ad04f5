/* SmoothGrad: the mean gradient over noisy copies of x.

   Smilkov et al. 2017: R_p = 1/n sum_s df/dx_p(x + e_s), e_s normal with a
   deviation that is a share of the pixels' range h - l. Noise leaves the box;
   nothing is clipped, as there. Sample s of an image reads stream
   "methods/smoothgrad", index s, of a seed that is a hash of the image: the
   same image has the same heatmap in any batch. The sign is kept. */
#include "network/mean_gradient.h"
#include "explain/explainer.h"

#include "base/die.h"
#include "base/memory.h"
#include "base/rng.h"
#include "base/region.h"

struct noise {
  const float *x;   /* (inputs) */
  double deviation; /* in units of x */
  uint64_t seed;
  long inputs;
};

static void image_at(float *image, int sample, const void *context) {
  const struct noise *noise = context;
  struct dtd_rng rng =
      dtd_rng_open(noise->seed, "methods/smoothgrad", (uint64_t)sample);
  for (long p = 0; p < noise->inputs; p++)
    image[p] =
        (float)((double)noise->x[p] + noise->deviation * dtd_rng_normal(&rng));
}

/* R_p (inputs) of one image. */
static void explain_one(float *R_p, const struct dtd_explainer *explainer,
                        const float *x) {
  const struct dtd_explanation_settings *s = &explainer->settings;
  long inputs = explainer->network->layer[0].shape.inputs;
  double range = (double)s->high - (double)s->low;
  struct noise noise = {
      .x = x, .deviation = s->smooth_deviation * range, .inputs = inputs};
  noise.seed = dtd_hash_bytes(x, (size_t)inputs * sizeof *x);
  double *mean = dtd_new((size_t)inputs, sizeof *mean);
  dtd_mean_gradient(mean, explainer->network, image_at, &noise,
                    s->smooth_samples);
  for (long p = 0; p < inputs; p++) R_p[p] = (float)mean[p];
  dtd_free(mean);
}

static void explain(float *R_p, struct dtd_explainer *explainer, const float *x,
                    int batch) {
  const struct dtd_explanation_settings *s = &explainer->settings;
  long inputs = explainer->network->layer[0].shape.inputs;
  if (s->smooth_samples < 1)
    dtd_die(DTD_USAGE, "explanation.smooth_samples", "use 50, for example",
            "%d samples have no mean", s->smooth_samples);
  struct dtd_region region = {0};
#pragma omp parallel for schedule(dynamic)
  for (int n = 0; n < batch; n++)
    DTD_GUARD (&region)
      explain_one(R_p + n * inputs, explainer, x + n * inputs);
  dtd_region_end(&region);
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
