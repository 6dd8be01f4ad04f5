/* The network with its rectifiers smoothed, example by example. */
#include "roots/smooth_network.h"

#include <math.h>
#include <string.h>

#include "base/elementary.h"
#include "base/memory.h"

/* ---- create and free ---- */

static struct dtd_smooth_network *
new_activations(const struct dtd_network *network, int capacity) {
  struct dtd_smooth_network *smooth = dtd_new(1, sizeof *smooth);
  smooth->network = network;
  smooth->capacity = capacity;
  size_t width = 0, rows = (size_t)capacity;
  for (int l = 0; l < network->depth; l++) {
    smooth->units += network->layer[l].shape.units;
    width += 4 * (size_t)network->layer[l].shape.units +
             2 * (size_t)dtd_layer_outputs(&network->layer[l].shape);
  }
  float *at = smooth->memory = dtd_new(width * rows, sizeof *at);
  for (int l = 0; l < network->depth; l++) {
    size_t units = (size_t)network->layer[l].shape.units * rows;
    size_t outputs = (size_t)dtd_layer_outputs(&network->layer[l].shape) * rows;
    smooth->z[l] = at;
    smooth->slope[l] = at += units;
    smooth->x[l] = at += units;
    smooth->d_z[l] = at += units;
    smooth->pooled[l] = at += units;
    smooth->d_pooled[l] = at += outputs;
    at += outputs;
  }
  return smooth;
}

struct dtd_smooth_network *dtd_smooth_new(const struct dtd_network *network,
                                          int capacity) {
  struct dtd_smooth_network *smooth = new_activations(network, capacity);
  for (int l = 0; l < network->depth; l++) {
    const struct dtd_layer *layer = &network->layer[l];
    struct dtd_view w =
        dtd_view(layer->w, layer->shape.inputs, layer->shape.units);
    smooth->up[l] = dtd_row_product_new(w);
    smooth->down[l] = dtd_row_product_new(dtd_transposed(w));
  }
  return smooth;
}

struct dtd_smooth_network *
dtd_smooth_again(const struct dtd_smooth_network *first, int capacity) {
  struct dtd_smooth_network *smooth = new_activations(first->network, capacity);
  smooth->borrows = true;
  memcpy(smooth->up, first->up, sizeof smooth->up);
  memcpy(smooth->down, first->down, sizeof smooth->down);
  return smooth;
}

void dtd_smooth_free(struct dtd_smooth_network *smooth) {
  if (!smooth) return;
  for (int l = 0; l < smooth->network->depth && !smooth->borrows; l++) {
    dtd_row_product_free(smooth->up[l]);
    dtd_row_product_free(smooth->down[l]);
  }
  dtd_free(smooth->memory);
  dtd_free(smooth);
}

/* ---- rectifiers ---- */

struct rectifiers {
  enum dtd_smoothing kind;
  const float *sharpness, *multipliers;
};

/* log(0.5 + 0.5 exp(t z)) / t without overflow, and its slope. */
static void softplus(float *x, float *slope, const float *z, int units,
                     float t) {
  for (int j = 0; j < units; j++) {
    float small = (float)dtd_exp(-fabs((double)(t * z[j])));
    slope[j] = (z[j] > 0 ? 1 : small) / (1 + small);
    x[j] = (z[j] > 0 ? z[j] : 0) +
           ((float)dtd_log(1 + (double)small) - (float)M_LN2) / t;
  }
}

/* max_s  s z - (s - m)^2 / (2 t)  over 0 <= s <= 1, and the s that takes it. */
static void proximal(float *x, float *slope, const float *z, const float *m,
                     int units, float t) {
  for (int j = 0; j < units; j++) {
    float s = m[j] + t * z[j];
    s = s < 0 ? 0 : s > 1 ? 1 : s;
    slope[j] = s;
    x[j] = s * z[j] - (s - m[j]) * (s - m[j]) / (2 * t);
  }
}

static void hard(float *x, float *slope, const float *z, int units) {
  for (int j = 0; j < units; j++) {
    slope[j] = z[j] > 0;
    x[j] = z[j] < 0 ? 0 : z[j]; /* a NaN stays NaN */
  }
}

/* ---- forward and backward ---- */

