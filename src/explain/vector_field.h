/* Explanations of a function of two inputs as a field of arrows (Fig. 1).

   At each point x of a grid in the plane stands the arrow R(x) = (R_1, R_2):

   | explanation      | R_p(x)                                    | paper     |
   |------------------|-------------------------------------------|-----------|
   | sensitivity      | (df/dx_p)^2 at x                          | 2.2       |
   | natural          | sigma_p(x_p)                              | Eq. 3     |
   | taylor           | df/dx_p(r) (x_p - r_p), r a nearest root  | Eq. 5     |
   | deep-taylor-free | sum_j q_pj / (sum_p' q_p'j) x_j           | Eqs. 8-15 |

   Sensitivity and deep Taylor decomposition are the registered methods that
   explain images, too; f is a network of one layer.

   The derivative at a root. f is piecewise linear, and its nearest root r lies
   on a kink, where the derivative of Eq. 5 differs from side to side. It is
   taken on the side of x, at r + (x - r) / 1000: there f grows, and there the
   expansion is to hold. What a unit adds to f that switches on further along
   the way is no part of the expansion, and is lost.
*/
#ifndef DTD_VECTOR_FIELD_H
#define DTD_VECTOR_FIELD_H

#include <stdbool.h>

#include "explain/explained_network.h"

/* ---- inspect ---- */

struct dtd_field_explanation {
  const char *name, *title;
  bool own_scale; /* its arrows are not in units of f */
  bool by_rule;   /* it depends on the rule of the first layer */
  /* Arrows R (count, 2); null for the method of that name. */
  void (*arrows)(float *R, struct dtd_explainer *explainer, const float *x,
                 int count);
};

/* The four above, in this order, ended by a null name. */
extern const struct dtd_field_explanation dtd_field_explanations[];

/* False for `natural` when f is not a sum of one-input functions. */
bool dtd_field_exists(const struct dtd_network *network,
                      const char *explanation);

/* ---- create ---- */

/* The centres of side * side equal squares that fill [low, high]^2, (side *
   side, 2), with x_1 running fastest; release with dtd_free(). For an even side
   and low = -high, no point lies on an axis. */
float *dtd_plane_grid_new(int side, float low, float high);

/* ---- compute ---- */

/* Arrows R (count, 2) and values f (count) at the points x (count, 2), at most
   the explainer's capacity. Dies (usage) when the field does not exist. */
void dtd_vector_field(float *R, float *f, struct dtd_explainer *explainer,
                      const char *explanation, const float *x, int count);

#endif
