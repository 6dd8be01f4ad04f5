/* The root point of one detection unit that a relevance rule stands for. */
#include "relevance/unit_root.h"

#include <math.h>
#include <string.h>

static double weight(const struct dtd_layer *layer, int i, int unit) {
  return (double)layer->w[(long)i * layer->shape.units + unit];
}

double dtd_unit_response(const struct dtd_layer *layer, int unit,
                         const double *x) {
  double z = (double)layer->b[unit];
  for (int i = 0; i < layer->shape.inputs; i++)
    z += x[i] * weight(layer, i, unit);
  return z;
}

double dtd_unit_root(double *root, const struct dtd_rule *rule,
                     const struct dtd_layer *layer, int unit, const double *x,
                     double low, double high) {
  int inputs = layer->shape.inputs;
  double z = dtd_unit_response(layer, unit, x), slope = 0;
  memcpy(root, x, (size_t)inputs * sizeof *root);
  if (z <= 0) return 0; /* "the actual point is already a root" (4.1) */
  for (int i = 0; i < inputs; i++) { /* root holds v_j for now */
    double w = weight(layer, i, unit);
    root[i] = rule->direction(x[i], w, low, high);
    slope += w * root[i];
  }
  double t = slope == 0 ? NAN : z / slope;
  for (int i = 0; i < inputs; i++)
    root[i] = isnan(t) ? x[i] : x[i] - t * root[i];
  return t;
}

double dtd_domain_excess(enum dtd_domain domain, const double *x, int count,
                         double low, double high) {
  double excess = 0;
  if (domain == DTD_ANY_INPUT) return 0;
  if (domain == DTD_NONNEGATIVE_INPUT) low = 0, high = INFINITY;
  for (int i = 0; i < count; i++)
    excess = fmax(excess, fmax(low - x[i], x[i] - high));
  return excess;
}
