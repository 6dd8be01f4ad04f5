/* Tests picture.c with PNGs of every kind, read and written by libpng alone. */
#include "base/test.h"
#include "files/picture.h"

#include <png.h>

#include "base/test_faults.h"

enum { ROWS = 3, COLUMNS = 5, COUNT = ROWS * COLUMNS };

/* The kind of PNG that a test writes. */
struct kind {
  int colour, depth, interlace;
  double gamma; /* 0 for none */
  int transparent;
};

/* Writes x.png of packed rows of `row_size` bytes. */
static const char *put_png(struct kind kind, int width, int height,
                           const uint8_t *rows, int row_size) {
  const char *path = test_put("x.png", "", 0);
  FILE *file = fopen(path, "wb");
  png_structp png =
      png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png_create_info_struct(png);
  png_init_io(png, file);
  png_set_IHDR(png, info, (png_uint_32)width, (png_uint_32)height, kind.depth,
               kind.colour, kind.interlace, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  if (kind.gamma > 0) png_set_gAMA(png, info, kind.gamma);
  png_color colours[2] = {{0, 0, 0}, {255, 255, 255}};
  if (kind.colour == PNG_COLOR_TYPE_PALETTE)
    png_set_PLTE(png, info, colours, 2);
  if (kind.transparent)
    png_set_tRNS(png, info, NULL, 0, &(png_color_16){.gray = 1});
  png_write_info(png, info);
  int passes = png_set_interlace_handling(png);
  for (int pass = 0; pass < passes; pass++)
    for (int y = 0; y < height; y++) png_write_row(png, rows + y * row_size);
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  fclose(file);
  return path;
}

/* Samples of `depth` bits, each the next of a sequence; `expected` are they as
   shares of full scale. */
static const char *put_gray(double *expected, struct kind kind) {
  uint8_t packed[ROWS][2 * COLUMNS] = {{0}};
  int full = (1 << kind.depth) - 1;
  for (int p = 0; p < COUNT; p++) {
    int y = p / COLUMNS, x = p % COLUMNS;
    int sample = p == 0 ? 0 : p == 1 ? full : p * 40503 >> 3 & full;
    expected[p] = (double)sample / full;
    if (kind.depth == 16) {
      packed[y][2 * x] = (uint8_t)(sample >> 8);
      packed[y][2 * x + 1] = (uint8_t)sample;
    } else {
      int bit = x * kind.depth;
      packed[y][bit / 8] |= (uint8_t)(sample << (8 - kind.depth - bit % 8));
    }
  }
  return put_png(kind, COLUMNS, ROWS, packed[0], sizeof packed[0]);
}

/* ---- reading ---- */

TEST(every_gray_depth_is_mapped_linearly) {
  const struct kind kinds[] = {
      {.depth = 1},
      {.depth = 2},
      {.depth = 4},
      {.depth = 8},
      {.depth = 16},
      {.depth = 8, .interlace = PNG_INTERLACE_ADAM7},
      {.depth = 16, .interlace = PNG_INTERLACE_ADAM7},
      {.depth = 8, .gamma = 1.0},
      {.depth = 16, .gamma = 1 / 2.2},
  };
  for (size_t n = 0; n < sizeof kinds / sizeof *kinds; n++) {
    double expected[COUNT];
    const char *path = put_gray(expected, kinds[n]);
    float *image =
        own_memory(dtd_picture_read(path, ROWS, COLUMNS, -0.5f, 1.5f));
    assert_true(image[0] == -0.5f && image[1] == 1.5f);
    for (int p = 0; p < COUNT; p++)
      assert_true(fabs((double)image[p] - (-0.5 + 2 * expected[p])) < 1e-6);
  }
}

static float *read_picture(const char *path) {
  return dtd_picture_read(path, ROWS, COLUMNS, -0.5f, 1.5f);
}

TEST(colour_and_transparency_are_refused) {
  uint8_t samples[ROWS * COLUMNS * 4] = {0};
  const struct {
    struct kind kind;
    const char *words;
  } cases[] = {
      {{.colour = PNG_COLOR_TYPE_RGB, .depth = 8}, "is a colour PNG"},
      {{.colour = PNG_COLOR_TYPE_RGBA, .depth = 8}, "is a colour PNG"},
      {{.colour = PNG_COLOR_TYPE_PALETTE, .depth = 1}, "is a colour PNG"},
      {{.colour = PNG_COLOR_TYPE_GRAY_ALPHA, .depth = 8}, "with transparency"},
      {{.depth = 8, .transparent = 1}, "with transparency"},
  };
  for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
    const char *path =
        put_png(cases[n].kind, COLUMNS, ROWS, samples, COLUMNS * 4);
    assert_dies(1, cases[n].words, read_picture(path));
    assert_dies(1, "x.png: ", read_picture(path));
  }
}

