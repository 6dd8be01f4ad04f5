/* Tests safetensors.c against files laid out by hand in the format. */
#include "base/test.h"
#include "files/safetensors.h"

#include "base/test_folder.h"

TEST_OWNS(tensors)
#define read_tensors(...) own_tensors(dtd_tensors_read(__VA_ARGS__))

/* Writes x.safetensors: length, header, data. */
static const char *put_file(const char *header, const void *data, size_t size) {
  char file[4096];
  size_t length = strlen(header);
  for (int n = 0; n < 8; n++)
    file[n] = (char)(n < 4 ? length >> 8 * n & 0xff : 0);
  memcpy(file + 8, header, length);
  if (size) memcpy(file + 8 + length, data, size);
  return test_put("x.safetensors", file, 8 + length + size);
}

static const float six[6] = {0, 1, -2, 3.5f, -0.0f, 1e-40f};

/* ---- reading ---- */

/* As Python's library writes it: compact, padded with blanks to 8 bytes. */
TEST(a_file_from_python_is_read) {
  const uint8_t data[] = {0, 0, 0,    0,    0, 0, 0xf0, 0x3f,  /* 1.0 as F64 */
                          0, 0, 0x80, 0x3f, 0, 0, 0,    0xc0,  /* 1, -2 */
                          0, 0, 0x20, 0x40, 0, 0, 0x40, 0x40}; /* 2.5, 3 */
  const char *path = put_file(
      "{\"__metadata__\":{\"format\":\"pt\",\"seed\":\"12\"},"
      "\"wide\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]},"
      "\"a.weight\":{\"dtype\":\"F32\",\"shape\":[2,2],"
      "\"data_offsets\":[8,24]}}      ",
      data, sizeof data);
  struct dtd_tensors *tensors = read_tensors(path);
  const double *wide = dtd_tensors_get(tensors, "wide", DTD_F64, 1, 0);
  assert_true(wide[0] == 1);
  const float *weight = dtd_tensors_get(tensors, "a.weight", DTD_F32, 2, 2);
  assert_memory_equal(weight, ((float[]){1, -2, 2.5f, 3}), 16);
  assert_string_equal(dtd_tensors_metadata(tensors, "format"), "pt");
  assert_string_equal(dtd_tensors_metadata(tensors, "seed"), "12");
  assert_null(dtd_tensors_metadata(tensors, "Seed"));
  assert_string_equal(dtd_tensors_path(tensors), path);
}

TEST(names_may_come_in_any_order) {
  struct dtd_tensors *tensors = read_tensors(
      put_file("{ \"z\": {\"shape\": [2], \"data_offsets\": [16, 24],\n"
               " \"dtype\": \"F32\", \"more\": [null]},\n"
               "\"y\": {\"dtype\": \"F32\", \"shape\": [0, 7], "
               "\"data_offsets\": [4, 4]},\n"
               "\"x\": {\"dtype\": \"F32\", \"shape\": [1, 3, 1],"
               "\"data_offsets\": [4, 16]},\n"
               "\"w\": {\"dtype\": \"F32\", \"shape\": [],"
               "\"data_offsets\": [0, 4]}}",
               six, sizeof six));
  const float *z = dtd_tensors_get(tensors, "z", DTD_F32, 2, 0);
  assert_memory_equal(z, six + 4, 8);
  size_t rows, columns;
  assert_true(dtd_tensors_find(tensors, "z", &rows, &columns));
  assert_int_equal(rows, 2);
  assert_int_equal(columns, 0);
  assert_true(dtd_tensors_find(tensors, "y", NULL, NULL));
  assert_false(dtd_tensors_find(tensors, "v", &rows, &columns));
  assert_null(dtd_tensors_metadata(tensors, "format"));
  assert_dies(1, "tensor x is F32 (1, 3) in 3 dimensions, not F32 (1, 3)",
              dtd_tensors_get(tensors, "x", DTD_F32, 1, 3));
  assert_dies(1, "tensor w is F32 (1) in 0 dimensions, not F32 (1)",
              dtd_tensors_get(tensors, "w", DTD_F32, 1, 0));
}

TEST(a_file_may_be_empty) {
  struct dtd_tensors *tensors = read_tensors(put_file("{}", NULL, 0));
  assert_false(dtd_tensors_find(tensors, "a", NULL, NULL));
}

