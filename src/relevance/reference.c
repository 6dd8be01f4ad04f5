/* Deep Taylor decomposition in plain loops: each equation, one loop. */
#include "relevance/reference.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "relevance/relevance_model.h"

_Static_assert((int)DTD_REFERENCE_LAYERS >= (int)DTD_MOST_LAYERS,
               "the reference has room for every network");

/* ---- the network: Eq. 7, its derivative, its training (6.1) ---- */

static double positive(double w) {
  return w > 0 ? w : 0;
} /* w^+ */
static double negative(double w) {
  return w < 0 ? w : 0;
} /* w^- */

double dtd_reference_pool(const double *x_j, int count, double q) {
  double sum = 0, largest = 0;
  for (int j = 0; j < count; j++) largest = fmax(largest, x_j[j]);
  if (isinf(q)) return largest;
  for (int j = 0; j < count; j++) sum += pow(x_j[j], q);
  return pow(sum, 1 / q);
}

/* x_j = max(0, sum_i x_i w_ij + b_j)  and  x_k = ||x_j||_q   (Eq. 7, 5.2) */
static void detect_and_pool(struct dtd_reference_layer *l) {
  int units = l->units, pool = units / l->pools;
  for (int j = 0; j < units; j++) {
    l->z_j[j] = l->b[j];
    for (int i = 0; i < l->inputs; i++)
      l->z_j[j] += l->x_i[i] * l->w[i * units + j];
    l->x_j[j] = positive(l->z_j[j]);
  }
  for (int k = 0; k < l->pools; k++)
    l->x_k[k] = dtd_reference_pool(l->x_j + k * pool, pool, l->q);
}

double dtd_reference_forward(struct dtd_reference *r, const double *x) {
  for (int i = 0; i < r->layer[0].inputs; i++) r->layer[0].x_i[i] = x[i];
  for (int n = 0; n < r->depth; n++) detect_and_pool(&r->layer[n]);
  return r->layer[r->depth - 1].x_k[0];
}

/* dx_k/dx_j = (x_j / x_k)^(q - 1); of a maximum, 1 for the x_j that is it. */
static double pool_slope(double x_j, double x_k, double q) {
  if (isinf(q)) return x_j == x_k;
  return x_k > 0 ? pow(x_j / x_k, q - 1) : q == 1;
}

void dtd_reference_backward(struct dtd_reference *r) {
  r->layer[r->depth - 1].d_k[0] = 1;
  for (int n = r->depth - 1; n >= 0; n--) {
    struct dtd_reference_layer *l = &r->layer[n];
    for (int j = 0; j < l->units; j++) { /* df/dz_j = [z_j > 0] df/dx_j */
      int k = j / (l->units / l->pools);
      double slope = pool_slope(l->x_j[j], l->x_k[k], l->q);
      l->d_j[j] = l->z_j[j] > 0 ? slope * l->d_k[k] : 0;
    }
    for (int i = 0; i < l->inputs; i++) { /* df/dx_i = sum_j w_ij df/dz_j */
      l->d_i[i] = 0;
      for (int j = 0; j < l->units; j++)
        l->d_i[i] += l->w[i * l->units + j] * l->d_j[j];
    }
  }
}

/* d(f - t)^2/dw_ij = 2 (f - t) x_i df/dz_j,   /db_j = 2 (f - t) df/dz_j */
void dtd_reference_learn(struct dtd_reference *r, double target) {
  double error = 2 * (r->layer[r->depth - 1].x_k[0] - target);
  for (int n = 0; n < r->depth; n++) {
    struct dtd_reference_layer *l = &r->layer[n];
    for (int j = 0; j < l->units; j++) {
      l->db[j] += error * l->d_j[j];
      for (int i = 0; i < l->inputs; i++)
        l->dw[i * l->units + j] += error * l->x_i[i] * l->d_j[j];
    }
  }
}

/* Gradient descent: p := p - rate dL/dp. */
static void descend(double *p, double *gradient, long count, double rate) {
  for (long i = 0; i < count; i++) {
    p[i] -= rate * gradient[i];
    gradient[i] = 0;
  }
}

