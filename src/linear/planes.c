/* A picture taken apart into planes, so that windows step by one and never
   leave it. */
#include "linear/planes.h"

#include <string.h>

#include "base/memory.h"

long dtd_plane_size(const struct dtd_planes *p) {
  return (long)p->size[0] * p->size[1];
}

long dtd_planes_places(const struct dtd_planes *p) {
  return (long)p->step[0] * p->step[1] * dtd_plane_size(p);
}

bool dtd_planes_are_picture(const struct dtd_planes *p) {
  return p->step[0] == 1 && p->step[1] == 1 && !p->before[0] && !p->before[1] &&
         p->size[0] == p->rows && p->size[1] == p->columns;
}

/* What a row of a plane is of the picture: element c, first <= c < end, that of
   column from + step c. */
struct row {
  int row; /* of the picture; -1 outside */
  int from, first, end;
};

static struct row row_at(const struct dtd_planes *p, int a, int b, int r) {
  long row = (long)r * p->step[0] + a - p->before[0];
  int step = p->step[1], from = b - p->before[1], end = 0;
  if (from < p->columns) end = (p->columns - 1 - from) / step + 1;
  return (struct row){
      .row = row >= 0 && row < p->rows ? (int)row : -1,
      .from = from,
      .first = from < 0 ? (-from + step - 1) / step : 0,
      .end = end < p->size[1] ? end : p->size[1],
  };
}

static void fill_row(float *at, int step, const struct row *row,
                     const float *x) {
  int count = row->end - row->first;
  if (step == 1 && count > 0)
    memcpy(at + row->first, x + row->from + row->first,
           (size_t)count * sizeof *at);
  else
    for (int c = row->first; c < row->end; c++)
      at[c] = x[row->from + (long)c * step];
}

void dtd_planes_fill(float *at, const struct dtd_planes *p,
                     const float *picture) {
  for (int i = 0; i < p->channels; i++)
    for (int a = 0; a < p->step[0]; a++)
      for (int b = 0; b < p->step[1]; b++)
        for (int r = 0; r < p->size[0]; r++, at += p->size[1]) {
          struct row row = row_at(p, a, b, r);
          if (row.row >= 0)
            fill_row(at, p->step[1], &row,
                     picture + ((long)i * p->rows + row.row) * p->columns);
        }
}

int *dtd_planes_elements(const struct dtd_planes *p) {
  int *elements = dtd_new((size_t)dtd_planes_places(p), sizeof *elements);
  int *at = elements;
  for (int a = 0; a < p->step[0]; a++)
    for (int b = 0; b < p->step[1]; b++)
      for (int r = 0; r < p->size[0]; r++, at += p->size[1]) {
        struct row row = row_at(p, a, b, r);
        for (int c = 0; c < p->size[1]; c++)
          at[c] = row.row >= 0 && c >= row.first && c < row.end
                      ? row.row * p->columns + row.from + c * p->step[1]
                      : p->rows * p->columns;
      }
  return elements;
}
