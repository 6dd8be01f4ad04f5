/* Limited-memory BFGS in a box: a direction of descent on the free pixels.

   To minimise A(r) over low <= r <= high, step along d = -H g on the pixels
   that are free,

       g = grad A(r),   p is held when r_p = low and g_p > 0,
                                    or r_p = high and g_p < 0,

   and clip the point reached to the box. H approximates the inverse of A's
   Hessian on the free pixels; it is built from the last steps s and changes of
   gradient v = grad A(r + s) - grad A(r), from H = (s'v / v'v) 1 of the newest
   on, oldest first, by

       H := (1 - s v' / s'v) H (1 - v s' / s'v) + s s' / s'v

   (Nocedal and Wright 2006, Eq. 6.17), all inner products taken over the free
   pixels alone, without ever forming H (their Algorithm 7.4). So H v = s there
   for the newest pair.

   | symbol | C         | shape          |
   |--------|-----------|----------------|
   | r, g   | r, slope  | (inputs)       |
   | d      | direction | (inputs)       |
   | s, v   | s[h],v[h] | (inputs)       | */
#ifndef DTD_PROJECTED_BFGS_H
#define DTD_PROJECTED_BFGS_H

struct dtd_projected_bfgs;

/* ---- create ---- */

struct dtd_projected_bfgs *dtd_projected_bfgs_new(int inputs);

/* ---- compute ---- */

/* Takes in the step from r to y, unless A hardly curves upwards along it. */
void dtd_projected_bfgs_remember(struct dtd_projected_bfgs *bfgs,
                                 const float *y, const float *r,
                                 const float *slope_y, const float *slope_r);

/* d = -H g, 0 on pixels that are held; -g there when -H g does not descend,
   and then all pairs are forgotten. */
void dtd_projected_bfgs_direction(float *direction,
                                  struct dtd_projected_bfgs *bfgs,
                                  const float *r, const float *slope, float low,
                                  float high);

void dtd_projected_bfgs_forget(struct dtd_projected_bfgs *bfgs);

/* ---- free ---- */

void dtd_projected_bfgs_free(struct dtd_projected_bfgs *bfgs);

#endif
