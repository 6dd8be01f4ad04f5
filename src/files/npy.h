/* Reads and writes NumPy's .npy arrays of images and heatmaps.

   Format 1.0 and 2.0 (https://numpy.org/doc/stable/reference/generated/
   numpy.lib.format.html), C order, little-endian. */
#ifndef DTD_NPY_H
#define DTD_NPY_H

#include <stddef.h>

/* Reads (count, rows, columns) or (count, rows * columns) of float32 ('<f4') or
   uint8 ('|u1'); bytes are mapped linearly, 0 to `low` and 255 to `high`, and
   floats must be finite and in [low, high]. Returns (count, rows, columns) and
   sets *count. Dies, naming the file, on any other shape, order or type, on a
   truncated or overlong file and on a value outside the range. Release with
   dtd_free(). */
float *dtd_npy_read_images(int *count, const char *path, int rows, int columns,
                           float low, float high);

/* Reads float32 of any shape of at most 4 dimensions, values unexamined: sets
   *dimensions and that many entries of `shape`. Dies as above. Release
   with dtd_free(). */
float *dtd_npy_read(int *dimensions, size_t shape[4], const char *path);

/* Writes float32 of shape (count, rows, columns), whole or not at all. */
void dtd_npy_write(const char *path, const float *values, size_t count,
                   size_t rows, size_t columns);

/* The same of any shape of 1 to 4 dimensions. */
void dtd_npy_write_shape(const char *path, const float *values, int dimensions,
                         const size_t *shape /* (dimensions) */);

#endif
