/* Tests network_input.c: photos against bytes that are mapped by hand, arrays
   of every shape, and what is refused. */
#include "base/test.h"
#include "explain/network_input.h"

#include "base/test_faults.h"
#include "files/npy.h"
#include "files/png_file.h"
#include "files/resize.h"
#include "files/test_npz.h"

TEST_OWNS(input_settings)

static struct dtd_input_settings *settings_of(const char *text, int channels,
                                              int rows, int columns) {
  put_text("net.ini", text);
  return own_input_settings(
      dtd_input_settings_read(test_path("net.onnx"), NULL,
                              (struct dtd_maps){channels, rows, columns}, 10));
}

static float *read_x(int *count, struct dtd_input_settings *settings,
                     const char *path) {
  return own_memory(dtd_network_input_read(count, settings, path));
}

/* A PNG whose bytes follow a fixed pattern, and those bytes. */
static const char *put_photo(uint8_t **rgb, int rows, int columns) {
  *rgb = test_new((size_t)(3 * rows * columns), 1);
  for (int n = 0; n < 3 * rows * columns; n++)
    (*rgb)[n] = (uint8_t)(n * 37 + n * n / 5);
  const char *path = test_path("photo.png");
  dtd_png_write(path, *rgb, rows, columns);
  return path;
}

TEST(colours_stand_in_the_networks_order) {
  uint8_t *rgb;
  int count;
  const char *path = put_photo(&rgb, 4, 6);
  const double mean[] = {10, 20, 30}, deviation[] = {1, 2, 4};
  for (int bgr = 0; bgr <= 1; bgr++) {
    struct dtd_input_settings *settings =
        settings_of(bgr ? "[input]\norder = bgr\nmean = 10 20 30\n"
                          "deviation = 1 2 4\nscale = 0.5\n"
                        : "[input]\norder = rgb\nmean = 10 20 30\n"
                          "deviation = 1 2 4\nscale = 0.5\n",
                    3, 4, 6);
    float *x = read_x(&count, settings, path);
    assert_int_equal(count, 1);
    for (int c = 0; c < 3; c++)
      for (int p = 0; p < 24; p++)
        assert_true(fabs((double)x[24 * c + p] -
                         (0.5 * rgb[3 * p + (bgr ? 2 - c : c)] - mean[c]) /
                             deviation[c]) < 1e-5);
    uint8_t drawn[3 * 24];
    dtd_network_input_draw(drawn, settings, x);
    assert_memory_equal(drawn, rgb, sizeof drawn);
  }
}

TEST(a_gray_network_reads_luminance) {
  uint8_t *rgb, drawn[3 * 24];
  int count;
  const char *path = put_photo(&rgb, 4, 6);
  struct dtd_input_settings *settings =
      settings_of("[input]\nlow = -0.5\nhigh = 1.5\n", 1, 4, 6);
  float *x = read_x(&count, settings, path);
  for (int p = 0; p < 24; p++) {
    double y =
        0.299 * rgb[3 * p] + 0.587 * rgb[3 * p + 1] + 0.114 * rgb[3 * p + 2];
    assert_true(fabs((double)x[p] - (-0.5 + 2 * y / 255)) < 0.51 * 2 / 255);
  }
  dtd_network_input_draw(drawn, settings, x);
  for (int p = 0; p < 24; p++)
    assert_true(fabs(drawn[3 * p] / 255.0 - ((double)x[p] + 0.5) / 2) < 1e-6);
}

TEST(a_vector_is_a_picture_where_rows_and_columns_are_given) {
  uint8_t *rgb;
  int count;
  const char *path = put_photo(&rgb, 4, 6);
  struct dtd_input_settings *settings =
      settings_of("[input]\norder = rgb\nrows = 4\ncolumns = 6\nmean = 1 2 3\n"
                  "deviation = 1\n",
                  72, 1, 1);
  float *x = read_x(&count, settings, path);
  assert_true(x[24] == (float)rgb[1] - 2);
  struct dtd_box box = dtd_input_box(settings);
  assert_int_equal(box.channels, 72);
  assert_true(box.low[23] == -1 && box.low[24] == -2 && box.high[71] == 252);
}

