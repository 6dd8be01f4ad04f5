/* Sums over a window that slides over a picture, the products behind
   convolutions, without a matrix of columns:

       z_m(p) = sum_k w_mk x_i[position_p + offset_t],    k = (i, t).

   Whatever the strides, dilations and pads, and in both directions, a window
   is a list of offsets and a place a list of positions, once the picture lies
   in planes (planes.h). A sum is one chain of fused multiply-adds over k: by
   bands of channels, in each the window's elements, for each the band's
   channels. So it has the same bits on every processor, for any number of
   threads, and whether zeros are skipped or not. */
#ifndef DTD_WINDOW_SUMS_H
#define DTD_WINDOW_SUMS_H

#include "linear/picture_spots.h"

/* What is summed: one group of maps after another, alike. */
struct dtd_window_sums {
  int groups, maps; /* maps of a group */
  int positions;
  const int *position;  /* (positions): places */
  int channels, window; /* of a group; elements of the window */
  const int *offset;    /* (window) */
  long channel_step;    /* of x: places of a channel */
  bool along_positions; /* vectors hold positions, not maps: these follow each
                           other, and position (1) is the first */
  const int *tap;       /* (channels window): where x stands, k after k */
  const int *element;   /* where in a channel each of its places is, or null */
};

/* w_mk of one group stands at
   from[m * map_step + i * channel_step + offset[t]]; groups `group_step` apart.
 */
struct dtd_window_weights {
  const float *from;
  long map_step, channel_step, group_step;
  const int *offset; /* (window); null for 0, 1, .. */
};

/* ---- create ---- */

/* Whether vectors had better hold positions, as with few maps. */
bool dtd_few_maps(int maps);

/* The taps of sums, k after k; to be freed. */
int *dtd_window_taps(const struct dtd_window_sums *sums);

/* Elements behind x that sums may read, and do not depend on. */
enum { DTD_READ_BEYOND = 32 };

/* Weights in the order that sums read them in. */
size_t dtd_packed_size(const struct dtd_window_sums *sums);
void dtd_window_pack(float *packed, const struct dtd_window_sums *sums,
                     const struct dtd_window_weights *weights);

/* ---- compute ---- */

/* z (groups maps, positions). Shared out among threads, those of a region of
   its own or, as tasks, those of the caller's. */
void dtd_window_sum(float *z, const struct dtd_window_sums *sums,
                    const float *packed, const float *x);

/* The same of a picture as spots, whose bands are those of the groups. Vectors
   must hold maps. */
void dtd_window_sum_spots(float *z, const struct dtd_window_sums *sums,
                          const float *packed,
                          const struct dtd_picture_spots *spots);

/* How many times the time of dtd_window_sum it takes, about, to find the spots
   and sum these, where a share `density` of the elements is not zero. */
double dtd_spots_cost(const struct dtd_window_sums *sums, double density);

#endif
