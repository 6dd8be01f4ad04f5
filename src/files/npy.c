/* Reads and writes NumPy's .npy arrays of images and heatmaps. */
#include "files/npy.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/output.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && sizeof(float) == 4,
               "elements are copied as they are in the file");

enum {
  MOST_DIMENSIONS = 4,
  MOST_HEADER = 65536, /* bytes; NumPy itself writes about 100 */
  DATA_UNIT = 64,      /* the first element stands at a multiple of it */
};

static const char *save_again =
    "save it again with numpy.save as C-ordered float32 or uint8";

#define refuse(path, ...) dtd_die(DTD_FAILURE, path, save_again, __VA_ARGS__)

/* An array as its header describes it, and the open file. */
struct array {
  struct dtd_input input;
  size_t element_size; /* 4 for '<f4', 1 for '|u1' */
  int dimensions;
  size_t shape[MOST_DIMENSIONS];
  size_t count; /* of elements */
};

/* ---- the header ----

   A Python dictionary such as
   {'descr': '<f4', 'fortran_order': False, 'shape': (3, 28, 56), } */

struct cursor {
  const char *path, *text; /* the whole header */
  const char *at;
};

static _Noreturn void die_garbled(const struct cursor *c) {
  refuse(c->path, "its header is not that of a plain array: %.100s", c->text);
}

/* Skips blanks, and then `word` if it is next. */
static bool take(struct cursor *c, const char *word) {
  c->at += strspn(c->at, " ");
  size_t length = strlen(word);
  bool is_next = !strncmp(c->at, word, length);
  if (is_next) c->at += length;
  return is_next;
}

static void read_type(struct array *a, struct cursor *c) {
  if (take(c, "'<f4'"))
    a->element_size = 4;
  else if (take(c, "'|u1'"))
    a->element_size = 1;
  else
    refuse(c->path, "its type is %.*s, neither '<f4' nor '|u1'",
           (int)strcspn(c->at, ",}"), c->at);
}

static void read_order(struct cursor *c) {
  if (take(c, "True")) refuse(c->path, "is in Fortran order");
  if (!take(c, "False")) die_garbled(c);
}

/* A tuple: (), (3,), (3, 28) or (3, 28,), but not (3). */
static void read_shape(struct array *a, struct cursor *c) {
  bool comma = true;
  a->count = 1;
  if (!take(c, "(")) die_garbled(c);
  while (!take(c, ")")) {
    if (!comma || *c->at < '0' || *c->at > '9') die_garbled(c);
    if (a->dimensions == MOST_DIMENSIONS)
      dtd_die(DTD_FAILURE, c->path, "reshape it before saving",
              "has more than %d dimensions", MOST_DIMENSIONS);
    char *end;
    errno = 0;
    unsigned long long length = strtoull(c->at, &end, 10);
    if (errno || __builtin_mul_overflow(a->count, length, &a->count))
      refuse(c->path, "its shape is too large");
    a->shape[a->dimensions++] = (size_t)length;
    c->at = end;
    comma = take(c, ",");
  }
  if (a->dimensions == 1 && !comma) die_garbled(c);
}

/* Each of the three keys once, in any order, and nothing else. */
static void read_dictionary(struct array *a, struct cursor *c) {
  enum { TYPE = 1, ORDER = 2, SHAPE = 4 };
  int found = 0;
  bool comma = true;
  if (!take(c, "{")) die_garbled(c);
  while (!take(c, "}")) {
    int key = take(c, "'descr'")           ? TYPE
              : take(c, "'fortran_order'") ? ORDER
              : take(c, "'shape'")         ? SHAPE
                                           : 0;
    if (!comma || !key || found & key || !take(c, ":")) die_garbled(c);
    found |= key;
    if (key == TYPE) read_type(a, c);
    if (key == ORDER) read_order(c);
    if (key == SHAPE) read_shape(a, c);
    comma = take(c, ",");
  }
  if (found != (TYPE | ORDER | SHAPE)) die_garbled(c);
}

/* Opens the file and reads its header up to the first element. */
static struct array open_array(const char *path) {
  struct array a = {.input = dtd_input_open(path)};
  uint8_t start[12] = {0};
  dtd_input_take(&a.input, start, 8);
  if (memcmp(start, "\x93NUMPY", 6)) refuse(path, "is not an .npy file");
  if (start[6] < 1 || start[6] > 2 || start[7])
    refuse(path, "is of format version %d.%d, neither 1.0 nor 2.0", start[6],
           start[7]);
  dtd_input_take(&a.input, start + 8, start[6] == 1 ? 2 : 4);
  uint32_t length;
  memcpy(&length, start + 8, sizeof length);
  if (length > MOST_HEADER)
    refuse(path, "its header of %u bytes is too long", length);
  char *text = dtd_new(length + 1, 1);
  dtd_input_take(&a.input, text, length);
  struct cursor cursor = {path, text, text};
  read_dictionary(&a, &cursor);
  if (cursor.at + strspn(cursor.at, " \n") != text + length)
    die_garbled(&cursor);
  dtd_free(text);
  return a;
}

