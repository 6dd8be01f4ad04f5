/* Slow twins in double, one plain loop an equation, for tests to compare with.

   Nothing here shares code with the library: no BLAS, no batches, no float. One
   example at a time; arrays hold doubles, weights are read as w[i][j] at
   w[i * units + j]. */
#ifndef DTD_PLAIN_TWIN_H
#define DTD_PLAIN_TWIN_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "network/network.h"
#include "relevance/relevance_model.h"
#include "base/rng.h"

enum { TWIN_WIDTH = 2048 };

/* One example's activations, derivatives and relevances. */
struct twin {
  double x[DTD_MOST_LAYERS + 1][TWIN_WIDTH];   /* x[0] input, x[n+1] pooled n */
  double z[DTD_MOST_LAYERS][TWIN_WIDTH];       /* before the rectifier */
  double a[DTD_MOST_LAYERS][TWIN_WIDTH];       /* detection */
  double d_x[DTD_MOST_LAYERS + 1][TWIN_WIDTH]; /* df/dx, places as in x */
  double d_z[DTD_MOST_LAYERS][TWIN_WIDTH];     /* df/dz */
  double R_i[DTD_MOST_LAYERS + 1][TWIN_WIDTH]; /* of x; R_i[0] is R_p */
  double R_j[DTD_MOST_LAYERS][TWIN_WIDTH];     /* of detection */
};

/* ---- the network ---- */

static inline double twin_pool(const double *a, int count, double q) {
  double sum = 0, largest = 0;
  for (int j = 0; j < count; j++) largest = fmax(largest, a[j]);
  if (isinf(q)) return largest;
  for (int j = 0; j < count; j++) sum += pow(a[j], q);
  return pow(sum, 1 / q);
}

/* Eq. 7 in every layer; returns f(x). */
static inline double twin_forward(struct twin *t, const struct dtd_network *net,
                                  const double *input) {
  memcpy(t->x[0], input, (size_t)net->layer[0].inputs * sizeof *input);
  for (int n = 0; n < net->depth; n++) {
    const struct dtd_layer *l = &net->layer[n];
    for (int j = 0; j < l->units; j++) {
      double z = (double)l->b[j];
      for (int i = 0; i < l->inputs; i++)
        z += t->x[n][i] * (double)l->w[(long)i * l->units + j];
      t->z[n][j] = z;
      t->a[n][j] = fmax(0, z);
    }
    for (int k = 0; k < l->units / l->pool; k++)
      t->x[n + 1][k] =
          twin_pool(t->a[n] + k * l->pool, l->pool, (double)l->norm);
  }
  return t->x[net->depth][0];
}

/* dx_k/dx_j of one pool. */
static inline double twin_unpool(const double *a, int j, double x_k, double q) {
  if (isinf(q)) return a[j] == x_k;
  return x_k > 0 ? pow(a[j] / x_k, q - 1) : q == 1;
}

/* df/dz and df/dx in every layer, after twin_forward. */
static inline void twin_backward(struct twin *t,
                                 const struct dtd_network *net) {
  t->d_x[net->depth][0] = 1;
  for (int n = net->depth - 1; n >= 0; n--) {
    const struct dtd_layer *l = &net->layer[n];
    for (int j = 0; j < l->units; j++) {
      int k = j / l->pool;
      double slope = twin_unpool(t->a[n] + k * l->pool, j % l->pool,
                                 t->x[n + 1][k], (double)l->norm);
      t->d_z[n][j] = t->z[n][j] > 0 ? slope * t->d_x[n + 1][k] : 0;
    }
    for (int i = 0; i < l->inputs; i++) {
      t->d_x[n][i] = 0;
      for (int j = 0; j < l->units; j++)
        t->d_x[n][i] += (double)l->w[(long)i * l->units + j] * t->d_z[n][j];
    }
  }
}

/* ---- relevance ---- */

