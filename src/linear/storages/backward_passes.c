/* Backward passes: what each input reads, one pass for each phase of the
   stride, or what each position sends. */
#include "linear/storages/passes.h"
#include "linear/storages/scattered.h"

/* ---- one direction, of rows or columns ---- */

static int most(int a, int b) {
  return a > b ? a : b;
}

/* Inputs of phase `a` = (y + pad) mod stride: the positions q that they begin
   at, and how far back the window reaches. */
struct phase {
  int first, count, reach;
};

/* Of input y. */
static int phase_of(const struct dtd_window *w, int direction, int y) {
  return (int)(((long)y + w->pad[direction]) % w->stride[direction]);
}

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

/* What the window has of one phase, and where its weights stand. */
static void add_offsets(struct dtd_pass *p, const struct dtd_planes *planes,
                        const struct dtd_window *w, const int phase[2]) {
  int rows = w->kernel[DTD_ROWS], columns = w->kernel[DTD_COLUMNS], count = 0;
  int *offset = dtd_pass_table(rows, columns),
      *weight = dtd_pass_table(rows, columns);
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
  dtd_pass_finish(passes, p,
                  (row.first + planes->before[DTD_ROWS]) *
                          planes->size[DTD_COLUMNS] +
                      column.first + planes->before[DTD_COLUMNS]);
}

static struct dtd_passes *gathered(const struct dtd_convolution_shape *shape) {
  const struct dtd_window *w = &shape->window;
  int length[2] = {shape->rows, shape->columns}, phase[2], phases[2];
  for (int d = 0; d < 2; d++)
    phases[d] = w->stride[d] < length[d] ? w->stride[d] : length[d];
  struct dtd_passes *passes =
      dtd_passes_new(shape, phases[DTD_ROWS] * phases[DTD_COLUMNS]);
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
    for (int y = 0; y < phases[d]; y++) {
      struct phase at = phase_at(w, d, length[d], phase_of(w, d, y));
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
  for (int y = 0; y < phases[DTD_ROWS]; y++)
    for (int x = 0; x < phases[DTD_COLUMNS]; x++) {
      phase[DTD_ROWS] = phase_of(w, DTD_ROWS, y);
      phase[DTD_COLUMNS] = phase_of(w, DTD_COLUMNS, x);
      set_backward(passes, p++, shape, phase);
    }
  return passes;
}

struct dtd_passes *
dtd_passes_backward(const struct dtd_convolution_shape *shape) {
  return dtd_scattering_pays(shape) ? dtd_passes_scattered(shape)
                                    : gathered(shape);
}
