/* Resizes photos by bicubic filters, to the bytes that Pillow makes, and cuts
   out their centre.

   A filter of the convolution kernel with a = -0.5 (Keys 1981),

       k(t) = 1.5 |t|^3 - 2.5 |t|^2 + 1                 |t| < 1
              -0.5 |t|^3 + 2.5 |t|^2 - 4 |t| + 2    1 <= |t| < 2 ,

   is stretched by the reduction when a photo becomes smaller, so that every
   pixel counts (antialiasing), and cut off at the photo's edge. Columns come
   first, then rows, and each pass rounds to bytes, with weights in steps of
   2^-22: so does Pillow's Image.resize(size, BICUBIC), and networks whose input
   was made by it get the same bytes here. */
#ifndef DTD_RESIZE_H
#define DTD_RESIZE_H

#include "files/photo.h"

/* The size of the photo with `side` pixels along its short side (0 for those
   that it has), the long side rounded to the nearest. */
void dtd_photo_resized_to(long *rows, long *columns,
                          const struct dtd_photo *photo, int side);

/* The central rows x columns of the photo of that size, which must hold them;
   where the rest is odd, the smaller half of it is left out above and on the
   left. Free with dtd_photo_free(). Nothing is computed of what is cut off. */
struct dtd_photo dtd_photo_centre(const struct dtd_photo *photo, int side,
                                  int rows, int columns);

#endif
