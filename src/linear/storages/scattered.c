/* The way back where channels are few, as below pixels: each position sends. */
#include "linear/storages/scattered.h"

#include <string.h>

#include "linear/scratch.h"
#include "linear/threads.h"

enum {
  ENOUGH = 16,     /* maps that a sum goes over */
  AT_A_TIME = 384, /* positions */
  MOST_PIECES = 4  /* of rows of d_x; what two share is computed in both */
};

bool dtd_scattering_pays(const struct dtd_convolution_shape *shape) {
  return dtd_few_maps(shape->channels / shape->groups) &&
         shape->maps / shape->groups >= ENOUGH;
}

/* ---- rows of d_x ---- */

struct job {
  float *d_x;
  const struct dtd_passes *passes;
  const float *packed, *d;
  const struct dtd_picture_spots *spots;
};

/* Rows first .. end - 1 of d_x. Column y stands where y + p = s q + a: taken
   apart by a, so that what arrives from neighbours stands side by side. */
struct rows {
  int first, end, step, width; /* q < width */
  float *sum;                  /* (channels, rows, step, width) */
};

/* Adds what row r sent, c (channels, window, ..), `c_step` from one element of
   the window to the next. */
static void add_row(const struct rows *rows,
                    const struct dtd_convolution_shape *shape, int r,
                    const float *c, long c_step, int columns) {
  const struct dtd_window *w = &shape->window;
  float *sum = rows->sum;
  for (int i = 0; i < shape->channels; i++)
    for (int u = 0; u < w->kernel[DTD_ROWS]; u++) {
      long y = (long)r * w->stride[DTD_ROWS] + u * w->dilation[DTD_ROWS] -
               w->pad[DTD_TOP];
      bool here = y >= rows->first && y < rows->end;
      long row = (long)i * (rows->end - rows->first) + y - rows->first;
      for (int v = 0; v < w->kernel[DTD_COLUMNS]; v++, c += c_step) {
        int right = v * w->dilation[DTD_COLUMNS];
        if (!here) continue;
        float *to = sum +
                    (row * rows->step + right % rows->step) * rows->width +
                    right / rows->step;
        for (int x = 0; x < columns; x++) to[x] += c[x];
      }
    }
}

/* The rows of positions that reach rows of d_x. */
static void find_reach(int *first, int *end, const struct rows *rows,
                       const struct dtd_window *w, int positions) {
  int s = w->stride[DTD_ROWS], pad = w->pad[DTD_TOP];
  long reach = (long)w->dilation[DTD_ROWS] * (w->kernel[DTD_ROWS] - 1);
  long from = rows->first + pad - reach, to = (rows->end - 1L + pad) / s + 1;
  *first = from > 0 ? (int)((from + s - 1) / s) : 0;
  *end = to < positions ? (int)to : positions;
}

static void send(const struct rows *rows, const struct job *job) {
  const struct dtd_passes *passes = job->passes;
  const struct dtd_pass *p = passes->pass;
  struct dtd_window_sums sums = p->sums;
  int chunk = AT_A_TIME / p->columns + 1, first, end;
  long sent = (long)sums.groups * sums.maps;
  float *c = dtd_scratch_take((size_t)sent * (size_t)chunk * (size_t)p->columns,
                              sizeof *c);
  find_reach(&first, &end, rows, &passes->shape.window, p->rows);
  for (; first < end; first += chunk) {
    int count = end - first < chunk ? end - first : chunk;
    sums.position = p->sums.position + (long)first * p->columns;
    sums.positions = count * p->columns;
    if (job->spots)
      dtd_window_sum_spots(c, &sums, job->packed, job->spots);
    else
      dtd_window_sum(c, &sums, job->packed, job->d);
    for (int r = 0; r < count; r++)
      add_row(rows, &passes->shape, first + r, c + (long)r * p->columns,
              sums.positions, p->columns);
  }
  dtd_scratch_give(c);
}

static void put_rows(const struct rows *rows, const struct job *job) {
  const struct dtd_convolution_shape *shape = &job->passes->shape;
  const float *sum = rows->sum;
  int pad = shape->window.pad[DTD_LEFT];
  for (int i = 0; i < shape->channels; i++)
    for (int y = rows->first; y < rows->end; y++) {
      float *to = job->d_x + i * job->passes->map + (long)y * shape->columns;
      for (int a = 0; a < rows->step; a++, sum += rows->width)
        for (int q = 0; q < rows->width; q++) {
          long x = (long)q * rows->step + a - pad;
          if (x >= 0 && x < shape->columns) to[x] = sum[q];
        }
    }
}

static void scatter_rows(const void *of, int first, int count) {
  const struct job *job = of;
  const struct dtd_convolution_shape *shape = &job->passes->shape;
  const struct dtd_window *w = &shape->window;
  int step = job->passes->pass->columns == 1 ? 1 : w->stride[DTD_COLUMNS];
  int padded = shape->columns + w->pad[DTD_LEFT] + w->pad[DTD_RIGHT];
  struct rows rows = {first, first + count, step, padded / step + 1, NULL};
  size_t sums = (size_t)shape->channels * (size_t)count * (size_t)step *
                (size_t)rows.width;
  rows.sum = dtd_scratch_take(sums, sizeof *rows.sum);
  memset(rows.sum, 0, sums * sizeof *rows.sum);
  send(&rows, job);
  put_rows(&rows, job);
  dtd_scratch_give(rows.sum);
}

static void scatter(float *d_x, const struct dtd_passes *passes,
                    const float *packed, const float *d,
                    const struct dtd_picture_spots *spots) {
  struct job job = {d_x, passes, packed, d, spots};
  int rows = passes->shape.rows, pieces = dtd_threads_in_use();
  if (pieces > MOST_PIECES) pieces = MOST_PIECES;
  struct dtd_share share = {true, rows, (rows + pieces - 1) / pieces};
  dtd_share_out(&share, scatter_rows, &job);
}

/* ---- create ---- */

struct dtd_passes *
dtd_passes_scattered(const struct dtd_convolution_shape *shape) {
  const struct dtd_window *w = &shape->window;
  struct dtd_passes *passes = dtd_passes_new(shape, 1);
  struct dtd_pass *p = passes->pass;
  int maps = shape->maps / shape->groups;
  int sent = shape->channels / shape->groups * w->kernel[DTD_ROWS] *
             w->kernel[DTD_COLUMNS];
  passes->run = scatter;
  p->rows = dtd_window_positions(w, DTD_ROWS, shape->rows);
  p->columns = dtd_window_positions(w, DTD_COLUMNS, shape->columns);
  passes->planes = (struct dtd_planes){
      shape->maps, p->rows, p->columns, {1, 1}, {0}, {p->rows, p->columns}};
  passes->map = (long)shape->rows * shape->columns;
  passes->out = shape->channels * passes->map;
  passes->from = (long)shape->maps * p->rows * p->columns;
  passes->element = dtd_planes_elements(&passes->planes);
  p->sums = (struct dtd_window_sums){.groups = shape->groups,
                                     .maps = sent,
                                     .channels = maps,
                                     .window = 1,
                                     .offset = dtd_pass_table(1, 1)};
  p->weights = (struct dtd_window_weights){
      .map_step = 1, .channel_step = sent, .group_step = (long)maps * sent};
  dtd_pass_finish(passes, p, 0);
  return passes;
}
