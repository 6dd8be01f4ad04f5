/* The two directions of a convolution, each as sums over a window. */
#include "linear/storages/passes.h"

#include "base/memory.h"
#include "linear/threads.h"

#define FEW_SPOTS    0.2 /* a share of all elements */
#define WORTH_A_LOOK 0.8

/* ---- one direction, of rows or columns ---- */

static int most(int a, int b) {
  return a > b ? a : b;
}

/* Inputs of phase `a` = (y + pad) mod stride: the positions q that they begin
   at, and how far back the window reaches. */
struct phase {
  int first, count, reach;
};

static struct phase phase_at(const struct dtd_window *w, int direction,
                             int length, int a) {
  int s = w->stride[direction], pad = w->pad[direction];
  struct phase phase = {pad > a ? (pad - a + s - 1) / s : 0, 0, 0};
  if (length - 1 + pad >= a)
    phase.count = (length - 1 + pad - a) / s - phase.first + 1;
  if (phase.count < 0) phase.count = 0;
  for (int u = 0; u < w->kernel[direction]; u++) {
    int tap = u * w->dilation[direction];
    if (tap % s == a) phase.reach = (tap - a) / s;
  }
  return phase;
}

/* ---- passes ---- */

static int *new_table(int a, int b) {
  return dtd_new((size_t)a * (size_t)b, sizeof(int));
}

/* Positions first, first + 1, .. of rows and columns of the planes. */
static const int *positions_of(const struct dtd_pass *p, int first, int pitch) {
  int *position = new_table(p->rows, p->columns);
  for (int r = 0; r < p->rows; r++)
    for (int c = 0; c < p->columns; c++)
      position[r * p->columns + c] = first + r * pitch + c;
  return position;
}