void dtd_reference_step(struct dtd_reference *r, double rate) {
  descend(r->parameters, r->gradient, r->count, rate);
  for (int n = 0; n < r->depth; n++)
    for (int j = 0; j < r->layer[n].units; j++) /* b_j <= 0: x = 0 is a root */
      r->layer[n].b[j] = negative(r->layer[n].b[j]);
}

/* ---- relevance models: from R_k to R_j (5) ---- */

/* sum_{j' in pool k} x_j' */
static double pool_sum(const struct dtd_reference_layer *l, int k) {
  int pool = l->units / l->pools;
  return dtd_reference_pool(l->x_j + k * pool, pool, 1);
}

/* R_j = x_j / (sum_{j' in pool k} x_j') R_k   (5.2; Eq. 10 where R_k = x_k) */
void dtd_reference_training_free(struct dtd_reference_layer *l) {
  for (int j = 0; j < l->units; j++) {
    int k = j / (l->units / l->pools);
    double sum = pool_sum(l, k);
    l->R_j[j] = sum > 0 ? l->x_j[j] / sum * l->R_k[k] : 0;
  }
}

/* c_k = ||x_j||_q / ||x_j||_1   (5.2) */
double dtd_reference_c(const struct dtd_reference_layer *l, int k) {
  return l->x_k[k] / pool_sum(l, k);
}

/* d_k = sum_l w_kl^+ R_l / (sum_k' x_k' w_k'l^+)   (5.2): here x_i is x_k' and
   j is l, as the paper writes them seen from the layer below */
double dtd_reference_d(const struct dtd_reference_layer *upper, int k) {
  double d_k = 0;
  for (int l = 0; l < upper->units; l++) {
    double sum = 0;
    for (int i = 0; i < upper->inputs; i++)
      sum += upper->x_i[i] * positive(upper->w[i * upper->units + l]);
    if (upper->R_j[l] > 0)
      d_k += positive(upper->w[k * upper->units + l]) * upper->R_j[l] / sum;
  }
  return d_k;
}

/* s_j = sum_l R_l v_lj + d_j,   a_j = min(0, s_j)
   y_j = max(0, sum_i x_i v_ij + a_j),   Rhat_k = sum_{j in pool k} y_j (5.1) */
void dtd_reference_min_max(struct dtd_reference_model *m, const double *x_i,
                           const double *R_l) {
  int units = m->units, pool = units / m->pools;
  for (int j = 0; j < units; j++) {
    m->s_j[j] = m->d[j];
    for (int l = 0; l < m->upper; l++)
      m->s_j[j] += R_l[l] * m->v_l[l * units + j];
    double y = negative(m->s_j[j]);
    for (int i = 0; i < m->inputs; i++) y += x_i[i] * m->v[i * units + j];
    m->y_j[j] = positive(y);
  }
  for (int k = 0; k < m->pools; k++)
    m->Rhat_k[k] = dtd_reference_pool(m->y_j + k * pool, pool, 1);
}

/* With e_k = 2 (Rhat_k - R_k), where y_j > 0:  d/dv_ij = e_k x_i,
   and where s_j <= 0, too:  d/dv_lj = e_k R_l,  d/dd_j = e_k   (5.1) */
double dtd_reference_model_learn(struct dtd_reference_model *m,
                                 const double *x_i, const double *R_l,
                                 const double *R_k) {
  int units = m->units;
  double sum = 0;
  for (int k = 0; k < m->pools; k++) sum += pow(m->Rhat_k[k] - R_k[k], 2);
  for (int j = 0; j < units; j++) {
    int k = j / (units / m->pools);
    double e = m->y_j[j] > 0 ? 2 * (m->Rhat_k[k] - R_k[k]) : 0;
    for (int i = 0; i < m->inputs; i++) m->dv[i * units + j] += e * x_i[i];
    if (m->s_j[j] > 0) continue;
    for (int l = 0; l < m->upper; l++) m->dv_l[l * units + j] += e * R_l[l];
    m->dd[j] += e;
  }
  return sum;
}

void dtd_reference_model_step(struct dtd_reference_model *m, double rate) {
  descend(m->parameters, m->gradient, m->count, rate);
}

