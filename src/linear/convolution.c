/* The shapes of convolutions. */
#include "linear/convolution.h"

#include <limits.h>

#include "base/die.h"

int dtd_window_positions(const struct dtd_window *window, int direction,
                         int length) {
  long padded = (long)length + window->pad[direction] +
                window->pad[direction + DTD_BOTTOM];
  long reach =
      (long)window->dilation[direction] * (window->kernel[direction] - 1);
  return padded > reach
             ? (int)((padded - reach - 1) / window->stride[direction] + 1)
             : 0;
}

size_t dtd_convolution_values(const struct dtd_convolution_shape *shape) {
  const int *kernel = shape->window.kernel;
  return (size_t)shape->maps * (size_t)(shape->channels / shape->groups) *
         (size_t)kernel[DTD_ROWS] * (size_t)kernel[DTD_COLUMNS];
}

static _Noreturn void refuse(const char *why) {
  dtd_die(DTD_USAGE, "convolution", NULL, "%s", why);
}

/* Dies when a product of sizes, each at least 1, is too large to index. */
static int size_of(int a, int b, int c) {
  if (a < 1 || b < 1 || c < 1) refuse("sizes must be at least 1");
  if ((long)a * b > INT_MAX || (long)a * b * c > INT_MAX)
    refuse("more than 2^31 elements");
  return a * b * c;
}

/* A product reads the picture with padding, and z with as much as its window
   reaches. */
static void check_padded(const struct dtd_convolution_shape *shape, int rows,
                         int columns) {
  const struct dtd_window *w = &shape->window;
  long out[2] = {rows, columns}, in[2] = {shape->rows, shape->columns};
  for (int d = 0; d < 2; d++) {
    long reach = (long)w->dilation[d] * (w->kernel[d] - 1) + w->stride[d];
    in[d] += reach + w->pad[d] + w->pad[d + DTD_BOTTOM];
    out[d] += reach + w->pad[d];
    if (in[d] > INT_MAX || out[d] > INT_MAX) refuse("more than 2^31 elements");
  }
  size_of((int)out[DTD_ROWS], (int)out[DTD_COLUMNS], shape->maps);
  size_of((int)in[DTD_ROWS], (int)in[DTD_COLUMNS], shape->channels);
}

void dtd_convolution_check(const struct dtd_convolution_shape *shape) {
  const struct dtd_window *w = &shape->window;
  size_of(shape->channels, shape->rows, shape->columns);
  if (shape->groups < 1 || shape->channels % shape->groups ||
      shape->maps % shape->groups)
    refuse("groups must divide channels and maps");
  for (int d = 0; d < 2; d++) {
    if (w->stride[d] < 1 || w->dilation[d] < 1)
      refuse("strides and dilations must be at least 1");
    if (w->pad[d] < 0 || w->pad[d + DTD_BOTTOM] < 0)
      refuse("padding must not be negative");
    if ((long)(d ? shape->columns : shape->rows) + w->pad[d] +
            w->pad[d + DTD_BOTTOM] >
        INT_MAX)
      refuse("more than 2^31 elements");
  }
  size_of(w->kernel[DTD_ROWS], w->kernel[DTD_COLUMNS],
          size_of(shape->channels / shape->groups, shape->maps, 1));
  int rows = dtd_window_positions(w, DTD_ROWS, shape->rows);
  int columns = dtd_window_positions(w, DTD_COLUMNS, shape->columns);
  if (!rows || !columns) refuse("the window is larger than the padded picture");
  check_padded(shape, rows, columns);
}