/* All elements; the file must end with the last one. */
static void *read_elements(struct array *a) {
  size_t wanted, left = a->input.left;
  if (__builtin_mul_overflow(a->count, a->element_size, &wanted) ||
      wanted != left)
    dtd_die(DTD_FAILURE, a->input.path, "get a complete copy of it",
            "%s: its shape has %zu elements of %zu bytes, the file %zu bytes",
            left / a->element_size < a->count ? "truncated" : "too long",
            a->count, a->element_size, left);
  void *elements = dtd_new(a->count, a->element_size);
  dtd_input_take(&a->input, elements, wanted);
  dtd_input_close(&a->input);
  return elements;
}

/* ---- reading ---- */

static void check_image_shape(const struct array *a, int rows, int columns) {
  const size_t *s = a->shape;
  size_t r = (size_t)rows, c = (size_t)columns;
  bool cube = a->dimensions == 3 && s[1] == r && s[2] == c;
  bool flat = a->dimensions == 2 && s[1] == r * c;
  if (!cube && !flat) {
    char shape[128] = "";
    for (int n = 0; n < a->dimensions; n++)
      snprintf(shape + strlen(shape), sizeof shape - strlen(shape), "%s%zu",
               n ? ", " : "", s[n]);
    dtd_die(DTD_FAILURE, a->input.path, "reshape it before saving",
            "its shape is (%s), neither (N, %d, %d) nor (N, %d)", shape, rows,
            columns, rows * columns);
  }
  if (!s[0] || s[0] > INT32_MAX / (r * c))
    dtd_die(DTD_FAILURE, a->input.path,
            "give 1 image or more, in parts if need be", "holds %zu images",
            s[0]);
}

static float *images_from_bytes(const uint8_t *bytes, size_t count, float low,
                                float high) {
  float *images = dtd_new(count, sizeof *images);
  for (size_t n = 0; n < count; n++)
    images[n] = low + (high - low) / 255 * (float)bytes[n];
  return images;
}

static void check_range(const float *images, const struct array *a, float low,
                        float high) {
  size_t pixels = a->count / a->shape[0];
  for (size_t n = 0; n < a->count; n++)
    if (!(images[n] >= low && images[n] <= high))
      dtd_die(DTD_FAILURE, a->input.path,
              "scale the pixels into the range, or save bytes 0 to 255",
              "pixel %zu of image %zu is %g, outside %g to %g", n % pixels,
              n / pixels, (double)images[n], (double)low, (double)high);
}

float *dtd_npy_read_images(int *count, const char *path, int rows, int columns,
                           float low, float high) {
  struct array a = open_array(path);
  check_image_shape(&a, rows, columns);
  void *elements = read_elements(&a);
  *count = (int)a.shape[0];
  if (a.element_size == 1) {
    float *images = images_from_bytes(elements, a.count, low, high);
    dtd_free(elements);
    return images;
  }
  check_range(elements, &a, low, high);
  return elements;
}

float *dtd_npy_read(int *dimensions, size_t shape[4], const char *path) {
  struct array a = open_array(path);
  if (a.element_size != sizeof(float))
    dtd_die(DTD_FAILURE, path, "save it again as float32",
            "its elements are not float32");
  *dimensions = a.dimensions;
  memcpy(shape, a.shape, sizeof a.shape);
  return read_elements(&a);
}

/* ---- writing ---- */

void dtd_npy_write_shape(const char *path, const float *values, int dimensions,
                         const size_t *shape) {
  enum { PREFIX = 10 }; /* magic number, version 1.0, length in two bytes */
  char header[4 * DATA_UNIT] = "\x93NUMPY\x01", list[96] = "";
  char *text = header + PREFIX;
  size_t elements = 1;
  for (int n = 0; n < dimensions; n++) {
    size_t end = strlen(list);
    snprintf(list + end, sizeof list - end, "%s%zu", n ? ", " : "", shape[n]);
    elements *= shape[n];
  }
  int length =
      snprintf(text, sizeof header - PREFIX,
               "{'descr': '<f4', 'fortran_order': False, 'shape': (%s%s), }",
               list, dimensions == 1 ? "," : "");
  while ((PREFIX + length + 1) % DATA_UNIT) text[length++] = ' ';
  text[length++] = '\n';
  memcpy(header + 8, &(uint16_t){(uint16_t)length}, 2);
  FILE *output = dtd_output_open(path);
  dtd_output_write(output, header, PREFIX + (size_t)length);
  dtd_output_write(output, values, elements * sizeof *values);
  dtd_output_commit(output);
}

void dtd_npy_write(const char *path, const float *values, size_t count,
                   size_t rows, size_t columns) {
  dtd_npy_write_shape(path, values, 3, (const size_t[]){count, rows, columns});
}