TEST(a_photo_is_resized_and_its_centre_cut_out) {
  uint8_t *rgb;
  int count;
  const char *path = put_photo(&rgb, 20, 31);
  struct dtd_input_settings *settings = settings_of(
      "[input]\norder = rgb\nmean = 0\ndeviation = 1\nresize = 10\ncrop = 8\n",
      3, 8, 8);
  float *x = read_x(&count, settings, path);
  struct dtd_photo photo = {20, 31, rgb};
  struct dtd_photo centre = dtd_photo_centre(&photo, 10, 8, 8);
  for (int c = 0; c < 3; c++)
    for (int p = 0; p < 64; p++)
      assert_true(x[64 * c + p] == (float)centre.rgb[3 * p + c]);
  dtd_photo_free(&centre);
}

static void read_and_free(struct dtd_input_settings *settings,
                          const char *path) {
  int count;
  dtd_free(dtd_network_input_read(&count, settings, path));
}

TEST(photos_that_do_not_fit_are_refused) {
  uint8_t *rgb;
  struct dtd_input_settings *exact =
      settings_of("[input]\norder = rgb\nmean = 0\ndeviation = 1\n", 3, 8, 8);
  const char *path = put_photo(&rgb, 9, 8);
  assert_dies(1, "photo.png: has 8 x 9 pixels, the network reads 8 x 8 (scale",
              read_and_free(exact, path));
  struct dtd_input_settings *resized = settings_of(
      "[input]\norder = rgb\nmean = 0\ndeviation = 1\nresize = 256\n", 3, 224,
      224);
  path = put_photo(&rgb, 1, 1);
  assert_dies(1, "photo.png: has 1 x 1 pixels, and would be enlarged 256 times",
              read_and_free(resized, path));
  struct dtd_input_settings *wide =
      settings_of("[input]\nlow = 0\nhigh = 1\nresize = 28\n", 1, 28, 56);
  path = put_photo(&rgb, 28, 28);
  assert_dies(1,
              "has 28 x 28 pixels when it is resized, the network reads 56 x "
              "28",
              read_and_free(wide, path));
  struct dtd_input_settings *five =
      settings_of("[input]\nlow = 0\nhigh = 1\n", 5, 28, 28);
  assert_dies(1, "the network's input has no colours",
              read_and_free(five, path));
}

/* ---- arrays ---- */

/* An .npy of float32 in that shape. */
static const char *put_array(const char *shape, const float *values,
                             int count) {
  char bytes[128 + 4 * 64];
  int length = snprintf(
      bytes + 10, 118,
      "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }", shape);
  memset(bytes + 10 + length, ' ', (size_t)(118 - length));
  memcpy(bytes, "\x93NUMPY\x01\x00\x76\x00", 10);
  bytes[127] = '\n';
  memcpy(bytes + 128, values, 4 * (size_t)count);
  return test_put("x.npy", bytes, 128 + 4 * (size_t)count);
}

TEST(arrays_of_every_shape_are_read) {
  const float values[12] = {0, .1f, .2f, .3f, .4f, .5f, .6f, .7f, .8f, .9f, 1};
  const struct {
    struct dtd_maps input;
    const char *shape;
    int count;
  } cases[] = {
      {{3, 2, 2}, "1, 3, 2, 2", 1}, {{3, 1, 2}, "2, 3, 1, 2", 2},
      {{3, 2, 2}, "3, 2, 2", 1},    {{3, 2, 2}, "1, 12", 1},
      {{3, 2, 2}, "12,", 1},        {{1, 2, 3}, "2, 2, 3", 2},
      {{1, 2, 3}, "2, 6", 2},       {{1, 3, 4}, "3, 4", 1},
      {{4, 1, 1}, "3, 4", 3},       {{4, 1, 1}, "3, 4, 1, 1", 3},
      {{12, 1, 1}, "12,", 1},
  };
  for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
    struct dtd_maps input = cases[n].input;
    const char *path = put_array(cases[n].shape, values, 12);
    struct dtd_input_settings *settings =
        settings_of(input.channels == 3 ? "[input]\norder = rgb\nlow = 0\n"
                                          "high = 1\n"
                                        : "[input]\nlow = 0\nhigh = 1\n",
                    input.channels, input.rows, input.columns);
    int count;
    float *x = read_x(&count, settings, path);
    assert_int_equal(count, cases[n].count);
    assert_memory_equal(x, values, sizeof values);
  }
}