TEST(a_wrong_tensor_is_named_with_what_was_wanted) {
  struct dtd_tensors *tensors =
      read_tensors(put_file("{\"bias\":{\"dtype\":\"F32\",\"shape\":[2,3],"
                            "\"data_offsets\":[0,24]}}",
                            six, sizeof six));
  assert_dies(1, "x.safetensors: holds no tensor weight",
              dtd_tensors_get(tensors, "weight", DTD_F32, 2, 3));
  assert_dies(1, "x.safetensors: tensor bias is F32 (2, 3)",
              dtd_tensors_get(tensors, "bias", DTD_F32, 3, 2));
  assert_dies(1, "not F32 (3, 2)",
              dtd_tensors_get(tensors, "bias", DTD_F32, 3, 2));
  assert_dies(1, "not F32 (4, 3)",
              dtd_tensors_get(tensors, "bias", DTD_F32, 4, 3));
  assert_dies(1, "not F32 (6)",
              dtd_tensors_get(tensors, "bias", DTD_F32, 6, 0));
  assert_dies(1, "not F32 (2)",
              dtd_tensors_get(tensors, "bias", DTD_F32, 2, 0));
  assert_dies(1, "not F64 (2, 3)",
              dtd_tensors_get(tensors, "bias", DTD_F64, 2, 3));
}

/* ---- refusals ---- */

static void assert_refused(const char *header, size_t data_size,
                           const char *words) {
  static const char zeros[64];
  const char *path = put_file(header, zeros, data_size);
  assert_dies(1, words, dtd_tensors_read(path));
  assert_dies(1, "x.safetensors: ", dtd_tensors_read(path));
}

#define TENSOR(name, dtype, shape, begin, end)                                 \
  "\"" name "\":{\"dtype\":\"" dtype "\",\"shape\":[" shape                    \
  "],\"data_offsets\":[" begin "," end "]}"

TEST(wrong_offsets_are_refused) {
  const char *cases[][2] = {
      {"{" TENSOR("a", "F32", "2", "0", "8") "," TENSOR("b", "F32", "2", "4",
                                                        "12") "}",
       "tensor b overlaps the one before it"},
      {"{" TENSOR("a", "F32", "2", "0", "8") "," TENSOR("b", "F32", "3", "0",
                                                        "12") "}",
       "tensor b overlaps the one before it"},
      {"{" TENSOR("a", "F32", "1", "0", "4") "," TENSOR("b", "F32", "1", "8",
                                                        "12") "}",
       "tensor b leaves a gap after the one before it"},
      {"{" TENSOR("a", "F32", "2", "4", "12") "}", "tensor a leaves a gap"},
      {"{" TENSOR("a", "F32", "2", "0", "8") "}",
       "has 4 bytes of data that no tensor claims"},
      {"{}", "has 12 bytes of data that no tensor claims"},
      {"{" TENSOR("a", "F32", "4", "0", "16") "}",
       "truncated: tensor a ends at byte 16 of the data, which has 12"},
      {"{" TENSOR("a", "F32", "0", "16", "16") "}", "truncated"},
      {"{" TENSOR("a", "F32", "3", "12", "0") "}", "has impossible offsets"},
      {"{" TENSOR("a", "F32", "3", "-12", "0") "}", "has impossible offsets"},
      {"{" TENSOR("a", "F32", "3", "0.5", "12.5") "}",
       "has impossible offsets"},
      {"{" TENSOR("a", "F32", "3", "0", "1e400") "}", "has impossible offsets"},
      {"{" TENSOR("a", "F32", "3", "0", "\"12\"") "}",
       "has impossible offsets"},
      {"{" TENSOR("a", "F32", "3", "0", "18446744073709551628") "}",
       "has impossible offsets"},
      {"{" TENSOR("a", "F32", "3", "0,12", "12") "}", "no proper shape and"},
  };
  for (size_t n = 0; n < sizeof cases / sizeof *cases; n++)
    assert_refused(cases[n][0], 12, cases[n][1]);
}

