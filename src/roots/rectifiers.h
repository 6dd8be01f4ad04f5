/* The multipliers m and the sharpness t that smooth one example's rectifiers.

   smooth_network.h holds the slope s of each rectifier near a multiplier m.
   Between two passes a search for a root updates and measures them:

   Repeated, m := s makes the rectifiers exact; how far s is from m says how
   exact they are. A unit is held at its kink, z = 0, when its slope is neither
   0 nor 1; the z that remains changes f by |df/dx_j z| to first order. Softplus
   falls short of max(0, z) by log 2 / t at most. Leaning puts each unit that is
   held just beside its kink, on its heavier side: because s = m + t z, m := s -
   t z for the z wanted lets s stay.

   | symbol  | C                                  | shape                     |
   |---------|------------------------------------|---------------------------|
   | m       | m                                  | (units), layer on layer   |
   | t       | sharpness                          | (layers)                  |
   | s, z    | smooth->slope, smooth->z, in `row` | (units)                   |
*/
#ifndef DTD_RECTIFIERS_H
#define DTD_RECTIFIERS_H

#include "roots/smooth_network.h"

struct dtd_rectifiers {
  const struct dtd_smooth_network *smooth; /* of the last pass; borrowed */
  int row;                                 /* the example's place in it */
  float *m;                                /* borrowed */
  const float *sharpness;                  /* of the last pass; borrowed */
  double f; /* f(x); changes of f are shares of it */
};

/* m := s. */
void dtd_rectifiers_follow(const struct dtd_rectifiers *rectifiers);

/* m := [z > 0], the slopes of max(0, z) itself. */
void dtd_rectifiers_harden(const struct dtd_rectifiers *rectifiers);

/* m such that every unit that is held at its kink moves to z > 0 where s > 1/2
   and to z < 0 otherwise, where it is 0.3 DTD_KINK_TOLERANCE off; m := s
   elsewhere. */
void dtd_rectifiers_lean(const struct dtd_rectifiers *rectifiers);

/* sum_j |s_j - m_j|. */
double dtd_rectifiers_change(const struct dtd_rectifiers *rectifiers);

/* The largest |df/dx_j z_j| / f(x) of the units that are held. */
double dtd_rectifiers_slack(const struct dtd_rectifiers *rectifiers);

/* (f - f_t) / f(x) at most, f_t being f with softplus. */
double dtd_rectifiers_softplus_gap(const struct dtd_rectifiers *rectifiers);

#endif
