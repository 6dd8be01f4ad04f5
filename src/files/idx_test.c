/* Tests idx.c: small hand-made files, broken in every way, and the real ones.
 */
#include "base/test.h"
#include "files/idx.h"

#include <sys/stat.h>
#include <zlib.h>

#include "base/test_folder.h"

enum { COUNT = 3, IMAGES = 16 + COUNT * 784, LABELS = 8 + COUNT };

static const char *image_names[] = {"train-images-idx3-ubyte",
                                    "t10k-images-idx3-ubyte"};
static const char *label_names[] = {"train-labels-idx1-ubyte",
                                    "t10k-labels-idx1-ubyte"};

/* The two sound files, to be broken by the tests. */
static uint8_t images[IMAGES + 1] = {0, 0, 8, 3,  0, 0, 0, COUNT,
                                     0, 0, 0, 28, 0, 0, 0, 28};
static uint8_t labels[LABELS + 1] = {0, 0, 8, 1, 0, 0, 0, COUNT, 7, 0, 9};

static void set_up(void) {
  for (int n = 16; n < IMAGES; n++) images[n] = (uint8_t)(n * 31 / 7);
  test_folder_new();
}

/* FOLDER/NAME.ENDING, good until the next call. */
static const char *in_folder(const char *folder, const char *name,
                             const char *ending) {
  static char joined[256];
  snprintf(joined, sizeof joined, "%s/%s%s", folder, name, ending);
  return joined;
}

/* An emptied folder below the test's. */
static const char *new_folder(const char *name) {
  const char *path = test_path(name);
  nftw(path, test_remove, 8, FTW_DEPTH | FTW_PHYS);
  assert_int_equal(mkdir(path, 0777), 0);
  return path;
}

static void put_plain(const char *folder, enum dtd_part part,
                      size_t images_size, size_t labels_size) {
  test_put(in_folder(folder, image_names[part], ""), images, images_size);
  test_put(in_folder(folder, label_names[part], ""), labels, labels_size);
}

static void put_gzipped(const char *name, const void *bytes, unsigned size) {
  gzFile file = gzopen(test_path(name), "wb");
  assert_int_equal(gzwrite(file, bytes, size), size);
  assert_int_equal(gzclose(file), Z_OK);
}

static void assert_sound(const char *directory, enum dtd_part part) {
  struct dtd_digits digits = dtd_digits_read(directory, part);
  assert_int_equal(digits.count, COUNT);
  assert_memory_equal(digits.images, images + 16, COUNT * 784);
  assert_memory_equal(digits.labels, labels + 8, COUNT);
  dtd_digits_free(&digits);
}

/* ---- sound files ---- */

TEST(plain_files_are_read) {
  const char *directory = new_folder("plain");
  put_plain("plain", DTD_TRAIN, IMAGES, LABELS);
  assert_sound(directory, DTD_TRAIN);
  assert_dies(1, "plain: this folder has no t10k-images-idx3-ubyte.gz",
              dtd_digits_read(directory, DTD_TEST));
  put_plain("plain", DTD_TEST, IMAGES, LABELS);
  assert_sound(directory, DTD_TEST);
}

TEST(gzipped_files_are_read_first) {
  const char *directory = new_folder("gzipped");
  put_plain("gzipped", DTD_TEST, 5, 5);
  put_gzipped(in_folder("gzipped", image_names[1], ".gz"), images, IMAGES);
  put_gzipped(in_folder("gzipped", label_names[1], ".gz"), labels, LABELS);
  assert_sound(directory, DTD_TEST);
}

static const char *data_directory(void) {
  if (access("data/train-images-idx3-ubyte.gz", R_OK)) {
    print_message("data/ is not here: run from the root of the sources\n");
    skip();
  }
  return "data";
}

/* The counts are facts of the data set. */
TEST(the_training_digits_are_mnist) {
  struct dtd_digits digits = dtd_digits_read(data_directory(), DTD_TRAIN);
  assert_int_equal(digits.count, 60000);
  assert_int_equal(digits.labels[0], 5);
  const int known[DTD_CLASSES] = {5923, 6742, 5958, 6131, 5842,
                                  5421, 5918, 6265, 5851, 5949};
  int counted[DTD_CLASSES] = {0};
  for (int n = 0; n < digits.count; n++) counted[digits.labels[n]]++;
  assert_memory_equal(counted, known, sizeof known);
  dtd_digits_free(&digits);
}

TEST(the_test_digits_are_mnist) {
  struct dtd_digits digits = dtd_digits_read(data_directory(), DTD_TEST);
  assert_int_equal(digits.count, 10000);
  assert_int_equal(digits.labels[0], 7);
  int ink = 0, corners = 0;
  for (int p = 0; p < DTD_DIGIT_PIXELS; p++) ink += digits.images[p] > 0;
  for (int n = 0; n < digits.count; n++)
    corners += digits.images[(long)n * DTD_DIGIT_PIXELS] > 0;
  assert_in_range(ink, 50, 250);
  assert_int_equal(corners, 0);
  dtd_digits_free(&digits);
}

/* ---- broken files ---- */

TEST(a_wrong_folder_is_named_with_what_it_should_hold) {
  const char *directory = new_folder("empty");
  assert_dies(1,
              "empty: this folder has no train-images-idx3-ubyte.gz and no "
              "train-images-idx3-ubyte (set data.directory to",
              dtd_digits_read(directory, DTD_TRAIN));
  assert_dies(1, "t10k-labels-idx1-ubyte",
              dtd_digits_read(directory, DTD_TRAIN));
  assert_dies(1, "no-such: this folder has no",
              dtd_digits_read(test_path("no-such"), DTD_TRAIN));
  test_put(in_folder("empty", image_names[0], ""), images, IMAGES);
  assert_dies(1, "empty: this folder has no train-labels-idx1-ubyte.gz",
              dtd_digits_read(directory, DTD_TRAIN));
}

