/* Integrated gradients: the mean gradient from black to x, times x - black.

   Sundararajan et al. 2017, Eq. 1, with the baseline x' all black (l):

       R_p = (x_p - x'_p) int_0^1 df/dx_p(x' + a (x - x')) da,

   the integral by the midpoint rule, a = (s + 1/2) / steps. Complete: the sum
   is f(x) - f(x') up to the steps, not f(x); f is piecewise linear, and each
   kink on the way costs at most its change of slope over the steps. */
#include "explain/explainer.h"

#include "base/die.h"
#include "base/memory.h"

struct path {
  const struct dtd_explainer *explainer;
  const float *x; /* (inputs): its end */
};

static void image_at(float *image, int step, const void *context) {
  const struct path *path = context;
  const struct dtd_explainer *e = path->explainer;
  double a = (step + 0.5) / e->settings.integrated_steps;
  for (long p = 0; p < e->inputs; p++) {
    double black = (double)e->low[p];
    image[p] = (float)(black + a * ((double)path->x[p] - black));
  }
}

/* R_p (inputs) of one image. */
static void explain_one(float *R_p, struct dtd_explainer *explainer,
                        const float *x, int n) {
  long inputs = explainer->inputs;
  struct path path = {explainer, x};
  double *mean = dtd_new((size_t)inputs, sizeof *mean);
  explainer->kind->mean_gradient(mean, explainer, n, image_at, &path,
                                 explainer->settings.integrated_steps);
  for (long p = 0; p < inputs; p++) /* Eq. 1 of Sundararajan et al. */
    R_p[p] = (float)(mean[p] * ((double)x[p] - (double)explainer->low[p]));
  dtd_free(mean);
}

static void explain(float *R_p, struct dtd_explainer *explainer, const float *x,
                    int batch) {
  const struct dtd_explanation_settings *s = &explainer->settings;
  if (s->integrated_steps < 1)
    dtd_die(DTD_USAGE, "explanation.integrated_steps", "use 50, for example",
            "%d steps make no path", s->integrated_steps);
  dtd_explain_each(R_p, explainer, x, batch, explain_one);
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
