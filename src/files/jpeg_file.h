/* Reads JPEG files as RGB.

   libjpeg-turbo decodes, with its exact inverse transform (islow) and smooth
   upsampling of colours, so that bytes are the same wherever it runs. Its
   warnings, which are about data that it had to guess, are errors here. */
#ifndef DTD_JPEG_FILE_H
#define DTD_JPEG_FILE_H

#include <stdbool.h>
#include <stdint.h>

/* Whether a file that begins with these bytes is a JPEG. */
bool dtd_jpeg_is(const uint8_t start[8]);

/* Reads RGB bytes (*rows, *columns, 3) and *orientation, by EXIF (exif.h), of
   an 8-bit gray or YCbCr JPEG, baseline or progressive, as they are stored;
   release with dtd_free(). Dies, naming the file and what to do, when it is
   truncated or corrupt, in the colours of print (CMYK), arithmetic-coded,
   lossless or of 12 bits, or has more than DTD_MOST_PIXELS of png_file.h. */
uint8_t *dtd_jpeg_read(int *rows, int *columns, int *orientation,
                       const char *path);

#endif
