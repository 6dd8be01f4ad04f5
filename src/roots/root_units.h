/* The units in which one image's nearest-root problem has no scale.

   To first order the root lies at the distance

       L = (1 - fraction) f(x) / |grad f(x)|,

   which is the unit of length; the unit of value is f(x). A layer's z has the
   same unit in its own space, the distance at which f, as a function of that
   layer's z alone, would first reach the level:

       U = (1 - fraction) f(x) / |df/dz|.

   A search that measures in these units takes the same steps wherever f, the
   weights or the pixels are multiplied by a constant. L is at most the box's
   diagonal, beyond which no root lies. Where df/dz vanishes, so that nothing
   can be measured, |df/dz| counts as 1.

   | symbol | C        | shape    |
   |--------|----------|----------|
   | L      | length   | scalar   |
   | U      | z[layer] | (layers) | */
#ifndef DTD_ROOT_UNITS_H
#define DTD_ROOT_UNITS_H

#include "network/network.h"
#include "roots/smooth_network.h"

struct dtd_root_units {
  double length, z[DTD_MOST_LAYERS];
};

/* L, from f(x) and its gradient there. */
double dtd_root_length(double f, const float *gradient /* (inputs) */,
                       double fraction, double low, double high, int inputs);

/* The units at the points that `smooth` has just computed with hard rectifiers:
   from f and its gradient there, and from what the pass left in `smooth`. */
void dtd_root_units(struct dtd_root_units *units /* (batch) */,
                    const struct dtd_smooth_network *smooth,
                    const double *f /* (batch) */,
                    const float *gradient /* (batch, inputs) */,
                    double fraction, float low, float high, int batch);

#endif
