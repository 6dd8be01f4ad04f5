/* Tests photo.c: PNGs of every kind as RGB, and what is no photo. */
#include "base/test.h"
#include "files/photo.h"

#include <jpeglib.h>
#include <png.h>

#include "base/test_faults.h"

enum { ROWS = 2, COLUMNS = 3 };

/* Writes x.png of one kind, from 16-bit RGBA samples that are shares of full
   scale; palettes are of its first row. */
static const char *put_png(int colour, int depth, int interlace,
                           const double rgba[ROWS][COLUMNS][4]) {
  const char *path = test_put("x.png", "", 0);
  FILE *file = fopen(path, "wb");
  png_structp png =
      png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png_create_info_struct(png);
  png_init_io(png, file);
  png_set_IHDR(png, info, COLUMNS, ROWS, depth, colour, interlace, 0, 0);
  png_color colours[COLUMNS];
  png_byte alphas[COLUMNS];
  for (int n = 0; n < COLUMNS; n++) {
    colours[n] = (png_color){(png_byte)lround(255 * rgba[0][n][0]),
                             (png_byte)lround(255 * rgba[0][n][1]),
                             (png_byte)lround(255 * rgba[0][n][2])};
    alphas[n] = (png_byte)lround(255 * rgba[0][n][3]);
  }
  if (colour == PNG_COLOR_TYPE_PALETTE) {
    png_set_PLTE(png, info, colours, COLUMNS);
    png_set_tRNS(png, info, alphas, COLUMNS, NULL);
  }
  png_set_gAMA(png, info, 1.0); /* to be ignored */
  png_write_info(png, info);
  int passes = png_set_interlace_handling(png), channels = 0;
  static const int used[7][4] = {{0},    {0}, {0, 1, 2},   {0},
                                 {0, 3}, {0}, {0, 1, 2, 3}};
  channels = colour == PNG_COLOR_TYPE_GRAY         ? 1
             : colour == PNG_COLOR_TYPE_GRAY_ALPHA ? 2
             : colour == PNG_COLOR_TYPE_RGB        ? 3
             : colour == PNG_COLOR_TYPE_RGB_ALPHA  ? 4
                                                   : 0;
  for (int pass = 0; pass < passes; pass++)
    for (int y = 0; y < ROWS; y++) {
      uint8_t row[COLUMNS * 8] = {0}, *to = row;
      for (int x = 0; x < COLUMNS; x++) {
        if (!channels) *to++ = (uint8_t)((x + y) % COLUMNS);
        for (int c = 0; c < channels; c++) {
          double share = rgba[y][x][used[colour][c]];
          long sample = lround(share * (depth == 16 ? 65535 : 255));
          if (depth == 16) *to++ = (uint8_t)(sample >> 8);
          *to++ = (uint8_t)sample;
        }
      }
      png_write_row(png, row);
    }
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  fclose(file);
  return path;
}

static const double samples[ROWS][COLUMNS][4] = {
    {{0, .5, 1, 1}, {.3, .6, .9, .25}, {1, 1, 1, 0}},
    {{1, .2, .1, .5}, {0, 0, 0, 0}, {.7, .71, .72, .99}}};

TEST(every_kind_of_png_is_read_over_white) {
  const struct {
    int colour, depth, interlace;
  } kinds[] = {
      {PNG_COLOR_TYPE_GRAY, 8, 0},        {PNG_COLOR_TYPE_GRAY, 16, 1},
      {PNG_COLOR_TYPE_GRAY_ALPHA, 8, 1},  {PNG_COLOR_TYPE_RGB, 8, 0},
      {PNG_COLOR_TYPE_GRAY_ALPHA, 16, 0}, {PNG_COLOR_TYPE_RGB, 16, 1},
      {PNG_COLOR_TYPE_RGB_ALPHA, 8, 0},   {PNG_COLOR_TYPE_PALETTE, 8, 0},
      {PNG_COLOR_TYPE_RGB_ALPHA, 16, 1},  {PNG_COLOR_TYPE_PALETTE, 8, 1}};
  for (size_t n = 0; n < sizeof kinds / sizeof *kinds; n++) {
    int colour = kinds[n].colour;
    struct dtd_photo photo = dtd_photo_read(
        put_png(colour, kinds[n].depth, kinds[n].interlace, samples));
    assert_int_equal(photo.rows, ROWS);
    assert_int_equal(photo.columns, COLUMNS);
    bool palette = colour == PNG_COLOR_TYPE_PALETTE;
    bool has_alpha = colour & PNG_COLOR_MASK_ALPHA || palette;
    for (int p = 0; p < ROWS * COLUMNS; p++) {
      int y = p / COLUMNS, x = p % COLUMNS;
      const double *from =
          palette ? samples[0][(x + y) % COLUMNS] : samples[y][x];
      for (int c = 0; c < 3; c++) {
        double value = from[colour & PNG_COLOR_MASK_COLOR ? c : 0];
        double wanted =
            255 * (has_alpha ? from[3] * value + 1 - from[3] : value);
        /* half a step for the result, and a sample's own half steps */
        assert_true(fabs(photo.rgb[3 * p + c] - wanted) < 1.4);
        if (kinds[n].depth == 16)
          assert_true(fabs(photo.rgb[3 * p + c] - wanted) < 0.51);
      }
    }
    dtd_photo_free(&photo);
  }
}

