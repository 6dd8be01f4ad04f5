/* Tests jpeg_file.c with JPEGs of every kind, made by libjpeg's encoder. */
#include "base/test.h"
#include "files/jpeg_file.h"

#include <jpeglib.h>

#include "base/test_faults.h"

enum { ROWS = 24, COLUMNS = 40 };

/* The kind of JPEG that a test writes. */
struct kind {
  int components; /* 1 gray, 3 RGB, 4 CMYK */
  int progressive, arithmetic, restart;
  const uint8_t *exif;
  unsigned exif_size;
};

/* The colour at one pixel: blocks of 8 x 8, each even, so that the transform
   loses next to nothing. */
static uint8_t sample_of(int row, int column, int c) {
  return (uint8_t)(40 + 35 * (row / 8) + 25 * (column / 8) * (c == 0) +
                   60 * (c == 2));
}

static const char *put_jpeg(struct kind kind) {
  const char *path = test_put("x.jpg", "", 0);
  FILE *file = fopen(path, "wb");
  struct jpeg_compress_struct jpeg;
  struct jpeg_error_mgr errors;
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  jpeg_stdio_dest(&jpeg, file);
  jpeg.image_width = COLUMNS;
  jpeg.image_height = ROWS;
  jpeg.input_components = kind.components;
  jpeg.in_color_space = kind.components == 1   ? JCS_GRAYSCALE
                        : kind.components == 3 ? JCS_RGB
                                               : JCS_CMYK;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, 100, TRUE);
  if (kind.progressive) jpeg_simple_progression(&jpeg);
  jpeg.arith_code = kind.arithmetic;
  jpeg.restart_interval = (unsigned)kind.restart;
  for (int c = 0; c < jpeg.num_components; c++) /* colours are not subsampled */
    jpeg.comp_info[c].h_samp_factor = jpeg.comp_info[c].v_samp_factor = 1;
  jpeg_start_compress(&jpeg, TRUE);
  if (kind.exif)
    jpeg_write_marker(&jpeg, JPEG_APP0 + 1, kind.exif, kind.exif_size);
  for (int y = 0; y < ROWS; y++) {
    uint8_t line[4 * COLUMNS], *row = line;
    for (int n = 0; n < COLUMNS * kind.components; n++)
      line[n] = sample_of(y, n / kind.components, n % kind.components);
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  fclose(file);
  return path;
}

static uint8_t *read_jpeg(int *orientation, const char *path) {
  int rows, columns;
  uint8_t *rgb = own_memory(dtd_jpeg_read(&rows, &columns, orientation, path));
  assert_int_equal(rows, ROWS);
  assert_int_equal(columns, COLUMNS);
  return rgb;
}

static void read_and_free(const char *path) {
  int numbers[3];
  dtd_free(dtd_jpeg_read(numbers, numbers + 1, numbers + 2, path));
}

TEST(gray_and_colour_are_read) {
  const struct kind kinds[] = {{.components = 1},
                               {.components = 3},
                               {.components = 3, .progressive = 1},
                               {.components = 1, .progressive = 1},
                               {.components = 3, .restart = 1}};
  for (size_t n = 0; n < sizeof kinds / sizeof *kinds; n++) {
    int orientation = 0;
    uint8_t *rgb = read_jpeg(&orientation, put_jpeg(kinds[n]));
    assert_int_equal(orientation, 1);
    for (int y = 0; y < ROWS; y++)
      for (int x = 0; x < COLUMNS; x++)
        for (int c = 0; c < 3; c++) {
          int wanted = sample_of(y, x, kinds[n].components == 1 ? 0 : c);
          assert_true(abs(rgb[3 * (y * COLUMNS + x) + c] - wanted) <= 2);
        }
  }
}

