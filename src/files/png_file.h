/* Reads and writes PNG files: sizes first, then samples as they stand. */
#ifndef DTD_PNG_FILE_H
#define DTD_PNG_FILE_H

#include <stdbool.h>
#include <stdint.h>

/* The most pixels of a picture that is read, as of 8192 x 8192. */
enum { DTD_MOST_PIXELS = 1 << 26 };

struct dtd_png_file; /* libpng's part, and the open file */

/* A PNG whose header is read. Palettes are told as what they stand for, and
   depths below 8 bits as 8. */
struct dtd_png {
  int rows, columns;
  int channels;    /* 1 gray, 2 gray and alpha, 3 RGB, 4 RGB and alpha */
  bool wide;       /* samples are of 16 bits, big-endian; else of 8 */
  int orientation; /* by EXIF (exif.h), known once the samples are read */
  struct dtd_png_file *file;
};

/* Whether a file that begins with these bytes is a PNG. */
bool dtd_png_is(const uint8_t start[8]);

/* Dies, naming the file, when it is no PNG, corrupt, has more pixels than
   DTD_MOST_PIXELS or than its bytes can hold. End it with
   dtd_png_samples. */
struct dtd_png dtd_png_open(const char *path);

/* The samples (rows, columns, channels), without regard to gamma and colour
   profiles, and closes the file; release with dtd_free(). Dies, naming it, when
   it is corrupt. */
uint8_t *dtd_png_samples(struct dtd_png *png);

/* Writes 8-bit RGB (rows, columns, 3), whole or not at all. */
void dtd_png_write(const char *path, const uint8_t *rgb, int rows, int columns);

#endif
