/* The two directions of a convolution, each as sums over a window. */
#include "linear/storages/passes.h"

#include <string.h>

#include "base/memory.h"
#include "linear/scratch.h"
#include "linear/threads.h"

#define FEW_SPOTS    0.2 /* a share of all elements */
#define WORTH_A_LOOK 0.8

/* ---- sums, and where they go ---- */

/* Whether sums stand where they go. */
static bool is_direct(const struct dtd_pass *p) {
  return p->column_step == 1 && p->row_step == p->pitch &&
         p->pitch == p->columns;
}

/* Elements that sums take which do not. */
static size_t staged(const struct dtd_passes *passes) {
  size_t room = 0;
  for (int i = 0; i < passes->count; i++) {
    const struct dtd_pass *p = &passes->pass[i];
    size_t own = (size_t)p->sums.groups * (size_t)p->sums.maps *
                 (size_t)p->sums.positions;
    if (!is_direct(p) && own > room) room = own;
  }
  return room;
}

/* out, every map, from the sums of a pass. */
static void place(float *out, const struct dtd_passes *passes,
                  const struct dtd_pass *p, const float *sum) {
  out += p->to;
  for (int m = 0; m < p->sums.groups * p->sums.maps; m++) {
    for (int r = 0; r < p->rows; r++)
      for (int c = 0; c < p->columns; c++)
        out[r * p->row_step + c * p->column_step] = sum[r * p->pitch + c];
    sum += p->sums.positions;
    out += passes->map;
  }
}

static void gather(float *out, const struct dtd_passes *passes,
                   const float *packed, const float *x,
                   const struct dtd_picture_spots *spots) {
  float *stage = dtd_scratch_take(staged(passes), sizeof *stage);
  for (int i = 0; i < passes->count; i++) {
    const struct dtd_pass *p = &passes->pass[i];
    bool direct = is_direct(p);
    float *z = direct ? out + p->to : stage;
    if (spots)
      dtd_window_sum_spots(z, &p->sums, packed, spots);
    else
      dtd_window_sum(z, &p->sums, packed, x);
    if (!direct) place(out, passes, p, stage);
    packed += dtd_packed_size(&p->sums);
  }
  dtd_scratch_give(stage);
}

/* ---- passes ---- */

int *dtd_pass_table(int a, int b) {
  return dtd_new((size_t)a * (size_t)b, sizeof(int));
}

/* Positions first, first + 1, .. of rows and columns of the planes. */
static const int *positions_of(const struct dtd_pass *p, int first, int pitch) {
  int *position = dtd_pass_table(p->rows, p->columns);
  for (int r = 0; r < p->rows; r++)
    for (int c = 0; c < p->columns; c++)
      position[r * p->columns + c] = first + r * pitch + c;
  return position;
}

/* What is left to say of a pass whose maps, rows and columns are known. */
void dtd_pass_finish(struct dtd_passes *passes, struct dtd_pass *p, int first) {
  struct dtd_window_sums *s = &p->sums;
  int pitch = passes->planes.size[DTD_COLUMNS];
  s->position = positions_of(p, first, pitch);
  s->channel_step = dtd_planes_places(&passes->planes);
  s->element = passes->element;
  s->tap = dtd_window_taps(s);
  s->along_positions = dtd_few_maps(s->maps);
  p->pitch = s->along_positions ? pitch : p->columns;
  s->positions =
      p->rows && p->columns ? (p->rows - 1) * p->pitch + p->columns : 0;
  passes->packed += dtd_packed_size(s);
  passes->copied |= s->along_positions;
}

struct dtd_passes *dtd_passes_new(const struct dtd_convolution_shape *shape,
                                  int count) {
  struct dtd_passes *passes = dtd_new(1, sizeof *passes);
  passes->shape = *shape;
  passes->run = gather;
  passes->count = count;
  passes->pass = dtd_new((size_t)count, sizeof *passes->pass);
  return passes;
}

/* ---- forward ---- */

static const int *forward_offsets(const struct dtd_planes *planes,
                                  const struct dtd_window *w) {
  int *offsets = dtd_pass_table(w->kernel[DTD_ROWS], w->kernel[DTD_COLUMNS]);
  int *offset = offsets, plane = (int)dtd_plane_size(planes);
  for (int u = 0; u < w->kernel[DTD_ROWS]; u++)
    for (int v = 0; v < w->kernel[DTD_COLUMNS]; v++) {
      int down = u * w->dilation[DTD_ROWS], sr = planes->step[DTD_ROWS];
      int right = v * w->dilation[DTD_COLUMNS], sc = planes->step[DTD_COLUMNS];
      *offset++ = (down % sr * sc + right % sc) * plane +
                  down / sr * planes->size[DTD_COLUMNS] + right / sc;
    }
  return offsets;
}

