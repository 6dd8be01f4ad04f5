/* The reference fed with what tests have: floats, and the relevance models that
   are variants of the paper's. */
#ifndef DTD_TEST_REFERENCE_H
#define DTD_TEST_REFERENCE_H

#include "base/test.h"
#include "base/test_numbers.h"
#include "relevance/reference.h"
#include "relevance/relevance_model.h"

TEST_OWNS(reference)
TEST_OWNS(reference_model)
#define new_reference(...) own_reference(dtd_reference_new(__VA_ARGS__))
#define new_reference_model(...)                                               \
  own_reference_model(dtd_reference_model_new(__VA_ARGS__))

/* f(x) of an image in float. */
static inline double reference_score(struct dtd_reference *reference,
                                     const float *x) {
  widen(reference->layer[0].x_i, x, reference->layer[0].inputs);
  return dtd_reference_forward(reference, reference->layer[0].x_i);
}

/* df/dx_p by central differences. */
static inline double reference_slope(struct dtd_reference *reference, double *x,
                                     int p) {
  double before = x[p], h = 1e-6;
  x[p] = before + h;
  double above = dtd_reference_forward(reference, x);
  x[p] = before - h;
  double below = dtd_reference_forward(reference, x);
  x[p] = before;
  return (above - below) / (2 * h);
}

/* The relevance models that reference_relevance knows. */
static const char *const reference_models[] = {
    "training-free",     "training-free-live", "minmax",
    "minmax-no-context", "minmax-any-sign",    "minmax-pooled",
    "minmax-neighbours", "minmax-units",       "minmax-shared"};

enum { REFERENCE_MODELS = sizeof reference_models / sizeof *reference_models };

static inline bool reference_knows(const struct dtd_model_kind *kind) {
  for (int n = 0; n < REFERENCE_MODELS; n++)
    if (!strcmp(kind->name, reference_models[n])) return true;
  return false;
}

/* 5.2 with c_k not constant: R_j = x_j^q / (sum_{j' in pool k} x_j'^q) R_k; the
   largest x_j alone where q is infinite. */
static inline void reference_live(struct dtd_reference_layer *l) {
  int pool = l->units / l->pools;
  for (int j = 0; j < l->units; j++) {
    int k = j / pool;
    double x_k = dtd_reference_pool(l->x_j + k * pool, pool, l->q);
    double share = isinf(l->q) ? l->x_j[j] == x_k : pow(l->x_j[j] / x_k, l->q);
    l->R_j[j] = x_k > 0 ? share * l->R_k[k] : 0;
  }
}

/* y_j of a min-max model or of a variant, which has another context in place of
   R_l (upper), or an a_j of any sign. */
static inline void reference_units(struct dtd_reference_model *m,
                                   const char *kind, const double *x_i,
                                   const double *R_k, const double *R_l,
                                   int upper) {
  double sum = 0;
  for (int l = 0; l < upper; l++) sum += R_l[l] / sqrt(upper);
  if (!strcmp(kind, "minmax-pooled")) R_l = &sum;
  if (!strcmp(kind, "minmax-neighbours")) R_l = R_k;
  dtd_reference_min_max(m, x_i, R_l);
  for (int j = 0; j < m->units && !strcmp(kind, "minmax-any-sign"); j++) {
    double z = m->s_j[j];
    for (int i = 0; i < m->inputs; i++) z += x_i[i] * m->v[i * m->units + j];
    m->y_j[j] = fmax(0, z);
  }
}

/* R_j (own units) by a model that reference_knows, from x_i, x_j and R_k of its
   layer, and from R_l. */
static inline void reference_relevance(double *R_j,
                                       const struct dtd_relevance_model *model,
                                       struct dtd_reference_layer *layer,
                                       const double *R_l) {
  size_t size = (size_t)model->detection.shape.units * sizeof *R_j;
  if (model->kind->trained) {
    struct dtd_reference_model *m = dtd_reference_model_new(model);
    reference_units(m, model->kind->name, layer->x_i, layer->R_k, R_l,
                    model->upper_units);
    memcpy(R_j, m->y_j, size);
    dtd_reference_model_free(m);
  } else {
    if (!strcmp(model->kind->name, "training-free"))
      dtd_reference_training_free(layer);
    else
      reference_live(layer);
    memcpy(R_j, layer->R_j, size);
  }
}

/* The walk with the first layer explained by a model that reference_knows;
   R_p is layer[0].R_i. */
static inline void reference_decompose(struct dtd_reference *reference,
                                       const struct dtd_relevance_model *model,
                                       const char *first, double low,
                                       double high) {
  struct dtd_reference_layer *l = &reference->layer[0];
  int own = model->detection.shape.units;
  dtd_reference_decompose(reference, NULL, first, low, high);
  if (reference->layer[reference->depth - 1].x_k[0] == 0) return;
  double *R_j = dtd_new((size_t)own, sizeof *R_j);
  double *v = dtd_new((size_t)(l->inputs * own), sizeof *v);
  reference_relevance(R_j, model, l, l[1].R_j);
  widen(v, model->detection.w, (long)l->inputs * own);
  dtd_reference_rule(l->R_i, l->x_i, R_j, v, model->kind->trained ? NULL : l->b,
                     first, low, high, l->inputs, own);
  free(R_j);
  free(v);
}

#endif
