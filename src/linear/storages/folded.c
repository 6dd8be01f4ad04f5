/* A weight matrix for sparse inputs, whose background is folded into a vector.

   The columns are stored in blocks of BLOCK, and the blocks in panels whose
   rows fit the processor's registers. folded_kernel.h does the arithmetic on a
   panel, with results that are the same for any number of threads. */
#include "linear/storages/folded.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "linear/contributions.h"
#include "linear/contributions_kind.h"
#include "linear/inputs_form.h"
#include "linear/threads.h"

enum {
  BLOCK = 16,             /* columns; a multiple of any vector's */
  MOST_BLOCKS = 8,        /* across any panel */
  EVEN = 4,               /* panels share out evenly among 1, 2 or 4 threads */
  BAND = 80,              /* rows of a panel that fit the nearest caches */
  GROUP = 32,             /* examples whose sums over a panel fit them, too */
  WORTH_THREADS = 300000, /* multiply-adds that outweigh waking a thread */
  WORTH_MOVING = 8000000, /* that outweigh taking panels from its cache */
};
#define SMALLEST_FACTOR 0x1p-20
#define ALIGNED         __attribute__((aligned(64))) /* as dtd_new's memory is */

/* One panel, and what belongs to its columns. */
struct panel {
  int blocks;             /* across */
  int column;             /* its first unit */
  int units;              /* how many of its columns are units, not padding */
  float *what;            /* (inputs, blocks * BLOCK) */
  float *scaled;          /* (capacity, blocks * BLOCK) */
  double *u, *column_sum; /* (blocks * BLOCK) */
};

/* What an input without ink gives, and what each unit of ink adds to that. */
struct black {
  float z[MOST_BLOCKS * BLOCK] ALIGNED; /* low (P u_j + c_j) */
  float u[MOST_BLOCKS * BLOCK] ALIGNED; /* u_j */
};

/* What a step adds to u_j / low and to c_j. */
struct background {
  float sum[MOST_BLOCKS * BLOCK] ALIGNED;
  float inked[MOST_BLOCKS * BLOCK] ALIGNED;
};

struct kernels {
  int most; /* blocks across a panel */
  void (*apply)(float *sum, const struct panel *panel,
                const struct black *black, const struct dtd_ink *ink, int first,
                int count);
  void (*add)(const struct panel *panel, struct background *step, float scale,
              const struct dtd_ink *ink, const float *d, int stride);
};

#define KERNELS "linear/storages/folded_kernel.h"
#include "linear/vector_kernel.h"

/* ---- panels ---- */

static int panels_for(int blocks, int most) {
  int count = (blocks + most - 1) / most;
  count = (count + EVEN - 1) / EVEN * EVEN;
  return count < blocks ? count : blocks;
}

/* The first block of panel `index`; panels differ by at most one in width. */
static int panel_start(const struct dtd_fold *f, int index) {
  return (int)((long)f->blocks * index / f->panels);
}

static struct panel panel_at(const struct dtd_fold *f, int index) {
  int first = panel_start(f, index), blocks = panel_start(f, index + 1) - first;
  int column = first * BLOCK, columns = blocks * BLOCK;
  return (struct panel){
      .blocks = blocks,
      .column = column,
      .units =
          column + columns < f->base.units ? columns : f->base.units - column,
      .what = f->what + (long)column * f->base.inputs,
      .scaled = f->scaled + (long)column * f->capacity,
      .u = f->u + column,
      .column_sum = f->column_sum + column,
  };
}

/* Whether to share the panels among threads. Two threads have a matrix each
   while a model learns beside the network, and keep it in their caches. */
static bool is_shared(const struct dtd_fold *f, const struct dtd_ink *ink) {
  return (double)dtd_ink_spots(ink) * f->base.units >
         (dtd_team() > 2 ? WORTH_THREADS : WORTH_MOVING);
}

/* ---- z = x W ---- */

