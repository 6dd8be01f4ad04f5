/* A weight matrix for sparse inputs, whose background is folded into a vector.

   The columns are stored in blocks of BLOCK, and the blocks in panels whose
   rows fit the processor's registers. folded_kernel.h does the arithmetic on a
   panel, with results that are the same for any number of threads. */
#include "linear/folded.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "linear/mat.h"
#include "base/memory.h"

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

#define KERNELS "linear/folded_kernel.h"
#include "linear/vector_kernel.h"

/* ---- panels ---- */

static int panels_for(int blocks, int most) {
  int count = (blocks + most - 1) / most;
  count = (count + EVEN - 1) / EVEN * EVEN;
  return count < blocks ? count : blocks;
}

/* The first block of panel `index`; panels differ by at most one in width. */
static int panel_start(const struct dtd_folded *f, int index) {
  return (int)((long)f->blocks * index / f->panels);
}

static struct panel panel_at(const struct dtd_folded *f, int index) {
  int first = panel_start(f, index), blocks = panel_start(f, index + 1) - first;
  int column = first * BLOCK, columns = blocks * BLOCK;
  return (struct panel){
      .blocks = blocks,
      .column = column,
      .units = column + columns < f->units ? columns : f->units - column,
      .what = f->what + (long)column * f->inputs,
      .scaled = f->scaled + (long)column * f->capacity,
      .u = f->u + column,
      .column_sum = f->column_sum + column,
  };
}

/* Whether to share the panels among threads. Two threads have a matrix each
   while a model learns beside the network, and keep it in their caches. */
static bool is_shared(const struct dtd_folded *f, const struct dtd_ink *ink) {
  return (double)dtd_ink_spots(ink) * f->units >
         (dtd_team() > 2 ? WORTH_THREADS : WORTH_MOVING);
}

/* ---- z = x W ---- */

static struct black black_of(const struct dtd_folded *f,
                             const struct panel *panel) {
  struct black black;
  for (int j = 0; j < panel->blocks * BLOCK; j++) {
    black.z[j] = (float)((double)f->low *
                         (f->inputs * panel->u[j] + panel->column_sum[j]));
    black.u[j] = (float)panel->u[j];
  }
  return black;
}

static void apply_panel(float *z, const struct dtd_folded *f,
                        const struct dtd_ink *ink, const struct panel *panel) {
  struct black black = black_of(f, panel);
  float sum[GROUP * MOST_BLOCKS * BLOCK] ALIGNED;
  for (int first = 0; first < ink->batch; first += GROUP) {
    int left = ink->batch - first, count = left < GROUP ? left : GROUP;
    f->kernels->apply(sum, panel, &black, ink, first, count);
    if (f->factor != 1)
      for (int j = 0; j < count * panel->blocks * BLOCK; j++)
        sum[j] *= (float)f->factor;
    for (int n = 0; n < count; n++)
      memcpy(z + (long)(first + n) * f->units + panel->column,
             sum + n * panel->blocks * BLOCK, (size_t)panel->units * sizeof *z);
  }
}

void dtd_folded_apply(float *z, const struct dtd_folded *f,
                      const struct dtd_ink *ink) {
#pragma omp taskloop grainsize(1) if (is_shared(f, ink))
  for (size_t i = 0; i < (size_t)f->panels; i++) {
    struct panel panel = panel_at(f, (int)i);
    apply_panel(z, f, ink, &panel);
  }
}

/* ---- W += scale x'd ---- */

static void add_panel(const struct dtd_folded *f, float scale,
                      const struct dtd_ink *ink, const float *d,
                      const struct panel *panel) {
  struct background step = {{0}, {0}};
  f->kernels->add(panel, &step, scale, ink, d, f->units);
  for (int j = 0; j < panel->blocks * BLOCK; j++) {
    panel->u[j] += (double)f->low * (double)step.sum[j];
    panel->column_sum[j] += (double)step.inked[j];
  }
}

