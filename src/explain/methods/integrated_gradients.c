/* Integrated gradients: the mean gradient from black to x, times x - black.

   Sundararajan et al. 2017, Eq. 1, with the baseline x' all black (l):

       R_p = (x_p - x'_p) int_0^1 df/dx_p(x' + a (x - x')) da,

   the integral by the midpoint rule, a = (s + 1/2) / steps. Complete: the sum
   is f(x) - f(x') up to the steps, not f(x); f is piecewise linear, and each
   kink on the way costs at most its change of slope over the steps. */
#include "network/mean_gradient.h"
#include "explain/explainer.h"

#include "base/die.h"
#include "base/memory.h"
#include "base/region.h"

struct path {
  const float *x; /* (inputs): its end */
  float black;    /* every pixel of its beginning */
  long inputs;
  int steps;
};

static void image_at(float *image, int step, const void *context) {
  const struct path *path = context;
  double a = (step + 0.5) / path->steps, black = (double)path->black;
  for (long p = 0; p < path->inputs; p++)
    image[p] = (float)(black + a * ((double)path->x[p] - black));
}

/* R_p (inputs) of one image. */
static void explain_one(float *R_p, const struct dtd_explainer *explainer,
                        const float *x) {
  const struct dtd_explanation_settings *s = &explainer->settings;
  long inputs = explainer->network->layer[0].shape.inputs;
  struct path path = {x, s->low, inputs, s->integrated_steps};
  double *mean = dtd_new((size_t)inputs, sizeof *mean);
  dtd_mean_gradient(mean, explainer->network, image_at, &path, path.steps);
  for (long p = 0; p < inputs; p++) /* Eq. 1 of Sundararajan et al. */
    R_p[p] = (float)(mean[p] * ((double)x[p] - (double)s->low));
  dtd_free(mean);
}

static void explain(float *R_p, struct dtd_explainer *explainer, const float *x,
                    int batch) {
  const struct dtd_explanation_settings *s = &explainer->settings;
  long inputs = explainer->network->layer[0].shape.inputs;
  if (s->integrated_steps < 1)
    dtd_die(DTD_USAGE, "explanation.integrated_steps", "use 50, for example",
            "%d steps make no path", s->integrated_steps);
  struct dtd_region region = {0};
#pragma omp parallel for schedule(dynamic)
  for (int n = 0; n < batch; n++)
    DTD_GUARD (&region)
      explain_one(R_p + n * inputs, explainer, x + n * inputs);
  dtd_region_end(&region);
}

const struct dtd_method dtd_method_integrated_gradients = {
    .name = "integrated-gradients",
    .title = "Integrated gradients",
    .description = "the mean gradient from a black image to x, times x - black",
    .meaning = "The mean slope on the straight way from a black image, times "
               "the way. Sums to f(x) less f of black.",
    .source = "Sundararajan et al. 2017, Eq. 1",
    .perturbs = true,
    .explain = explain,
};
