/* Reads photos, PNG or JPEG by their content, as RGB bytes. */
#include "files/photo.h"

#include <string.h>

#include "base/die.h"
#include "base/input.h"
#include "base/memory.h"
#include "files/exif.h"
#include "files/jpeg_file.h"
#include "files/png_file.h"

enum { START = 32 }; /* bytes that tell a format */

/* ---- formats ---- */

/* What people also give, by the bytes that stand `at` some place. */
static const struct {
  int at;
  const char *bytes, *name;
} others[] = {
    {0, "GIF8", "a GIF"},
    {8, "WEBP", "a WebP picture"},
    {0, "II*", "a TIFF or a camera's raw file"},
    {0, "MM", "a TIFF or a camera's raw file"},
    {0, "BM", "a BMP"},
    {4, "ftypavif", "an AVIF picture"},
    {4, "ftyphei", "an HEIC photo"},
    {4, "ftypmif", "an HEIC photo"},
    {0, "\x93NUMPY", "an array of NumPy"},
    {0, "version https://git-lfs", "a pointer of Git LFS, not the file itself"},
    {0, "<svg", "an SVG drawing"},
    {0, "<", "HTML or XML, not a picture"},
    {0, "%PDF", "a PDF"},
    {0, "P5", "a PGM"},
    {0, "P6", "a PPM"},
};

static _Noreturn void die_unknown(const char *path, const uint8_t *start) {
  for (size_t n = 0; n < sizeof others / sizeof *others; n++)
    if (!memcmp(start + others[n].at, others[n].bytes, strlen(others[n].bytes)))
      dtd_die(DTD_FAILURE, path, "give a PNG or a JPEG", "is %s",
              others[n].name);
  dtd_die(DTD_FAILURE, path, "give a PNG or a JPEG",
          "is neither a PNG nor a JPEG");
}

/* ---- samples of a PNG ---- */

static uint64_t sample(const uint8_t *samples, long n, bool wide) {
  return wide ? (uint64_t)(samples[2 * n] << 8 | samples[2 * n + 1])
              : samples[n];
}

/* Over white: alpha v + (1 - alpha) full, in 255 parts, rounded once. */
static uint8_t composed(uint64_t value, uint64_t alpha, uint64_t full) {
  uint64_t over_white = alpha * value + (full - alpha) * full;
  return (uint8_t)((255 * over_white + full * full / 2) / (full * full));
}

static uint8_t *rgb_of(const uint8_t *samples, const struct dtd_png *png) {
  long pixels = (long)png->rows * png->columns;
  uint8_t *rgb = dtd_new((size_t)pixels, 3), *to = rgb;
  uint64_t full = png->wide ? 65535 : 255;
  bool colour = png->channels >= 3, transparent = png->channels % 2 == 0;
  for (long p = 0; p < pixels; p++) {
    long first = p * png->channels;
    uint64_t alpha = transparent
                         ? sample(samples, first + png->channels - 1, png->wide)
                         : full;
    for (int c = 0; c < 3; c++)
      *to++ = composed(sample(samples, first + (colour ? c : 0), png->wide),
                       alpha, full);
  }
  return rgb;
}

/* ---- reading ---- */

static struct dtd_photo read_png(int *orientation, const char *path) {
  struct dtd_png png = dtd_png_open(path);
  uint8_t *samples = dtd_png_samples(&png);
  struct dtd_photo photo = {png.rows, png.columns, rgb_of(samples, &png)};
  *orientation = png.orientation;
  dtd_free(samples);
  return photo;
}

struct dtd_photo dtd_photo_read(const char *path) {
  uint8_t start[START] = {0};
  struct dtd_input input = dtd_input_open(path);
  dtd_input_take(&input, start, input.left < START ? input.left : START);
  dtd_input_close(&input);
  int orientation = DTD_UPRIGHT;
  struct dtd_photo photo = {0};
  if (dtd_png_is(start))
    photo = read_png(&orientation, path);
  else if (dtd_jpeg_is(start))
    photo.rgb = dtd_jpeg_read(&photo.rows, &photo.columns, &orientation, path);
  else
    die_unknown(path, start);
  photo.rgb =
      dtd_exif_turn(photo.rgb, &photo.rows, &photo.columns, orientation);
  return photo;
}

void dtd_photo_free(struct dtd_photo *photo) {
  dtd_free(photo->rgb);
  *photo = (struct dtd_photo){0};
}
