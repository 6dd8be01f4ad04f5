/* Reads grayscale PNG pictures, and draws images and their heatmaps as PNG. */
#include "files/picture.h"

#include <math.h>
#include <stdlib.h>
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

static double largest_magnitude(const float *values, long count,
                                const char *path) {
  double largest = 0;
  for (long n = 0; n < count; n++) {
    if (!isfinite(values[n]))
      dtd_die(DTD_FAILURE, path, NULL, "pixel %ld of its heatmap is %g", n,
              (double)values[n]);
    largest = fmax(largest, fabs((double)values[n]));
  }
  return largest;
}

/* Of what size a drawing is, in pixels. */
struct canvas {
  int rows, columns;
  uint8_t *rgb;
};

/* One square of `zoom` x `zoom` pixels. */
static void fill_square(struct canvas *canvas, int row, int column, int zoom,
                        const uint8_t *rgb) {
  for (int y = row; y < row + zoom; y++)
    for (int x = column; x < column + zoom; x++)
      memcpy(canvas->rgb + 3 * ((long)y * canvas->columns + x), rgb, 3);
}

/* A panel whose first pixel is at `top`, `left`. */
static void draw_panel(struct canvas *canvas, int top, int left,
                       const struct dtd_panel *panel,
                       struct dtd_drawing drawing, const char *path) {
  long pixels = (long)drawing.rows * drawing.columns;
  double full = panel->full;
  if (panel->heatmap) {
    double largest = largest_magnitude(panel->heatmap, pixels, path);
    if (!(full > 0)) full = largest;
  }
  for (long p = 0; p < pixels; p++) {
    uint8_t rgb[3];
    if (panel->rgb)
      memcpy(rgb, panel->rgb + 3 * p, 3);
    else
      relevance_colour(rgb, full > 0 ? (double)panel->heatmap[p] / full : 0);
    fill_square(canvas, top + drawing.zoom * (int)(p / drawing.columns),
                left + drawing.zoom * (int)(p % drawing.columns), drawing.zoom,
                rgb);
  }
}

void dtd_picture_draw(const char *path, const struct dtd_panel *panel,
                      int panels, struct dtd_drawing drawing) {
  int height = drawing.rows * drawing.zoom, down = height + drawing.gap;
  int width = drawing.columns * drawing.zoom, across = width + drawing.gap;
  if (drawing.beside)
    down = 0;
  else
    across = 0;
  struct canvas canvas = {height + down * (panels - 1),
                          width + across * (panels - 1), NULL};
  size_t size = 3 * (size_t)canvas.rows * (size_t)canvas.columns;
  canvas.rgb = dtd_new(size, 1);
  memset(canvas.rgb, 255, size);
  for (int n = 0; n < panels; n++)
    draw_panel(&canvas, n * down, n * across, panel + n, drawing, path);
  dtd_png_write(path, canvas.rgb, canvas.rows, canvas.columns);
  dtd_free(canvas.rgb);
}

static int compare_magnitudes(const void *a, const void *b) {
  float x = fabsf(*(const float *)a), y = fabsf(*(const float *)b);
  return (x > y) - (x < y);
}

double dtd_picture_full(const float *heatmap, long pixels, double share) {
  float *sorted = dtd_copy(heatmap, (size_t)pixels, sizeof *sorted);
  qsort(sorted, (size_t)pixels, sizeof *sorted, compare_magnitudes);
  long beyond = (long)(share * (double)pixels);
  if (beyond >= pixels) beyond = pixels - 1;
  double full = fabs((double)sorted[pixels - 1 - beyond]);
  dtd_free(sorted);
  return full;
}

void dtd_picture_write(const char *path, const float *image,
                       const float *heatmap, int rows, int columns, float low,
                       float high, int zoom) {
  size_t pixels = (size_t)rows * (size_t)columns;
  uint8_t *rgb = dtd_new(pixels, 3);
  for (size_t p = 0; p < pixels; p++) {
    double share =
        ((double)image[p] - (double)low) / ((double)high - (double)low);
    memset(rgb + 3 * p, (int)lround(255 * fmin(fmax(share, 0), 1)), 3);
  }
  const struct dtd_panel panels[] = {{.rgb = rgb}, {.heatmap = heatmap}};
  dtd_picture_draw(
      path, panels, 2,
      (struct dtd_drawing){
          .rows = rows, .columns = columns, .zoom = zoom, .gap = zoom});
  dtd_free(rgb);
}
