/* A batch of images, read as ink where there is little of it.

   The first layer reads x_np = low + s_np with few s_np other than 0, so that
   x W costs as much as there is ink (folded.h). A batch is cut into parts,
   which threads share; a part with much ink is read as dense rows instead.

   | paper               | C               | shape           |
   |---------------------|-----------------|-----------------|
   | x_p                 | x               | (batch, pixels) |
   | s_p of part i       | ink[i]          | ragged          | */
#ifndef DTD_IMAGE_BATCH_H
#define DTD_IMAGE_BATCH_H

#include "linear/inputs.h"

struct dtd_image_batch {
  int pixels, capacity, batch;
  float low;
  const float *x;       /* (batch, pixels), borrowed until the next read */
  struct dtd_ink **ink; /* of each part */
};

/* No images yet, of up to `capacity`, on a background of `low`. */
struct dtd_image_batch *dtd_image_batch_new(int pixels, float low,
                                            int capacity);

/* Reads images (batch, pixels), borrowed, and returns them as inputs that are
   good until the next read. Dies when they exceed the capacity. */
struct dtd_inputs dtd_image_batch_read(struct dtd_image_batch *images,
                                       const float *x, int batch);

void dtd_image_batch_free(struct dtd_image_batch *images);

#endif
