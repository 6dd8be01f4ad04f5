/* Convolutions: weights that many positions of a picture share.

   With o = 0 .. M - 1 a map of the output, (r, c) a position in it, and i the
   channels of o's group,

       z_o(r, c) = sum_i sum_uv x_i(s r + d u - p, s c + d v - p) w_o,i(u, v),

   s stride, d dilation, p padding, each of rows and columns. Where that leaves
   the picture there is padding, and nothing is added. A convolution is weights
   like any other (weights.h), whose matrix (inputs, units) is mostly zeros and
   never written out:

       inputs = channels rows columns,    units = maps out_rows out_columns.

   | here          | C      | shape                                         |
   |---------------|--------|-----------------------------------------------|
   | x_i(r, c)     | x      | (batch, channels, rows, columns)              |
   | w_o,i(u, v)   | values | (maps, channels / groups, kernel rows, columns) |
   | z_o(r, c)     | z      | (batch, maps, out_rows, out_columns)          |

   Sums have one order on any processor, for any threads, and any examples
   beside one (product.h). */
#ifndef DTD_CONVOLUTION_H
#define DTD_CONVOLUTION_H

#include "linear/weights.h"

enum { DTD_ROWS, DTD_COLUMNS };                    /* the two directions */
enum { DTD_TOP, DTD_LEFT, DTD_BOTTOM, DTD_RIGHT }; /* sides, as ONNX has pads */

/* How a window moves over rows and columns; of convolutions and of pools. */
struct dtd_window {
  int kernel[2], stride[2], dilation[2];
  int pad[4];
};

struct dtd_convolution_shape {
  int channels, rows, columns; /* of the input */
  int maps;                    /* of the output */
  int groups;                  /* of channels and of maps; divides both */
  struct dtd_window window;
};

/* ---- create ---- */

/* Borrows `values`, which a first product reads and dtd_weights_read has read
   again. Dies (usage) when sizes do not fit. */
struct dtd_weights *
dtd_convolution_new(const struct dtd_convolution_shape *shape, float *values);

/* Dies (usage) when sizes do not fit. */
void dtd_convolution_check(const struct dtd_convolution_shape *shape);

/* ---- inspect ---- */

/* Positions of the window along `direction`, where the picture has `length`: 0
   when it does not fit once. */
int dtd_window_positions(const struct dtd_window *window, int direction,
                         int length);

/* Of values. */
size_t dtd_convolution_values(const struct dtd_convolution_shape *shape);

#endif
