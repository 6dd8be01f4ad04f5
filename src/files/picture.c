/* Reads grayscale PNG pictures, and draws heatmaps as PNG. */
#include "files/picture.h"

#include <math.h>
#include <png.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/die.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/output.h"

/* ---- reading ---- */

static _Noreturn void die_corrupt(png_structp png, const char *message) {
  dtd_die(DTD_FAILURE, png_get_error_ptr(png), "save it again", "corrupt: %s",
          message);
}

/* libpng warns of what leaves the samples as they are, or before an error. */
static void ignore(png_structp png, const char *message) {
  (void)png, (void)message;
}

/* libpng's memory, which goes with the mark when it reports an error. */
static png_voidp take(png_structp png, png_alloc_size_t size) {
  (void)png;
  return dtd_new(size, 1);
}

static void give_back(png_structp png, png_voidp memory) {
  (void)png;
  dtd_free(memory);
}

static void check_kind(const char *path, png_structp png, png_infop info,
                       int rows, int columns) {
  int colours = png_get_color_type(png, info);
  if (colours & PNG_COLOR_MASK_COLOR)
    dtd_die(DTD_FAILURE, path, "save it as grayscale", "is a colour PNG");
  if (colours & PNG_COLOR_MASK_ALPHA || png_get_valid(png, info, PNG_INFO_tRNS))
    dtd_die(DTD_FAILURE, path, "save it without transparency",
            "is a PNG with transparency");
  png_uint_32 width = png_get_image_width(png, info);
  png_uint_32 height = png_get_image_height(png, info);
  if (width != (png_uint_32)columns || height != (png_uint_32)rows)
    dtd_die(DTD_FAILURE, path, "scale it to that size",
            "is %u x %u pixels, not %d x %d", width, height, columns, rows);
}

/* Opens a PNG of the wanted kind, ready to read its samples. */
static png_structp open_png(struct dtd_input *input, png_infop *info, int rows,
                            int columns) {
  uint8_t signature[8] = {0};
  dtd_input_take(input, signature, input->left < 8 ? input->left : 8);
  if (png_sig_cmp(signature, 0, sizeof signature))
    dtd_die(DTD_FAILURE, input->path, "give a grayscale PNG", "is not a PNG");
  png_structp png =
      png_create_read_struct_2(PNG_LIBPNG_VER_STRING, (void *)input->path,
                               die_corrupt, ignore, NULL, take, give_back);
  *info = png_create_info_struct(png);
  if (!*info)
    dtd_die(DTD_FAILURE, input->path, "install its matching version",
            "libpng does not start");
  png_init_io(png, input->file);
  png_set_sig_bytes(png, sizeof signature);
  png_read_info(png, *info);
  check_kind(input->path, png, *info, rows, columns);
  return png;
}

/* Samples as they are in the file, 8 or 16 bits each (big-endian), without
   regard to gamma; lower depths are spread over 8 bits. */
static uint8_t *read_samples(png_structp png, png_infop info, int rows) {
  png_set_expand_gray_1_2_4_to_8(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  size_t row_size = png_get_rowbytes(png, info);
  uint8_t *bytes = dtd_new((size_t)rows, row_size);
  png_bytep *row = dtd_new((size_t)rows, sizeof *row);
  for (int y = 0; y < rows; y++) row[y] = bytes + (size_t)y * row_size;
  png_read_image(png, row);
  png_read_end(png, NULL);
  dtd_free(row);
  return bytes;
}

float *dtd_picture_read(const char *path, int rows, int columns, float low,
                        float high) {
  struct dtd_input input = dtd_input_open(path);
  png_infop info;
  png_structp png = open_png(&input, &info, rows, columns);
  uint8_t *bytes = read_samples(png, info, rows);
  bool wide = png_get_bit_depth(png, info) == 16;
  png_destroy_read_struct(&png, &info, NULL);
  dtd_input_close(&input);
  size_t count = (size_t)rows * (size_t)columns;
  float *image = dtd_new(count, sizeof *image);
  for (size_t p = 0; p < count; p++) {
    int sample = wide ? bytes[2 * p] << 8 | bytes[2 * p + 1] : bytes[p];
    image[p] = low + (high - low) / (wide ? 65535 : 255) * (float)sample;
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

static void write_rgb(const char *path, const uint8_t *rgb, int width,
                      int height) {
  png_image png = {.version = PNG_IMAGE_VERSION,
                   .width = (png_uint_32)width,
                   .height = (png_uint_32)height,
                   .format = PNG_FORMAT_RGB};
  png_alloc_size_t size = 0;
  png_image_write_get_memory_size(png, size, 0, rgb, 0, NULL);
  uint8_t *bytes = dtd_new(size, 1);
  if (!png_image_write_to_memory(&png, bytes, &size, 0, rgb, 0, NULL))
    dtd_die(DTD_FAILURE, path, NULL, "cannot make a PNG: %s", png.message);
  FILE *output = dtd_output_open(path);
  dtd_output_write(output, bytes, size);
  dtd_output_commit(output);
  dtd_free(bytes);
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
  write_rgb(path, out, width, height);
  dtd_free(out);
}