void dtd_folded_add(struct dtd_folded *f, float scale,
                    const struct dtd_ink *ink, const float *d) {
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

/* ---- settling ---- */

/* c_j = sum_p What_pj */
static void sum_columns(const struct dtd_folded *f, const struct panel *panel) {
  int width = panel->blocks * BLOCK;
  memset(panel->column_sum, 0, (size_t)width * sizeof *panel->column_sum);
  for (int p = 0; p < f->inputs; p++)
    for (int j = 0; j < width; j++)
      panel->column_sum[j] += (double)panel->what[(long)p * width + j];
}

/* What_pj = g (What_pj + u_j), u_j = 0 */
static void unfold(const struct dtd_folded *f, const struct panel *panel) {
  int width = panel->blocks * BLOCK;
  float g = (float)f->factor;
  for (int p = 0; p < f->inputs; p++)
    for (int j = 0; j < width; j++) {
      float *what = &panel->what[(long)p * width + j];
      *what = g * (*what + (float)panel->u[j]);
    }
  memset(panel->u, 0, (size_t)width * sizeof *panel->u);
}

void dtd_folded_settle(struct dtd_folded *f) {
  for (int i = 0; i < f->panels; i++) {
    struct panel panel = panel_at(f, i);
    unfold(f, &panel);
    sum_columns(f, &panel);
  }
  f->factor = 1;
}

/* A factor that has become small goes into the weights, so that it never comes
   to 0. */
void dtd_folded_scale(struct dtd_folded *f, double keep) {
  f->factor *= keep;
  if (f->factor < SMALLEST_FACTOR) dtd_folded_settle(f);
}

/* ---- between w and here ---- */

/* Copies What from or to rows (inputs, units). */
static void read_rows(struct dtd_folded *f, const float *rows) {
  for (int i = 0; i < f->panels; i++) {
    struct panel panel = panel_at(f, i);
    for (int p = 0; p < f->inputs; p++)
      memcpy(panel.what + (long)p * panel.blocks * BLOCK,
             rows + (long)p * f->units + panel.column,
             (size_t)panel.units * sizeof *rows);
  }
}

static void write_rows(float *rows, const struct dtd_folded *f) {
  for (int i = 0; i < f->panels; i++) {
    struct panel panel = panel_at(f, i);
    for (int p = 0; p < f->inputs; p++)
      memcpy(rows + (long)p * f->units + panel.column,
             panel.what + (long)p * panel.blocks * BLOCK,
             (size_t)panel.units * sizeof *rows);
  }
}

void dtd_folded_read(struct dtd_folded *f) {
  read_rows(f, f->w);
  memset(f->u, 0, (size_t)f->units * sizeof *f->u);
  f->factor = 1;
  dtd_folded_settle(f);
}

void dtd_folded_write(const struct dtd_folded *f) {
  float g = (float)f->factor;
  write_rows(f->w, f);
  for (int p = 0; p < f->inputs; p++)
    for (int j = 0; j < f->units; j++) {
      float *w = &f->w[(long)p * f->units + j];
      *w = g * (*w + (float)f->u[j]);
    }
}

void dtd_folded_save(float *what, double *background,
                     const struct dtd_folded *f) {
  size_t units = (size_t)f->units;
  write_rows(what, f);
  memcpy(background, f->u, units * sizeof *background);
  memcpy(background + units, f->column_sum, units * sizeof *background);
}

void dtd_folded_restore(struct dtd_folded *f, const float *what,
                        const double *background, double factor) {
  size_t units = (size_t)f->units;
  read_rows(f, what);
  f->factor = factor;
  memcpy(f->u, background, units * sizeof *background);
  memcpy(f->column_sum, background + units, units * sizeof *background);
}

/* ---- create and free ---- */

struct dtd_folded *dtd_folded_new(float *w, int inputs, int units, float low,
                                  int capacity) {
  struct dtd_folded *f = dtd_new(1, sizeof *f);
  *f = (struct dtd_folded){.w = w,
                           .inputs = inputs,
                           .units = units,
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
  dtd_folded_read(f);
  return f;
}

void dtd_folded_free(struct dtd_folded *f) {
  if (!f) return;
  dtd_free(f->what);
  dtd_free(f->scaled);
  dtd_free(f->u);
  dtd_free(f->column_sum);
  dtd_free(f);
}