/* A camera held on its side: 3 columns stored, 2 shown. */
TEST(a_photo_is_turned_upright) {
  const char *path = test_put("x.png", "", 0);
  FILE *file = fopen(path, "wb");
  struct jpeg_compress_struct jpeg;
  struct jpeg_error_mgr errors;
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  jpeg_stdio_dest(&jpeg, file);
  jpeg.image_width = 24, jpeg.image_height = 16;
  jpeg.input_components = 1, jpeg.in_color_space = JCS_GRAYSCALE;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, 100, TRUE);
  jpeg_start_compress(&jpeg, TRUE);
  static const uint8_t exif[] = {'E', 'x', 'i', 'f', 0, 0, 'M', 'M',  0, 42,
                                 0,   0,   0,   8,   0, 1, 1,   0x12, 0, 3,
                                 0,   0,   0,   1,   0, 6, 0,   0};
  jpeg_write_marker(&jpeg, JPEG_APP0 + 1, exif, sizeof exif);
  uint8_t lines[2][24], *row;
  for (int x = 0; x < 24; x++)
    lines[0][x] = (uint8_t)(20 + 30 * (x / 8)),
    lines[1][x] = (uint8_t)(140 + 30 * (x / 8));
  for (int y = 0; y < 16; y++)
    row = lines[y / 8], jpeg_write_scanlines(&jpeg, &row, 1);
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  fclose(file);
  struct dtd_photo photo = dtd_photo_read(path);
  assert_int_equal(photo.rows, 24);
  assert_int_equal(photo.columns, 16);
  const int shown[3][2] = {{140, 20}, {170, 50}, {200, 80}};
  for (int p = 0; p < 24 * 16; p++)
    assert_true(abs(photo.rgb[3 * p] - shown[p / 16 / 8][p % 16 / 8]) <= 1);
  dtd_photo_free(&photo);
}

static void read_and_free(const char *path) {
  struct dtd_photo photo = dtd_photo_read(path);
  dtd_photo_free(&photo);
}

TEST(other_formats_are_named) {
  const struct {
    const char *bytes, *words;
    size_t size;
  } cases[] = {
      {"GIF89a", "is a GIF (give a PNG or a JPEG)", 6},
      {"RIFF\1\1\1\1WEBPVP8 ", "is a WebP picture (give", 16},
      {"II*\0........", "is a TIFF", 12},
      {"MM\0*........", "is a TIFF", 12},
      {"BM......", "is a BMP", 8},
      {"\0\0\0\x20"
       "ftypavif",
       "is an AVIF picture", 12},
      {"\0\0\0\x18"
       "ftypheic",
       "is an HEIC photo", 12},
      {"\x93NUMPY\1\0", "is an array of NumPy", 8},
      {"version https://git-lfs.github.com", "is a pointer of Git LFS", 34},
      {"<!DOCTYPE html>", "is HTML or XML", 15},
      {"", "is neither a PNG nor a JPEG (give", 0},
      {"\x89PN", "is neither a PNG nor a JPEG (give", 3},
  };
  for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
    const char *path = test_put("x.png", cases[n].bytes, cases[n].size);
    assert_dies(1, cases[n].words, read_and_free(path));
    assert_dies(1, "x.png: ", read_and_free(path));
  }
  assert_dies(1, "is not a regular file", read_and_free(test_folder));
}

TEST(a_name_decides_nothing) {
  size_t size;
  char *bytes = test_get(&size, put_png(PNG_COLOR_TYPE_RGB, 8, 0, samples));
  read_and_free(test_put("x.jpg", bytes, size));
  read_and_free(test_put("x", bytes, size));
}

static void read_it(void) {
  read_and_free(test_path("x.png"));
}

TEST(reading_survives_any_error) {
  put_png(PNG_COLOR_TYPE_RGB_ALPHA, 16, 1, samples);
  assert_survives_short_memory(read_it);
}

TEST_GROUP(test_folder_new, test_folder_free)
