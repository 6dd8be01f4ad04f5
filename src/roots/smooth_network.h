/* The network with its rectifiers smoothed, example by example.

   A nearest root mostly lies where some rectifiers receive 0, and there f has
   no gradient. Two smooth stand-ins for max(0, z), each with its slope s in
   [0, 1]:

   | kind       | max(0, z) becomes                     | slope s            |
   |------------|---------------------------------------|--------------------|
   | hard       | max(0, z)                             | [z > 0]            |
   | softplus   | log(0.5 + 0.5 exp(t z)) / t           | 1 / (1 + exp(-t z))|
   | multiplier | max_s  s z - (s - m)^2 / (2 t)        | clip(m + t z, 0, 1)|

   Softplus is Table 1, footnote b; it tends to max(0, z) as t grows. The
   multiplier kind writes max(0, z) = max_{0<=s<=1} s z and holds s near a
   multiplier m (the proximal method of multipliers, Rockafellar 1976): setting
   m to the slope found, again and again, makes it exact at any t, so that no t
   need be large and the problem stays well conditioned. At a kink, z = 0, the
   slopes that remain are the weights of a generalised gradient.

   The products are row products (linear/row_product.h): no example's value or
   gradient depends on the other examples of the batch, to the last bit.

   Layers that pool with q other than 1 are never smoothed: their pooling needs
   x_j >= 0.

   | symbol  | C                      | shape                             |
   |---------|------------------------|-----------------------------------|
   | t       | sharpness              | (batch, layers)                   |
   | m       | multipliers            | (batch, units)       |
   | s, z    | slope[layer], z[layer] | (batch, units), of the last pass  |
*/
#ifndef DTD_SMOOTH_NETWORK_H
#define DTD_SMOOTH_NETWORK_H

#include <stdbool.h>

#include "linear/row_product.h"
#include "network/network.h"

enum dtd_smoothing { DTD_HARD, DTD_SOFTPLUS, DTD_MULTIPLIER };

struct dtd_smooth_network {
  const struct dtd_network *network; /* borrowed */
  int capacity, units;               /* units of all layers together */
  bool borrows;                      /* the weights, from another */
  struct dtd_row_product *up[DTD_MOST_LAYERS];   /* times w */
  struct dtd_row_product *down[DTD_MOST_LAYERS]; /* times the transpose of w */
  float *z[DTD_MOST_LAYERS], *slope[DTD_MOST_LAYERS];
  float *x[DTD_MOST_LAYERS], *pooled[DTD_MOST_LAYERS];
  float *d_z[DTD_MOST_LAYERS], *d_pooled[DTD_MOST_LAYERS];
  float *memory;
};

/* ---- create ---- */

/* Copies the weights. */
struct dtd_smooth_network *dtd_smooth_new(const struct dtd_network *network,
                                          int capacity);

/* Another of the same network, for another thread; borrows the weights that
   `first` copied. */
struct dtd_smooth_network *
dtd_smooth_again(const struct dtd_smooth_network *first, int capacity);

/* ---- compute ---- */

/* Value and gradient of the smoothed f at x. The multipliers may be null unless
   they are the kind, and the sharpness where the rectifiers are hard. */
void dtd_smooth_value(double *value /* (batch) */,
                      float *gradient /* (batch, inputs) */,
                      struct dtd_smooth_network *smooth, const float *x,
                      enum dtd_smoothing kind, const float *sharpness,
                      const float *multipliers, int batch);

/* f itself, and the element of its generalised gradient at x that gives a unit
   at its kink the slope named in `slopes` (batch, units). A unit is
   at its kink when switching it changes f by at most tolerance (batch); the
   others have slope 0 or 1, and what is named for them is ignored. */
void dtd_generalised_gradient(double *value, float *gradient,
                              struct dtd_smooth_network *smooth, const float *x,
                              const float *slopes, const double *tolerance,
                              int batch);

/* ---- inspect ---- */

/* All slopes of one example in the last pass, layer after layer. */
void dtd_smooth_slopes(float *slopes /* (units) */,
                       const struct dtd_smooth_network *smooth, int example);

/* ---- free ---- */

void dtd_smooth_free(struct dtd_smooth_network *smooth);

#endif
