/* Rules in plain double loops over the connections of a layer, for tests.

   A connection joins input i to unit j by a weight; what is not joined is no
   input of the unit. So a matrix and a convolution written out are the same
   thing, and padding does not exist. Formulas are those that the rules' sources
   print; a rule that is not known here is read from its terms. */
#ifndef DTD_TEST_TWIN_H
#define DTD_TEST_TWIN_H

#include "base/test.h"
#include "linear/convolution.h"
#include "relevance/rule.h"

struct twin_layer {
  long inputs, units;
  long *count;        /* (units): connections */
  long **input;       /* (units, count) */
  double **w;         /* likewise */
  double *b;          /* (units) */
  double *low, *high; /* (inputs) */
};

static inline struct twin_layer twin_layer_new(long inputs, long units,
                                               long most /* of a unit */) {
  struct twin_layer l = {.inputs = inputs, .units = units};
  l.count = test_new(units, sizeof *l.count);
  l.input = test_new(units, sizeof *l.input);
  l.w = test_new(units, sizeof *l.w);
  l.b = test_new(units, sizeof *l.b);
  l.low = test_new(inputs, sizeof *l.low);
  l.high = test_new(inputs, sizeof *l.high);
  long *input = test_new(units * most, sizeof *input);
  double *w = test_new(units * most, sizeof *w);
  for (long j = 0; j < units; j++) {
    l.input[j] = input + j * most;
    l.w[j] = w + j * most;
  }
  for (long i = 0; i < inputs; i++) l.high[i] = INFINITY;
  return l;
}

static inline void twin_join(struct twin_layer *l, long i, long j, double w) {
  l->input[j][l->count[j]] = i;
  l->w[j][l->count[j]++] = w;
}

/* A matrix (inputs, units), and biases (units) or null. */
static inline struct twin_layer twin_of_matrix(const float *w, const float *b,
                                               long inputs, long units) {
  struct twin_layer l = twin_layer_new(inputs, units, inputs);
  for (long j = 0; j < units; j++) {
    for (long i = 0; i < inputs; i++) twin_join(&l, i, j, w[i * units + j]);
    if (b) l.b[j] = b[j];
  }
  return l;
}

/* One unit of a convolution, at row r and column c of map o. */
static inline void twin_join_window(struct twin_layer *l, long j,
                                    const struct dtd_convolution_shape *s,
                                    const float *w, int o, int r, int c) {
  const struct dtd_window *win = &s->window;
  int own = s->channels / s->groups, first = o / (s->maps / s->groups) * own;
  w += (long)o * own * win->kernel[0] * win->kernel[1];
  for (int i = 0; i < own; i++)
    for (int u = 0; u < win->kernel[0]; u++)
      for (int v = 0; v < win->kernel[1]; v++, w++) {
        int y = r * win->stride[0] + u * win->dilation[0] - win->pad[0];
        int x = c * win->stride[1] + v * win->dilation[1] - win->pad[1];
        if (y < 0 || y >= s->rows || x < 0 || x >= s->columns) continue;
        twin_join(l, ((first + i) * (long)s->rows + y) * s->columns + x, j, *w);
      }
}

/* Rows and columns of what a window gives. */
static inline void twin_positions(int out[2], const struct dtd_window *w,
                                  int rows, int columns) {
  int size[2] = {rows, columns};
  for (int d = 0; d < 2; d++) {
    int reach = (w->kernel[d] - 1) * w->dilation[d] + 1;
    out[d] = (size[d] + w->pad[d] + w->pad[d + 2] - reach) / w->stride[d] + 1;
  }
}

/* A convolution; one bias a map. */
static inline struct twin_layer
twin_of_convolution(const struct dtd_convolution_shape *s, const float *w,
                    const float *b) {
  const struct dtd_window *win = &s->window;
  int out[2];
  twin_positions(out, win, s->rows, s->columns);
  long positions = (long)out[0] * out[1];
  struct twin_layer l = twin_layer_new(
      (long)s->channels * s->rows * s->columns, s->maps * positions,
      (long)(s->channels / s->groups) * win->kernel[0] * win->kernel[1]);
  for (long j = 0; j < l.units; j++) {
    int o = (int)(j / positions), at = (int)(j % positions);
    twin_join_window(&l, j, s, w, o, at / out[1], at % out[1]);
    if (b) l.b[j] = b[o];
  }
  return l;
}

