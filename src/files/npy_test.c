/* Tests npy.c against files laid out by hand in NumPy's format. */
#include "base/test.h"
#include "files/npy.h"

#include "base/test_folder.h"

enum { ROWS = 2, COLUMNS = 3 };

#define CUBE "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2, 3), }"

static const float values[12] = {0,     1,    -0.5f,  1.5f,  0.25f, 1e-30f,
                                 -0.0f, 0.5f, -0.25f, 0.75f, 1.25f, 0.125f};
static const uint8_t bytes[12] = {0, 255, 51, 102, 1, 2, 3, 4, 5, 6, 254, 128};

/* Writes x.npy: magic, version `major`.0, the header and `size` bytes. */
static const char *put_array(int major, const char *header, const void *data,
                             size_t size) {
  char file[4096] = "\x93NUMPY";
  size_t length = strlen(header), at = major == 1 ? 10 : 12;
  file[6] = (char)major;
  file[8] = (char)(length & 0xff);
  file[9] = (char)(length >> 8);
  memcpy(file + at, header, length);
  memcpy(file + at + length, data, size);
  return test_put("x.npy", file, at + length + size);
}

static float *read_pixels(const char *path) {
  int count;
  float *images =
      own_memory(dtd_npy_read_images(&count, path, ROWS, COLUMNS, -0.5f, 1.5f));
  assert_int_equal(count, 2);
  return images;
}

/* ---- reading ---- */

TEST(floats_are_read_under_any_layout_of_the_header) {
  const char *headers[] = {
      CUBE,
      CUBE "                     \n",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 6), }\n",
      "{'shape':(2,2,3),'fortran_order':False,'descr':'<f4'}",
      "{ 'fortran_order' : False , 'descr' : '<f4' , 'shape' : ( 2 , 6 , ) } ",
  };
  for (int major = 1; major <= 2; major++)
    for (size_t n = 0; n < sizeof headers / sizeof *headers; n++) {
      float *images =
          read_pixels(put_array(major, headers[n], values, sizeof values));
      assert_memory_equal(images, values, sizeof values);
    }
}

TEST(the_bytes_of_a_float_are_little_endian) {
  const uint8_t one_and_minus_two[] = {0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0};
  int dimensions;
  size_t shape[4];
  float *read = own_memory(dtd_npy_read(
      &dimensions, shape,
      put_array(1,
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n",
                one_and_minus_two, 8)));
  assert_int_equal(dimensions, 1);
  assert_int_equal(shape[0], 2);
  assert_true(read[0] == 1 && read[1] == -2);
}

TEST(bytes_are_mapped_to_the_range) {
  float *images = read_pixels(put_array(
      1, "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2, 3), }\n",
      bytes, sizeof bytes));
  assert_true(images[0] == -0.5f && images[1] == 1.5f);
  for (int n = 0; n < 12; n++)
    assert_true(fabs((double)images[n] - (-0.5 + 2.0 * bytes[n] / 255)) < 1e-6);
}

TEST(any_shape_of_floats_is_read) {
  const struct {
    const char *text;
    int dimensions;
    size_t shape[4], count;
  } cases[] = {{"()", 0, {0}, 1},
               {"(5,)", 1, {5}, 5},
               {"(3, 4)", 2, {3, 4}, 12},
               {"(1, 2, 3, 2)", 4, {1, 2, 3, 2}, 12},
               {"(0, 28, 56)", 3, {0, 28, 56}, 0}};
  for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
    char header[128];
    snprintf(header, sizeof header,
             "{'descr': '<f4', 'fortran_order': False, 'shape': %s, }\n",
             cases[n].text);
    int dimensions;
    size_t shape[4] = {0};
    float *read = own_memory(dtd_npy_read(
        &dimensions, shape, put_array(1, header, values, 4 * cases[n].count)));
    assert_int_equal(dimensions, cases[n].dimensions);
    for (int d = 0; d < dimensions; d++)
      assert_int_equal(shape[d], cases[n].shape[d]);
    assert_memory_equal(read, values, 4 * cases[n].count);
  }
}

/* ---- refusals ---- */

static void assert_refused(const char *header, const void *data, size_t size,
                           const char *words) {
  const char *path = put_array(1, header, data, size);
  assert_dies(1, words, read_pixels(path));
  assert_dies(1, "x.npy: ", read_pixels(path));
}

