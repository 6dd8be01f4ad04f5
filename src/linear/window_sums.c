/* Sums over a window that slides over a picture.

   Vectors hold blocks of maps, whose weights stand side by side. A tile takes a
   few positions of one block, each of which reads its own element at a tap: so
   pictures of any width fill the vectors, and nothing of the picture is copied
   a second time. Of spots, a position takes several blocks at once, and what is
   zero there costs nothing. With few maps vectors hold positions. */
#include "linear/window_sums.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "linear/processor.h"
#include "linear/threads.h"

enum {
  BLOCK = 16,       /* maps; a multiple of any vector's */
  TAPS = 128,       /* whose weights stay in the nearest cache */
  AHEAD = 64,       /* taps whose weights are asked for early */
  MOST = 96,        /* positions whose sums do, too */
  WIDE = 6,         /* blocks that spots take at once .. */
  MOST_SPOTS = 192, /* .. at so many positions */
  FEW = 3,          /* maps of a tile along positions .. */
  STRETCH = 32,     /* .. and its positions */
};
#define ALIGNED __attribute__((aligned(64)))

/* One band at one element of the window, for positions in turn. */
struct listed {
  const struct dtd_spot *spot;
  const int *start;   /* of elements */
  const int *element; /* of places, from the window's own on */
  const int *position;
  int positions;
};

struct kernels {
  int tile; /* positions */
  void (*add_maps)(float *sum, const float *w, const float *x,
                   const int *position, const int *tap, int inner, int rows);
  void (*add_spots)(float *sum, const float *w, long w_step,
                    const struct listed *listed, int blocks);
  void (*turn)(float *z, long z_step, const float *sum, long sum_step, int maps,
               int count);
  void (*set_positions)(float *sum, const float *w, long w_step, const float *x,
                        const int *tap, int inner, int rows);
};

#define KERNELS "linear/window_sums_kernel.h"
#include "linear/vector_kernel.h"

/* ---- the order of sums ---- */

static int band_from(const struct dtd_window_sums *s, int first) {
  int left = s->channels - first;
  return left < DTD_BAND ? left : DTD_BAND;
}

int *dtd_window_taps(const struct dtd_window_sums *s) {
  int *taps = dtd_new((size_t)s->channels * (size_t)s->window, sizeof *taps);
  int *tap = taps;
  for (int first = 0; first < s->channels; first += DTD_BAND)
    for (int t = 0; t < s->window; t++)
      for (int i = 0; i < band_from(s, first); i++)
        *tap++ = (int)((first + i) * s->channel_step) + s->offset[t];
  return taps;
}

/* ---- weights ---- */

bool dtd_few_maps(int maps) {
  int blocks = (maps + BLOCK - 1) / BLOCK;
  return 3 * maps <= 2 * blocks * BLOCK;
}

static int blocks_of(const struct dtd_window_sums *s) {
  int length = s->along_positions ? FEW : BLOCK;
  return (s->maps + length - 1) / length;
}

size_t dtd_packed_size(const struct dtd_window_sums *s) {
  int maps = s->along_positions ? s->maps : blocks_of(s) * BLOCK;
  return (size_t)s->groups * (size_t)maps * (size_t)s->channels *
         (size_t)s->window;
}

/* `maps` rows of weights from `from` on, in `side` places each. */
static float *pack_maps(float *packed, const struct dtd_window_sums *s,
                        const struct dtd_window_weights *weights,
                        const float *from, int maps, int side) {
  for (int first = 0; first < s->channels; first += DTD_BAND)
    for (int t = 0; t < s->window; t++) {
      const float *w = from + first * weights->channel_step +
                       (weights->offset ? weights->offset[t] : t);
      for (int i = 0; i < band_from(s, first); i++, packed += side) {
        for (int m = 0; m < maps; m++) packed[m] = w[m * weights->map_step];
        for (int m = maps; m < side; m++) packed[m] = 0;
        w += weights->channel_step;
      }
    }
  return packed;
}

