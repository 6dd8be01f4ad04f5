/* Sums over a window that slides over a picture, the products behind
   convolutions, without a matrix of columns:

       z_m(p) = sum_k w_mk x[position_p + tap_k].

   Whatever the strides, dilations and pads, and in both directions, a window
   is a list of taps and a place a list of positions, once the picture lies so
   that no window leaves it (dtd_planes). A sum is one chain of fused
   multiply-adds over k from first to last, as in product.h: the same bits on
   every processor, for any number of threads. */
#ifndef DTD_WINDOW_SUMS_H
#define DTD_WINDOW_SUMS_H

#include <stdbool.h>
#include <stddef.h>

/* A picture (channels, rows, columns) taken apart: element (r, c) of a
   channel's plane (a, b) is that of row step r + a - before, and likewise of
   columns, zero outside of the picture. So a window that moves by `step` moves
   by one in each plane. */
struct dtd_planes {
  int channels, rows, columns; /* of the picture */
  int step[2], before[2];
  int size[2]; /* rows and columns of a plane */
};

/* Elements of one plane; of all, with room for vectors behind, so many that
   what follows is aligned as they are. */
long dtd_plane_size(const struct dtd_planes *planes);
size_t dtd_planes_size(const struct dtd_planes *planes);

/* Whether the planes are the picture as it stands. */
bool dtd_planes_are_picture(const struct dtd_planes *planes);

/* planes (channels, step rows, step columns, rows, columns), zeros in place of
   what is outside; `planes` is zero before. */
void dtd_planes_fill(float *at, const struct dtd_planes *planes,
                     const float *picture);

/* What is summed: one group after another, alike. */
struct dtd_window_sums {
  int groups, maps;     /* maps of a group */
  int positions, inner; /* inner: taps */
  const int *position;  /* (positions) */
  const int *tap;       /* (inner) */
  long group_step;      /* of x, from one group to the next */
  bool along_positions; /* vectors hold positions, not maps: these follow each
                           other, and position (1) is the first */
};

/* Whether vectors had better hold positions, as with few maps. */
bool dtd_few_maps(int maps);

/* w_mk of one group stands at from[m * map_step + tap[k]]; groups `group_step`
   apart. */
struct dtd_window_weights {
  const float *from;
  long map_step, group_step;
  const int *tap; /* (inner); null for 0, 1, .. */
};

/* Weights in the order that sums read them in. */
size_t dtd_packed_size(const struct dtd_window_sums *sums);
void dtd_window_pack(float *packed, const struct dtd_window_sums *sums,
                     const struct dtd_window_weights *weights);

/* z (groups maps, positions). Shared out among threads, those of a region of
   its own or, as tasks, those of the caller's. */
void dtd_window_sum(float *z, const struct dtd_window_sums *sums,
                    const float *packed, const float *x);

#endif
