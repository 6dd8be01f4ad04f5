/* Explanations of a function of two inputs as a field of arrows (Fig. 1). */
#include "explain/vector_field.h"

#include <string.h>

#include "base/memory.h"
#include "explain/plane_function.h"

/* How far from the root, on the way to x, its derivative is taken. */
static const float TOWARDS_X = 0.001f;

float *dtd_plane_grid_new(int side, float low, float high) {
  float *x = dtd_new(2 * (size_t)side * (size_t)side, sizeof *x);
  double step = ((double)high - (double)low) / side;
  for (long n = 0; n < (long)side * side; n++) {
    x[2 * n] = (float)((double)low + (n % side + 0.5) * step);
    x[2 * n + 1] = (float)((double)low + (n / side + 0.5) * step);
  }
  return x;
}

/* R_p = df/dx_p(r) (x_p - r_p) (Eq. 5), r the nearest root and the derivative
   the one on the side of x. */
static void taylor(float *R, struct dtd_explainer *explainer, const float *x,
                   int count) {
  const struct dtd_explanation_settings *s = &explainer->settings;
  float *root = dtd_new(5 * (size_t)count, sizeof *root);
  float *beside = root + 2 * (size_t)count, *ones = beside + 2 * (size_t)count;
  for (long n = 0; n < count; n++) {
    dtd_plane_root(root + 2 * n, explainer->network, x + 2 * n, s->low,
                   s->high);
    ones[n] = 1;
  }
  for (long p = 0; p < 2L * count; p++)
    beside[p] = root[p] + TOWARDS_X * (x[p] - root[p]);
  dtd_forward(explainer->act, explainer->network, dtd_rows(beside, count));
  dtd_backward(NULL, 1, 0, R, explainer->d, explainer->network, explainer->act,
               ones);
  for (long p = 0; p < 2L * count; p++) R[p] *= x[p] - root[p]; /* Eq. 5 */
  dtd_free(root);
}

/* R_p = sigma_p(x_p) (Eq. 3). */
static void natural(float *R, struct dtd_explainer *explainer, const float *x,
                    int count) {
  dtd_forward(explainer->act, explainer->network, dtd_rows(x, count));
  dtd_natural_decomposition(R, explainer->network, explainer->act);
}

const struct dtd_field_explanation dtd_field_explanations[] = {
    {"sensitivity", "Sensitivity", true, false, NULL},
    {"natural", "Natural decomposition", false, false, natural},
    {"taylor", "Taylor (nearest root)", false, false, taylor},
    {"deep-taylor-free", "Deep Taylor (one layer)", false, true, NULL},
    {0},
};

bool dtd_field_exists(const struct dtd_network *network,
                      const char *explanation) {
  return strcmp(explanation, "natural") || dtd_is_natural_sum(network);
}

void dtd_vector_field(float *R, float *f, struct dtd_explainer *explainer,
                      const char *explanation, const float *x, int count) {
  const struct dtd_field_explanation *by = dtd_field_explanations;
  while (by->name && strcmp(by->name, explanation)) by++;
  if (by->name && by->arrows)
    by->arrows(R, explainer, x, count);
  else
    dtd_explain(R, NULL, explainer, dtd_method_find(explanation), x, count);
  dtd_forward(explainer->act, explainer->network, dtd_rows(x, count));
  memcpy(f, dtd_score(explainer->act), (size_t)count * sizeof *f);
}
