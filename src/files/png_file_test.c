/* Tests png_file.c: what picture_test.c and photo_test.c do not see, sizes
   before memory and pictures written. */
#include "base/test.h"
#include "files/png_file.h"

#include <zlib.h>

#include "base/test_faults.h"

static uint8_t *read_samples(struct dtd_png *png, const char *path) {
  *png = dtd_png_open(path);
  return own_memory(dtd_png_samples(png));
}

TEST(what_is_written_is_read) {
  uint8_t rgb[5 * 7 * 3];
  for (int n = 0; n < 105; n++) rgb[n] = (uint8_t)(n * 41);
  const char *path = test_path("x.png");
  dtd_png_write(path, rgb, 5, 7);
  struct dtd_png png;
  assert_memory_equal(read_samples(&png, path), rgb, sizeof rgb);
  assert_int_equal(png.rows, 5);
  assert_int_equal(png.columns, 7);
  assert_int_equal(png.channels, 3);
  assert_false(png.wide);
  assert_int_equal(png.orientation, 1);
}

/* A chunk with its length and checksum. */
static size_t put_chunk(uint8_t *to, const char *name, const void *bytes,
                        uint32_t size) {
  uint32_t length = __builtin_bswap32(size);
  memcpy(to, &length, 4);
  memcpy(to + 4, name, 4);
  memcpy(to + 8, bytes, size);
  uint32_t sum = (uint32_t)crc32(0, to + 4, size + 4);
  sum = __builtin_bswap32(sum);
  memcpy(to + 8 + size, &sum, 4);
  return size + 12;
}

/* A gray PNG of that size, of one bit a pixel, with EXIF, and with no more
   than a row of pixels in it. */
static const char *put_png(uint32_t width, uint32_t height, int orientation) {
  uint8_t png[512] = "\x89PNG\r\n\x1a\n", header[13] = {0}, deflated[64];
  uint8_t exif[] = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0,
                    3,   0,   0, 0,  1, 0, 0, 0, 0, 0, 0, 0,    0};
  exif[19] = (uint8_t)orientation;
  uint32_t sizes[2] = {__builtin_bswap32(width), __builtin_bswap32(height)};
  memcpy(header, sizes, sizeof sizes);
  header[8] = 1;
  size_t at = 8;
  at += put_chunk(png + at, "IHDR", header, sizeof header);
  at += put_chunk(png + at, "eXIf", exif, sizeof exif);
  uLongf size = sizeof deflated;
  compress(deflated, &size, (const uint8_t[4]){0, 0xa0, 0, 0xa0}, 4);
  at += put_chunk(png + at, "IDAT", deflated, (uint32_t)size);
  at += put_chunk(png + at, "IEND", "", 0);
  return test_put("x.png", png, at);
}

TEST(the_orientation_is_found) {
  struct dtd_png png;
  uint8_t *samples = read_samples(&png, put_png(3, 2, 8));
  assert_int_equal(png.orientation, 8);
  assert_true(samples[0] == 255 && samples[1] == 0 && samples[2] == 255);
}

TEST(sizes_are_checked_before_memory_is_taken) {
  assert_dies(1, "x.png: has 9000 x 9000 pixels, more than 67108864 (scale it",
              dtd_png_open(put_png(9000, 9000, 1)));
  assert_dies(1, "x.png: corrupt: 8000 x 8000 pixels cannot be in so few bytes",
              dtd_png_open(put_png(8000, 8000, 1)));
  assert_dies(1, "x.png: corrupt", {
    struct dtd_png png = dtd_png_open(put_png(100, 100, 1));
    dtd_png_samples(&png);
  });
}

TEST(a_full_disk_spares_the_earlier_picture) {
  static uint8_t noise[64 * 64 * 3];
  for (uint32_t n = 0; n < sizeof noise; n++)
    noise[n] = (uint8_t)(n * 2654435761u >> 16);
  assert_survives_full_disk(
      "full.png", dtd_png_write(test_path("full.png"), noise, 64, 64));
}

TEST_GROUP(test_folder_new, test_folder_free)
