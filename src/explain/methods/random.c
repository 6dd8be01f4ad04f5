/* A control: positive random relevance that sums to f(x).

   R_p = f(x) u_p / sum_p' u_p' with u_p uniform on (0, 1], drawn from the
   stream "methods/random" whose seed is a hash of the image: the same image has
   the same heatmap in any batch, and of the model only f(x) counts. */
#include "explain/explainer.h"

#include "base/rng.h"

static void explain(float *R_p, struct dtd_explainer *explainer, const float *x,
                    int batch) {
  const float *f = explainer->f;
  long d = explainer->inputs;
#pragma omp parallel for schedule(static) if (batch > 1)
  for (int n = 0; n < batch; n++) {
    uint64_t seed = dtd_hash_bytes(x + n * d, (size_t)d * sizeof *x);
    struct dtd_rng rng = dtd_rng_open(seed, "methods/random", 0);
    struct dtd_rng again = rng; /* draws the same, once their sum is known */
    double sum = 0, R_f = f[n] < 0 ? 0 : (double)f[n];
    for (long p = 0; p < d; p++) sum += 1 - dtd_rng_uniform(&rng);
    for (long p = 0; p < d; p++) {
      double u = 1 - dtd_rng_uniform(&again);
      R_p[n * d + p] = (float)(R_f * u / sum);
    }
  }
}

const struct dtd_method dtd_method_random = {
    .name = "random",
    .title = "Random",
    .description = "control: f(x) in random parts on all pixels",
    .meaning = "f(x) spread over the pixels at random. Nothing is explained.",
    .source = "this project",
    .conservative = true,
    .positive = true,
    .control = true,
    .explain = explain,
};