TEST(the_orientation_is_found) {
  static const uint8_t exif[] = {'E', 'x', 'i', 'f', 0, 0, 'M', 'M',  0, 42,
                                 0,   0,   0,   8,   0, 1, 1,   0x12, 0, 3,
                                 0,   0,   0,   1,   0, 6, 0,   0};
  int orientation = 0;
  read_jpeg(&orientation,
            put_jpeg((struct kind){
                .components = 3, .exif = exif, .exif_size = sizeof exif}));
  assert_int_equal(orientation, 6);
}

TEST(kinds_that_are_rare_are_refused) {
  const char *path = put_jpeg((struct kind){.components = 4});
  assert_dies(1, "x.jpg: is a CMYK JPEG, in the colours of print (save it",
              read_and_free(path));
  path = put_jpeg((struct kind){.components = 3, .arithmetic = 1});
  assert_dies(1, "x.jpg: is an arithmetic-coded JPEG (save it",
              read_and_free(path));
  size_t size, at;
  char *bytes = test_get(&size, put_jpeg((struct kind){.components = 3}));
  for (at = 0; memcmp(bytes + at, "\xff\xc0", 2); at++) continue;
  bytes[at + 4] = 12; /* the frame's bits a sample */
  assert_dies(1, "x.jpg: is a JPEG whose samples have 12 bits (save it",
              read_and_free(test_put("x.jpg", bytes, size)));
  bytes[at + 4] = 8;
  bytes[at + 1] = '\xc3'; /* a lossless frame */
  assert_dies(1, "x.jpg: is a JPEG of a rare kind: ",
              read_and_free(test_put("x.jpg", bytes, size)));
  bytes[at + 1] = '\xc0';
  memcpy(bytes + at + 5, "\xea\x60\xea\x60", 4); /* its height and width */
  assert_dies(1, "x.jpg: has 60000 x 60000 pixels, more than 67108864 (scale",
              read_and_free(test_put("x.jpg", bytes, size)));
}

TEST(a_cut_jpeg_is_refused) {
  for (int progressive = 0; progressive <= 1; progressive++) {
    size_t size = 0;
    char *bytes = test_get(
        &size,
        put_jpeg((struct kind){.components = 3, .progressive = progressive}));
    for (size_t end = 0; end < size; end++)
      assert_dies(1, "x.jpg: ", read_and_free(test_put("x.jpg", bytes, end)));
    assert_dies(1, "x.jpg: truncated: the JPEG has no end (get a complete copy",
                read_and_free(test_put("x.jpg", bytes, size - 2)));
  }
}

static jmp_buf back;

static void go_back(const struct dtd_error *error) {
  assert_int_equal(error->status, DTD_FAILURE);
  longjmp(back, 1);
}

static bool is_refused(const char *path) {
  volatile bool refused = true;
  dtd_error_handler *before = dtd_set_error_handler(go_back);
  int mark = dtd_mark_set();
  if (!setjmp(back)) {
    read_and_free(path);
    refused = false;
  }
  dtd_mark_release(mark);
  dtd_set_error_handler(before);
  return refused;
}

/* Bytes may change a colour and stay a JPEG; nothing may end otherwise. */
TEST(a_changed_jpeg_is_read_or_refused) {
  size_t size;
  char *bytes = test_get(&size, put_jpeg((struct kind){.components = 3}));
  int refused = 0;
  for (size_t at = 0; at < size; at++)
    for (int bit = 0; bit < 8; bit += 3) {
      bytes[at] ^= (char)(1 << bit);
      refused += is_refused(test_put("x.jpg", bytes, size));
      bytes[at] ^= (char)(1 << bit);
    }
  assert_true(refused > 100);
}

static void read_twice(void) {
  read_and_free(test_path("x.jpg"));
  read_and_free(test_path("x.jpg"));
}

TEST(reading_survives_any_error) {
  assert_dies(1, "none.jpg: cannot open", read_and_free(test_path("none.jpg")));
  put_jpeg((struct kind){.components = 3, .progressive = 1});
  assert_survives_short_memory(read_twice);
}

TEST_GROUP(test_folder_new, test_folder_free)