static struct black black_of(const struct dtd_fold *f,
                             const struct panel *panel) {
  struct black black;
  for (int j = 0; j < panel->blocks * BLOCK; j++) {
    black.z[j] = (float)((double)f->low *
                         (f->base.inputs * panel->u[j] + panel->column_sum[j]));
    black.u[j] = (float)panel->u[j];
  }
  return black;
}

/* The sums of examples from .. from + batch - 1 of the ink, over one panel. */
static void apply_panel(float *z, const struct dtd_fold *f,
                        const struct dtd_ink *ink, int from, int batch,
                        const struct panel *panel) {
  struct black black = black_of(f, panel);
  float sum[GROUP * MOST_BLOCKS * BLOCK] ALIGNED;
  for (int first = 0; first < batch; first += GROUP) {
    int left = batch - first, count = left < GROUP ? left : GROUP;
    f->kernels->apply(sum, panel, &black, ink, from + first, count);
    if (f->factor != 1)
      for (int j = 0; j < count * panel->blocks * BLOCK; j++)
        sum[j] *= (float)f->factor;
    for (int n = 0; n < count; n++)
      memcpy(z + (long)(first + n) * f->base.units + panel->column,
             sum + n * panel->blocks * BLOCK, (size_t)panel->units * sizeof *z);
  }
}

static void apply_ink(float *z, const struct dtd_fold *f,
                      const struct dtd_ink *ink, int from, int batch) {
#pragma omp taskloop grainsize(1) if (is_shared(f, ink))
  for (size_t i = 0; i < (size_t)f->panels; i++) {
    struct panel panel = panel_at(f, (int)i);
    apply_panel(z, f, ink, from, batch, &panel);
  }
}

/* The ink of inputs that are in no such form; to be freed. */
static struct dtd_ink *gather(const struct dtd_fold *f,
                              const struct dtd_inputs *x) {
  struct dtd_ink *ink = dtd_ink_new(f->base.inputs, x->batch);
  dtd_ink_gather(ink, dtd_inputs_rows(x, f->base.inputs), f->low, x->batch);
  return ink;
}

static void apply(float *z, const struct dtd_weights *w,
                  const struct dtd_inputs *x) {
  const struct dtd_fold *f = (const struct dtd_fold *)w;
  const struct dtd_ink *ink = dtd_inputs_ink(x, f->low);
  if (ink)
    apply_ink(z, f, ink, x->first, x->batch);
  else if (f->written)
    dtd_plain.apply(z, w, x);
  else {
    struct dtd_ink *own = gather(f, x);
    apply_ink(z, f, own, 0, x->batch);
    dtd_ink_free(own);
  }
}

/* ---- d_x = d W' ---- */

/* g (d What' + (d u) 1'), unless W stands written. */
static void transpose(float *d_x, const struct dtd_weights *w, const float *d,
                      int batch) {
  const struct dtd_fold *f = (const struct dtd_fold *)w;
  if (f->written) {
    dtd_plain.transpose(d_x, w, d, batch);
    return;
  }
  memset(d_x, 0, (size_t)batch * (size_t)w->inputs * sizeof *d_x);
  for (int i = 0; i < f->panels; i++) {
    struct panel panel = panel_at(f, i);
    for (int n = 0; n < batch; n++)
      for (int p = 0; p < w->inputs; p++) {
        const float *what = panel.what + (long)p * panel.blocks * BLOCK;
        const float *own = d + (long)n * w->units + panel.column;
        double sum = 0;
        for (int j = 0; j < panel.units; j++)
          sum += (double)own[j] * ((double)what[j] + panel.u[j]);
        d_x[(long)n * w->inputs + p] += (float)(f->factor * sum);
      }
  }
}

/* ---- W += scale x'd ---- */

static void add_panel(const struct dtd_fold *f, float scale,
                      const struct dtd_ink *ink, const float *d,
                      const struct panel *panel) {
  struct background step = {{0}, {0}};
  f->kernels->add(panel, &step, scale, ink, d, f->base.units);
  for (int j = 0; j < panel->blocks * BLOCK; j++) {
    panel->u[j] += (double)f->low * (double)step.sum[j];
    panel->column_sum[j] += (double)step.inked[j];
  }
}