/* ---- rules: from R_j to R_i (4) ---- */

/* v_ij: where each domain has its root */
double dtd_reference_direction(const char *rule, double x, double w, double low,
                               double high) {
  if (!strcmp(rule, "w^2")) return w;            /* 4.1: nearest root */
  if (!strcmp(rule, "z+")) return w > 0 ? x : 0; /* 4.2: towards 0 */
  if (!strcmp(rule, "zB"))                       /* 4.2: towards a corner */
    return w > 0 ? x - low : w < 0 ? x - high : x;
  return NAN;
}

/* q_ij as the paper prints it */
double dtd_reference_q(const char *rule, double x, double w, double low,
                       double high) {
  if (!strcmp(rule, "w^2")) return w * w;          /* Eq. 13 */
  if (!strcmp(rule, "z+")) return x * positive(w); /* 4.2 */
  if (!strcmp(rule, "zB"))                         /* 4.2 */
    return x * w - low * positive(w) - high * negative(w);
  return NAN;
}

/* root_i = x_i - t v_ij,   t = z_j / (sum_i w_ij v_ij)   (4.1, 4.2) */
double dtd_reference_root(double *root, const struct dtd_reference_layer *l,
                          int j, const char *rule, double low, double high) {
  double sum = 0;
  for (int i = 0; i < l->inputs; i++) {
    double w = l->w[i * l->units + j];
    sum += w * dtd_reference_direction(rule, l->x_i[i], w, low, high);
  }
  double t = l->z_j[j] / sum;
  for (int i = 0; i < l->inputs; i++)
    root[i] = l->x_i[i] - t * dtd_reference_direction(rule, l->x_i[i],
                                                      l->w[i * l->units + j],
                                                      low, high);
  return t;
}

/* R_i = sum_j q_ij / (sum_i' q_i'j) R_j   (Eq. 13, 15), where 6.2 adds
   max(0, b_j) to the sum of z+ and zB. R_j = 0 sends nothing. */
void dtd_reference_rule(double *R_i, const double *x_i, const double *R_j,
                        const double *w, const double *b, const char *rule,
                        double low, double high, int inputs, int units) {
  for (int i = 0; i < inputs; i++) R_i[i] = 0;
  for (int j = 0; j < units; j++) {
    if (R_j[j] == 0) continue;
    double sum = b && strcmp(rule, "w^2") ? positive(b[j]) : 0;
    for (int i = 0; i < inputs; i++)
      sum += dtd_reference_q(rule, x_i[i], w[i * units + j], low, high);
    for (int i = 0; i < inputs; i++)
      R_i[i] += dtd_reference_q(rule, x_i[i], w[i * units + j], low, high) /
                sum * R_j[j];
  }
}

/* ---- the walk down the layers (3) ---- */

/* R_f = f(x), then R_k -> R_j -> R_i in each layer, "and the process can be
   repeated until the input layer" (5.2) */
void dtd_reference_decompose(struct dtd_reference *r,
                             struct dtd_reference_model *model,
                             const char *first, double low, double high) {
  struct dtd_reference_layer *top = &r->layer[r->depth - 1];
  double f = top->R_k[0] = top->x_k[0]; /* Eq. 8 */
  for (int n = r->depth - 1; n >= 0; n--) {
    struct dtd_reference_layer *l = &r->layer[n];
    const char *rule = n == 0 ? first : "z+";
    if (n == 0 && model && f > 0) {
      dtd_reference_min_max(model, l->x_i, l[1].R_j);
      dtd_reference_rule(l->R_i, l->x_i, model->y_j /* Eq. 14 */, model->v,
                         NULL, rule, low, high, l->inputs, model->units);
    } else {
      dtd_reference_training_free(l);
      dtd_reference_rule(l->R_i, l->x_i, l->R_j, l->w, l->b, rule, low, high,
                         l->inputs, l->units);
    }
  }
}

/* ---- create and free ---- */

static double *numbers(long count) {
  return dtd_new((size_t)count, sizeof(double));
}

/* Copies `count` floats to *at, which moves past them; returns where they are.
 */