/* q_ij as section 4 prints it. */
static inline double twin_q(const char *rule, double x, double w, double low,
                            double high) {
  if (!strcmp(rule, "w^2")) return w * w;
  if (!strcmp(rule, "z+")) return x * fmax(0, w);
  if (!strcmp(rule, "zB")) return x * w - low * fmax(0, w) - high * fmin(0, w);
  return NAN;
}

/* R_i = sum_j q_ij / (sum_i' q_i'j) R_j, where 6.2 adds max(0, b_j) to the sum
   for rules of inputs. */
static inline void twin_rule(double *R_i, const double *x, const double *R_j,
                             const struct dtd_layer *l, const char *rule,
                             double low, double high) {
  for (int i = 0; i < l->inputs; i++) R_i[i] = 0;
  for (int j = 0; j < l->units; j++) {
    double whole = strcmp(rule, "w^2") ? fmax(0, (double)l->b[j]) : 0;
    if (!(R_j[j] > 0)) continue;
    for (int i = 0; i < l->inputs; i++)
      whole +=
          twin_q(rule, x[i], (double)l->w[(long)i * l->units + j], low, high);
    for (int i = 0; i < l->inputs; i++)
      R_i[i] +=
          twin_q(rule, x[i], (double)l->w[(long)i * l->units + j], low, high) /
          whole * R_j[j];
  }
}

/* 5.2: R_j = x_j / (sum_{j' in pool k} x_j') R_k. */
static inline void twin_training_free(double *R_j, const double *a,
                                      const double *R_k,
                                      const struct dtd_layer *l) {
  for (int j = 0; j < l->units; j++) {
    int k = j / l->pool;
    double sum = 0;
    for (int other = k * l->pool; other < (k + 1) * l->pool; other++)
      sum += a[other];
    R_j[j] = sum > 0 ? a[j] / sum * R_k[k] : 0;
  }
}

/* 5.2 with c_k not constant: R_j = x_j^q / (sum_{j' in pool k} x_j'^q) R_k; the
   largest x_j alone where q is infinite. */
static inline void twin_live(double *R_j, const double *a, const double *R_k,
                             const struct dtd_layer *l) {
  for (int j = 0; j < l->units; j++) {
    int k = j / l->pool;
    double sum = 0, largest = 0, q = (double)l->norm;
    for (int other = k * l->pool; other < (k + 1) * l->pool; other++) {
      sum += pow(a[other], q);
      largest = fmax(largest, a[other]);
    }
    double share = isinf(q) ? a[j] == largest : pow(a[j], q) / sum;
    R_j[j] = largest > 0 ? share * R_k[k] : 0;
  }
}

/* 5.1 with any context C:
   y_j = max(0, sum_i x_i v_ij + min(ceiling, sum_c C_c v_cj + d_j)). */
static inline void twin_from_context(double *y, const double *x,
                                     const double *C, int width, double ceiling,
                                     const struct dtd_relevance_model *m) {
  int inputs = m->layer->inputs, units = m->detection.units;
  for (int j = 0; j < units; j++) {
    double a = (double)m->top_down_bias[j], z = 0;
    for (int c = 0; c < width; c++)
      a += C[c] * (double)m->top_down[(long)c * units + j];
    for (int i = 0; i < inputs; i++)
      z += x[i] * (double)m->detection.w[(long)i * units + j];
    y[j] = fmax(0, z + fmin(ceiling, a));
  }
}

static inline void twin_min_max(double *y, const double *x, const double *R_l,
                                const struct dtd_relevance_model *m) {
  twin_from_context(y, x, R_l, m->upper_units, 0, m);
}

/* The kinds of relevance models that twin_model knows. */
static const char *const twin_kinds[] = {
    "training-free",     "training-free-live", "minmax",
    "minmax-no-context", "minmax-any-sign",    "minmax-pooled",
    "minmax-neighbours", "minmax-units",       "minmax-shared"};

static inline bool twin_knows(const struct dtd_model_kind *kind) {
  for (size_t n = 0; n < sizeof twin_kinds / sizeof *twin_kinds; n++)
    if (!strcmp(kind->name, twin_kinds[n])) return true;
  return false;
}