TEST(a_folder_in_place_of_a_file_is_refused) {
  const char *directory = new_folder("odd");
  new_folder(in_folder("odd", image_names[0], ""));
  assert_dies(
      1, "train-images-idx3-ubyte: ", dtd_digits_read(directory, DTD_TRAIN));
}

TEST(a_truncated_gzip_is_refused_wherever_it_ends) {
  const char *directory = new_folder("cut");
  test_put(in_folder("cut", label_names[0], ""), labels, LABELS);
  const char *name = in_folder("cut", image_names[0], ".gz");
  put_gzipped(name, images, IMAGES);
  size_t size;
  char *bytes = test_get(&size, test_path(name));
  size_t step = size / 12;
  for (size_t end = 0; end < size; end += end < size - 16 ? step : 1) {
    test_put(name, bytes, end);
    assert_dies(1, "train-images-idx3-ubyte.gz: truncated",
                dtd_digits_read(directory, DTD_TRAIN));
  }
}

/* Left out are gzip's own header of ten bytes, which may hold anything, and the
   last byte before the eight of checksum and length, which has unused bits. */
TEST(a_corrupt_gzip_is_refused_wherever_it_is_hit) {
  const char *directory = new_folder("hit");
  test_put(in_folder("hit", image_names[0], ""), images, IMAGES);
  const char *name = in_folder("hit", label_names[0], ".gz");
  put_gzipped(name, labels, LABELS);
  size_t size;
  char *bytes = test_get(&size, test_path(name));
  for (size_t at = 10; at < size; at++) {
    if (at + 9 == size) continue;
    bytes[at] ^= 0x20;
    test_put(name, bytes, size);
    assert_dies(1, "train-labels-idx1-ubyte.gz: ",
                dtd_digits_read(directory, DTD_TRAIN));
    if (at + 8 >= size) /* all data is there and sound */
      assert_dies(1, "train-labels-idx1-ubyte.gz: corrupt: incorrect",
                  dtd_digits_read(directory, DTD_TRAIN));
    bytes[at] ^= 0x20;
  }
}

/* Asserts how the pair dies with byte `at` of one file set to `value`. */
static void assert_refused(uint8_t *bytes, int at, int value,
                           size_t images_size, size_t labels_size,
                           const char *words) {
  const char *directory = new_folder("bad");
  uint8_t sound = bytes[at];
  bytes[at] = (uint8_t)value;
  put_plain("bad", DTD_TRAIN, images_size, labels_size);
  bytes[at] = sound;
  assert_dies(1, words, dtd_digits_read(directory, DTD_TRAIN));
}

TEST(a_wrong_header_is_refused) {
  assert_refused(images, 3, 1, IMAGES, LABELS,
                 "images-idx3-ubyte: its magic number is 2049 (0x801)");
  assert_refused(labels, 2, 13, IMAGES, LABELS,
                 "labels-idx1-ubyte: its magic number is");
  assert_refused(images, 11, 27, IMAGES, LABELS, "its number of rows is 27");
  assert_refused(images, 15, 29, IMAGES, LABELS, "its number of columns is 29");
  assert_refused(images, 7, 0, IMAGES, LABELS, "counts 0 items");
  assert_refused(images, 4, 255, IMAGES, LABELS, "counts 4278190083 items");
  assert_refused(images, 5, 255, IMAGES, LABELS, "counts 16711683 items");
  assert_refused(labels, 6, 255, IMAGES, LABELS, "truncated");
}

TEST(a_wrong_length_is_refused) {
  assert_refused(images, 0, 0, IMAGES - 1, LABELS,
                 "images-idx3-ubyte: truncated");
  assert_refused(labels, 0, 0, IMAGES, LABELS - 1,
                 "labels-idx1-ubyte: truncated");
  assert_refused(images, 0, 0, 0, LABELS, "images-idx3-ubyte: truncated");
  assert_refused(images, 0, 0, 14, LABELS, "images-idx3-ubyte: truncated");
  assert_refused(images, 0, 0, IMAGES + 1, LABELS,
                 "images-idx3-ubyte: longer than its header says");
  assert_refused(labels, 0, 0, IMAGES, LABELS + 1,
                 "labels-idx1-ubyte: longer than its header says");
}

TEST(wrong_labels_are_refused) {
  assert_refused(labels, 10, 10, IMAGES, LABELS,
                 "labels-idx1-ubyte: label 10 of item 2 is not 0 to 9");
  assert_refused(labels, 8, 255, IMAGES, LABELS, "label 255 of item 0");
  assert_refused(labels, 7, 2, IMAGES, LABELS - 1,
                 "train-images-idx3-ubyte has 3 images but "
                 "train-labels-idx1-ubyte has 2 labels");
}

static long start_size;

static void leave_if_large(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  if (usage.ru_maxrss - start_size > 200 * 1024) _exit(98);
}

TEST(an_empty_promise_takes_no_memory) {
  const char *directory = new_folder("growing");
  images[5] = 10; /* 655 363 images, or 514 MB */
  put_plain("growing", DTD_TRAIN, IMAGES, LABELS);
  images[5] = 0;
  assert_exits(1, "truncated", {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    start_size = usage.ru_maxrss;
    atexit(leave_if_large);
    dtd_digits_read(directory, DTD_TRAIN);
  });
}

TEST_GROUP(set_up, test_folder_free)
