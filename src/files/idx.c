/* Reads MNIST-like data sets: IDX files of 28 x 28 images and their labels. */
#include "files/idx.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/die.h"
#include "base/mark.h"
#include "base/memory.h"
#include "base/text.h"

enum {
  MAGIC_IMAGES = 0x803,  /* unsigned bytes in three dimensions */
  MAGIC_LABELS = 0x801,  /* in one */
  MOST_ITEMS = 10000000, /* more is a broken header, not a data set */
  FIRST_ROOM = 1 << 20,  /* bytes allocated at first */
  MOST_READ = 1 << 24,   /* bytes at once */
};

static const char *restore = "restore the file, for example from a fresh copy "
                             "of the data, and compare its checksum";

/* An IDX file being read; plain files pass through zlib unchanged. */
struct reader {
  char *path;
  gzFile file;
};

#define refuse(reader, ...)                                                    \
  dtd_die(DTD_FAILURE, (reader)->path, restore, __VA_ARGS__)

static bool is_there(const char *path) {
  return !access(path, F_OK);
}

static void give_back(void *file) {
  gzclose(file);
}

/* Opens directory/name.gz or directory/name. */
static struct reader open_reader(const char *directory, const char *name) {
  struct reader r = {.path = dtd_printed("%s/%s.gz", directory, name)};
  if (!is_there(r.path)) r.path[strlen(r.path) - strlen(".gz")] = 0;
  if (!is_there(r.path))
    dtd_die(DTD_FAILURE, directory,
            "set data.directory to a folder with train-images-idx3-ubyte, "
            "train-labels-idx1-ubyte, t10k-images-idx3-ubyte and "
            "t10k-labels-idx1-ubyte, each as it is or with .gz",
            "this folder has no %s.gz and no %s", name, name);
  errno = 0;
  r.file = gzopen(r.path, "rb");
  if (!r.file)
    dtd_die(DTD_FAILURE, r.path, "check its permissions", "cannot open: %s",
            strerror(errno ? errno : ENOMEM));
  dtd_mark_add(r.file, give_back);
  gzbuffer(r.file, 1 << 17);
  return r;
}

/* Up to `size` bytes of what the file unpacks to; fewer only at its end. */
static unsigned read_some(struct reader *r, void *bytes, unsigned size) {
  int got = gzread(r->file, bytes, size), error;
  const char *message = gzerror(r->file, &error);
  size_t prefix = strlen(r->path); /* zlib opens its messages with the path */
  if (!strncmp(message, r->path, prefix)) message += prefix + strlen(": ");
  if (error == Z_BUF_ERROR) refuse(r, "truncated: %s", message);
  if (got < 0) refuse(r, "corrupt: %s", message);
  return (unsigned)got;
}

/* Exactly `size` bytes. */
static void read_bytes(struct reader *r, uint8_t *bytes, size_t size) {
  while (size) {
    unsigned part = size < MOST_READ ? (unsigned)size : MOST_READ;
    if (read_some(r, bytes, part) != part) refuse(r, "truncated");
    bytes += part;
    size -= part;
  }
}

static unsigned read_number(struct reader *r) {
  uint8_t b[4];
  read_bytes(r, b, sizeof b);
  return (unsigned)b[0] << 24 | (unsigned)b[1] << 16 | (unsigned)b[2] << 8 |
         b[3];
}

static void expect_number(struct reader *r, const char *what, unsigned wanted) {
  unsigned number = read_number(r);
  if (number != wanted)
    refuse(r, "%s is %u (0x%x), not %u", what, number, number, wanted);
}

/* The file must end here; reading its end also checks gzip's CRC. */
static void close_reader(struct reader *r) {
  uint8_t extra;
  if (read_some(r, &extra, 1)) refuse(r, "longer than its header says");
  dtd_mark_remove(r->file, give_back);
  gzclose(r->file);
  dtd_free(r->path);
}

/* `wanted` bytes, in memory that grows with the file and not with the number in
   its header. */
static uint8_t *read_growing(struct reader *r, size_t wanted) {
  size_t size = 0, room = wanted < FIRST_ROOM ? wanted : FIRST_ROOM;
  uint8_t *bytes = dtd_new(room, 1);
  for (;;) {
    read_bytes(r, bytes + size, room - size);
    size = room;
    if (size == wanted) return bytes;
    room = wanted < 2 * size ? wanted : 2 * size;
    uint8_t *larger = dtd_new(room, 1);
    memcpy(larger, bytes, size);
    dtd_free(bytes);
    bytes = larger;
  }
}

/* The bytes of one file; sets *count. */
static uint8_t *read_file(int *count, const char *directory, const char *name,
                          unsigned magic) {
  struct reader r = open_reader(directory, name);
  expect_number(&r, "its magic number", magic);
  unsigned items = read_number(&r), item_size = 1;
  if (items < 1 || items > MOST_ITEMS)
    refuse(&r, "its header counts %u items", items);
  if (magic == MAGIC_IMAGES) {
    expect_number(&r, "its number of rows", DTD_DIGIT_SIDE);
    expect_number(&r, "its number of columns", DTD_DIGIT_SIDE);
    item_size = DTD_DIGIT_PIXELS;
  }
  uint8_t *bytes = read_growing(&r, (size_t)items * item_size);
  close_reader(&r);
  *count = (int)items;
  return bytes;
}

static void check_labels(const struct dtd_digits *digits, const char *directory,
                         const char *name) {
  for (int n = 0; n < digits->count; n++)
    if (digits->labels[n] >= DTD_CLASSES)
      dtd_die(DTD_FAILURE, dtd_printed("%s/%s", directory, name), restore,
              "label %d of item %d is not 0 to 9", digits->labels[n], n);
}

struct dtd_digits dtd_digits_read(const char *directory, enum dtd_part part) {
  const char *images =
      part == DTD_TRAIN ? "train-images-idx3-ubyte" : "t10k-images-idx3-ubyte";
  const char *labels =
      part == DTD_TRAIN ? "train-labels-idx1-ubyte" : "t10k-labels-idx1-ubyte";
  struct dtd_digits digits;
  int count;
  digits.images = read_file(&digits.count, directory, images, MAGIC_IMAGES);
  digits.labels = read_file(&count, directory, labels, MAGIC_LABELS);
  if (count != digits.count)
    dtd_die(DTD_FAILURE, directory, "use files that belong together",
            "%s has %d images but %s has %d labels", images, digits.count,
            labels, count);
  check_labels(&digits, directory, labels);
  return digits;
}

void dtd_digits_free(struct dtd_digits *digits) {
  dtd_free(digits->images);
  dtd_free(digits->labels);
}