TEST(wrong_shapes_and_types_are_refused) {
  const char *cases[][2] = {
      {"{" TENSOR("a", "F32", "2", "0", "12") "}",
       "do not fit shape and dtype"},
      {"{" TENSOR("a", "F64", "3", "0", "12") "}",
       "do not fit shape and dtype"},
      {"{" TENSOR("a", "F32", "4294967296,4294967296,3", "0", "12") "}",
       "do not fit shape and dtype"},
      {"{" TENSOR("a", "F32", "9007199254740992,0,9007199254740992", "0",
                  "12") "}",
       "do not fit shape and dtype"},
      {"{" TENSOR("a", "F32", "-3", "0", "12") "}", "has an impossible shape"},
      {"{" TENSOR("a", "F32", "1.5,2", "0", "12") "}",
       "has an impossible shape"},
      {"{" TENSOR("a", "F32", "null", "0", "12") "}",
       "has an impossible shape"},
      {"{" TENSOR("a", "F16", "6", "0", "12") "}",
       "tensor a has dtype F16, neither F32 nor F64"},
      {"{" TENSOR("a", "f32", "3", "0", "12") "}", "dtype f32"},
      {"{" TENSOR("a", "I32", "3", "0", "12") "}", "dtype I32"},
      {"{\"a\":{\"shape\":[3],\"data_offsets\":[0,12]}}", "dtype missing"},
      {"{\"a\":{\"dtype\":32,\"shape\":[3],\"data_offsets\":[0,12]}}", "dtype"},
      {"{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,12]}}",
       "no proper shape"},
      {"{\"a\":{\"dtype\":\"F32\",\"shape\":3,\"data_offsets\":[0,12]}}",
       "no proper shape"},
      {"{\"a\":{\"dtype\":\"F32\",\"shape\":[3]}}", "no proper shape"},
      {"{\"a\":[0,12]}", "tensor a has dtype missing"},
      {"{\"a\":null}", "tensor a has dtype missing"},
  };
  for (size_t n = 0; n < sizeof cases / sizeof *cases; n++)
    assert_refused(cases[n][0], 12, cases[n][1]);
}

TEST(names_must_differ) {
  assert_refused("{" TENSOR("a", "F32", "1", "0",
                            "4") "," TENSOR("a", "F32", "1", "4", "8") "}",
                 8, "names tensor a twice");
  assert_refused("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", 0,
                 "its metadata k is");
}

TEST(metadata_must_be_strings) {
  assert_refused("{\"__metadata__\":{\"seed\":1}}", 0,
                 "its metadata seed is not a string");
  assert_refused("{\"__metadata__\":[]}", 0, "its metadata is not an object");
  assert_refused("{\"__metadata__\":{},\"__metadata__\":{}}", 0,
                 "tensor __metadata__");
}

TEST(a_header_that_is_not_json_is_refused) {
  const char *headers[] = {
      "",     "hello", "{",   "[]",   "[{}]", "1",      "{\"a\"", "{'a':1}",
      "{} x", "{}{}",  " {}", "{}\n", "{}]",  "\"{}\"", "null",   "{\"a\":}"};
  for (size_t n = 0; n < sizeof headers / sizeof *headers; n++)
    assert_refused(headers[n], 0, "its header is not JSON");
  char deep[3001];
  memset(deep, '[', 3000);
  memcpy(deep, "{\"a\":", 5);
  deep[3000] = 0;
  assert_refused(deep, 0, "its header is not JSON");
}

TEST(a_header_longer_than_the_file_is_refused) {
  const char *bytes[] = {"\xff\xff\xff\xff\xff\xff\xff\xff{}",
                         "\0\0\0\0\0\0\0\x80{}", "\3\0\0\0\0\0\0\0{}",
                         "\0\0\0\0\1\0\0\0{}"};
  for (int n = 0; n < 4; n++) {
    const char *path = test_put("x.safetensors", bytes[n], 10);
    assert_dies(1,
                "x.safetensors: is truncated or no safetensors file: a "
                "header of",
                dtd_tensors_read(path));
  }
}

TEST(every_truncation_is_refused) {
  size_t size;
  char *file = test_get(
      &size, put_file("{" TENSOR("a", "F32", "2,3", "0", "24") "}  ", six, 24));
  for (size_t end = 0; end < size; end += end < 10 || end + 26 > size ? 1 : 7) {
    const char *path = test_put("cut.safetensors", file, end);
    assert_dies(1, "truncated", dtd_tensors_read(path));
  }
  const char *path = test_put("whole.safetensors", file, size);
  read_tensors(path);
  assert_dies(1, "none.safetensors: cannot open",
              dtd_tensors_read(test_path("none.safetensors")));
}

TEST(values_must_be_finite) {
  const double bad[] = {NAN, INFINITY, -INFINITY};
  const char *words[] = {"holds nan at", "holds inf at", "holds -inf at"};
  for (int n = 0; n < 3; n++) {
    float narrow[] = {0, 1, (float)bad[n], 2};
    double wide[] = {1, bad[n]};
    const char *path =
        put_file("{" TENSOR("n", "F32", "2,2", "0", "16") "}", narrow, 16);
    assert_dies(1, "tensor n holds", dtd_tensors_read(path));
    assert_dies(1, "at element 2", dtd_tensors_read(path));
    assert_dies(1, words[n], dtd_tensors_read(path));
    path = put_file("{" TENSOR("w", "F64", "2", "0", "16") "}", wide, 16);
    assert_dies(1, "at element 1", dtd_tensors_read(path));
    assert_dies(1, words[n], dtd_tensors_read(path));
  }
}

