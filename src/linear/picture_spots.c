/* A picture as spots: at each place, the channels that are not zero there. */
#include "linear/picture_spots.h"

#include <string.h>

#include "base/memory.h"
#include "linear/processor.h"
#include "linear/scratch.h"
#include "linear/threads.h"

enum { BLOCK = 16, STRIP = 8 /* places that are looked at at once */ };

struct kernels {
  void (*find_strip)(uint64_t *mask, const float *x, long step, int channels);
  long (*count)(const uint64_t *mask, int places);
};

#define KERNELS "linear/picture_spots_kernel.h"
#include "linear/vector_kernel.h"

int dtd_bands(int channels) {
  return (channels + DTD_BAND - 1) / DTD_BAND;
}

struct job {
  struct dtd_picture_spots *spots;
  const float *x;
  const struct kernels *kernels;
};

/* The channels of one band. */
struct band {
  const float *x;
  int channels;
  uint64_t *mask;
  int *start;
};

static struct band band_at(const struct job *job, int index) {
  const struct dtd_picture_spots *s = job->spots;
  int in_group = s->channels / s->groups, bands = dtd_bands(in_group);
  int first = index % bands * DTD_BAND, left = in_group - first;
  long channel = (long)(index / bands) * in_group + first;
  return (struct band){job->x + channel * s->places,
                       left < DTD_BAND ? left : DTD_BAND,
                       s->mask + (long)index * s->places,
                       s->start + (long)index * (s->places + 2)};
}

/* ---- masks ---- */

static void find_place(uint64_t *mask, const float *x, long step,
                       int channels) {
  *mask = 0;
  for (int i = 0; i < channels; i++, x += step)
    *mask |= (uint64_t)(*x != 0) << i;
}

static void find_bands(const void *of, int first, int count) {
  const struct job *job = of;
  int places = job->spots->places, q;
  for (int index = first; index < first + count; index++) {
    struct band b = band_at(job, index);
    for (q = 0; q + STRIP <= places; q += STRIP)
      job->kernels->find_strip(b.mask + q, b.x + q, places, b.channels);
    for (; q < places; q++) find_place(b.mask + q, b.x + q, places, b.channels);
  }
}

struct dtd_picture_spots *dtd_picture_spots_new(const float *x, int channels,
                                                int groups, int places) {
  struct dtd_picture_spots *s = dtd_new(1, sizeof *s);
  struct job job = {s, x, kernels_for(dtd_processor_in_use())};
  int bands = groups * dtd_bands(channels / groups);
  *s = (struct dtd_picture_spots){
      .channels = channels, .groups = groups, .bands = bands, .places = places};
  s->mask = dtd_scratch_take((size_t)bands * (size_t)places, sizeof *s->mask);
  struct dtd_share share = {true, bands, 1};
  dtd_share_out(&share, find_bands, &job);
  long count = 0;
  for (int b = 0; b < bands; b++)
    count += job.kernels->count(s->mask + (long)b * places, places);
  s->density = (double)count / ((double)channels * places);
  return s;
}

/* ---- spots ---- */

static void list_band(const struct job *job, int index) {
  struct band b = band_at(job, index);
  struct dtd_spot *spot = job->spots->spot;
  int n = *b.start, places = job->spots->places;
  for (int q = 0; q < places; q++, b.x++) {
    *b.start++ = n;
    for (uint64_t mask = b.mask[q]; mask; mask &= mask - 1) {
      int i = __builtin_ctzll(mask);
      spot[n++] = (struct dtd_spot){i, b.x[(long)i * places]};
    }
  }
  b.start[0] = b.start[1] = n;
}

static void list_bands(const void *of, int first, int count) {
  for (int index = first; index < first + count; index++) list_band(of, index);
}

void dtd_picture_spots_list(struct dtd_picture_spots *s, const float *x) {
  struct job job = {s, x, kernels_for(dtd_processor_in_use())};
  struct dtd_share share = {true, s->bands, 1};
  long count = 0;
  s->start = dtd_scratch_take((size_t)s->bands * ((size_t)s->places + 2),
                              sizeof *s->start);
  for (int index = 0; index < s->bands; index++) {
    s->start[(long)index * (s->places + 2)] = (int)count;
    count += job.kernels->count(s->mask + (long)index * s->places, s->places);
  }
  s->spot = dtd_scratch_take((size_t)count, sizeof *s->spot);
  dtd_share_out(&share, list_bands, &job);
}

void dtd_picture_spots_free(struct dtd_picture_spots *s) {
  if (!s) return;
  dtd_scratch_give(s->mask);
  dtd_scratch_give(s->start);
  dtd_scratch_give(s->spot);
  dtd_free(s);
}