TEST(other_arrays_are_refused) {
#define ARRAY(type, order, shape)                                              \
  "{'descr': " type ", 'fortran_order': " order ", 'shape': " shape ", }\n"
  const char *cases[][2] = {
      {ARRAY("'<f4'", "False", "(2, 3, 2)"), "(2, 3, 2), neither (N, 2, 3)"},
      {ARRAY("'<f4'", "False", "(2, 2, 4)"), "(2, 2, 4), neither (N, 2, 3)"},
      {ARRAY("'<f4'", "False", "(99999999999999999999,)"),
       "its shape is too large"},
      {ARRAY("'<f4'", "False", "(12,)"), "its shape is (12), neither"},
      {ARRAY("'<f4'", "False", "(3, 4)"), "(3, 4), neither"},
      {ARRAY("'<f4'", "False", "(1, 2, 2, 3)"), "(1, 2, 2, 3), neither"},
      {ARRAY("'<f4'", "False", "(1, 1, 2, 2, 3)"), "more than 4 dimensions"},
      {ARRAY("'<f4'", "False", "()"), "its shape is (), neither"},
      {ARRAY("'<f4'", "False", "(0, 2, 3)"), "holds 0 images"},
      {ARRAY("'<f4'", "True", "(2, 2, 3)"), "is in Fortran order"},
      {ARRAY("'<f8'", "False", "(2, 2, 3)"),
       "type is '<f8', neither '<f4' nor"},
      {ARRAY("'>f4'", "False", "(2, 2, 3)"), "its type is '>f4'"},
      {ARRAY("'<i4'", "False", "(2, 2, 3)"), "its type is '<i4'"},
      {ARRAY("'|b1'", "False", "(2, 2, 3)"), "its type is '|b1'"},
      {ARRAY("[('a', '<f4')]", "False", "(2, 2, 3)"), "its type is [('a'"},
      {ARRAY("'<f4'", "False", "(99999999999, 2, 3)"), "holds 99999999999"},
      {ARRAY("'<f4'", "False", "(4611686018427387905, 2, 3)"),
       "its shape is too large"},
      {ARRAY("'<f4'", "False", "(999999, 2, 3)"), "truncated"},
      {ARRAY("'<f4'", "False", "(99999999999999999999, 2, 3)"),
       "its shape is too large"},
  };
  for (size_t n = 0; n < sizeof cases / sizeof *cases; n++)
    assert_refused(cases[n][0], values, sizeof values, cases[n][1]);
}

TEST(garbled_headers_are_refused) {
  const char *headers[] = {
      "",
      "\n",
      "{",
      "{}",
      "[1, 2, 3]",
      "{'descr': '<f4', 'fortran_order': False, }\n",
      "{'descr': '<f4', 'shape': (2, 2, 3), }\n",
      "{'fortran_order': False, 'shape': (2, 2, 3), }\n",
      CUBE CUBE,
      CUBE " x",
      "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, "
      "'shape': (2, 2, 3), }",
      "{'descr': '<f4', 'order': 1, 'fortran_order': False, "
      "'shape': (2, 2, 3), }",
      "{'descr': '<f4' 'fortran_order': False, 'shape': (2, 2, 3), }",
      "{'descr' '<f4', 'fortran_order': False, 'shape': (2, 2, 3), }",
      "{'descr': '<f4', 'fortran_order': 0, 'shape': (2, 2, 3), }",
      ARRAY("'<f4'", "False", "[2, 2, 3]"),
      ARRAY("'<f4'", "False", "(2, 2, 3"),
      ARRAY("'<f4'", "False", "(2 2 3)"),
      ARRAY("'<f4'", "False", "(2, 2, , 3)"),
      ARRAY("'<f4'", "False", "(-2, 2, 3)"),
      ARRAY("'<f4'", "False", "(+2, 2, 3)"),
      ARRAY("'<f4'", "False", "(2.0, 2, 3)"),
      ARRAY("'<f4'", "False", "(12)"),
      ARRAY("'<f4'", "False", "(None, 2, 3)"),
  };
  for (size_t n = 0; n < sizeof headers / sizeof *headers; n++)
    assert_refused(headers[n], values, sizeof values,
                   "its header is not that of a plain array");
  char file[10 + 63 + sizeof values] = "\x93NUMPY\x01\x00\x3f\x00" CUBE;
  assert_dies(1, "its header is not that of a plain array",
              read_pixels(test_put("x.npy", file, sizeof file))); /* a 0 */
}

TEST(wrong_lengths_are_refused) {
  assert_refused(CUBE, values, 47, "truncated: its shape has 12 elements of 4");
  assert_refused(CUBE, values, 0, "truncated");
  char longer[49] = "";
  assert_refused(CUBE, longer, 49, "too long: its shape has 12 elements of 4");
}

TEST(every_truncation_is_refused) {
  size_t size;
  char *file = test_get(&size, put_array(1, CUBE "\n", values, sizeof values));
  for (size_t end = 0; end < size; end += end < 16 ? 1 : 11) {
    const char *path = test_put("cut.npy", file, end);
    assert_dies(1, "cut.npy: truncated", read_pixels(path));
  }
}

