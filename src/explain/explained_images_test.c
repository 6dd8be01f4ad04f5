/* Tests that images are read from their files and heatmaps written to theirs.
 */
#include <png.h>

#include "base/test_numbers.h"
#include "base/die.h"
#include "explain/explained_images.h"
#include "files/npy.h"
#include "files/pairs.h"
#include "files/table_reader.h"
#include "base/test_folder.h"

enum { COUNT = 3, PIXELS = DTD_PAIR_PIXELS };

static struct dtd_explained_images some_images(void) {
  static float x[COUNT * PIXELS];
  for (int i = 0; i < COUNT * PIXELS; i++) x[i] = (float)(i % 97) / 97;
  dtd_npy_write(test_path("x.npy"), x, COUNT, DTD_PAIR_ROWS, DTD_PAIR_COLUMNS);
  struct dtd_explained_images images =
      dtd_explained_images_read(test_path("x.npy"), -0.5f, 1.5f);
  assert_int_equal(images.count, COUNT);
  assert_memory_equal(images.x, x, sizeof x);
  return images;
}

TEST(images_come_from_arrays) {
  struct dtd_explained_images images = some_images();
  assert_true(images.low == -0.5f && images.high == 1.5f);
  for (int i = 0; i < COUNT * PIXELS; i++) assert_true(images.R_p[i] == 0);
  for (int n = 0; n < COUNT; n++) assert_true(images.f[n] == 0);
  dtd_explained_images_free(&images);
  assert_null(images.x);
}

TEST(one_image_comes_from_a_picture) {
  static uint8_t samples[PIXELS];
  for (int p = 0; p < PIXELS; p++) samples[p] = (uint8_t)(p % 256);
  png_image png = {.version = PNG_IMAGE_VERSION,
                   .width = DTD_PAIR_COLUMNS,
                   .height = DTD_PAIR_ROWS,
                   .format = PNG_FORMAT_GRAY};
  /* the extension alone decides how it is read */
  const char *path = test_path("x.npy.png");
  assert_true(png_image_write_to_file(&png, path, 0, samples, 0, NULL));
  struct dtd_explained_images images =
      dtd_explained_images_read(path, -0.5f, 1.5f);
  assert_int_equal(images.count, 1);
  for (int p = 0; p < PIXELS; p++)
    assert_true(fabs(images.x[p] - (-0.5 + 2. * (p % 256) / 255)) < 1e-6);
  dtd_explained_images_free(&images);
}

TEST(heatmaps_and_scores_stand_side_by_side) {
  struct dtd_explained_images images = some_images();
  struct dtd_provenance from = {"explain", "0123456789abcdef", 0};
  double sum[COUNT] = {0};
  for (int n = 0; n < COUNT; n++) {
    images.f[n] = 10.5f * (float)n;
    for (int p = 0; p < PIXELS; p++)
      sum[n] += (double)(images.R_p[n * PIXELS + p] = (float)(p * n % 7));
  }
  dtd_explained_images_write(test_path("r.npy"), &images, &from);
  size_t shape[4];
  int dimensions;
  float *R_p = dtd_npy_read(&dimensions, shape, test_path("r.npy"));
  assert_int_equal(dimensions, 3);
  assert_true(shape[0] == COUNT && shape[1] == 28 && shape[2] == 56);
  assert_same_bits(R_p, images.R_p, COUNT * PIXELS);
  struct dtd_table *table = dtd_table_read(test_path("r.scores.tsv"));
  assert_string_equal(dtd_table_fact(table, "command"), "explain");
  assert_int_equal(table->rows, COUNT);
  for (int n = 0; n < COUNT; n++) {
    assert_true(dtd_table_number(table, n, 0) == n);
    assert_true(dtd_table_number(table, n, 1) == 10.5 * n);
    assert_true(fabs(dtd_table_number(table, n, 2) - sum[n]) <= 1e-6 * sum[n]);
  }
  dtd_table_free(table);
  free(R_p);
  dtd_explained_images_free(&images);
}

TEST(every_image_is_drawn) {
  struct dtd_explained_images images = some_images();
  dtd_explained_images_draw(test_path("new/folder"), &images);
  const char *const names[] = {"new/folder/00000.png", "new/folder/00001.png",
                               "new/folder/00002.png"};
  for (int n = 0; n < COUNT; n++) {
    png_image png = {.version = PNG_IMAGE_VERSION};
    assert_true(png_image_begin_read_from_file(&png, test_path(names[n])));
    assert_true(png.width == 8 * 56 && png.height == 8 * (2 * 28 + 1));
    png_image_free(&png);
  }
  assert_int_not_equal(access(test_path("new/folder/00003.png"), F_OK), 0);
  dtd_explained_images_free(&images);
}

TEST(other_names_are_refused) {
  dtd_check_heatmaps_name("x.npy", "y.npy");
  assert_dies(DTD_USAGE, "r.txt: the output does not end in .npy (name it",
              dtd_check_heatmaps_name("r.txt", "x.npy"));
  assert_dies(DTD_USAGE, "npy: the output does not end in .npy",
              dtd_check_heatmaps_name("npy", "x.npy"));
  const char *path = test_path("own.npy");
  fclose(fopen(path, "w"));
  assert_dies(DTD_USAGE, "the heatmaps would replace the images",
              dtd_check_heatmaps_name(path, path));
  const char *const beside[] = {"scores", "classes", "ledger", "relevance"};
  for (int n = 0; n < 4; n++) {
    char name[32];
    snprintf(name, sizeof name, "own.%s.tsv", beside[n]);
    fclose(fopen(test_path(name), "w"));
    assert_dies(DTD_USAGE, "tsv would replace the input (name another output)",
                dtd_check_heatmaps_name(path, test_path(name)));
    dtd_check_heatmaps_name(test_path("else.npy"), test_path(name));
  }
  assert_dies(DTD_FAILURE, "absent.npy: ",
              dtd_explained_images_read(test_path("absent.npy"), 0, 1));
}

TEST_GROUP(test_folder_new, test_folder_free)

TEST(a_drawn_picture_replaces_no_input) {
  char path[5000];
  snprintf(path, sizeof path, "%s/./00001.png", test_folder);
  fclose(fopen(path, "w"));
  assert_dies(DTD_USAGE, "00001.png: a drawn picture would replace it",
              dtd_check_pictures(test_folder, path));
  snprintf(path, sizeof path, "%s/cat.png", test_folder);
  fclose(fopen(path, "w"));
  dtd_check_pictures(test_folder, path);
  dtd_check_pictures(test_folder, "elsewhere/00001.png");
}
