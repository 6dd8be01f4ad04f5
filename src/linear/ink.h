/* The ink of a batch of images: the few inputs that differ from the background.

   Most of a digit's image is black, so an image is stored as

       x_np = low + s_np,    s_np = 0 but for the spots of ink,

   once example by example, for what reads the images, and once pixel by pixel,
   for what a layer's weights learn from them. With low = 0 the same holds any
   sparse batch, such as the relevances R_l.

   | paper             | C                                  | shape        |
   |-------------------|------------------------------------|--------------|
   | s_np, n given     | spots dtd_ink_example(ink, n)      | ragged       |
   | s_np, p given     | by_pixel[start_of_pixel[p]] ...    | ragged       |
   | sum_p s_np        | total[n]                           | (batch)      |
*/
#ifndef DTD_INK_H
#define DTD_INK_H

#include <stdbool.h>
#include <stddef.h>

/* One s_np that is not 0; `at` is p in an example's list, n in a pixel's. */
struct dtd_spot {
  int at;
  float s;
};

struct dtd_ink {
  int pixels, capacity, batch;
  float low;         /* the background */
  bool sorted;       /* whether by_pixel is up to date */
  const float *rows; /* (batch, pixels): the images, or null */
  float *own_rows;   /* (capacity, pixels), once they were asked for, or null */
  float *total;      /* (batch) */
  size_t *start_of_example;    /* (batch + 1), into by_example */
  struct dtd_spot *by_example; /* p rising; after each example, one at pixels */
  size_t *start_of_pixel;      /* (pixels + 1), into by_pixel */
  struct dtd_spot *by_pixel;   /* n rising */
  size_t room, pixel_room;     /* spots allocated */
};

/* ---- create ---- */

/* No examples yet, of up to `capacity`. */
struct dtd_ink *dtd_ink_new(int pixels, int capacity);

/* Room for any examples up to the capacity, so that none is allocated later. */
void dtd_ink_reserve(struct dtd_ink *ink);

/* ---- fill ---- */

/* No examples any more; those to come have a background of `low`. */
void dtd_ink_clear(struct dtd_ink *ink, float low);

/* Room for the next example's spots, `pixels` of them, to be written in the
   order of their pixels; borrowed until dtd_ink_close. */
struct dtd_spot *dtd_ink_open(struct dtd_ink *ink);

/* Ends that example, of which `count` spots were written. Dies when there are
   more examples than the capacity. */
void dtd_ink_close(struct dtd_ink *ink, size_t count);

/* The ink of (batch, pixels) images, borrowed, on a background of `low`. */
void dtd_ink_gather(struct dtd_ink *ink, const float *images, float low,
                    int batch);

/* Fills by_pixel from by_example, once all examples are in, unless it is. */
void dtd_ink_sort(struct dtd_ink *ink);

/* ---- inspect ---- */

/* Example n's spots, ended by one whose `at` is ink->pixels. */
const struct dtd_spot *dtd_ink_example(const struct dtd_ink *ink, int n);

/* The images (batch, pixels), written out where they are not at hand. */
const float *dtd_ink_rows(const struct dtd_ink *ink);

/* How many spots the batch has. */
size_t dtd_ink_spots(const struct dtd_ink *ink);

/* ---- free ---- */

void dtd_ink_free(struct dtd_ink *ink);

#endif