/* z_j + b_j */
static inline void twin_respond(double *z, const struct twin_layer *l,
                                const double *x) {
  for (long j = 0; j < l->units; j++) {
    z[j] = l->b[j];
    for (long k = 0; k < l->count[j]; k++)
      z[j] += l->w[j][k] * x[l->input[j][k]];
  }
}

static inline double twin_above(double x) {
  return x > 0 ? x : 0;
}
static inline double twin_below(double x) {
  return x < 0 ? x : 0;
}

/* q_ij of a group as the rule's source prints it; NAN of an unknown rule. */
static inline double twin_q(const char *rule, int group, double x, double w,
                            double low, double high, double a) {
  bool is_first = group == 0;
  if (!strncmp(rule, "alpha-beta", 10))
    return is_first ? twin_above(x * w) : twin_below(x * w);
  if (!is_first) return 0;
  if (!strcmp(rule, "w^2")) return w * w;
  if (!strcmp(rule, "z+")) return x * twin_above(w);
  if (!strcmp(rule, "flat")) return 1;
  if (!strcmp(rule, "zB"))
    return x * w - low * twin_above(w) - high * twin_below(w);
  if (!strncmp(rule, "gamma", 5)) return x * (w + a * twin_above(w));
  if (!strncmp(rule, "epsilon", 7) || !strcmp(rule, "gradient-x-input"))
    return x * w;
  return NAN;
}

static inline double twin_bias(const char *rule, double b, double a) {
  if (!strcmp(rule, "w^2") || !strcmp(rule, "flat")) return 0;
  if (!strncmp(rule, "gamma", 5)) return (1 + a) * twin_above(b);
  if (!strncmp(rule, "epsilon", 7) || !strcmp(rule, "gradient-x-input"))
    return b;
  return twin_above(b);
}

/* The same of any rule. */
static inline double twin_share(const struct dtd_rule *rule, int group,
                                double x, double w, double low, double high) {
  double a = rule->parameter.value, sum = 0;
  double q = twin_q(rule->name, group, x, w, low, high, a);
  if (!isnan(q)) return q;
  for (int t = 0; t < rule->terms; t++) {
    const struct dtd_term *term = &rule->term[t];
    double u =
        term->factor ? term->factor((float)x, (float)low, (float)high) : 1;
    if (term->group == group) sum += u * term->part((float)w, (float)a);
  }
  return sum;
}

static inline double twin_joining(const struct dtd_rule *rule, double b) {
  double a = rule->parameter.value;
  if (!isnan(twin_q(rule->name, 0, 0, 0, 0, 0, a)))
    return twin_bias(rule->name, b, a);
  if (!rule->bias_in_denominator) return 0;
  return rule->bias ? rule->bias((float)b, (float)a) : twin_above(b);
}

/* c_g over the denominator of each group of unit j, 0 where there is none. */
static inline void twin_scales(double scale[2], const struct dtd_rule *rule,
                               const struct twin_layer *l, const double *x,
                               long j) {
  double N[2] = {twin_joining(rule, l->b[j]), 0}, a = rule->parameter.value;
  double c[2] = {1, 0}, whole = 0;
  for (int g = 0; g < 2; g++) {
    if (rule->weight) c[g] = rule->weight(g, (float)a);
    for (long k = 0; k < l->count[j]; k++) {
      long i = l->input[j][k];
      N[g] += twin_share(rule, g, x[i], l->w[j][k], l->low[i], l->high[i]);
    }
    if (rule->stabilised && g == 0) N[g] += N[g] < 0 ? -a : a;
    if (N[g] != 0) whole += c[g];
  }
  for (int g = 0; g < 2; g++)
    scale[g] = N[g] != 0 && whole != 0 ? c[g] / whole / N[g] : 0;
}

/* R_i (inputs) from R_j (units) of one example; returns what biases keep. */
static inline double twin_propagate(double *R_i, const struct dtd_rule *rule,
                                    const struct twin_layer *l, const double *x,
                                    const double *R_j) {
  double kept = 0, scale[2];
  for (long i = 0; i < l->inputs; i++) R_i[i] = 0;
  for (long j = 0; j < l->units; j++) {
    if (R_j[j] == 0) continue;
    twin_scales(scale, rule, l, x, j);
    kept += twin_joining(rule, l->b[j]) * scale[0] * R_j[j];
    for (long k = 0; k < l->count[j]; k++) {
      long i = l->input[j][k];
      for (int g = 0; g < 2; g++)
        R_i[i] += scale[g] * R_j[j] *
                  twin_share(rule, g, x[i], l->w[j][k], l->low[i], l->high[i]);
    }
  }
  return kept;
}

#endif
