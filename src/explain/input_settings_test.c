/* Tests input_settings.c: what files say, where they are found, and what makes
   no sense. */
#include "base/test.h"
#include "explain/input_settings.h"

#include <glob.h>
#include <sys/stat.h>

#include "base/test_faults.h"

TEST_OWNS(input_settings)

static const struct dtd_maps colour = {3, 224, 224}, gray = {1, 28, 56},
                             vector = {4, 1, 1};

static struct dtd_input_settings *settings_of(const char *text,
                                              struct dtd_maps input) {
  put_text("net.ini", text);
  return own_input_settings(
      dtd_input_settings_read(test_path("net.onnx"), NULL, input, 2));
}

TEST(the_interval_is_that_of_bytes) {
  struct dtd_input_settings *settings = settings_of(
      "[input]\norder = bgr\nscale = 0.5\nmean = 10, 20 30\ndeviation = 2\n"
      "resize = 256\ncrop = 224\n",
      colour);
  struct dtd_box box = dtd_input_box(settings);
  assert_int_equal(box.channels, 3);
  for (int c = 0; c < 3; c++) {
    double mean = 10 * (c + 1);
    assert_true(fabs((double)box.low[c] + mean / 2) < 1e-6);
    assert_true(fabs((double)box.high[c] - (127.5 - mean) / 2) < 1e-6);
    assert_true(box.low[c] == settings->of_byte[256 * c]);
    assert_true(box.high[c] == settings->of_byte[256 * c + 255]);
  }
  assert_int_equal(settings->order, DTD_BGR);
  assert_int_equal(settings->resize, 256);
  assert_true(dtd_input_is_picture(settings));
}

TEST(mean_and_deviation_say_the_same_as_low_and_high) {
  struct dtd_input_settings *one =
      settings_of("[input]\nmean = 63.75\ndeviation = 127.5\n", gray);
  struct dtd_input_settings *other =
      settings_of("[input]\norder = gray\nlow = -0.5\nhigh = 1.5\n", gray);
  for (int byte = 0; byte < 256; byte++) {
    assert_true(fabsf(one->of_byte[byte] - other->of_byte[byte]) < 1e-6f);
    assert_true(fabs((double)one->of_byte[byte] - (-0.5 + 2 * byte / 255.0)) <
                1e-6);
  }
  assert_int_equal(one->order, DTD_GRAY);
}

TEST(vectors_need_no_file) {
  struct dtd_input_settings *none = own_input_settings(
      dtd_input_settings_read(test_path("other.onnx"), NULL, vector, 2));
  assert_null(none->path);
  assert_null(dtd_input_box(none).low);
  assert_false(dtd_input_is_picture(none));
  struct dtd_box box = dtd_input_box(
      settings_of("[input]\nlow = -1 -2 -3 -4\nhigh = 5\n", vector));
  assert_true(box.low[3] == -4 && box.high[0] == 5 && box.high[3] == 5);
}

/* By --low and --high. */
static struct dtd_input_settings *bounded(const char *low, const char *high) {
  struct dtd_input_settings *settings = own_input_settings(
      dtd_input_settings_read(test_path("other.onnx"), NULL, vector, 2));
  dtd_input_settings_bound(settings, low, high);
  return settings;
}

TEST(vectors_are_given_an_interval) {
  struct dtd_box box = dtd_input_box(bounded("-1,-2,-3,0", "5"));
  assert_true(box.low[1] == -2 && box.low[3] == 0 && box.high[2] == 5);
  struct dtd_input_settings *has_one =
      settings_of("[input]\nlow = -1\nhigh = 5\n", vector);
  assert_dies(2, "net.ini says already",
              dtd_input_settings_bound(has_one, "-1", "1"));
  assert_dies(2, "x would be from 0 to 0", bounded("0", "0"));
  assert_dies(2, "--low: low = 1 is out of range", bounded("1", "2"));
}