/* R_j by a relevance model that twin_knows; `a` are the x_j of its layer. */
static inline void twin_model(double *R_j, const struct dtd_relevance_model *m,
                              const double *x, const double *a,
                              const double *R_k, const double *R_l) {
  const char *name = m->kind->name;
  const struct dtd_layer *l = m->layer;
  double f = 0;
  if (!strcmp(name, "training-free")) {
    twin_training_free(R_j, a, R_k, l);
  } else if (!strcmp(name, "training-free-live")) {
    twin_live(R_j, a, R_k, l);
  } else if (!strcmp(name, "minmax-no-context")) {
    twin_from_context(R_j, x, NULL, 0, 0, m);
  } else if (!strcmp(name, "minmax-any-sign")) {
    twin_from_context(R_j, x, R_l, m->upper_units, INFINITY, m);
  } else if (!strcmp(name, "minmax-pooled")) {
    for (int n = 0; n < m->upper_units; n++) f += R_l[n] / sqrt(m->upper_units);
    twin_from_context(R_j, x, &f, 1, 0, m);
  } else if (!strcmp(name, "minmax-neighbours")) {
    twin_from_context(R_j, x, R_k, l->units / l->pool, 0, m);
  } else {
    twin_min_max(R_j, x, R_l, m);
  }
}

/* Every R_j and R_i, after twin_forward: z+ in the upper layers and `first` in
   the first, which `own` explains when it is not null. f(x) = 0 leaves nothing
   to explain. */
static inline void twin_decompose(struct twin *t, const struct dtd_network *net,
                                  const struct dtd_relevance_model *own,
                                  const char *first, double low, double high) {
  t->R_i[net->depth][0] = t->x[net->depth][0];
  for (int n = net->depth - 1; n >= 0; n--) {
    const struct dtd_layer *l = &net->layer[n];
    bool by_own = n == 0 && own;
    if (by_own && t->R_i[net->depth][0] > 0)
      twin_model(t->R_j[0], own, t->x[0], t->a[0], t->R_i[1], t->R_j[1]);
    else if (by_own)
      for (int j = 0; j < own->detection.units; j++) t->R_j[0][j] = 0;
    else
      twin_training_free(t->R_j[n], t->a[n], t->R_i[n + 1], l);
    twin_rule(t->R_i[n], t->x[n], t->R_j[n], by_own ? &own->detection : l,
              n ? "z+" : first, low, high);
  }
}

/* ---- numbers ---- */

/* Largest |a - b| relative to the largest |b|; NaN when one of either is. */
static inline double twin_distance(const float *a, const double *b,
                                   long count) {
  double difference = 0, largest = 0;
  for (long i = 0; i < count; i++) {
    if (isnan((double)a[i] - b[i])) return NAN;
    difference = fmax(difference, fabs((double)a[i] - b[i]));
    largest = fmax(largest, fabs(b[i]));
  }
  return largest > 0 ? difference / largest : difference;
}

/* Uniform numbers on [low, high). */
static inline void twin_fill(float *x, long count, double low, double high,
                             struct dtd_rng *rng) {
  for (long i = 0; i < count; i++)
    x[i] = (float)(low + (high - low) * dtd_rng_uniform(rng));
}

static inline void twin_widen(double *wide, const float *x, long count) {
  for (long i = 0; i < count; i++) wide[i] = (double)x[i];
}

/* A network with random weights of deviation 0.3 and biases on (-0.3, 0]. */
static inline struct dtd_network *
twin_random_network(const struct dtd_layer *shape, int depth, uint64_t seed) {
  struct dtd_network *net = dtd_network_new(shape, depth);
  dtd_network_initialise(net, seed, 0.3);
  struct dtd_rng rng = dtd_rng_open(seed, "test/biases", 0);
  for (int n = 0; n < depth; n++)
    twin_fill(net->layer[n].b, net->layer[n].units, -0.3, 0, &rng);
  return net;
}

#endif
