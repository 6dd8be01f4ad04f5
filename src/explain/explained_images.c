/* The images that a user gives to explain, and their heatmaps, as files. */
#include "explain/explained_images.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/die.h"
#include "linear/product.h"
#include "base/memory.h"
#include "files/npy.h"
#include "base/output.h"
#include "base/text.h"
#include "files/pairs.h"
#include "files/picture.h"

enum {
  ROWS = DTD_PAIR_ROWS,
  COLUMNS = DTD_PAIR_COLUMNS,
  PIXELS = DTD_PAIR_PIXELS,
  ZOOM = 8 /* of a drawn pixel */
};

static bool ends_with(const char *text, const char *end) {
  size_t a = strlen(text), b = strlen(end);
  return a >= b && !strcmp(text + a - b, end);
}

static bool are_one_file(const char *a, const char *b) {
  struct stat a_is, b_is;
  return !stat(a, &a_is) && !stat(b, &b_is) && a_is.st_dev == b_is.st_dev &&
         a_is.st_ino == b_is.st_ino;
}

void dtd_check_heatmaps_name(const char *path, const char *input) {
  static const char *const beside[] = {"scores", "classes", "ledger",
                                       "relevance"};
  if (!ends_with(path, ".npy"))
    dtd_die(DTD_USAGE, path, "name it FILE.npy",
            "the output does not end in .npy");
  if (are_one_file(path, input))
    dtd_die(DTD_USAGE, path, "name another output",
            "the heatmaps would replace the images");
  for (size_t n = 0; n < sizeof beside / sizeof *beside; n++) {
    char *table =
        dtd_printed("%.*s.%s.tsv", (int)strlen(path) - 4, path, beside[n]);
    if (are_one_file(table, input))
      dtd_die(DTD_USAGE, path, "name another output",
              "its table %s would replace the input", table);
    dtd_free(table);
  }
}

void dtd_check_pictures(const char *directory, const char *input) {
  const char *slash = strrchr(input, '/'), *name = slash ? slash + 1 : input;
  char *drawn = dtd_printed("%s/%s", directory, name);
  if (strspn(name, "0123456789") >= 5 && ends_with(name, ".png") &&
      are_one_file(drawn, input))
    dtd_die(DTD_USAGE, input, "name another folder for --png",
            "a drawn picture would replace it");
  dtd_free(drawn);
}

struct dtd_explained_images dtd_explained_images_read(const char *path,
                                                      float low, float high) {
  struct dtd_explained_images images = {.count = 1, .low = low, .high = high};
  images.x =
      ends_with(path, ".png")
          ? dtd_picture_read(path, ROWS, COLUMNS, low, high)
          : dtd_npy_read_images(&images.count, path, ROWS, COLUMNS, low, high);
  images.R_p = dtd_new((size_t)images.count * PIXELS, sizeof *images.R_p);
  images.f = dtd_new((size_t)images.count, sizeof *images.f);
  return images;
}

static void write_scores(const char *path,
                         const struct dtd_explained_images *images,
                         const struct dtd_provenance *from) {
  float *sums = dtd_new((size_t)images->count, sizeof *sums);
  dtd_sum_rows(sums, images->R_p, images->count, PIXELS);
  FILE *table = dtd_table_open(path, from, "example f sum_r");
  for (int n = 0; n < images->count; n++)
    dtd_table_row(table, "%d %f %f", n, (double)images->f[n], (double)sums[n]);
  dtd_table_close(table);
  dtd_free(sums);
}

void dtd_explained_images_write(const char *path,
                                const struct dtd_explained_images *images,
                                const struct dtd_provenance *from) {
  char scores[4096];
  snprintf(scores, sizeof scores, "%.*s.scores.tsv", (int)strlen(path) - 4,
           path);
  dtd_npy_write(path, images->R_p, (size_t)images->count, ROWS, COLUMNS);
  write_scores(scores, images, from);
}

void dtd_explained_images_draw(const char *directory,
                               const struct dtd_explained_images *images) {
  dtd_output_directory(directory);
  for (int n = 0; n < images->count; n++) {
    char path[4096];
    long at = (long)n * PIXELS;
    snprintf(path, sizeof path, "%s/%05d.png", directory, n);
    dtd_picture_write(path, images->x + at, images->R_p + at, ROWS, COLUMNS,
                      images->low, images->high, ZOOM);
  }
}

void dtd_explained_images_free(struct dtd_explained_images *images) {
  dtd_free(images->x);
  dtd_free(images->R_p);
  dtd_free(images->f);
  *images = (struct dtd_explained_images){0};
}