static const struct {
  const char *text, *words;
  const struct dtd_maps *input;
} refused[] = {
    {"order = grb\n", "net.ini:2: order = grb is none (it is rgb", &colour},
    {"order = rgb\norder = rgb\n", "net.ini:3: order is set twice", &colour},
    {"mean = 1\nmean = 1\n", "net.ini:3: mean is set twice", &colour},
    {"means = 1\n", "net.ini:2: there is no setting input.means ([input] has",
     &colour},
    {"mean = 1 x\n", "net.ini:2: mean = 1 x is out of range (numbers", &colour},
    {"mean = 1x\n", "mean = 1x is out of range", &colour},
    {"mean = nan\n", "mean = nan is out of range", &colour},
    {"deviation = 0\n", "deviation = 0 is out of range", &colour},
    {"deviation = -1\n", "deviation = -1 is out of range", &colour},
    {"low = 1\n", "low = 1 is out of range", &colour},
    {"resize = 1.5\n", "resize = 1.5 is out of range (a whole number from 1",
     &colour},
    {"resize = 1 2\n", "resize = 1 2 is out of range", &colour},
    {"mean =\n", "net.ini:2: mean has no value", &colour},
    {"order = rgb\nmean = 1 2\ndeviation = 1\n",
     "mean has 2 numbers, the network's input 3 channels", &colour},
    {"mean = 1\ndeviation = 1\n", "the order of the three channels is not",
     &colour},
    {"order = rgb\nlow = 0\nhigh = 1\n",
     "order = rgb, but the network's input has 1 channels", &gray},
    {"order = gray\nlow = 0\nhigh = 1\n",
     "order = gray, but the network's input has 3 channels", &colour},
    {"order = rgb\nlow = 0\nhigh = 1\ncrop = 227\n",
     "net.ini: crop = 227, but the network reads 224 x 224 pixels (leave",
     &colour},
    {"order = rgb\nlow = 0\nhigh = 1\nresize = 223\n",
     "resize = 223, but the network reads 224 x 224 pixels", &colour},
    {"order = rgb\n", "does not say between which values the input lies",
     &colour},
    {"order = rgb\nmean = 1\n", "does not say between which", &colour},
    {"order = rgb\ndeviation = 1\n", "does not say between", &colour},
    {"order = rgb\nlow = 0\n", "does not say between", &colour},
    {"order = rgb\nmean = 0\ndeviation = 1\nlow = 0\nhigh = 1\n",
     "does not say between", &colour},
    {"order = rgb\nmean = 300\ndeviation = 1\n",
     "x would be from -300 to -45, which does not contain 0", &colour},
    {"order = rgb\nlow = 0\nhigh = 0\n", "x would be from 0 to 0", &colour},
    {"mean = 1\n", "mean is a matter of pictures, but the network reads vec",
     &vector},
    {"order = rgb\n", "order is a matter of pictures", &vector},
    {"low = -1\n", "does not say between which values", &vector},
    {"rows = 3\ncolumns = 1\n",
     "3 rows of 1 columns are not what the network reads, (N, 4, 1, 1)",
     &vector},
    {"rows = 28\ncolumns = 28\n", "28 rows of 28 columns are not what", &gray},
};

TEST(what_makes_no_sense_is_refused) {
  for (size_t n = 0; n < sizeof refused / sizeof *refused; n++) {
    char text[256];
    snprintf(text, sizeof text, "[input]\n%s", refused[n].text);
    assert_dies(1, refused[n].words, settings_of(text, *refused[n].input));
    assert_dies(1, "net.ini", settings_of(text, *refused[n].input));
  }
  assert_dies(1, "net.ini:2: there is no setting label.file",
              settings_of("[label]\nfile = x\n", colour));
}