static void add_ink(struct dtd_fold *f, float scale, const struct dtd_ink *ink,
                    const float *d) {
  if (ink->batch > f->capacity)
    dtd_die(DTD_FAILURE, "folded weights", NULL, "a batch of %d exceeds %d",
            ink->batch, f->capacity);
  scale = (float)((double)scale / f->factor);
#pragma omp taskloop grainsize(1) if (is_shared(f, ink))
  for (size_t i = 0; i < (size_t)f->panels; i++) {
    struct panel panel = panel_at(f, (int)i);
    add_panel(f, scale, ink, d, &panel);
  }
}

static void accumulate(struct dtd_weights *w, float scale,
                       const struct dtd_inputs *x, const float *d) {
  struct dtd_fold *f = (struct dtd_fold *)w;
  const struct dtd_ink *ink = dtd_inputs_ink(x, f->low);
  bool whole = ink && x->first == 0 && x->batch == ink->batch;
  struct dtd_ink *own = whole ? NULL : gather(f, x);
  if (own) ink = own;
  dtd_ink_sort((struct dtd_ink *)ink); /* nothing to do if it was */
  add_ink(f, scale, ink, d);
  dtd_ink_free(own);
  f->written = false;
}

/* ---- settling ---- */

/* c_j = sum_p What_pj */
static void sum_columns(const struct dtd_fold *f, const struct panel *panel) {
  int width = panel->blocks * BLOCK;
  memset(panel->column_sum, 0, (size_t)width * sizeof *panel->column_sum);
  for (int p = 0; p < f->base.inputs; p++)
    for (int j = 0; j < width; j++)
      panel->column_sum[j] += (double)panel->what[(long)p * width + j];
}

/* What_pj = g (What_pj + u_j), u_j = 0 */
static void unfold(const struct dtd_fold *f, const struct panel *panel) {
  int width = panel->blocks * BLOCK;
  float g = (float)f->factor;
  for (int p = 0; p < f->base.inputs; p++)
    for (int j = 0; j < width; j++) {
      float *what = &panel->what[(long)p * width + j];
      *what = g * (*what + (float)panel->u[j]);
    }
  memset(panel->u, 0, (size_t)width * sizeof *panel->u);
}

static void settle(struct dtd_weights *w) {
  struct dtd_fold *f = (struct dtd_fold *)w;
  for (int i = 0; i < f->panels; i++) {
    struct panel panel = panel_at(f, i);
    unfold(f, &panel);
    sum_columns(f, &panel);
  }
  f->factor = 1;
}

/* A factor that has become small goes into the weights, so that it never comes
   to 0. */
static void scale_by(struct dtd_weights *w, double keep) {
  struct dtd_fold *f = (struct dtd_fold *)w;
  f->factor *= keep;
  if (f->factor < SMALLEST_FACTOR) settle(w);
  f->written = false;
}

/* ---- between the values and here ---- */

/* Copies What from or to rows (inputs, units). */
static void read_rows(struct dtd_fold *f, const float *rows) {
  for (int i = 0; i < f->panels; i++) {
    struct panel panel = panel_at(f, i);
    for (int p = 0; p < f->base.inputs; p++)
      memcpy(panel.what + (long)p * panel.blocks * BLOCK,
             rows + (long)p * f->base.units + panel.column,
             (size_t)panel.units * sizeof *rows);
  }
}

static void write_rows(float *rows, const struct dtd_fold *f) {
  for (int i = 0; i < f->panels; i++) {
    struct panel panel = panel_at(f, i);
    for (int p = 0; p < f->base.inputs; p++)
      memcpy(rows + (long)p * f->base.units + panel.column,
             panel.what + (long)p * panel.blocks * BLOCK,
             (size_t)panel.units * sizeof *rows);
  }
}