/* What is left to say of a pass whose maps, rows and columns are known. */
static void finish_pass(struct dtd_passes *passes, struct dtd_pass *p,
                        int first) {
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

static struct dtd_passes *new_passes(int count) {
  struct dtd_passes *passes = dtd_new(1, sizeof *passes);
  passes->count = count;
  passes->pass = dtd_new((size_t)count, sizeof *passes->pass);
  return passes;
}

/* ---- forward ---- */

static const int *forward_offsets(const struct dtd_planes *planes,
                                  const struct dtd_window *w) {
  int *offsets = new_table(w->kernel[DTD_ROWS], w->kernel[DTD_COLUMNS]);
  int *offset = offsets, plane = (int)dtd_plane_size(planes);
  for (int u = 0; u < w->kernel[DTD_ROWS]; u++)
    for (int v = 0; v < w->kernel[DTD_COLUMNS]; v++) {
      int down = u * w->dilation[DTD_ROWS], sr = w->stride[DTD_ROWS];
      int right = v * w->dilation[DTD_COLUMNS], sc = w->stride[DTD_COLUMNS];
      *offset++ = (down % sr * sc + right % sc) * plane +
                  down / sr * planes->size[DTD_COLUMNS] + right / sc;
    }
  return offsets;
}

struct dtd_passes *
dtd_passes_forward(const struct dtd_convolution_shape *shape) {
  const struct dtd_window *w = &shape->window;
  struct dtd_passes *passes = new_passes(1);
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
    planes->step[d] = w->stride[d];
    planes->size[d] = (d == DTD_ROWS ? p->rows : p->columns) +
                      w->dilation[d] * (w->kernel[d] - 1) / w->stride[d];
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
  finish_pass(passes, p, 0);
  return passes;
}

/* ---- backward ---- */

/* What the window has of one phase, and where its weights stand. */
static void add_offsets(struct dtd_pass *p, const struct dtd_planes *planes,
                        const struct dtd_window *w, const int phase[2]) {
  int rows = w->kernel[DTD_ROWS], columns = w->kernel[DTD_COLUMNS], count = 0;
  int *offset = new_table(rows, columns), *weight = new_table(rows, columns);
  for (int u = 0; u < rows; u++)
    for (int v = 0; v < columns; v++) {
      int down = u * w->dilation[DTD_ROWS] - phase[DTD_ROWS];
      int right = v * w->dilation[DTD_COLUMNS] - phase[DTD_COLUMNS];
      if (down % w->stride[DTD_ROWS] || right % w->stride[DTD_COLUMNS])
        continue;
      weight[count] = u * columns + v;
      offset[count++] =
          -(down / w->stride[DTD_ROWS] * planes->size[DTD_COLUMNS]) -
          right / w->stride[DTD_COLUMNS];
    }
  p->sums.offset = offset;
  p->sums.window = count;
  p->weights.offset = weight;
}

/* One phase; phase[d] = a of rows and of columns. */
static void set_backward(struct dtd_passes *passes, struct dtd_pass *p,
                         const struct dtd_convolution_shape *shape,
                         const int phase[2]) {
  const struct dtd_window *w = &shape->window;
  const struct dtd_planes *planes = &passes->planes;
  struct phase row = phase_at(w, DTD_ROWS, shape->rows, phase[DTD_ROWS]);
  struct phase column =
      phase_at(w, DTD_COLUMNS, shape->columns, phase[DTD_COLUMNS]);
  int maps = shape->maps / shape->groups;
  int channels = shape->channels / shape->groups;
  int window = w->kernel[DTD_ROWS] * w->kernel[DTD_COLUMNS];
  p->sums = (struct dtd_window_sums){
      .groups = shape->groups, .maps = channels, .channels = maps};
  p->weights =
      (struct dtd_window_weights){.map_step = window,
                                  .channel_step = (long)channels * window,
                                  .group_step = (long)maps * channels * window};
  add_offsets(p, planes, w, phase);
  p->rows = row.count;
  p->columns = column.count;
  p->column_step = w->stride[DTD_COLUMNS];
  p->row_step = (long)w->stride[DTD_ROWS] * shape->columns;
  p->to = (row.first * p->row_step +
           (long)(phase[DTD_ROWS] - w->pad[DTD_TOP]) * shape->columns) +
          column.first * p->column_step + phase[DTD_COLUMNS] - w->pad[DTD_LEFT];
  finish_pass(passes, p,
              (row.first + planes->before[DTD_ROWS]) *
                      planes->size[DTD_COLUMNS] +
                  column.first + planes->before[DTD_COLUMNS]);
}

struct dtd_passes *
dtd_passes_backward(const struct dtd_convolution_shape *shape) {
  const struct dtd_window *w = &shape->window;
  int length[2] = {shape->rows, shape->columns}, phase[2];
  struct dtd_passes *passes =
      new_passes(w->stride[DTD_ROWS] * w->stride[DTD_COLUMNS]);
  struct dtd_pass *p = passes->pass;
  struct dtd_planes *planes = &passes->planes;
  *planes =
      (struct dtd_planes){shape->maps,
                          dtd_window_positions(w, DTD_ROWS, shape->rows),
                          dtd_window_positions(w, DTD_COLUMNS, shape->columns),
                          {1, 1},
                          {0},
                          {0}};
  for (int d = 0; d < 2; d++) {
    int end = 0;
    for (int a = 0; a < w->stride[d]; a++) {
      struct phase at = phase_at(w, d, length[d], a);
      planes->before[d] = most(planes->before[d], at.reach - at.first);
      end = most(end, at.first + at.count);
    }
    planes->size[d] = planes->before[d] + end;
  }
  passes->map = (long)shape->rows * shape->columns;
  passes->out = shape->channels * passes->map;
  passes->from = (long)shape->maps * planes->rows * planes->columns;
  passes->copied = !dtd_planes_are_picture(planes);
  passes->element = dtd_planes_elements(planes);
  for (phase[DTD_ROWS] = 0; phase[DTD_ROWS] < w->stride[DTD_ROWS];
       phase[DTD_ROWS]++)
    for (phase[DTD_COLUMNS] = 0; phase[DTD_COLUMNS] < w->stride[DTD_COLUMNS];
         phase[DTD_COLUMNS]++)
      set_backward(passes, p++, shape, phase);
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

static void run_passes(float *out, const struct dtd_passes *passes,
                       const float *packed, const float *x,
                       const struct dtd_picture_spots *spots, float *stage) {
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
}

static void run_example(const struct job *job, int n) {
  const struct dtd_passes *passes = job->passes;
  const float *x = job->from + n * passes->from;
  float *out = job->out + n * passes->out, *planes = NULL;
  float *stage = dtd_new(staged(passes), sizeof *stage);
  struct dtd_picture_spots *spots = spots_of(passes, x);
  if (passes->copied && !spots) {
    planes = dtd_new(dtd_passes_planes(passes), sizeof *planes);
    dtd_planes_fill(planes, &passes->planes, x);
    x = planes;
  }
  run_passes(out, passes, job->packed, x, spots, stage);
  dtd_picture_spots_free(spots);
  dtd_free(planes);
  dtd_free(stage);
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