void dtd_window_pack(float *packed, const struct dtd_window_sums *s,
                     const struct dtd_window_weights *weights) {
  int side = s->along_positions ? 1 : BLOCK;
  for (int g = 0; g < s->groups; g++)
    for (int m = 0; m < s->maps; m += side)
      packed = pack_maps(packed, s, weights,
                         weights->from + g * weights->group_step +
                             m * weights->map_step,
                         s->maps - m < side ? s->maps - m : side, side);
}

/* ---- a piece ---- */

struct job {
  float *z;
  const struct dtd_window_sums *sums;
  const float *packed, *x;
  const struct dtd_picture_spots *spots;
  const struct kernels *kernels;
  struct dtd_share share;
  int blocks; /* of a group */
  long inner; /* k of a sum */
};

/* Some blocks of one group's maps. */
struct maps {
  int group, first, count; /* maps of the group, without those that pad */
  int blocks;
  const float *packed;
};

static struct maps maps_at(const struct job *job, int block, int blocks) {
  int group = block / job->blocks, first = block % job->blocks * BLOCK;
  int left = job->sums->maps - first;
  return (struct maps){group, first,
                       left < blocks * BLOCK ? left : blocks * BLOCK, blocks,
                       job->packed + (long)block * BLOCK * job->inner};
}

static void put(const struct job *job, const struct maps *maps,
                const float *sum, int first, int count) {
  const struct dtd_window_sums *s = job->sums;
  long row = (long)maps->group * s->maps + maps->first;
  job->kernels->turn(job->z + row * s->positions + first, s->positions, sum,
                     (long)maps->blocks * BLOCK, maps->count, count);
}

/* `count` positions, at most MOST, of one block. */
static void sum_block(const struct job *job, int block, int first, int count) {
  float sum[MOST * BLOCK] ALIGNED;
  const struct dtd_window_sums *s = job->sums;
  struct maps maps = maps_at(job, block, 1);
  int tile = job->kernels->tile, tiles = (count + tile - 1) / tile;
  const float *x = job->x + (long)maps.group * s->channels * s->channel_step;
  memset(sum, 0, (size_t)count * BLOCK * sizeof *sum);
  for (long k = 0; k < job->inner; k += TAPS) {
    int steps = job->inner - k < TAPS ? (int)(job->inner - k) : TAPS;
    for (int i = 0; i < tiles; i++) {
      int from = count * i / tiles, rows = count * (i + 1) / tiles - from;
      job->kernels->add_maps(sum + from * BLOCK, maps.packed + k * BLOCK, x,
                             s->position + first + from, s->tap + k, steps,
                             rows);
    }
  }
  put(job, &maps, sum, first, count);
}

/* The same of spots, of at most WIDE blocks and MOST_SPOTS positions. */
static void sum_wide(const struct job *job, int block, int blocks, int first,
                     int count) {
  float sum[MOST_SPOTS * WIDE * BLOCK] ALIGNED;
  const struct dtd_window_sums *s = job->sums;
  struct maps maps = maps_at(job, block, blocks);
  const float *w = maps.packed;
  int bands = dtd_bands(s->channels);
  memset(sum, 0, (size_t)(count * blocks) * BLOCK * sizeof *sum);
  for (int band = 0; band < bands; band++)
    for (int t = 0; t < s->window; t++) {
      long list = (long)(maps.group * bands + band) * (job->spots->places + 2);
      struct listed listed = {job->spots->spot, job->spots->start + list,
                              s->element + s->offset[t], s->position + first,
                              count};
      job->kernels->add_spots(sum, w, BLOCK * job->inner, &listed, blocks);
      w += (long)band_from(s, band * DTD_BAND) * BLOCK;
    }
  put(job, &maps, sum, first, count);
}