static void forward_layer(struct dtd_smooth_network *smooth, int l,
                          const float *input, const struct rectifiers *r,
                          int first_unit, int batch) {
  const struct dtd_layer *layer = &smooth->network->layer[l];
  int units = layer->shape.units, depth = smooth->network->depth;
  enum dtd_smoothing kind = layer->shape.norm == 1 ? r->kind : DTD_HARD;
  dtd_row_product_apply(smooth->z[l], smooth->up[l], input, batch);
  for (int n = 0; n < batch; n++) {
    float *z = smooth->z[l] + (long)n * units;
    float *x = smooth->x[l] + (long)n * units;
    float *slope = smooth->slope[l] + (long)n * units;
    for (int j = 0; j < units; j++) z[j] += layer->b[j];
    if (kind == DTD_HARD)
      hard(x, slope, z, units);
    else if (kind == DTD_SOFTPLUS)
      softplus(x, slope, z, units, r->sharpness[n * depth + l]);
    else
      proximal(x, slope, z,
               r->multipliers + (long)n * smooth->units + first_unit, units,
               r->sharpness[n * depth + l]);
  }
  dtd_pool(smooth->pooled[l], smooth->x[l], layer, batch);
}

static void forward(double *value, struct dtd_smooth_network *smooth,
                    const float *x, const struct rectifiers *r, int batch) {
  int first_unit = 0, top = smooth->network->depth - 1;
  for (int l = 0; l <= top; l++) {
    forward_layer(smooth, l, l ? smooth->pooled[l - 1] : x, r, first_unit,
                  batch);
    first_unit += smooth->network->layer[l].shape.units;
  }
  for (int n = 0; n < batch; n++) {
    value[n] = (double)smooth->pooled[top][n];
    smooth->d_pooled[top][n] = 1;
  }
}

/* d_z[l] = df/dx_j of the units, before their slopes. */
static void unpool_layer(struct dtd_smooth_network *smooth, int l, int batch) {
  const struct dtd_layer *layer = &smooth->network->layer[l];
  int count = batch * dtd_layer_outputs(&layer->shape);
  for (int k = 0; k < count; k++) {
    long first = (long)k * layer->shape.pool;
    dtd_unpool(smooth->d_z[l] + first, smooth->d_pooled[l][k],
               smooth->x[l] + first, smooth->pooled[l][k], layer->shape.pool,
               layer->shape.norm);
  }
}

/* d_z[l] times the slopes, down to the layer's inputs. */
static void backward_layer(float *gradient, struct dtd_smooth_network *smooth,
                           int l, int batch) {
  long count = (long)batch * smooth->network->layer[l].shape.units;
  for (long j = 0; j < count; j++) smooth->d_z[l][j] *= smooth->slope[l][j];
  dtd_row_product_apply(l ? smooth->d_pooled[l - 1] : gradient, smooth->down[l],
                        smooth->d_z[l], batch);
}

void dtd_smooth_value(double *value, float *gradient,
                      struct dtd_smooth_network *smooth, const float *x,
                      enum dtd_smoothing kind, const float *sharpness,
                      const float *multipliers, int batch) {
  struct rectifiers r = {kind, sharpness, multipliers};
  forward(value, smooth, x, &r, batch);
  for (int l = smooth->network->depth - 1; l >= 0; l--) {
    unpool_layer(smooth, l, batch);
    backward_layer(gradient, smooth, l, batch);
  }
}

/* Gives the units of one layer that are at their kink the slopes named. */
static void set_kinks(struct dtd_smooth_network *smooth, int l,
                      const float *slopes, int first_unit,
                      const double *tolerance, int batch) {
  int units = smooth->network->layer[l].shape.units;
  if (smooth->network->layer[l].shape.norm != 1) return;
  for (int n = 0; n < batch; n++)
    for (int j = 0; j < units; j++) {
      long at = (long)n * units + j;
      double change = (double)smooth->d_z[l][at] * (double)smooth->z[l][at];
      float named = slopes[(long)n * smooth->units + first_unit + j];
      if (fabs(change) <= tolerance[n] && named >= 0 && named <= 1)
        smooth->slope[l][at] = named;
    }
}

void dtd_generalised_gradient(double *value, float *gradient,
                              struct dtd_smooth_network *smooth, const float *x,
                              const float *slopes, const double *tolerance,
                              int batch) {
  struct rectifiers r = {DTD_HARD, NULL, NULL};
  int first_unit = smooth->units;
  forward(value, smooth, x, &r, batch);
  for (int l = smooth->network->depth - 1; l >= 0; l--) {
    first_unit -= smooth->network->layer[l].shape.units;
    unpool_layer(smooth, l, batch);
    set_kinks(smooth, l, slopes, first_unit, tolerance, batch);
    backward_layer(gradient, smooth, l, batch);
  }
}

void dtd_smooth_slopes(float *slopes, const struct dtd_smooth_network *smooth,
                       int example) {
  for (int l = 0; l < smooth->network->depth; l++) {
    int units = smooth->network->layer[l].shape.units;
    memcpy(slopes, smooth->slope[l] + (long)example * units,
           (size_t)units * sizeof *slopes);
    slopes += units;
  }
}