static double *take(double **at, const float *values, long count) {
  double *start = *at;
  for (long i = 0; i < count; i++) *(*at)++ = (double)values[i];
  return start;
}

/* Memory for what one example leaves in layer n. */
static void create_values(struct dtd_reference_layer *l, int n) {
  l->x_i = n ? l[-1].x_k : numbers(l->inputs);
  l->d_i = n ? l[-1].d_k : numbers(l->inputs);
  l->R_i = n ? l[-1].R_k : numbers(l->inputs);
  l->z_j = numbers(l->units);
  l->x_j = numbers(l->units);
  l->d_j = numbers(l->units);
  l->R_j = numbers(l->units);
  l->x_k = numbers(l->pools);
  l->d_k = numbers(l->pools);
  l->R_k = numbers(l->pools);
}

struct dtd_reference *dtd_reference_new(const struct dtd_network *network) {
  struct dtd_reference *r = dtd_new(1, sizeof *r);
  r->depth = network->depth;
  for (int n = 0; n < r->depth; n++) {
    const struct dtd_layer *from = &network->layer[n];
    struct dtd_reference_layer *l = &r->layer[n];
    l->inputs = from->shape.inputs;
    l->units = from->shape.units;
    l->pools = from->shape.units / from->shape.pool;
    l->q = (double)from->shape.norm;
    create_values(l, n);
    r->count += (l->inputs + 1L) * l->units;
  }
  r->parameters = numbers(r->count);
  r->gradient = numbers(r->count);
  dtd_reference_read(r, network);
  return r;
}

void dtd_reference_read(struct dtd_reference *r,
                        const struct dtd_network *network) {
  double *at = r->parameters;
  for (int n = 0; n < r->depth; n++) {
    struct dtd_reference_layer *l = &r->layer[n];
    l->w = take(&at, network->layer[n].w, (long)l->inputs * l->units);
    l->b = take(&at, network->layer[n].b, l->units);
    l->dw = r->gradient + (l->w - r->parameters);
    l->db = r->gradient + (l->b - r->parameters);
  }
}

struct dtd_reference_model *
dtd_reference_model_new(const struct dtd_relevance_model *from) {
  struct dtd_reference_model *m = dtd_new(1, sizeof *m);
  m->inputs = from->layer->shape.inputs;
  m->pools = from->layer->shape.units / from->layer->shape.pool;
  m->units = from->detection.shape.units;
  m->upper = from->top_down ? from->parameter[1].inputs : 0;
  m->count = (m->inputs + m->upper + 1L) * m->units;
  double *at = m->parameters = numbers(m->count);
  m->gradient = numbers(m->count);
  m->v = take(&at, from->detection.w, (long)m->inputs * m->units);
  m->v_l = take(&at, from->top_down, (long)m->upper * m->units);
  m->d = take(&at, from->top_down_bias, m->units);
  m->dv = m->gradient;
  m->dv_l = m->gradient + (m->v_l - m->parameters);
  m->dd = m->gradient + (m->d - m->parameters);
  m->s_j = numbers(m->units);
  m->y_j = numbers(m->units);
  m->Rhat_k = numbers(m->pools);
  return m;
}

void dtd_reference_free(struct dtd_reference *r) {
  if (!r) return;
  dtd_free(r->parameters);
  dtd_free(r->gradient);
  for (int n = 0; n < r->depth; n++) {
    struct dtd_reference_layer *l = &r->layer[n];
    double *own[] = {l->x_i, l->d_i, l->R_i, l->z_j, l->x_j, l->d_j, l->R_j};
    for (int i = n ? 3 : 0; i < 7; i++) dtd_free(own[i]);
    dtd_free(l->x_k), dtd_free(l->d_k), dtd_free(l->R_k);
  }
  dtd_free(r);
}

void dtd_reference_model_free(struct dtd_reference_model *m) {
  if (!m) return;
  double *own[] = {m->parameters, m->gradient, m->s_j, m->y_j, m->Rhat_k};
  for (int i = 0; i < 5; i++) dtd_free(own[i]);
  dtd_free(m);
}