/* The same along positions, of at most FEW maps and STRETCH positions. */
static void sum_stretch(const struct job *job, int block, int first,
                        int count) {
  float sum[FEW * STRETCH] ALIGNED;
  const struct dtd_window_sums *s = job->sums;
  int g = block / job->blocks, map = block % job->blocks * FEW;
  int left = s->maps - map, maps = left < FEW ? left : FEW;
  long row = (long)g * s->maps + map;
  const float *x = job->x + (long)g * s->channels * s->channel_step;
  job->kernels->set_positions(sum, job->packed + row * job->inner, job->inner,
                              x + s->position[0] + first, s->tap,
                              (int)job->inner, maps);
  for (int m = 0; m < maps; m++)
    memcpy(job->z + (row + m) * s->positions + first, sum + m * STRETCH,
           (size_t)count * sizeof *sum);
}

/* How many blocks from `block` on spots take at once, as even as can be. */
static int wide_from(const struct job *job, int block, int end) {
  int group_end = (block / job->blocks + 1) * job->blocks;
  int left = (group_end < end ? group_end : end) - block;
  int times = (left + WIDE - 1) / WIDE;
  return (left + times - 1) / times;
}

static void sum_blocks(const struct job *job, int block, int end, int first,
                       int count) {
  for (int wide; block < end; block += wide) {
    wide = job->spots ? wide_from(job, block, end) : 1;
    if (job->spots)
      sum_wide(job, block, wide, first, count);
    else if (job->sums->along_positions)
      sum_stretch(job, block, first, count);
    else
      sum_block(job, block, first, count);
  }
}

static void sum_piece(const void *of, int first, int count) {
  const struct job *job = of;
  const struct dtd_window_sums *s = job->sums;
  bool by_row = job->share.by_row;
  int block = by_row ? first : 0;
  int blocks = by_row ? count : job->blocks * s->groups;
  int from = by_row ? 0 : first, end = by_row ? s->positions : first + count;
  int most = s->along_positions ? STRETCH : job->spots ? MOST_SPOTS : MOST;
  for (; from < end; from += most)
    sum_blocks(job, block, block + blocks, from,
               end - from < most ? end - from : most);
}

/* ---- the whole ---- */

static void share_out(struct job *job) {
  const struct dtd_window_sums *s = job->sums;
  int side = s->along_positions ? FEW : BLOCK;
  job->kernels = kernels_for(dtd_processor_in_use());
  job->blocks = blocks_of(s);
  job->inner = (long)s->channels * s->window;
  job->share = dtd_share(s->groups * s->maps, s->positions, (int)job->inner);
  if (job->share.by_row) {
    job->share.edge = job->blocks * s->groups;
    job->share.length = (job->share.length + side - 1) / side;
  }
  dtd_share_out(&job->share, sum_piece, job);
}

void dtd_window_sum(float *z, const struct dtd_window_sums *sums,
                    const float *packed, const float *x) {
  share_out(&(struct job){z, sums, packed, x, .spots = NULL});
}

void dtd_window_sum_spots(float *z, const struct dtd_window_sums *sums,
                          const float *packed,
                          const struct dtd_picture_spots *spots) {
  share_out(&(struct job){z, sums, packed, .spots = spots});
}

/* ---- spots or not ---- */

/* Cycles of a processor with vectors of 8 floats that multiplies two at a time
   and reads two; others differ, but by less than what there is to gain. */
double dtd_spots_cost(const struct dtd_window_sums *s, double density) {
  if (s->along_positions) return INFINITY;
  double blocks = blocks_of(s), inner = (double)s->channels * s->window;
  double times = ceil(blocks / WIDE), wide = blocks / times;
  double visits = times * s->window * dtd_bands(s->channels);
  double of_spot = fmax(4, wide + 0.5), of_visit = 30 + 3 * wide;
  double list = (1 + 2.5 * density) * s->channels * (double)s->channel_step;
  double sum = visits * of_visit + times * density * inner * of_spot;
  return (list + s->positions * sum) / (s->positions * inner * blocks);
}
