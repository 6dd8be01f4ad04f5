/* A picture taken apart into planes, so that windows step by one and never
   leave it.

   Element (r, c) of a channel's plane (a, b) is that of the picture's row
   step r + a - before, and likewise of columns, zero outside of the picture: a
   window that moves by `step` moves by one in each plane. A place is where an
   element stands in the planes of its channel. */
#ifndef DTD_PLANES_H
#define DTD_PLANES_H

#include <stdbool.h>
#include <stddef.h>

struct dtd_planes {
  int channels, rows, columns; /* of the picture */
  int step[2], before[2];      /* of rows, and of columns */
  int size[2];                 /* rows and columns of a plane */
};

/* ---- compute ---- */

/* `at` (channels, step rows, step columns, rows, columns) = the planes; what is
   outside is zero before and stays it. */
void dtd_planes_fill(float *at, const struct dtd_planes *planes,
                     const float *picture);

/* Where in a channel of the picture each of a channel's places is, rows times
   columns outside; to be freed. */
int *dtd_planes_elements(const struct dtd_planes *planes);

/* ---- inspect ---- */

/* Elements of one plane, and of a channel. */
long dtd_plane_size(const struct dtd_planes *planes);
long dtd_planes_places(const struct dtd_planes *planes);

/* Whether the planes are the picture as it stands. */
bool dtd_planes_are_picture(const struct dtd_planes *planes);

#endif