TEST(another_size_is_refused) {
  uint8_t samples[100] = {0};
  assert_dies(
      1, "x.png: is 5 x 4 pixels, not 5 x 3",
      read_picture(put_png((struct kind){.depth = 8}, 5, 4, samples, 5)));
  assert_dies(
      1, "x.png: is 4 x 3 pixels, not 5 x 3",
      read_picture(put_png((struct kind){.depth = 8}, 4, 3, samples, 4)));
}

TEST(what_is_no_png_is_refused) {
  assert_dies(1, "none.png: cannot open", read_picture(test_path("none.png")));
  assert_dies(1, "is not a regular file", read_picture(test_folder));
  const char *texts[] = {"", "\x89PNG", "GIF89a......", "\x93NUMPY......"};
  for (int n = 0; n < 4; n++) {
    const char *path = test_put("x.png", texts[n], strlen(texts[n]));
    assert_dies(1, "x.png: is not a PNG", read_picture(path));
  }
}

TEST(a_cut_or_changed_png_is_refused) {
  double expected[COUNT];
  size_t size;
  char *bytes = test_get(&size, put_gray(expected, (struct kind){.depth = 8}));
  for (size_t end = 8; end < size; end++) {
    const char *path = test_put("x.png", bytes, end);
    assert_dies(1, "x.png: corrupt", read_picture(path));
  }
  for (size_t at = 8; at < size - 12; at++) {
    bytes[at] ^= 0x10;
    const char *path = test_put("x.png", bytes, size);
    bytes[at] ^= 0x10;
    assert_dies(1, "x.png: corrupt", read_picture(path));
  }
}

/* ---- writing ---- */

/* The RGB pixels of a PNG, until the test ends. */
static uint8_t *pixels_of(const char *path, int width, int height) {
  png_image png = {.version = PNG_IMAGE_VERSION};
  assert_true(png_image_begin_read_from_file(&png, path));
  assert_int_equal(png.format, PNG_FORMAT_RGB);
  assert_int_equal(png.width, width);
  assert_int_equal(png.height, height);
  uint8_t *pixels = test_new(PNG_IMAGE_SIZE(png), 1);
  assert_true(png_image_finish_read(&png, NULL, pixels, 0, NULL));
  return pixels;
}

TEST(an_image_stands_above_its_heatmap) {
  const float image[6] = {-0.5f, 1.5f, 0.5f, -9, 9, 0};
  const float heatmap[6] = {4, -4, 0, 2, -2, 1};
  const uint8_t cells[5][3][3] = {
      {{0, 0, 0}, {255, 255, 255}, {128, 128, 128}},
      {{0, 0, 0}, {255, 255, 255}, {64, 64, 64}},
      {{255, 255, 255}, {255, 255, 255}, {255, 255, 255}},
      {{178, 24, 43}, {33, 102, 172}, {255, 255, 255}},
      {{244, 165, 130}, {146, 197, 222}, {250, 210, 193}}, /* 249.5 192.5 */
  };
  for (int zoom = 1; zoom <= 4; zoom += 3) {
    const char *path = test_path("drawn.png");
    dtd_picture_write(path, image, heatmap, 2, 3, -0.5f, 1.5f, zoom);
    uint8_t *pixels = pixels_of(path, 3 * zoom, 5 * zoom);
    for (int y = 0; y < 5 * zoom; y++)
      for (int x = 0; x < 3 * zoom; x++)
        for (int c = 0; c < 3; c++)
          assert_int_equal(pixels[3 * (3 * zoom * y + x) + c],
                           cells[y / zoom][x / zoom][c]);
  }
}

