/* Measures how much a heatmap changes when the image moves by one pixel.

   Montavon et al. 2018, "Methods for interpreting and understanding deep neural
   networks", section 7.1: nearly equal images should have nearly equal
   explanations. The steepest change over the four translations x' of x by one
   pixel, with black at the edge that it uncovers,

       absolute = max_x' |R(x) - R(x')|_1 / |x - x'|_2

   grows with the scale of R, so that methods of different scale compare by

       relative = max_x' |R(x)/|R(x)|_1 - R(x')/|R(x')|_1|_1 / |x - x'|_2

   which is at most 2 / |x - x'|_2. Low is good for both. */
#ifndef DTD_CONTINUITY_H
#define DTD_CONTINUITY_H

#include "explain/explained_network.h"

enum { DTD_TRANSLATIONS = 4 }; /* up, down, left, right */

struct dtd_continuity {
  double absolute;
  double relative; /* NAN when a heatmap is empty */
};

/* Of each of `count` pairs x with heatmaps R_p by `method`. Both NAN when x
   does not change, being all black. */
void dtd_continuity(struct dtd_continuity *continuity /* (count) */,
                    struct dtd_explainer *explainer,
                    const struct dtd_method *method,
                    const float *x /* (count, 28, 56) */,
                    const float *R_p /* (count, 28, 56) */, int count);

/* |R/|R|_1 - S/|S|_1|_1; NAN when a heatmap is empty. */
double dtd_relative_change(const float *R /* (28, 56) */,
                           const float *S /* (28, 56) */);

/* x moved by whole pixels; what enters is black. */
void dtd_translate(float *moved /* (28, 56) */, const float *x /* (28, 56) */,
                   int down, int right);

#endif
