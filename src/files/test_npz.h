/* Arrays of a NumPy archive (.npz) for tests: members as numbers.

   For cmocka tests only. Members stand in the archive one after another, each
   behind a local header with its sizes, deflated or as they are; an array of
   '<f4' or '<f8' is read as doubles. */
#ifndef DTD_TEST_NPZ_H
#define DTD_TEST_NPZ_H

#include <unistd.h>
#include <zlib.h>

#include "base/test.h"
#include "base/test_folder.h"

enum { NPZ_HEADER = 30, NPZ_DEFLATED = 8 };

static inline size_t npz_number(const char *at, int bytes) {
  size_t number = 0;
  for (int b = bytes - 1; b >= 0; b--)
    number = number << 8 | (unsigned char)at[b];
  return number;
}

/* The bytes of a member, inflated. */
static inline char *npz_inflate(const char *packed, size_t packed_size,
                                size_t size) {
  char *bytes = test_new(size + 1, 1);
  z_stream stream = {.next_in = (Bytef *)(uintptr_t)packed,
                     .avail_in = (uInt)packed_size,
                     .next_out = (Bytef *)bytes,
                     .avail_out = (uInt)size};
  assert_int_equal(inflateInit2(&stream, -MAX_WBITS), Z_OK);
  assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
  inflateEnd(&stream);
  assert_int_equal(stream.total_out, size);
  return bytes;
}

/* The numbers of an .npy in memory; sets *count. */
static inline double *npz_numbers(size_t *count, const char *npy, size_t size) {
  size_t header = 10 + npz_number(npy + 8, 2);
  assert_memory_equal(npy, "\x93NUMPY\x01", 7);
  const char *type = strstr(npy + 10, "'descr': '<f");
  assert_non_null(type);
  bool wide = type[12] == '8';
  *count = (size - header) / (wide ? sizeof(double) : sizeof(float));
  double *numbers = test_new(*count, sizeof *numbers);
  for (size_t i = 0; i < *count; i++) {
    float narrow;
    if (wide) {
      memcpy(&numbers[i], npy + header + i * sizeof(double), sizeof(double));
    } else {
      memcpy(&narrow, npy + header + i * sizeof narrow, sizeof narrow);
      numbers[i] = (double)narrow;
    }
  }
  return numbers;
}

/* The array `name` of an archive; sets *count. Fails when it is not there. */
static inline double *npz_read(size_t *count, const char *path,
                               const char *name) {
  size_t size;
  const char *at = test_get(&size, path), *end = at + size;
  char member[64];
  snprintf(member, sizeof member, "%s.npy", name);
  while (at + NPZ_HEADER < end && !memcmp(at, "PK\3\4", 4)) {
    size_t length = npz_number(at + 26, 2), extra = npz_number(at + 28, 2);
    size_t packed = npz_number(at + 18, 4), whole = npz_number(at + 22, 4);
    const char *bytes = at + NPZ_HEADER + length + extra;
    if (whole == UINT32_MAX) { /* sizes of 8 bytes, in the extra field */
      const char *wide = at + NPZ_HEADER + length + 4;
      whole = npz_number(wide, 8), packed = npz_number(wide + 8, 8);
    }
    if (strlen(member) == length && !memcmp(at + NPZ_HEADER, member, length))
      return npz_numbers(count,
                         npz_number(at + 8, 2) == NPZ_DEFLATED
                             ? npz_inflate(bytes, packed, whole)
                             : bytes,
                         whole);
    at = bytes + packed;
  }
  fail_msg("%s has no array %s", path, name);
  return NULL;
}

#endif
