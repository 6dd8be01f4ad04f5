/* Reads and writes PNG files: sizes first, then samples as they stand. */
#include "files/png_file.h"

#include <png.h>

#include "base/die.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/output.h"
#include "files/exif.h"

/* ---- reading ---- */

struct dtd_png_file {
  struct dtd_input input;
  png_structp png;
  png_infop info;
};

static _Noreturn void die_corrupt(png_structp png, const char *message) {
  dtd_die(DTD_FAILURE, png_get_error_ptr(png), "save it again", "corrupt: %s",
          message);
}

/* libpng warns of what leaves the samples as they are, or before an error. */
static void ignore(png_structp png, const char *message) {
  (void)png, (void)message;
}

/* libpng's memory, which goes with the mark when it reports an error. */
static png_voidp take(png_structp png, png_alloc_size_t size) {
  (void)png;
  return dtd_new(size, 1);
}

static void give_back(png_structp png, png_voidp memory) {
  (void)png;
  dtd_free(memory);
}

bool dtd_png_is(const uint8_t start[8]) {
  return !png_sig_cmp(start, 0, 8);
}

static void start_libpng(struct dtd_png_file *file) {
  uint8_t signature[8] = {0};
  struct dtd_input *input = &file->input;
  dtd_input_take(input, signature, input->left < 8 ? input->left : 8);
  if (!dtd_png_is(signature))
    dtd_die(DTD_FAILURE, input->path, "give a PNG", "is not a PNG");
  file->png =
      png_create_read_struct_2(PNG_LIBPNG_VER_STRING, (void *)input->path,
                               die_corrupt, ignore, NULL, take, give_back);
  file->info = png_create_info_struct(file->png);
  if (!file->info)
    dtd_die(DTD_FAILURE, input->path, "install its matching version",
            "libpng does not start");
  png_init_io(file->png, input->file);
  png_set_sig_bytes(file->png, sizeof signature);
}

/* Deflate makes at most 1032 bytes of one. */
static void check_size(const struct dtd_png_file *file) {
  enum { MOST_RATIO = 1032 };
  png_uint_32 width = png_get_image_width(file->png, file->info);
  png_uint_32 height = png_get_image_height(file->png, file->info);
  const char *path = file->input.path;
  if (width > DTD_MOST_PIXELS / height)
    dtd_die(DTD_FAILURE, path, "scale it down",
            "has %u x %u pixels, more than %d", width, height, DTD_MOST_PIXELS);
  double wanted = (double)height * (double)((width + 7) / 8);
  if (wanted > MOST_RATIO * (double)file->input.left)
    dtd_die(DTD_FAILURE, path, "get a complete copy of it",
            "corrupt: %u x %u pixels cannot be in so few bytes", width, height);
}

struct dtd_png dtd_png_open(const char *path) {
  struct dtd_png_file *file = dtd_new(1, sizeof *file);
  file->input = dtd_input_open(path);
  start_libpng(file);
  png_read_info(file->png, file->info);
  check_size(file);
  png_set_expand(file->png);
  png_set_interlace_handling(file->png);
  png_read_update_info(file->png, file->info);
  return (struct dtd_png){
      .rows = (int)png_get_image_height(file->png, file->info),
      .columns = (int)png_get_image_width(file->png, file->info),
      .channels = png_get_channels(file->png, file->info),
      .wide = png_get_bit_depth(file->png, file->info) == 16,
      .orientation = DTD_UPRIGHT,
      .file = file,
  };
}

static int orientation_of(struct dtd_png_file *file) {
  png_uint_32 size;
  png_bytep exif;
  if (!png_get_eXIf_1(file->png, file->info, &size, &exif)) return DTD_UPRIGHT;
  return dtd_exif_orientation(exif, size);
}

uint8_t *dtd_png_samples(struct dtd_png *png) {
  struct dtd_png_file *file = png->file;
  size_t row_size = png_get_rowbytes(file->png, file->info);
  uint8_t *samples = dtd_new((size_t)png->rows, row_size);
  png_bytep *row = dtd_new((size_t)png->rows, sizeof *row);
  for (int y = 0; y < png->rows; y++) row[y] = samples + (size_t)y * row_size;
  png_read_image(file->png, row);
  png_read_end(file->png, file->info);
  png->orientation = orientation_of(file);
  dtd_free(row);
  png_destroy_read_struct(&file->png, &file->info, NULL);
  dtd_input_close(&file->input);
  dtd_free(file);
  png->file = NULL;
  return samples;
}

/* ---- writing ---- */

void dtd_png_write(const char *path, const uint8_t *rgb, int rows,
                   int columns) {
  png_image png = {.version = PNG_IMAGE_VERSION,
                   .width = (png_uint_32)columns,
                   .height = (png_uint_32)rows,
                   .format = PNG_FORMAT_RGB};
  png_alloc_size_t size = 0;
  png_image_write_get_memory_size(png, size, 0, rgb, 0, NULL);
  uint8_t *bytes = dtd_new(size, 1);
  if (!png_image_write_to_memory(&png, bytes, &size, 0, rgb, 0, NULL))
    dtd_die(DTD_FAILURE, path, NULL, "cannot make a PNG: %s", png.message);
  FILE *output = dtd_output_open(path);
  dtd_output_write(output, bytes, size);
  dtd_output_commit(output);
  dtd_free(bytes);
}
