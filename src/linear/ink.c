/* The ink of a batch of images: the few inputs that differ from the background.
 */
#include "linear/ink.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"

struct dtd_ink *dtd_ink_new(int pixels, int capacity) {
  struct dtd_ink *ink = dtd_new(1, sizeof *ink);
  ink->pixels = pixels;
  ink->capacity = capacity;
  ink->total = dtd_new((size_t)capacity, sizeof *ink->total);
  ink->start_of_example =
      dtd_new((size_t)capacity + 1, sizeof *ink->start_of_example);
  ink->start_of_pixel =
      dtd_new((size_t)pixels + 1, sizeof *ink->start_of_pixel);
  return ink;
}

void dtd_ink_free(struct dtd_ink *ink) {
  if (!ink) return;
  dtd_free(ink->total);
  dtd_free(ink->start_of_example);
  dtd_free(ink->by_example);
  dtd_free(ink->start_of_pixel);
  dtd_free(ink->by_pixel);
  dtd_free(ink->own_rows);
  dtd_free(ink);
}

void dtd_ink_clear(struct dtd_ink *ink, float low) {
  ink->batch = 0;
  ink->low = low;
  ink->sorted = false;
  ink->rows = NULL;
}

/* Lets a list hold at least `wanted` spots, keeping the first `kept`. */
static void make_room(struct dtd_spot **list, size_t *room,
                      const struct dtd_ink *ink, size_t wanted, size_t kept) {
  if (wanted <= *room) return;
  size_t more = wanted + wanted / 2;
  struct dtd_spot *larger = dtd_new_beside(ink, more, sizeof *larger);
  if (kept) memcpy(larger, *list, kept * sizeof *larger);
  dtd_free(*list);
  *list = larger;
  *room = more;
}

void dtd_ink_reserve(struct dtd_ink *ink) {
  size_t most = (size_t)ink->capacity * ((size_t)ink->pixels + 1);
  make_room(&ink->by_example, &ink->room, ink, most, 0);
}

struct dtd_spot *dtd_ink_open(struct dtd_ink *ink) {
  if (ink->batch == ink->capacity)
    dtd_die(DTD_FAILURE, "ink", NULL, "more than %d examples", ink->capacity);
  size_t start = ink->start_of_example[ink->batch];
  make_room(&ink->by_example, &ink->room, ink, start + (size_t)ink->pixels + 1,
            start);
  return ink->by_example + start;
}

void dtd_ink_close(struct dtd_ink *ink, size_t count) {
  size_t start = ink->start_of_example[ink->batch];
  double total = 0;
  for (size_t i = 0; i < count; i++)
    total += (double)ink->by_example[start + i].s;
  ink->total[ink->batch] = (float)total;
  ink->by_example[start + count] = (struct dtd_spot){ink->pixels, 0};
  ink->start_of_example[++ink->batch] = start + count + 1;
}

void dtd_ink_gather(struct dtd_ink *ink, const float *images, float low,
                    int batch) {
  dtd_ink_clear(ink, low);
  for (int n = 0; n < batch; n++) {
    const float *x = images + (long)n * ink->pixels;
    struct dtd_spot *spot = dtd_ink_open(ink);
    size_t count = 0;
    for (int p = 0; p < ink->pixels; p++) { /* write always, keep if inked */
      spot[count] = (struct dtd_spot){p, x[p] - low};
      count += x[p] != low;
    }
    dtd_ink_close(ink, count);
  }
  ink->rows = images;
}

static void write_rows(struct dtd_ink *ink) {
  size_t pixels = (size_t)ink->pixels;
  if (!ink->own_rows)
    ink->own_rows =
        dtd_new_beside(ink, (size_t)ink->capacity * pixels, sizeof(float));
  for (int n = 0; n < ink->batch; n++) {
    float *x = ink->own_rows + (size_t)n * pixels;
    for (int p = 0; p < ink->pixels; p++) x[p] = ink->low;
    for (const struct dtd_spot *spot = dtd_ink_example(ink, n);
         spot->at < ink->pixels; spot++)
      x[spot->at] = ink->low + spot->s;
  }
  ink->rows = ink->own_rows;
}

/* What is written out is kept beside the spots: to the caller nothing changes.
   Several threads may ask at once. */
const float *dtd_ink_rows(const struct dtd_ink *ink) {
#pragma omp critical(dtd_ink_rows)
  if (!ink->rows) write_rows((struct dtd_ink *)ink);
  return ink->rows;
}

const struct dtd_spot *dtd_ink_example(const struct dtd_ink *ink, int n) {
  return ink->by_example + ink->start_of_example[n];
}

size_t dtd_ink_spots(const struct dtd_ink *ink) {
  return ink->start_of_example[ink->batch] - (size_t)ink->batch;
}

/* A counting sort: how many spots each pixel has, where its list begins, and
   then each spot in its place. */
void dtd_ink_sort(struct dtd_ink *ink) {
  if (ink->sorted) return;
  ink->sorted = true;
  size_t *start = ink->start_of_pixel, spots = dtd_ink_spots(ink);
  make_room(&ink->by_pixel, &ink->pixel_room, ink, spots, 0);
  memset(start, 0, ((size_t)ink->pixels + 1) * sizeof *start);
  for (int n = 0; n < ink->batch; n++)
    for (const struct dtd_spot *spot = dtd_ink_example(ink, n);
         spot->at < ink->pixels; spot++)
      start[spot->at + 1]++;
  for (int p = 0; p < ink->pixels; p++) start[p + 1] += start[p];
  for (int n = 0; n < ink->batch; n++)
    for (const struct dtd_spot *spot = dtd_ink_example(ink, n);
         spot->at < ink->pixels; spot++)
      ink->by_pixel[start[spot->at]++] = (struct dtd_spot){n, spot->s};
  /* each start has moved to the next one's place: move them back */
  memmove(start + 1, start, (size_t)ink->pixels * sizeof *start);
  start[0] = 0;
}
