/* The two directions of a convolution, each as sums over a window.

   Forward, the window steps over the planes of x. Backward, an input y of the
   phase a = (y + p) mod s, rows and columns alike, reads the positions
   q = (y + p - a) / s and before,

       d_x_i(y) = sum_o sum_u d_o(q - (d u - a) / s) w_o,i(u),  d u mod s = a,

   sums over a window again, whose maps are the channels: one pass for each
   phase, the only one where s = 1. Where channels are few, positions send
   instead (scattered.h). */
#ifndef DTD_PASSES_H
#define DTD_PASSES_H

#include "linear/convolution.h"
#include "linear/planes.h"
#include "linear/window_sums.h"

/* Sums (maps, rows, pitch), of which `columns` count, and where they go. */
struct dtd_pass {
  struct dtd_window_sums sums;
  struct dtd_window_weights weights; /* but for `from` */
  int rows, columns, pitch;
  long to, row_step, column_step; /* in a map of the output */
};

struct dtd_passes {
  struct dtd_convolution_shape shape;
  /* One example: x in planes or, where spots are not null, as these. */
  void (*run)(float *out, const struct dtd_passes *passes, const float *packed,
              const float *x, const struct dtd_picture_spots *spots);
  struct dtd_planes planes;
  int count;
  struct dtd_pass *pass;
  long from, out, map; /* elements of one example's input and output, and of a
                          map of the output */
  bool copied;         /* whether planes are filled */
  const int *element;  /* of each of a channel's places */
  size_t packed;       /* elements of the packed weights */
};

/* ---- create ---- */

struct dtd_passes *
dtd_passes_forward(const struct dtd_convolution_shape *shape);
struct dtd_passes *
dtd_passes_backward(const struct dtd_convolution_shape *shape);

/* What those are made with: passes without sums yet; a table of a b numbers;
   what is left to say of a pass whose maps, rows and columns are known, and
   where in planes its first position is. */
struct dtd_passes *dtd_passes_new(const struct dtd_convolution_shape *shape,
                                  int count);
int *dtd_pass_table(int a, int b);
void dtd_pass_finish(struct dtd_passes *passes, struct dtd_pass *pass,
                     int first);

/* ---- compute ---- */

/* packed (passes->packed) of the values, as convolution.h has them. */
void dtd_passes_pack(float *packed, const struct dtd_passes *passes,
                     const float *values);

/* out (batch, out) from `from` (batch, from). */
void dtd_passes_run(float *out, const struct dtd_passes *passes,
                    const float *packed, const float *from, int batch);

/* ---- inspect ---- */

/* Elements that planes take, with those that sums may read beyond. */
size_t dtd_passes_planes(const struct dtd_passes *passes);

/* ---- free ---- */

void dtd_passes_free(struct dtd_passes *passes);

#endif