TEST(other_arrays_are_refused) {
  float values[12] = {0};
  struct dtd_input_settings *colour =
      settings_of("[input]\norder = rgb\nmean = 0\ndeviation = 1\n", 3, 2, 2);
  const char *shapes[] = {"1, 2, 2, 3", "2, 6", "2, 3, 2", "2, 2, 3"};
  for (int n = 0; n < 4; n++)
    assert_dies(1, "), not (N, 3, 2, 2)",
                read_and_free(colour, put_array(shapes[n], values, 12)));
  values[7] = NAN;
  assert_dies(1, "value 7 of example 0 is nan",
              read_and_free(colour, put_array("1, 3, 2, 2", values, 12)));
  values[7] = 256;
  assert_dies(1, "value 7 of example 0 is 256, outside 0 to 255",
              read_and_free(colour, put_array("1, 3, 2, 2", values, 12)));
  struct dtd_input_settings *vectors =
      own_input_settings(dtd_input_settings_read(
          test_path("other.onnx"), NULL, (struct dtd_maps){5, 1, 1}, 2));
  assert_dies(1, "its shape is (3, 4), not (N, 5)",
              read_and_free(vectors, put_array("3, 4", values, 12)));
}

TEST(rounding_beyond_the_interval_is_moved_to_its_end) {
  float values[2] = {-1e-6f, 1.000001f};
  struct dtd_input_settings *settings =
      settings_of("[input]\nlow = 0\nhigh = 1\n", 1, 1, 2);
  int count;
  float *x = read_x(&count, settings, put_array("1, 1, 1, 2", values, 2));
  assert_true(x[0] == 0 && x[1] == 1);
}

TEST(vectors_have_the_interval_of_the_data_and_0) {
  const float values[6] = {1, -2, 3, 4, -5, -6};
  struct dtd_input_settings *settings =
      own_input_settings(dtd_input_settings_read(
          test_path("other.onnx"), NULL, (struct dtd_maps){3, 1, 1}, 2));
  assert_null(dtd_input_box(settings).low);
  int count;
  read_x(&count, settings, put_array("2, 3", values, 6));
  struct dtd_box box = dtd_input_box(settings);
  const float low[] = {0, -5, -6}, high[] = {4, 0, 3};
  assert_memory_equal(box.low, low, sizeof low);
  assert_memory_equal(box.high, high, sizeof high);
}

/* The interval of several files is that of all of them. */
TEST(further_vectors_widen_the_interval) {
  struct dtd_input_settings *settings =
      own_input_settings(dtd_input_settings_read(
          test_path("other.onnx"), NULL, (struct dtd_maps){2, 1, 1}, 2));
  int count;
  read_x(&count, settings, put_text("a.tsv", "u\tv\n1\t-2\n"));
  read_x(&count, settings, put_text("b.tsv", "u\tv\n-3\t-1\n"));
  struct dtd_box box = dtd_input_box(settings);
  assert_true(settings->of_data);
  assert_true(box.low[0] == -3 && box.high[0] == 1);
  assert_true(box.low[1] == -2 && box.high[1] == 0);
}

/* ---- tables ---- */

static float *read_table_of(const char *text, int features) {
  int count;
  return read_x(
      &count,
      own_input_settings(dtd_input_settings_read(
          test_path("other.onnx"), NULL, (struct dtd_maps){features, 1, 1}, 2)),
      put_text("t.tsv", text));
}

TEST(a_table_has_a_vector_a_row_under_names) {
  struct dtd_input_settings *settings =
      own_input_settings(dtd_input_settings_read(
          test_path("other.onnx"), NULL, (struct dtd_maps){3, 1, 1}, 2));
  int count;
  float *x =
      read_x(&count, settings,
             put_text("t.tsv", "# made by hand\nspeed\tangle of "
                               "attack\tload\n1\t-2.5\t1e3\n0\t.5\t7\n"));
  const float wanted[] = {1, -2.5f, 1000, 0, 0.5f, 7};
  assert_int_equal(count, 2);
  assert_memory_equal(x, wanted, sizeof wanted);
  assert_string_equal(settings->features[1], "angle of attack");
  assert_dies(1, "its column 1 is angle, that of the file before speed",
              read_x(&count, settings,
                     put_text("u.tsv", "angle\tspeed\tload\n1\t2\t3\n")));
}

