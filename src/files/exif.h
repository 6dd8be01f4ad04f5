/* How a camera was held, as EXIF tells it, and a photo turned upright by it.

   Tag 0x0112 of the first directory of a TIFF (Exif 2.3, JEITA CP-3451C).
   Viewers turn photos by it; a network should see what a viewer shows. */
#ifndef DTD_EXIF_H
#define DTD_EXIF_H

#include <stddef.h>
#include <stdint.h>

/* Of orientations from 1 to 8: the first row is the top, the first column the
   left. */
enum { DTD_UPRIGHT = 1 };

/* Of a TIFF, which begins with "II" or "MM"; DTD_UPRIGHT where it does not tell
   or makes no sense, for the pixels are sound all the same. */
int dtd_exif_orientation(const uint8_t *tiff, size_t size);

/* Turns RGB bytes of *rows x *columns as `orientation` asks, and sets their new
   sizes. Takes `rgb`, memory of dtd_new, and returns such memory. */
uint8_t *dtd_exif_turn(uint8_t *rgb, int *rows, int *columns, int orientation);

#endif