struct dtd_passes *
dtd_passes_forward(const struct dtd_convolution_shape *shape) {
  const struct dtd_window *w = &shape->window;
  struct dtd_passes *passes = dtd_passes_new(shape, 1);
  struct dtd_pass *p = passes->pass;
  struct dtd_planes *planes = &passes->planes;
  *planes = (struct dtd_planes){shape->channels,
                                shape->rows,
                                shape->columns,
                                {0},
                                {w->pad[DTD_TOP], w->pad[DTD_LEFT]},
                                {0}};
  p->rows = dtd_window_positions(w, DTD_ROWS, shape->rows);
  p->columns = dtd_window_positions(w, DTD_COLUMNS, shape->columns);
  for (int d = 0; d < 2; d++) {
    int count = d == DTD_ROWS ? p->rows : p->columns;
    planes->step[d] = count == 1 ? 1 : w->stride[d];
    planes->size[d] =
        count + w->dilation[d] * (w->kernel[d] - 1) / planes->step[d];
  }
  passes->map = (long)p->rows * p->columns;
  passes->out = shape->maps * passes->map;
  passes->from = (long)shape->channels * shape->rows * shape->columns;
  passes->copied = !dtd_planes_are_picture(planes);
  passes->element = dtd_planes_elements(planes);
  p->row_step = p->columns;
  p->column_step = 1;
  int channels = shape->channels / shape->groups;
  int window = w->kernel[DTD_ROWS] * w->kernel[DTD_COLUMNS];
  p->sums = (struct dtd_window_sums){.groups = shape->groups,
                                     .maps = shape->maps / shape->groups,
                                     .channels = channels,
                                     .window = window,
                                     .offset = forward_offsets(planes, w)};
  p->weights = (struct dtd_window_weights){.map_step = (long)channels * window,
                                           .channel_step = window,
                                           .group_step = (long)p->sums.maps *
                                                         channels * window};
  dtd_pass_finish(passes, p, 0);
  return passes;
}

/* ---- compute ---- */

void dtd_passes_pack(float *packed, const struct dtd_passes *passes,
                     const float *values) {
  for (int i = 0; i < passes->count; i++) {
    const struct dtd_pass *p = &passes->pass[i];
    struct dtd_window_weights weights = p->weights;
    weights.from = values;
    dtd_window_pack(packed, &p->sums, &weights);
    packed += dtd_packed_size(&p->sums);
  }
}

size_t dtd_passes_planes(const struct dtd_passes *passes) {
  return (size_t)passes->planes.channels *
             (size_t)dtd_planes_places(&passes->planes) +
         DTD_READ_BEYOND;
}

/* ---- zeros ---- */

/* An example as spots; null where these are not worth looking for, as they
   might be with few, or listing. */
static struct dtd_picture_spots *spots_of(const struct dtd_passes *passes,
                                          const float *x) {
  const struct dtd_window_sums *sums = &passes->pass->sums;
  const struct dtd_planes *planes = &passes->planes;
  if (dtd_spots_cost(sums, FEW_SPOTS) > WORTH_A_LOOK) return NULL;
  struct dtd_picture_spots *spots = dtd_picture_spots_new(
      x, planes->channels, sums->groups, planes->rows * planes->columns);
  if (dtd_spots_cost(sums, spots->density) < 1) {
    dtd_picture_spots_list(spots, x);
    return spots;
  }
  dtd_picture_spots_free(spots);
  return NULL;
}

/* ---- examples ---- */

struct job {
  float *out;
  const struct dtd_passes *passes;
  const float *packed, *from;
};

static void run_example(const struct job *job, int n) {
  const struct dtd_passes *passes = job->passes;
  const float *x = job->from + n * passes->from;
  float *out = job->out + n * passes->out, *planes = NULL;
  struct dtd_picture_spots *spots = spots_of(passes, x);
  if (passes->copied && !spots) {
    size_t elements = dtd_passes_planes(passes);
    planes = dtd_scratch_take(elements, sizeof *planes);
    memset(planes, 0, elements * sizeof *planes);
    dtd_planes_fill(planes, &passes->planes, x);
    x = planes;
  }
  passes->run(out, passes, job->packed, x, spots);
  dtd_picture_spots_free(spots);
  dtd_scratch_give(planes);
}

/* Some examples, one after another. */
static void run_examples(const void *of, int first, int count) {
  for (int n = first; n < first + count; n++) run_example(of, n);
}

void dtd_passes_run(float *out, const struct dtd_passes *passes,
                    const float *packed, const float *from, int batch) {
  struct job job = {out, passes, packed, from};
  struct dtd_share examples = {true, batch, 1};
  dtd_share_out(&examples, run_examples, &job);
}

/* ---- free ---- */

void dtd_passes_free(struct dtd_passes *passes) {
  if (!passes) return;
  for (int i = 0; i < passes->count; i++) {
    dtd_free((void *)passes->pass[i].sums.position);
    dtd_free((void *)passes->pass[i].sums.offset);
    dtd_free((void *)passes->pass[i].sums.tap);
    dtd_free((void *)passes->pass[i].weights.offset);
  }
  dtd_free((void *)passes->element);
  dtd_free(passes->pass);
  dtd_free(passes);
}