TEST(panels_stand_beside_each_other) {
  const uint8_t photo[2 * 3 * 3] = {9,  8, 7, 6, 5, 4,   3,   2,  1,
                                    10, 0, 0, 0, 0, 250, 128, 64, 32};
  const float heatmap[6] = {4, 2, -8, -1, 0, 1};
  const struct dtd_panel panels[] = {
      {.rgb = photo}, {.heatmap = heatmap, .full = 2}, {.heatmap = heatmap}};
  const uint8_t full[2][6][3] = {{{178, 24, 43},
                                  {178, 24, 43},
                                  {33, 102, 172},
                                  {146, 197, 222},
                                  {255, 255, 255},
                                  {244, 165, 130}},
                                 {{244, 165, 130},
                                  {250, 210, 193},
                                  {33, 102, 172},
                                  {228, 241, 247},
                                  {255, 255, 255},
                                  {252, 233, 224}}};
  const char *path = test_path("beside.png");
  struct dtd_drawing drawing = {
      .rows = 2, .columns = 3, .beside = true, .zoom = 2, .gap = 5};
  dtd_picture_draw(path, panels, 3, drawing);
  uint8_t *pixels = pixels_of(path, 3 * 6 + 2 * 5, 4);
  for (int y = 0; y < 4; y++)
    for (int x = 0; x < 28; x++)
      for (int c = 0; c < 3; c++) {
        int panel = x / 11, column = x % 11 / 2, p = y / 2 * 3 + column;
        int wanted = column >= 3 ? 255
                     : panel     ? full[panel - 1][p][c]
                                 : photo[3 * p + c];
        assert_true(abs(pixels[3 * (28 * y + x) + c] - wanted) <= 1);
      }
}

TEST(full_colour_may_be_reached_by_a_share) {
  float heatmap[200];
  for (int n = 0; n < 200; n++)
    heatmap[n] = (float)((n * 77 % 200 + 1) * (n % 2 ? -1 : 1)); /* 1 to 200 */
  assert_true(dtd_picture_full(heatmap, 200, 0) == 200);
  assert_true(dtd_picture_full(heatmap, 200, 0.01) == 198);
  assert_true(dtd_picture_full(heatmap, 200, 1) == 1);
}

TEST(a_heatmap_of_zeros_is_white) {
  const float image[2] = {0, 0}, heatmap[2] = {0, -0.0f};
  const char *path = test_path("zeros.png");
  dtd_picture_write(path, image, heatmap, 1, 2, 0, 1, 1);
  uint8_t *pixels = pixels_of(path, 2, 3);
  for (int n = 6; n < 18; n++) assert_int_equal(pixels[n], 255);
}

TEST(a_heatmap_that_is_not_finite_is_refused) {
  const float image[2] = {0, 0};
  const float bad[2][2] = {{1, NAN}, {1, -INFINITY}};
  const char *path = test_path("bad.png");
  assert_dies(1, "bad.png: pixel 1 of its heatmap is nan",
              dtd_picture_write(path, image, bad[0], 1, 2, 0, 1, 1));
  assert_dies(1, "bad.png: pixel 1 of its heatmap is -inf",
              dtd_picture_write(path, image, bad[1], 1, 2, 0, 1, 1));
  assert_int_not_equal(access(path, F_OK), 0);
}

TEST(a_full_disk_spares_the_earlier_picture) {
  static float noise[28 * 56];
  for (int p = 0; p < 28 * 56; p++)
    noise[p] = (float)((uint32_t)p * 2654435761u >> 16) / 65536;
  assert_survives_full_disk(
      "full.png",
      dtd_picture_write(test_path("full.png"), noise, noise, 28, 56, 0, 1, 2));
}

static void read_and_free(void) {
  dtd_free(read_picture(test_path("x.png")));
}

TEST(a_picture_survives_any_error) {
  double expected[COUNT];
  put_gray(expected, (struct kind){.depth = 8});
  assert_survives_short_memory(read_and_free);
}

TEST_GROUP(test_folder_new, test_folder_free)
