/* A batch of images, read as ink where there is little of it. */
#include "linear/image_batch.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/region.h"
#include "linear/ink.h"
#include "linear/inputs_form.h"

enum { WORTH_THREADS = 3000 }; /* pixels that outweigh waking one */

/* The share of ink at which sums over spots take as long as a matrix product.
 */
static const double LITTLE = 0.5;

static int most_parts(int capacity) {
  return dtd_batch_parts(capacity);
}

struct dtd_image_batch *dtd_image_batch_new(int pixels, float low,
                                            int capacity) {
  struct dtd_image_batch *images = dtd_new(1, sizeof *images);
  *images = (struct dtd_image_batch){
      .pixels = pixels, .low = low, .capacity = capacity};
  int parts = most_parts(capacity);
  images->ink = dtd_new((size_t)parts, sizeof *images->ink);
  for (int i = 0; i < parts; i++) {
    int most = capacity < DTD_MOST_IN_PART ? capacity : DTD_MOST_IN_PART;
    images->ink[i] = dtd_ink_new(pixels, most);
    dtd_ink_reserve(images->ink[i]);
  }
  return images;
}

void dtd_image_batch_free(struct dtd_image_batch *images) {
  if (!images) return;
  for (int i = 0; i < most_parts(images->capacity); i++)
    dtd_ink_free(images->ink[i]);
  dtd_free(images->ink);
  dtd_free(images);
}

static bool is_large(const struct dtd_image_batch *images) {
  return (long)images->batch * images->pixels > WORTH_THREADS;
}

static bool has_little(const struct dtd_ink *ink) {
  return (double)dtd_ink_spots(ink) < LITTLE * ink->batch * ink->pixels;
}

/* ---- as inputs ---- */

static const float *rows(const struct dtd_inputs *x, int inputs) {
  const struct dtd_image_batch *images = x->at;
  return images->x + (long)x->first * inputs;
}

static int parts(const struct dtd_inputs *x) {
  return dtd_batch_parts(x->batch);
}

static struct dtd_inputs part_at(const struct dtd_inputs *x, int index) {
  const struct dtd_image_batch *images = x->at;
  struct dtd_range range = dtd_batch_part_at(images->batch, index);
  if (has_little(images->ink[index])) return dtd_inked(images->ink[index]);
  return dtd_rows(images->x + (long)range.first * images->pixels, range.count);
}

static const struct dtd_inputs_form cut = {.rows = rows};
static const struct dtd_inputs_form in_parts = {
    .rows = rows, .range = &cut, .parts = parts, .part = part_at};

struct dtd_inputs dtd_image_batch_read(struct dtd_image_batch *images,
                                       const float *x, int batch) {
  if (batch > images->capacity)
    dtd_die(DTD_FAILURE, "images", NULL, "a batch of %d exceeds capacity %d",
            batch, images->capacity);
  images->x = x;
  images->batch = batch;
  struct dtd_region region = {0};
#pragma omp parallel for schedule(static) if (is_large(images))
  for (int i = 0; i < dtd_batch_parts(batch); i++) {
    struct dtd_range part = dtd_batch_part_at(batch, i);
    DTD_GUARD (&region)
      dtd_ink_gather(images->ink[i], x + (long)part.first * images->pixels,
                     images->low, part.count);
  }
  dtd_region_end(&region);
  return (struct dtd_inputs){.batch = batch, .form = &in_parts, .at = images};
}
