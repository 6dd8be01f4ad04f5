/* Resizes photos by bicubic filters, to the bytes that Pillow makes, and cuts
   out their centre. */
#include "files/resize.h"

#include <math.h>

#include "base/memory.h"

enum {
  STEPS = 22, /* bits of a weight behind the point */
  COLOURS = 3,
};

/* What makes the pixels kept along one side: a few old ones' weights each. */
struct filter {
  int length;    /* pixels that are kept */
  int most;      /* old pixels for a new one */
  int *first;    /* (length): the first of them */
  int *count;    /* (length): how many */
  int *weight;   /* (length, most), in steps of 2^-STEPS */
  double *share; /* (most): scratch */
};

static double bicubic(double t) {
  t = fabs(t);
  if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
  if (t < 2) return ((-0.5 * t + 2.5) * t - 4) * t + 2;
  return 0;
}

/* Pixel n, whose centre is at `centre` of the old side. */
static void weigh(struct filter *filter, int n, double centre, double stretch,
                  int old) {
  double support = 2 * stretch, sum = 0;
  int first = (int)fmax(centre - support + 0.5, 0);
  int end = (int)fmin(centre + support + 0.5, old);
  filter->first[n] = first;
  filter->count[n] = end - first;
  for (int i = 0; i < end - first; i++) {
    filter->share[i] = bicubic((i + first - centre + 0.5) * (1 / stretch));
    sum += filter->share[i];
  }
  for (int i = 0; i < end - first; i++)
    filter->weight[n * filter->most + i] =
        (int)round(filter->share[i] / sum * (1 << STEPS));
}

/* Keeps `length` central pixels of `whole`, which are made of `old` ones. */
static struct filter filter_new(int old, long whole, int length) {
  double scale = (double)old / (double)whole, stretch = fmax(scale, 1);
  struct filter filter = {.length = length,
                          .most = 2 * (int)ceil(2 * stretch) + 1};
  size_t count = (size_t)length, most = (size_t)filter.most;
  filter.first = dtd_new(count, sizeof *filter.first);
  filter.count = dtd_new(count, sizeof *filter.count);
  filter.weight = dtd_new(count, most * sizeof *filter.weight);
  filter.share = dtd_new(most, sizeof *filter.share);
  long before = (whole - length) / 2;
  for (int n = 0; n < length; n++)
    weigh(&filter, n, ((double)(before + n) + 0.5) * scale, stretch, old);
  return filter;
}

static void filter_free(struct filter *filter) {
  dtd_free(filter->first);
  dtd_free(filter->count);
  dtd_free(filter->weight);
  dtd_free(filter->share);
}

/* New pixel n of every `stride`th byte of `from`. */
static uint8_t filtered(const uint8_t *from, long stride,
                        const struct filter *filter, int n) {
  const int *weight = filter->weight + (long)n * filter->most;
  long sum = 1L << (STEPS - 1);
  from += filter->first[n] * stride;
  for (int i = 0; i < filter->count[n]; i++, from += stride)
    sum += (long)*from * weight[i];
  sum = sum < 0 ? 0 : sum >> STEPS;
  return (uint8_t)(sum < 255 ? sum : 255);
}

/* The rows from `top` on that `down` needs, with their columns filtered. */
static uint8_t *filter_columns(const struct dtd_photo *photo, int top, int rows,
                               const struct filter *across) {
  size_t columns = (size_t)across->length;
  uint8_t *narrow = dtd_new((size_t)rows * columns, COLOURS), *to = narrow;
  for (int y = top; y < top + rows; y++) {
    const uint8_t *row = photo->rgb + (long)COLOURS * photo->columns * y;
    for (int x = 0; x < across->length; x++)
      for (int c = 0; c < COLOURS; c++)
        *to++ = filtered(row + c, COLOURS, across, x);
  }
  return narrow;
}

void dtd_photo_resized_to(long *rows, long *columns,
                          const struct dtd_photo *photo, int side) {
  int least = photo->rows < photo->columns ? photo->rows : photo->columns;
  double scale = side ? (double)side / least : 1;
  *rows = lrint(photo->rows * scale);
  *columns = lrint(photo->columns * scale);
}

struct dtd_photo dtd_photo_centre(const struct dtd_photo *photo, int side,
                                  int rows, int columns) {
  long whole_rows, whole_columns, stride = (long)COLOURS * columns;
  dtd_photo_resized_to(&whole_rows, &whole_columns, photo, side);
  struct filter across = filter_new(photo->columns, whole_columns, columns);
  struct filter down = filter_new(photo->rows, whole_rows, rows);
  int top = down.first[0], last = rows - 1;
  int needed = down.first[last] + down.count[last] - top;
  uint8_t *narrow = filter_columns(photo, top, needed, &across);
  struct dtd_photo centre = {rows, columns,
                             dtd_new((size_t)rows * (size_t)columns, COLOURS)};
  uint8_t *to = centre.rgb;
  for (int y = 0; y < rows; y++)
    for (long at = 0; at < stride; at++)
      *to++ = filtered(narrow + at - top * stride, stride, &down, y);
  dtd_free(narrow);
  filter_free(&across);
  filter_free(&down);
  return centre;
}