/* ---- writing ---- */

TEST(a_file_is_laid_out_as_the_format_says) {
  const char *path = test_path("written.safetensors");
  const double wide[] = {1, -2};
  struct dtd_tensors *tensors = own_tensors(dtd_tensors_new());
  dtd_tensors_add(tensors, "b", DTD_F32, six, 3, 0);
  dtd_tensors_add_metadata(tensors, "format", "pt");
  dtd_tensors_add(tensors, "a", DTD_F64, wide, 1, 2);
  dtd_tensors_write(tensors, path);
  const char *header =
      "{\"__metadata__\":{\"format\":\"pt\"},"
      "\"a\":{\"dtype\":\"F64\",\"shape\":[1,2],\"data_offsets\":[0,16]},"
      "\"b\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[16,28]}}";
  char wanted[192 + 28];
  memset(wanted, ' ', sizeof wanted);
  memcpy(wanted, "\xb8\0\0\0\0\0\0\0", 8); /* 184 */
  memcpy(wanted + 8, header, strlen(header));
  memcpy(wanted + 192, wide, 16);
  memcpy(wanted + 208, six, 12);
  size_t size;
  char *written = test_get(&size, path);
  assert_int_equal(size, sizeof wanted);
  assert_memory_equal(written, wanted, sizeof wanted);
}

TEST(everything_survives_bit_by_bit) {
  enum { ROWS = 400, COLUMNS = 1568, COUNT = ROWS * COLUMNS };
  const char *path = test_path("large.safetensors");
  const char *config =
      "[data]\n\ttargets = 0 1 2 3 ; \"quoted\" \\ caf\xc3\xa9\n"
      "\n[network]\r\npool = 4 400\x01\n";
  float *large = test_new(COUNT, sizeof *large);
  for (uint32_t n = 0, bits; n < COUNT; n++) {
    bits = n * 2654435761u;
    if ((bits >> 23 & 0xff) == 0xff) bits ^= 1u << 24; /* keep it finite */
    memcpy(&large[n], &bits, 4);
  }
  const double wide[] = {1 / 3.0, -4.9e-324, 1.7976931348623157e308, -0.0};
  struct dtd_tensors *tensors = own_tensors(dtd_tensors_new());
  dtd_tensors_add(tensors, "odd", DTD_F32, six, 5, 0);
  dtd_tensors_add(tensors, "large", DTD_F32, large, ROWS, COLUMNS);
  dtd_tensors_add(tensors, "wide", DTD_F64, wide, 4, 0);
  dtd_tensors_add_metadata(tensors, "config", config);
  dtd_tensors_add_metadata(tensors, "empty", "");
  dtd_tensors_write(tensors, path);

  tensors = read_tensors(path);
  assert_memory_equal(dtd_tensors_get(tensors, "odd", DTD_F32, 5, 0), six, 20);
  assert_memory_equal(dtd_tensors_get(tensors, "large", DTD_F32, ROWS, COLUMNS),
                      large, COUNT * sizeof *large);
  double copy[4];
  dtd_tensors_copy(copy, tensors, "wide", DTD_F64, 4, 0);
  assert_memory_equal(copy, wide, sizeof wide);
  assert_string_equal(dtd_tensors_metadata(tensors, "config"), config);
  assert_string_equal(dtd_tensors_metadata(tensors, "empty"), "");
}

TEST(what_is_added_is_a_copy_under_its_own_name) {
  struct dtd_tensors *tensors = own_tensors(dtd_tensors_new());
  float values[] = {1, 2};
  char name[] = "a";
  dtd_tensors_add(tensors, name, DTD_F32, values, 2, 0);
  values[0] = 9;
  name[0] = 'b';
  const float *kept = dtd_tensors_get(tensors, "a", DTD_F32, 2, 0);
  assert_true(kept[0] == 1 && kept[1] == 2);
  assert_dies(1, "names tensor a twice",
              dtd_tensors_add(tensors, "a", DTD_F32, values, 2, 0));
  dtd_tensors_add_metadata(tensors, "k", "1");
  assert_dies(1, "metadata k is there twice",
              dtd_tensors_add_metadata(tensors, "k", "2"));
}

TEST(a_full_disk_spares_the_earlier_file) {
  static const float many[2000];
  struct dtd_tensors *tensors = own_tensors(dtd_tensors_new());
  dtd_tensors_add(tensors, "many", DTD_F32, many, 20, 100);
  assert_survives_full_disk(
      "full.safetensors",
      dtd_tensors_write(tensors, test_path("full.safetensors")));
}

TEST_GROUP(test_folder_new, test_folder_free)