TEST(other_tables_are_refused) {
  assert_dies(1, "t.tsv: has 2 columns, the network reads 3",
              read_table_of("a\tb\n1\t2\n", 3));
  assert_dies(1, "t.tsv: has no rows (give one at least)",
              read_table_of("a\tb\n", 2));
  assert_dies(1,
              "t.tsv: its columns have no names, for its first line is "
              "numbers (put a line of names above",
              read_table_of("1\t-2e3\n3\t4\n", 2));
  read_table_of("1\tb\n3\t4\n", 2);
  assert_dies(1, "b is \"two\" in row 1, no number",
              read_table_of("a\tb\n1\ttwo\n", 2));
  assert_dies(1, "b is \"\" in row 1, no number",
              read_table_of("a\tb\n1\t\n", 2));
  assert_dies(1, "value 1 of example 0 is nan (replace what is missing",
              read_table_of("a\tb\n1\tNA\n", 2));
  assert_dies(1, "line 3 has 1 cells, not 2",
              read_table_of("a\tb\n1\t2\n3\n", 2));
  assert_dies(1, "is a table of vectors, but the network reads pictures",
              read_x(&(int){0},
                     settings_of("[input]\nlow = 0\nhigh = 1\n", 1, 2, 2),
                     put_text("t.tsv", "a\n1\n")));
}

TEST(vectors_are_no_other_files) {
  struct dtd_input_settings *vectors =
      own_input_settings(dtd_input_settings_read(
          test_path("other.onnx"), NULL, (struct dtd_maps){3, 1, 1}, 2));
  assert_dies(1,
              "t.csv: is neither an .npy nor called .tsv, and the network "
              "reads vectors (name a table with tabs FILE.tsv)",
              read_x(&(int){0}, vectors, put_text("t.csv", "a,b,c\n1,2,3\n")));
  uint8_t *rgb;
  assert_dies(1, "colours (give an .npy of (N, F) or a .tsv",
              read_x(&(int){0}, vectors, put_photo(&rgb, 4, 4)));
}

/* ---- photos of real networks ---- */

static const char shared[] = "../shared/ilsvrc";

TEST(photos_become_the_bytes_that_pillow_makes_of_them) {
  const char *photos[] = {"frog", "volcano"};
  const char *networks[] = {"googlenet", "squeezenet1.1"};
  const int sides[] = {224, 227};
  if (access(shared, R_OK)) {
    print_message("skipped: no photos in %s\n", shared);
    skip();
  }
  for (int n = 0; n < 4; n++) {
    int side = sides[n / 2], count;
    size_t values = (size_t)(3 * side * side);
    char path[256], settings[256];
    snprintf(path, sizeof path, "%s/vectors/%s-%s.npz", shared, networks[n / 2],
             photos[n % 2]);
    snprintf(settings, sizeof settings, "experiments/input/%s.ini",
             networks[n / 2]);
    size_t there;
    double *expected = npz_read(&there, path, "x");
    assert_int_equal(there, values);
    snprintf(path, sizeof path, "%s/photos/%s.jpg", shared, photos[n % 2]);
    char network[256];
    snprintf(network, sizeof network, "%s/%s.onnx", shared, networks[n / 2]);
    float *x =
        read_x(&count,
               own_input_settings(dtd_input_settings_read(
                   network, settings, (struct dtd_maps){3, side, side}, 1000)),
               path);
    for (size_t p = 0; p < values; p++)
      assert_true((double)x[p] == expected[p]);
  }
}

/* ---- errors ---- */

static void read_all_and_free(void) {
  int count;
  struct dtd_input_settings *settings = dtd_input_settings_read(
      test_path("net.onnx"), NULL, (struct dtd_maps){3, 8, 8}, 2);
  dtd_free(dtd_network_input_read(&count, settings, test_path("photo.png")));
  dtd_input_settings_free(settings);
}

TEST(reading_survives_any_error) {
  uint8_t *rgb;
  put_photo(&rgb, 20, 31);
  put_text("names.txt", "one\ntwo\n");
  put_text("net.ini", "[input]\norder = rgb\nmean = 0\ndeviation = 1\n"
                      "resize = 10\n[labels]\nfile = names.txt\n");
  assert_survives_short_memory(read_all_and_free);
}

TEST_GROUP(test_folder_new, test_folder_free)
