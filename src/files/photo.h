/* Reads photos, PNG or JPEG by their content, as RGB bytes.

   What a viewer shows is what is read: a photo is turned upright by its EXIF
   orientation; gray becomes three equal colours; what is transparent is
   composed over white, the page's colour. Samples of 16 bits are rounded to 8.
   Gamma and colour profiles are left aside, as networks were trained. */
#ifndef DTD_PHOTO_H
#define DTD_PHOTO_H

#include <stdint.h>

struct dtd_photo {
  int rows, columns;
  uint8_t *rgb; /* (rows, columns, 3) */
};

/* Dies, naming the file and what to do, when it is of another format, corrupt
   or too large (png_file.h, jpeg_file.h). */
struct dtd_photo dtd_photo_read(const char *path);

void dtd_photo_free(struct dtd_photo *photo);

#endif
