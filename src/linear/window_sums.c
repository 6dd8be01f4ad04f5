/* Sums over a window that slides over a picture.

   Vectors hold a block of maps, whose weights stand side by side, and a tile
   takes a few positions, each of which reads its own element at a tap: so
   pictures of any width fill the vectors, and nothing of the picture is copied
   a second time. With few maps it is the other way round. */
#include "linear/window_sums.h"

#include <string.h>

#include "base/memory.h"
#include "linear/processor.h"
#include "linear/threads.h"

enum {
  BLOCK = 16,   /* maps; a multiple of any vector's */
  BAND = 256,   /* taps whose weights stay in the nearest cache */
  MOST = 96,    /* positions whose sums do, too */
  FEW = 3,      /* maps of a tile along positions .. */
  STRETCH = 32, /* .. and its positions */
};
#define ALIGNED __attribute__((aligned(64)))

struct kernels {
  int tile; /* positions */
  void (*add_maps)(float *sum, const float *w, const float *x,
                   const int *position, const int *tap, int inner, int rows);
  void (*turn)(float *z, long z_step, const float *sum, int maps, int count);
  void (*set_positions)(float *sum, const float *w, long w_step, const float *x,
                        const int *tap, int inner, int rows);
};

#define KERNELS "linear/window_sums_kernel.h"
#include "linear/vector_kernel.h"

/* ---- planes ---- */

long dtd_plane_size(const struct dtd_planes *p) {
  return (long)p->size[0] * p->size[1];
}

size_t dtd_planes_size(const struct dtd_planes *p) {
  size_t planes = (size_t)p->channels * (size_t)(p->step[0] * p->step[1]);
  size_t read = planes * (size_t)dtd_plane_size(p) + STRETCH;
  return (read + BLOCK - 1) / BLOCK * BLOCK;
}

bool dtd_planes_are_picture(const struct dtd_planes *p) {
  return p->step[0] == 1 && p->step[1] == 1 && !p->before[0] && !p->before[1] &&
         p->size[0] == p->rows && p->size[1] == p->columns;
}

/* A row of a plane from `row` of the picture. */
static void fill_row(float *at, const struct dtd_planes *p, const float *row,
                     int b) {
  int step = p->step[1], from = b - p->before[1];
  int first = from < 0 ? (-from + step - 1) / step : 0;
  int end = (p->columns - 1 - from) / step + 1;
  if (from > p->columns - 1) end = 0;
  if (end > p->size[1]) end = p->size[1];
  if (step == 1 && end > first)
    memcpy(at + first, row + from + first, (size_t)(end - first) * sizeof *at);
  else
    for (int c = first; c < end; c++) at[c] = row[from + (long)c * step];
}

void dtd_planes_fill(float *at, const struct dtd_planes *p,
                     const float *picture) {
  for (int i = 0; i < p->channels; i++)
    for (int a = 0; a < p->step[0]; a++)
      for (int b = 0; b < p->step[1]; b++)
        for (int r = 0; r < p->size[0]; r++, at += p->size[1]) {
          long row = (long)r * p->step[0] + a - p->before[0];
          if (row >= 0 && row < p->rows)
            fill_row(at, p, picture + ((long)i * p->rows + row) * p->columns,
                     b);
        }
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
  return (size_t)s->groups * (size_t)maps * (size_t)s->inner;
}

void dtd_window_pack(float *packed, const struct dtd_window_sums *s,
                     const struct dtd_window_weights *weights) {
  int side = s->along_positions ? 1 : BLOCK;
  for (int g = 0; g < s->groups; g++)
    for (int first = 0; first < s->maps; first += side) {
      const float *from =
          weights->from + g * weights->group_step + first * weights->map_step;
      int maps = s->maps - first < side ? s->maps - first : side;
      for (int k = 0; k < s->inner; k++, packed += side) {
        const float *w = from + (weights->tap ? weights->tap[k] : k);
        for (int m = 0; m < maps; m++) packed[m] = w[m * weights->map_step];
        for (int m = maps; m < side; m++) packed[m] = 0;
      }
    }
}

/* ---- sums ---- */

struct job {
  float *z;
  const struct dtd_window_sums *sums;
  const float *packed, *x;
  const struct kernels *kernels;
  struct dtd_share share;
  int blocks; /* of a group */
};

/* `count` positions, at most MOST, of one block of maps. */
static void sum_block(const struct job *job, int block, int first, int count) {
  float sum[MOST * BLOCK] ALIGNED;
  const struct dtd_window_sums *s = job->sums;
  int g = block / job->blocks, map = block % job->blocks * BLOCK;
  int left = s->maps - map, tile = job->kernels->tile;
  int tiles = (count + tile - 1) / tile;
  const float *w = job->packed + (long)block * BLOCK * s->inner;
  const float *x = job->x + g * s->group_step;
  memset(sum, 0, (size_t)count * BLOCK * sizeof *sum);
  for (int k = 0; k < s->inner; k += BAND) {
    int steps = s->inner - k < BAND ? s->inner - k : BAND;
    for (int i = 0; i < tiles; i++) {
      int from = count * i / tiles, rows = count * (i + 1) / tiles - from;
      job->kernels->add_maps(sum + from * BLOCK, w + (long)k * BLOCK, x,
                             s->position + first + from, s->tap + k, steps,
                             rows);
    }
  }
  job->kernels->turn(job->z + ((long)g * s->maps + map) * s->positions + first,
                     s->positions, sum, left < BLOCK ? left : BLOCK, count);
}

/* The same along positions, of at most FEW maps and STRETCH positions. */
static void sum_stretch(const struct job *job, int block, int first,
                        int count) {
  float sum[FEW * STRETCH] ALIGNED;
  const struct dtd_window_sums *s = job->sums;
  int g = block / job->blocks, map = block % job->blocks * FEW;
  int left = s->maps - map, maps = left < FEW ? left : FEW;
  long row = (long)g * s->maps + map;
  job->kernels->set_positions(sum, job->packed + row * s->inner, s->inner,
                              job->x + g * s->group_step + s->position[0] +
                                  first,
                              s->tap, s->inner, maps);
  for (int m = 0; m < maps; m++)
    memcpy(job->z + (row + m) * s->positions + first, sum + m * STRETCH,
           (size_t)count * sizeof *sum);
}

static void sum_piece(const void *of, int first, int count) {
  const struct job *job = of;
  const struct dtd_window_sums *s = job->sums;
  bool by_row = job->share.by_row;
  int block = by_row ? first : 0;
  int blocks = by_row ? count : job->blocks * s->groups;
  int from = by_row ? 0 : first, end = by_row ? s->positions : first + count;
  int most = s->along_positions ? STRETCH : MOST;
  for (; from < end; from += most)
    for (int b = block; b < block + blocks; b++)
      (s->along_positions ? sum_stretch : sum_block)(
          job, b, from, end - from < most ? end - from : most);
}

void dtd_window_sum(float *z, const struct dtd_window_sums *sums,
                    const float *packed, const float *x) {
  struct job job = {z,
                    sums,
                    packed,
                    x,
                    kernels_for(dtd_processor_in_use()),
                    .blocks = blocks_of(sums)};
  int side = sums->along_positions ? FEW : BLOCK;
  job.share =
      dtd_share(sums->groups * sums->maps, sums->positions, sums->inner);
  if (job.share.by_row) {
    job.share.edge = job.blocks * sums->groups;
    job.share.length = (job.share.length + side - 1) / side;
  }
  dtd_share_out(&job.share, sum_piece, &job);
}
