/* How a camera was held, as EXIF tells it, and a photo turned upright by it. */
#include "files/exif.h"

#include <stdbool.h>
#include <string.h>

#include "base/memory.h"

/* A TIFF, whose numbers are in either order of bytes. */
struct tiff {
  const uint8_t *bytes;
  size_t size;
  bool big_endian;
};

/* A whole number of 2 or 4 bytes; 0 beyond the end. */
static size_t number(const struct tiff *tiff, size_t at, size_t bytes) {
  if (at > tiff->size || bytes > tiff->size - at) return 0;
  size_t value = 0;
  for (size_t n = 0; n < bytes; n++)
    value =
        value << 8 | tiff->bytes[at + (tiff->big_endian ? n : bytes - 1 - n)];
  return value;
}

int dtd_exif_orientation(const uint8_t *bytes, size_t size) {
  enum { ORIENTATION = 0x0112, SHORT = 3, ENTRY = 12 };
  struct tiff tiff = {bytes, size, size > 0 && bytes[0] == 'M'};
  if (size < 8 || (memcmp(bytes, "II", 2) && memcmp(bytes, "MM", 2)) ||
      number(&tiff, 2, 2) != 42)
    return DTD_UPRIGHT;
  size_t directory = number(&tiff, 4, 4);
  size_t entries = number(&tiff, directory, 2);
  for (size_t n = 0; n < entries; n++) {
    size_t entry = directory + 2 + n * ENTRY;
    if (number(&tiff, entry, 2) != ORIENTATION) continue;
    size_t value = number(&tiff, entry + 8, 2);
    bool good = number(&tiff, entry + 2, 2) == SHORT && value >= 1;
    return good && value <= 8 ? (int)value : DTD_UPRIGHT;
  }
  return DTD_UPRIGHT;
}

/* The eight ways are three choices: rows for columns, and each of the stored
   rows and columns backwards. */
uint8_t *dtd_exif_turn(uint8_t *rgb, int *rows, int *columns, int orientation) {
  if (orientation == DTD_UPRIGHT) return rgb;
  bool swapped = orientation >= 5;
  bool rows_back = strchr("\3\4\6\7", orientation) != NULL;
  bool columns_back = strchr("\2\3\7\10", orientation) != NULL;
  int height = *rows, width = *columns;
  *rows = swapped ? width : height;
  *columns = swapped ? height : width;
  uint8_t *turned = dtd_new((size_t)height * (size_t)width, 3), *to = turned;
  for (int y = 0; y < *rows; y++)
    for (int x = 0; x < *columns; x++, to += 3) {
      int row = swapped ? x : y, column = swapped ? y : x;
      if (rows_back) row = height - 1 - row;
      if (columns_back) column = width - 1 - column;
      memcpy(to, rgb + 3 * ((long)row * width + column), 3);
    }
  dtd_free(rgb);
  return turned;
}