TEST(pictures_without_settings_are_told_what_to_write) {
  assert_dies(
      1,
      "other.onnx: there are no settings of its input, neither beside it nor "
      "in experiments/input, /",
      dtd_input_settings_read(test_path("other.onnx"), NULL, colour, 2));
  assert_dies(
      1, "/share/dtd/input (write them into NAME.ini beside NAME.onnx",
      dtd_input_settings_read(test_path("other.onnx"), NULL, colour, 2));
  assert_dies(1, "none.ini: cannot be read",
              dtd_input_settings_read(test_path("net.onnx"),
                                      test_path("none.ini"), colour, 2));
}

/* ---- which file ---- */

static const char *path_of(const char *network) {
  return own_input_settings(
             dtd_input_settings_read(network, NULL, colour, 1000))
      ->path;
}

TEST(settings_stand_beside_the_network_or_are_shipped) {
  const char text[] = "[input]\norder = rgb\nlow = 0\nhigh = 1\n";
  put_text("googlenet.ini", text);
  put_text("plain.ini", text);
  const char *googlenet = test_path("googlenet.onnx");
  assert_string_equal(path_of(googlenet), test_path("googlenet.ini"));
  assert_string_equal(path_of(test_path("plain")), test_path("plain.ini"));
  remove(test_path("googlenet.ini"));
  put_text("synset_words.txt", "");
  const struct {
    const char *network, *settings;
  } shipped[] = {
      {"googlenet.onnx", "experiments/input/googlenet.ini"},
      {"googlenet-9.onnx", "experiments/input/googlenet.ini"},
      {"caffenet-12.onnx", "experiments/input/caffenet.ini"},
      {"squeezenet1.1.onnx", "experiments/input/squeezenet1.1.ini"},
      {"squeezenet1.1-7.onnx", "experiments/input/squeezenet1.1-7.ini"},
  };
  FILE *names = fopen(test_path("synset_words.txt"), "w");
  for (int n = 0; n < 1000; n++) fprintf(names, "n%08d name %d\n", n, n);
  fclose(names);
  for (size_t n = 0; n < sizeof shipped / sizeof *shipped; n++)
    assert_string_equal(path_of(test_path(shipped[n].network)),
                        shipped[n].settings);
  assert_dies(1, "there are no settings", path_of(test_path("net-9x.onnx")));
  assert_dies(1, "there are no settings", path_of(test_path("-9.onnx")));
}

TEST(names_stand_beside_the_settings_or_the_network) {
  mkdir(test_path("folder"), 0777);
  const char *file =
      put_text("folder/own.ini", "[input]\norder = rgb\nlow = 0\nhigh = 1\n"
                                 "[labels]\nfile = names.txt\n");
  const char *network = test_path("net.onnx");
  put_text("names.txt", "one\ntwo\n");
  for (int n = 0; n < 2; n++) {
    struct dtd_input_settings *settings =
        own_input_settings(dtd_input_settings_read(network, file, colour, 2));
    assert_string_equal(dtd_class_name(&settings->names, 1),
                        n ? "zwei" : "two");
    put_text("folder/names.txt", "eins\nzwei\n");
  }
  remove(test_path("folder/names.txt"));
  remove(test_path("names.txt"));
  dies_log_begin();
  struct dtd_input_settings *settings =
      own_input_settings(dtd_input_settings_read(network, file, colour, 2));
  dies_log_end("names", 0, 0, "names.txt: the names of the classes are not");
  assert_string_equal(dtd_class_name(&settings->names, 1), "");
}

TEST(shipped_settings_are_sound) {
  glob_t found;
  assert_int_equal(glob("experiments/input/*.ini", 0, NULL, &found), 0);
  put_text("synset_words.txt", "one\ntwo\n");
  for (size_t n = 0; n < found.gl_pathc; n++) {
    struct dtd_input_settings *settings =
        own_input_settings(dtd_input_settings_read(
            test_path("net.onnx"), found.gl_pathv[n], colour, 2));
    assert_int_equal(settings->resize, 256);
    assert_non_null(settings->of_byte);
  }
  globfree(&found);
}

TEST_GROUP(test_folder_new, test_folder_free)
