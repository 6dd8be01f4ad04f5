/* Convolutions: weights that many positions of a picture share.

   One example and one group at a time, as products with the matrix of columns,

       c_k(r, c) = x_i(s r + d u - p, s c + d v - p),    k = (i, u, v),

   zero where that is padding:

       z = w c,    d_c = w'd, whose columns are added up,    w += scale d c'. */
#include "linear/convolution.h"

#include <limits.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "linear/inputs_form.h"
#include "linear/weights_kind.h"

struct convolution {
  struct dtd_weights base;
  struct dtd_convolution_shape shape;
  int out[2];                /* positions of the window */
  int channels, maps, inner; /* of a group; inner: channels times window */
  long picture, positions;   /* elements of a channel, and of a map */
};

static const struct dtd_weights_kind convolved;

static const struct convolution *of(const struct dtd_weights *w) {
  return (const struct convolution *)w;
}

/* ---- shapes ---- */

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

static void check(const struct dtd_convolution_shape *shape) {
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
}

/* ---- create ---- */

struct dtd_weights *
dtd_convolution_new(const struct dtd_convolution_shape *shape, float *values) {
  check(shape);
  struct convolution *w = dtd_new(1, sizeof *w);
  const struct dtd_window *window = &shape->window;
  int rows = dtd_window_positions(window, DTD_ROWS, shape->rows);
  int columns = dtd_window_positions(window, DTD_COLUMNS, shape->columns);
  if (!rows || !columns) refuse("the window is larger than the padded picture");
  w->shape = *shape;
  w->out[DTD_ROWS] = rows;
  w->out[DTD_COLUMNS] = columns;
  w->channels = shape->channels / shape->groups;
  w->maps = shape->maps / shape->groups;
  w->inner =
      w->channels * window->kernel[DTD_ROWS] * window->kernel[DTD_COLUMNS];
  w->picture = (long)shape->rows * shape->columns;
  w->positions = (long)rows * columns;
  w->base = (struct dtd_weights){
      &convolved, values, dtd_convolution_values(shape),
      size_of(shape->channels, shape->rows, shape->columns),
      size_of(shape->maps, rows, columns)};
  return &w->base;
}

static struct dtd_weights *like(const struct dtd_weights *w, float *values) {
  return dtd_convolution_new(&of(w)->shape, values);
}

/* ---- columns ---- */

/* One element of the window over one channel. */
struct tap {
  int channel, row,
      column; /* row, column: where it is for the first position */
};

static struct tap tap_at(const struct convolution *w, int k) {
  const struct dtd_window *window = &w->shape.window;
  int columns = window->kernel[DTD_COLUMNS], rows = window->kernel[DTD_ROWS];
  int v = k % columns, u = k / columns % rows;
  return (struct tap){
      k / columns / rows, u * window->dilation[DTD_ROWS] - window->pad[DTD_TOP],
      v * window->dilation[DTD_COLUMNS] - window->pad[DTD_LEFT]};
}

/* c (inner, positions) of a group's channels x. */
static void gather(float *c, const struct convolution *w, const float *x) {
  const int *stride = w->shape.window.stride;
  for (int k = 0; k < w->inner; k++) {
    struct tap tap = tap_at(w, k);
    const float *from = x + tap.channel * w->picture;
    for (int r = 0; r < w->out[DTD_ROWS]; r++) {
      long row = tap.row + (long)r * stride[DTD_ROWS];
      bool inside = row >= 0 && row < w->shape.rows;
      for (int o = 0; o < w->out[DTD_COLUMNS]; o++) {
        long column = tap.column + (long)o * stride[DTD_COLUMNS];
        *c++ = inside && column >= 0 && column < w->shape.columns
                   ? from[row * w->shape.columns + column]
                   : 0;
      }
    }
  }
}

/* x += what c's elements were read from: k after k. */
static void scatter(float *x, const struct convolution *w, const float *c) {
  const int *stride = w->shape.window.stride;
  memset(x, 0, (size_t)(w->channels * w->picture) * sizeof *x);
  for (int k = 0; k < w->inner; k++) {
    struct tap tap = tap_at(w, k);
    float *to = x + tap.channel * w->picture;
    for (int r = 0; r < w->out[DTD_ROWS]; r++) {
      long row = tap.row + (long)r * stride[DTD_ROWS];
      bool inside = row >= 0 && row < w->shape.rows;
      for (int o = 0; o < w->out[DTD_COLUMNS]; o++, c++) {
        long column = tap.column + (long)o * stride[DTD_COLUMNS];
        if (inside && column >= 0 && column < w->shape.columns)
          to[row * w->shape.columns + column] += *c;
      }
    }
  }
}

/* ---- products ---- */

/* Where group `g` of example `n` stands. */
static long input_at(const struct convolution *w, int n, int g) {
  return (long)n * w->base.inputs + g * w->channels * w->picture;
}
static long unit_at(const struct convolution *w, int n, int g) {
  return (long)n * w->base.units + g * w->maps * w->positions;
}

static struct dtd_view values_of(const struct convolution *w, int g) {
  return dtd_view(w->base.values + (long)g * w->maps * w->inner, w->maps,
                  w->inner);
}

static struct dtd_view columns_of(const struct convolution *w, const float *c) {
  return dtd_view(c, w->inner, (int)w->positions);
}

static float *new_columns(const struct convolution *w) {
  return dtd_new((size_t)w->inner * (size_t)w->positions, sizeof(float));
}

static void apply(float *z, const struct dtd_weights *base,
                  const struct dtd_inputs *x) {
  const struct convolution *w = of(base);
  const float *rows = dtd_inputs_rows(x, base->inputs);
  float *c = new_columns(w);
  for (int n = 0; n < x->batch; n++)
    for (int g = 0; g < w->shape.groups; g++) {
      gather(c, w, rows + input_at(w, n, g));
      dtd_multiply(z + unit_at(w, n, g), 0, 1, values_of(w, g),
                   columns_of(w, c));
    }
  dtd_free(c);
}

static void transpose(float *d_x, const struct dtd_weights *base,
                      const float *d, int batch) {
  const struct convolution *w = of(base);
  float *c = new_columns(w);
  for (int n = 0; n < batch; n++)
    for (int g = 0; g < w->shape.groups; g++) {
      dtd_multiply(c, 0, 1, dtd_transposed(values_of(w, g)),
                   dtd_view(d + unit_at(w, n, g), w->maps, (int)w->positions));
      scatter(d_x + input_at(w, n, g), w, c);
    }
  dtd_free(c);
}

static void accumulate(struct dtd_weights *base, float scale,
                       const struct dtd_inputs *x, const float *d) {
  const struct convolution *w = of(base);
  const float *rows = dtd_inputs_rows(x, base->inputs);
  float *c = new_columns(w);
  for (int n = 0; n < x->batch; n++)
    for (int g = 0; g < w->shape.groups; g++) {
      gather(c, w, rows + input_at(w, n, g));
      dtd_multiply(base->values + (long)g * w->maps * w->inner, 1, scale,
                   dtd_view(d + unit_at(w, n, g), w->maps, (int)w->positions),
                   dtd_transposed(columns_of(w, c)));
    }
  dtd_free(c);
}

static void scale_by(struct dtd_weights *w, double keep) {
  for (size_t i = 0; i < w->count; i++)
    w->values[i] = (float)(keep * (double)w->values[i]);
}

static const struct dtd_weights_kind convolved = {.name = "convolution",
                                                  .like = like,
                                                  .apply = apply,
                                                  .transpose = transpose,
                                                  .accumulate = accumulate,
                                                  .scale = scale_by};
