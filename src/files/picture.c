/* Reads grayscale PNG pictures, and draws heatmaps as PNG. */
#include "files/picture.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "files/png_file.h"

/* ---- reading ---- */

static void check_kind(const char *path, const struct dtd_png *png, int rows,
                       int columns) {
  if (png->channels >= 3)
    dtd_die(DTD_FAILURE, path, "save it as grayscale", "is a colour PNG");
  if (png->channels == 2)
    dtd_die(DTD_FAILURE, path, "save it without transparency",
            "is a PNG with transparency");
  if (png->columns != columns || png->rows != rows)
    dtd_die(DTD_FAILURE, path, "scale it to that size",
            "is %d x %d pixels, not %d x %d", png->columns, png->rows, columns,
            rows);
}

float *dtd_picture_read(const char *path, int rows, int columns, float low,
                        float high) {
  struct dtd_png png = dtd_png_open(path);
  check_kind(path, &png, rows, columns);
  uint8_t *bytes = dtd_png_samples(&png);
  size_t count = (size_t)rows * (size_t)columns;
  float *image = dtd_new(count, sizeof *image);
  for (size_t p = 0; p < count; p++) {
    int sample = png.wide ? bytes[2 * p] << 8 | bytes[2 * p + 1] : bytes[p];
    image[p] = low + (high - low) / (png.wide ? 65535 : 255) * (float)sample;
  }
  dtd_free(bytes);
  return image;
}

/* ---- writing ---- */

/* The palette of plots/style.gp, from -1 to 1 in steps of a half (ColorBrewer's
   RdBu, with white in the middle). */
static const uint8_t palette[5][3] = {{33, 102, 172},
                                      {146, 197, 222},
                                      {255, 255, 255},
                                      {244, 165, 130},
                                      {178, 24, 43}};

/* rgb (3) of a value in [-1, 1] */
static void relevance_colour(uint8_t *rgb, double value) {
  double position = 2 * (fmin(fmax(value, -1), 1) + 1);
  int below = position < 3 ? (int)position : 3;
  double part = position - below;
  for (int c = 0; c < 3; c++)
    rgb[c] = (uint8_t)lround((1 - part) * palette[below][c] +
                             part * palette[below + 1][c]);
}

static void gray_colour(uint8_t *rgb, double share) {
  memset(rgb, (int)lround(255 * fmin(fmax(share, 0), 1)), 3);
}

/* One square of zoom x zoom output pixels, in an image of `width`. */
static void fill_square(uint8_t *out, const uint8_t *rgb, int row, int column,
                        int zoom, int width) {
  for (int y = row * zoom; y < (row + 1) * zoom; y++)
    for (int x = column * zoom; x < (column + 1) * zoom; x++)
      memcpy(out + 3 * ((long)y * width + x), rgb, 3);
}

static double largest_magnitude(const float *values, int count,
                                const char *path) {
  double largest = 0;
  for (int n = 0; n < count; n++) {
    if (!isfinite(values[n]))
      dtd_die(DTD_FAILURE, path, NULL, "pixel %d of its heatmap is %g", n,
              (double)values[n]);
    largest = fmax(largest, fabs((double)values[n]));
  }
  return largest;
}

void dtd_picture_write(const char *path, const float *image,
                       const float *heatmap, int rows, int columns, float low,
                       float high, int zoom) {
  int width = columns * zoom, height = (2 * rows + 1) * zoom;
  size_t size = 3 * (size_t)width * (size_t)height;
  uint8_t *out = dtd_new(size, 1);
  memset(out, 255, size);
  double largest = largest_magnitude(heatmap, rows * columns, path);
  for (int p = 0; p < rows * columns; p++) {
    int row = p / columns, column = p % columns;
    uint8_t rgb[3];
    gray_colour(rgb, ((double)image[p] - (double)low) /
                         ((double)high - (double)low));
    fill_square(out, rgb, row, column, zoom, width);
    relevance_colour(rgb, largest > 0 ? (double)heatmap[p] / largest : 0);
    fill_square(out, rgb, rows + 1 + row, column, zoom, width);
  }
  dtd_png_write(path, out, height, width);
  dtd_free(out);
}