TEST(other_files_are_refused) {
  assert_dies(1, "none.npy: cannot open", read_pixels(test_path("none.npy")));
  assert_dies(1, "is not an .npy file",
              read_pixels(test_put("x.npy", "\x89PNG\r\n\x1a\n", 8)));
  assert_dies(1, "format version 3.0",
              read_pixels(put_array(3, CUBE, values, sizeof values)));
  assert_dies(1, "format version 0.0",
              read_pixels(put_array(0, CUBE, values, sizeof values)));
  assert_dies(
      1, "header of 4294967295 bytes is too long",
      read_pixels(test_put("x.npy", "\x93NUMPY\x02\x00\xff\xff\xff\xff", 12)));
}

TEST(pixels_outside_the_range_are_refused) {
  const float bad[] = {NAN, INFINITY, -INFINITY, 1.50001f, -0.50001f, 255};
  const char *words[] = {"nan", "inf", "-inf", "1.50001", "-0.50001", "255"};
  for (int n = 0; n < 6; n++) {
    float pixels[12];
    char message[64];
    memcpy(pixels, values, sizeof pixels);
    pixels[6 + n] = bad[n];
    snprintf(message, sizeof message,
             "pixel %d of image 1 is %s, outside -0.5 to 1.5", n, words[n]);
    assert_refused(CUBE, pixels, sizeof pixels, message);
  }
}

TEST(only_floats_are_read_as_heatmaps) {
  int dimensions;
  size_t shape[4];
  const char *path =
      put_array(1, ARRAY("'|u1'", "False", "(12,)"), bytes, sizeof bytes);
  assert_dies(1, "are not float32", dtd_npy_read(&dimensions, shape, path));
}

/* ---- writing ---- */

TEST(a_file_is_written_as_numpy_would) {
  const char *path = test_path("written.npy");
  dtd_npy_write(path, values, 2, 2, 3);
  char wanted[128 + sizeof values];
  memset(wanted, ' ', sizeof wanted);
  memcpy(wanted, "\x93NUMPY\x01\x00\x76\x00" CUBE, 10 + strlen(CUBE));
  wanted[127] = '\n';
  memcpy(wanted + 128, values, sizeof values);
  size_t size;
  char *written = test_get(&size, path);
  assert_int_equal(size, sizeof wanted);
  assert_memory_equal(written, wanted, sizeof wanted);
}

/* The text of a shape is Python's tuple. */
TEST(arrays_of_one_to_four_dimensions_are_written) {
  const size_t shape[] = {2, 1, 2, 3};
  const char *text[] = {"(2,)", "(2, 1)", "(2, 1, 2)", "(2, 1, 2, 3)"};
  size_t elements = 1;
  for (int d = 1; d <= 4; d++) {
    const char *path = test_path("shape.npy");
    elements *= shape[d - 1];
    dtd_npy_write_shape(path, values, d, shape);
    char *file = test_get(NULL, path), wanted[32];
    snprintf(wanted, sizeof wanted, "'shape': %s, }", text[d - 1]);
    assert_non_null(strstr(file + 10, wanted));
    int dimensions;
    size_t read[4];
    float *again = own_memory(dtd_npy_read(&dimensions, read, path));
    assert_int_equal(dimensions, d);
    assert_memory_equal(read, shape, d * sizeof *shape);
    assert_memory_equal(again, values, elements * sizeof *again);
  }
}

TEST(data_is_aligned_for_any_length_of_the_shape) {
  float *zeros = own_memory(calloc(1000000, sizeof *zeros));
  for (size_t count = 1; count <= 1000000; count *= 10) {
    const char *path = test_path("long.npy");
    dtd_npy_write(path, zeros, count, 1, 1);
    size_t size;
    test_get(&size, path);
    assert_int_equal((size - 4 * count) % 64, 0);
    int dimensions;
    size_t shape[4];
    test_owns(dtd_npy_read(&dimensions, shape, path), dtd_free);
    assert_int_equal(shape[0], count);
  }
}

TEST(every_float_survives) {
  enum { COUNT = 4096 };
  static union {
    uint32_t bits[COUNT];
    float values[COUNT];
  } all;
  for (uint32_t n = 0; n < COUNT; n++) all.bits[n] = n * 0x9e3779b9u;
  const char *path = test_path("bits.npy");
  dtd_npy_write(path, all.values, 8, 16, 32);
  int dimensions;
  size_t shape[4];
  float *read = own_memory(dtd_npy_read(&dimensions, shape, path));
  assert_int_equal(dimensions, 3);
  assert_memory_equal(shape, ((size_t[]){8, 16, 32}), 3 * sizeof *shape);
  assert_memory_equal(read, all.bits, sizeof all);
}

TEST(a_full_disk_spares_the_earlier_file) {
  static float many[10 * 28 * 56];
  assert_survives_full_disk(
      "full.npy", dtd_npy_write(test_path("full.npy"), many, 10, 28, 56));
}

TEST_GROUP(test_folder_new, test_folder_free)