static void read(struct dtd_weights *w) {
  struct dtd_fold *f = (struct dtd_fold *)w;
  read_rows(f, w->values);
  memset(f->u, 0, (size_t)w->units * sizeof *f->u);
  f->factor = 1;
  settle(w);
  f->written = true;
}

static void write(struct dtd_weights *w) {
  struct dtd_fold *f = (struct dtd_fold *)w;
  float g = (float)f->factor;
  write_rows(w->values, f);
  for (int p = 0; p < w->inputs; p++)
    for (int j = 0; j < w->units; j++) {
      float *value = &w->values[(long)p * w->units + j];
      *value = g * (*value + (float)f->u[j]);
    }
  f->written = true;
}

/* ---- the exact state ---- */

/* What (inputs, units), u and the column sum as two rows, and g. */
static int save(struct dtd_weights_state *state, const struct dtd_weights *w) {
  const struct dtd_fold *f = (const struct dtd_fold *)w;
  size_t inputs = (size_t)w->inputs, units = (size_t)w->units;
  float *what = dtd_new(inputs * units, sizeof *what);
  double *background = dtd_new(2 * units, sizeof *background);
  double *factor = dtd_new(1, sizeof *factor);
  write_rows(what, f);
  memcpy(background, f->u, units * sizeof *background);
  memcpy(background + units, f->column_sum, units * sizeof *background);
  *factor = f->factor;
  state[0] = (struct dtd_weights_state){"", false, false, what, inputs, units};
  state[1] = (struct dtd_weights_state){".background", true, false,
                                        background,    2,    units};
  state[2] =
      (struct dtd_weights_state){".factor", true, *factor == 1, factor, 1, 0};
  return 3;
}

static void restore(struct dtd_weights *w,
                    const struct dtd_weights_state *state) {
  struct dtd_fold *f = (struct dtd_fold *)w;
  const double *background = state[1].at;
  size_t units = (size_t)w->units;
  read_rows(f, state[0].at);
  memcpy(f->u, background, units * sizeof *background);
  memcpy(f->column_sum, background + units, units * sizeof *background);
  f->factor = *(const double *)state[2].at;
  f->written = false;
}

/* ---- create and free ---- */

static struct dtd_weights *create(float *values, int inputs, int units,
                                  float low, int capacity) {
  struct dtd_fold *f = dtd_new(1, sizeof *f);
  *f =
      (struct dtd_fold){.base = {&dtd_folded, values,
                                 (size_t)inputs * (size_t)units, inputs, units},
                        .capacity = capacity,
                        .low = low,
                        .kernels = kernels_for(dtd_processor_in_use()),
                        .blocks = (units + BLOCK - 1) / BLOCK};
  f->panels = panels_for(f->blocks, f->kernels->most);
  size_t columns = (size_t)f->blocks * BLOCK;
  f->what = dtd_new((size_t)inputs * columns, sizeof *f->what);
  f->scaled = dtd_new((size_t)capacity * columns, sizeof *f->scaled);
  f->u = dtd_new(columns, sizeof *f->u);
  f->column_sum = dtd_new(columns, sizeof *f->column_sum);
  read(&f->base);
  return &f->base;
}

static struct dtd_weights *like(const struct dtd_weights *w, float *values) {
  const struct dtd_fold *f = (const struct dtd_fold *)w;
  return create(values, w->inputs, w->units, f->low, f->capacity);
}

static void free_folded(struct dtd_weights *w) {
  struct dtd_fold *f = (struct dtd_fold *)w;
  dtd_free(f->what);
  dtd_free(f->scaled);
  dtd_free(f->u);
  dtd_free(f->column_sum);
  dtd_free(f);
}

const struct dtd_weights_kind dtd_folded = {
    .name = "folded",
    .create = create,
    .like = like,
    .multiply = dtd_multiply,
    .apply = apply,
    .transpose = transpose,
    .accumulate = accumulate,
    .scale = scale_by,
    .settle = settle,
    .read = read,
    .write = write,
    .save = save,
    .restore = restore,
    .free = free_folded,
    .contributions = &dtd_panels,
};
