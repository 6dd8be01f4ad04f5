/* A batch of images, read as ink where there is little of it.

   The first layer reads x_np = low + s_np with few s_np other than 0, so that
   x W costs as much as there is ink (folded.h). A batch is cut into parts,
   which threads share; a part with much ink is read as a matrix instead.

   | paper               | C               | shape           |
   |---------------------|-----------------|-----------------|
   | x_p                 | x               | (batch, pixels) |
   | s_p of part i       | ink[i]          | ragged          |
   | sum_p x_p w_pj      | z               | (batch, units)  | */
#ifndef DTD_IMAGE_BATCH_H
#define DTD_IMAGE_BATCH_H

#include "network/network.h"

struct dtd_image_batch {
  int pixels, capacity, batch;
  float low;
  const float *x;       /* (batch, pixels), borrowed until the next read */
  struct dtd_ink **ink; /* of each part */
};

/* No images yet, of up to `capacity`, on a background of `low`. */
struct dtd_image_batch *dtd_image_batch_new(int pixels, float low,
                                            int capacity);

/* Reads images (batch, pixels), borrowed. Dies when they exceed the capacity.
 */
void dtd_image_batch_read(struct dtd_image_batch *images, const float *x,
                          int batch);

/* z (batch, units) = x W, W being folded; `folded` was made with the same low,
   and its w is up to date. */
void dtd_image_batch_apply(float *z, const struct dtd_image_batch *images,
                           const struct dtd_folded *folded);

/* dtd_forward of the images, `first` being the first layer's weights folded. */
void dtd_image_batch_forward(struct dtd_activations *act,
                             const struct dtd_image_batch *images,
                             const struct dtd_network *network,
                             const struct dtd_folded *first);

void dtd_image_batch_free(struct dtd_image_batch *images);

#endif
