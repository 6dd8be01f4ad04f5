/* Reads JPEG files as RGB. */
#include "files/jpeg_file.h"

#include <string.h>

#include "base/input.h" /* stdio.h, which jpeglib.h wants before it */

#include <jpeglib.h>
#include <jerror.h>

#include "base/die.h"
#include "base/mark.h"
#include "base/memory.h"
#include "files/exif.h"
#include "files/png_file.h"

/* A JPEG that is being read; libjpeg hands `jpeg` back to its callbacks. */
struct reading {
  struct jpeg_decompress_struct jpeg;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  struct dtd_input input;
};

static struct reading *reading_of(j_common_ptr jpeg) {
  return (struct reading *)(void *)jpeg; /* its first member */
}

static const char *const as_rgb = "save it as an ordinary RGB JPEG, or as PNG";

/* ---- what goes wrong ---- */

static _Noreturn void die_of_error(j_common_ptr jpeg) {
  const char *path = reading_of(jpeg)->input.path;
  char message[JMSG_LENGTH_MAX];
  jpeg->err->format_message(jpeg, message);
  switch (jpeg->err->msg_code) {
  case JERR_BAD_PRECISION:
    dtd_die(DTD_FAILURE, path, as_rgb, "is a JPEG whose samples have %d bits",
            reading_of(jpeg)->jpeg.data_precision);
  case JERR_SOF_UNSUPPORTED:
  case JERR_ARITH_NOTIMPL:
    dtd_die(DTD_FAILURE, path, as_rgb, "is a JPEG of a rare kind: %s", message);
  case JERR_OUT_OF_MEMORY:
    dtd_die(DTD_FAILURE, "memory", "close other programs", "%s", message);
  default:
    dtd_die(DTD_FAILURE, path, "get a complete copy of it, or save it again",
            "corrupt: %s", message);
  }
}

/* Levels below 0 are warnings. An unknown version of JFIF spoils nothing. */
static void die_of_warning(j_common_ptr jpeg, int level) {
  if (level >= 0 || jpeg->err->msg_code == JWRN_JFIF_MAJOR) return;
  if (jpeg->err->msg_code == JWRN_JPEG_EOF)
    dtd_die(DTD_FAILURE, reading_of(jpeg)->input.path,
            "get a complete copy of it", "truncated: the JPEG has no end");
  die_of_error(jpeg);
}

/* Every scan of a progressive JPEG goes over all its pixels, and a few bytes
   make one. */
static void count_scans(j_common_ptr jpeg) {
  enum { MOST_SCANS = 500 };
  if (reading_of(jpeg)->jpeg.input_scan_number > MOST_SCANS)
    dtd_die(DTD_FAILURE, reading_of(jpeg)->input.path, as_rgb,
            "has more than %d scans", MOST_SCANS);
}

static void check_kind(const struct jpeg_decompress_struct *jpeg,
                       const char *path) {
  if (jpeg->image_width > DTD_MOST_PIXELS / jpeg->image_height)
    dtd_die(DTD_FAILURE, path, "scale it down",
            "has %u x %u pixels, more than %d", jpeg->image_width,
            jpeg->image_height, DTD_MOST_PIXELS);
  if (jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK)
    dtd_die(DTD_FAILURE, path, as_rgb,
            "is a CMYK JPEG, in the colours of print");
  if (jpeg->arith_code)
    dtd_die(DTD_FAILURE, path, as_rgb, "is an arithmetic-coded JPEG");
  if (jpeg->data_precision != 8)
    dtd_die(DTD_FAILURE, path, as_rgb, "is a JPEG whose samples have %d bits",
            jpeg->data_precision);
  if (jpeg->jpeg_color_space == JCS_UNKNOWN)
    dtd_die(DTD_FAILURE, path, as_rgb, "is a JPEG of %d unknown colours",
            jpeg->num_components);
}

/* ---- reading ---- */

bool dtd_jpeg_is(const uint8_t start[8]) {
  return !memcmp(start, "\xff\xd8\xff", 3);
}

static int orientation_of(const struct jpeg_decompress_struct *jpeg) {
  enum { PREFIX = 6 };
  for (jpeg_saved_marker_ptr m = jpeg->marker_list; m; m = m->next)
    if (m->data_length > PREFIX && !memcmp(m->data, "Exif\0", PREFIX))
      return dtd_exif_orientation(m->data + PREFIX, m->data_length - PREFIX);
  return DTD_UPRIGHT;
}

/* libjpeg takes its memory itself, and this gives it back. */
static void release(void *object) {
  struct reading *reading = object;
  jpeg_destroy_decompress(&reading->jpeg);
}

static struct reading *open_jpeg(const char *path) {
  struct reading *reading = dtd_new(1, sizeof *reading);
  struct jpeg_decompress_struct *jpeg = &reading->jpeg;
  reading->input = dtd_input_open(path);
  jpeg->err = jpeg_std_error(&reading->errors);
  reading->errors.error_exit = die_of_error;
  reading->errors.emit_message = die_of_warning;
  dtd_mark_add(reading, release);
  jpeg_create_decompress(jpeg);
  reading->progress.progress_monitor = count_scans;
  jpeg->progress = &reading->progress;
  jpeg_stdio_src(jpeg, reading->input.file);
  jpeg_save_markers(jpeg, JPEG_APP0 + 1, 0xffff);
  jpeg_read_header(jpeg, TRUE);
  check_kind(jpeg, path);
  return reading;
}

uint8_t *dtd_jpeg_read(int *rows, int *columns, int *orientation,
                       const char *path) {
  struct reading *reading = open_jpeg(path);
  struct jpeg_decompress_struct *jpeg = &reading->jpeg;
  jpeg->out_color_space = JCS_RGB;
  jpeg->dct_method = JDCT_ISLOW;
  jpeg->do_fancy_upsampling = TRUE;
  *rows = (int)jpeg->image_height;
  *columns = (int)jpeg->image_width;
  *orientation = orientation_of(jpeg);
  uint8_t *rgb = dtd_new((size_t)*rows * (size_t)*columns, 3);
  jpeg_start_decompress(jpeg);
  while (jpeg->output_scanline < jpeg->output_height) {
    JSAMPROW row = rgb + 3 * (size_t)*columns * jpeg->output_scanline;
    jpeg_read_scanlines(jpeg, &row, 1);
  }
  jpeg_finish_decompress(jpeg);
  dtd_mark_remove(reading, release);
  release(reading);
  dtd_input_close(&reading->input);
  dtd_free(reading);
  return rgb;
}
