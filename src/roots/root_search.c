/* Finds nearest roots of many images at once, from several starts each. */
#include "roots/root_search.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/region.h"
#include "roots/root_descent.h"
#include "roots/root_restoration.h"
#include "roots/smooth_network.h"

enum {
  ROWS = 60, /* searches in one product, at most */
  ENDS = 16, /* searches that are judged together, at most */
  QUEUE = 96 /* searches of one slab, one after another in its rows */
};
_Static_assert((int)ENDS <= (int)DTD_MOST_RESTORED,
               "those that end are restored together");

/* What all searches of a call share. */
struct batch {
  struct dtd_descent_problem problem;
  const struct dtd_smooth_network *smooth; /* whose weights slabs borrow */
  const float *x;                          /* (count, inputs) */
  struct dtd_root *root; /* the answers, each example's best so far */
  float *r, *gradient;
  const struct dtd_root_units *units; /* (count) */
};

/* Searches that share their products: all starts of a few examples. */
struct slab {
  const struct batch *batch;
  const struct dtd_descent_problem *problem; /* of it */
  struct dtd_smooth_network *smooth;
  struct dtd_root_descent *search; /* (searches) */
  int searches, first_example;
  int *exploring;                  /* (examples): searches not parked yet */
  struct dtd_root_descent **queue; /* (2 searches): each explores and may
                                      finish */
  int queue_first, queue_end;
  struct dtd_root_descent *row[ROWS], *ended[ENDS];
  int rows, ends;          /* in use */
  float *point, *gradient; /* (ROWS, inputs): the trial points y */
  float *ends_at;          /* (ENDS, inputs), of the searches that ended */
  float *multipliers;      /* (ROWS, units): m */
  float *ends_slopes;      /* (ENDS, units) */
  float sharpness[ROWS * DTD_MOST_LAYERS]; /* (ROWS, layers) */
  double value[ROWS];
};

static void copy_row(float *to, const float *from, int width) {
  memcpy(to, from, (size_t)width * sizeof *to);
}

/* ---- searches that end ---- */

/* Adds an answer to its example's; true unless it is certified. */
static bool keep_better(const struct batch *batch, struct dtd_root *root,
                        const struct dtd_root_descent *s, const float *r,
                        const float *gradient) {
  const struct dtd_descent_problem *problem = s->problem;
  struct dtd_root *best = &batch->root[s->example];
  long to = (long)s->example * problem->inputs;
  dtd_root_judge(root, s->x, r, gradient, problem->low, problem->high,
                 problem->inputs, problem->settings);
  root->starts = best->starts;
  root->evaluations = best->evaluations;
  if (!isfinite(best->distance) || dtd_root_better(root, best)) {
    *best = *root;
    copy_row(batch->r + to, r, problem->inputs);
    copy_row(batch->gradient + to, gradient, problem->inputs);
  }
  return !root->certified;
}

/* Queues the most promising of the example's searches that are parked, if any
   is left. */
static void resume_next(struct slab *slab, int example) {
  int starts = slab->problem->settings->starts;
  struct dtd_root_descent *first =
      slab->search + (long)(example - slab->first_example) * starts;
  struct dtd_root_descent *next = NULL;
  for (struct dtd_root_descent *s = first; s < first + starts; s++) {
    if (s->parked && (!next || s->promise < next->promise)) next = s;
  }
  if (!next) return;
  next->parked = false;
  slab->queue[slab->queue_end++] = next;
}

/* Points that end where the constraint is violated are drawn towards 0. */
static void restore(struct slab *slab) {
  double f[ENDS];
  int evaluations[ENDS] = {0};
  for (int n = 0; n < slab->ends; n++) f[n] = slab->ended[n]->f;
  dtd_root_restore(slab->ends_at, evaluations, slab->value, slab->gradient,
                   slab->smooth, f, slab->problem->settings, slab->ends);
  for (int n = 0; n < slab->ends; n++)
    slab->ended[n]->evaluations += evaluations[n];
}

/* Judges the searches that ended, together. */
static void judge(struct slab *slab) {
  const struct dtd_descent_problem *problem = slab->problem;
  double tolerance[ENDS] = {0};
  for (int n = 0; n < slab->ends; n++) {
    const struct dtd_root_descent *s = slab->ended[n];
    copy_row(slab->ends_at + (long)n * problem->inputs, s->r, problem->inputs);
    copy_row(slab->ends_slopes + (long)n * problem->units, s->m,
             problem->units);
    tolerance[n] = DTD_KINK_TOLERANCE * s->f;
  }
  restore(slab);
  dtd_generalised_gradient(slab->value, slab->gradient, slab->smooth,
                           slab->ends_at, slab->ends_slopes, tolerance,
                           slab->ends);
  for (int n = 0; n < slab->ends; n++) {
    struct dtd_root_descent *s = slab->ended[n];
    struct dtd_root root = {.f = s->f, .f_root = slab->value[n]};
    long from = (long)n * problem->inputs;
    if (keep_better(slab->batch, &root, s, slab->ends_at + from,
                    slab->gradient + from))
      resume_next(slab, s->example);
  }
  slab->ends = 0;
}

/* ---- a slab from first to last ---- */

/* All starts of examples first .. first + count - 1, in the queue. */
static struct slab *new_slab(const struct batch *batch, int first, int count) {
  struct slab *slab = dtd_new(1, sizeof *slab);
  const struct dtd_descent_problem *problem = &batch->problem;
  size_t inputs = (size_t)problem->inputs, units = (size_t)problem->units;
  int starts = problem->settings->starts;
  slab->batch = batch;
  slab->problem = problem;
  slab->first_example = first;
  slab->searches = count * starts;
  slab->smooth = dtd_smooth_again(batch->smooth, ROWS);
  slab->point = dtd_new((2 * ROWS + ENDS) * inputs, sizeof *slab->point);
  slab->gradient = slab->point + ROWS * inputs;
  slab->ends_at = slab->gradient + ROWS * inputs;
  slab->multipliers = dtd_new((ROWS + ENDS) * units, sizeof *slab->multipliers);
  slab->ends_slopes = slab->multipliers + ROWS * units;
  slab->search = dtd_new((size_t)slab->searches, sizeof *slab->search);
  slab->exploring = dtd_new((size_t)count, sizeof *slab->exploring);
  slab->queue = dtd_new(2 * (size_t)slab->searches, sizeof *slab->queue);
  for (int n = 0; n < slab->searches; n++) {
    int example = first + n / starts;
    if (!(batch->root[example].f > 0)) continue;
    dtd_root_descent_open(&slab->search[n], problem, example,
                          batch->x + (long)example * problem->inputs,
                          batch->root[example].f, &batch->units[example]);
    dtd_root_descent_begin(&slab->search[n],
                           problem->settings->first_start + n % starts);
    slab->exploring[n / starts]++;
    slab->queue[slab->queue_end++] = &slab->search[n];
  }
  return slab;
}

static void free_slab(struct slab *slab) {
  for (int n = 0; n < slab->searches; n++)
    dtd_root_descent_close(&slab->search[n]);
  dtd_smooth_free(slab->smooth);
  dtd_free(slab->search);
  dtd_free(slab->queue);
  dtd_free(slab->exploring);
  dtd_free(slab->point);
  dtd_free(slab->multipliers);
  dtd_free(slab);
}

/* Gives empty rows to searches that wait; returns whether any row is in use. */
static bool fill(struct slab *slab) {
  const struct dtd_descent_problem *problem = slab->problem;
  while (slab->rows < ROWS && slab->queue_first < slab->queue_end) {
    int n = slab->rows++;
    struct dtd_root_descent *s = slab->row[n] =
        slab->queue[slab->queue_first++];
    copy_row(slab->point + (long)n * problem->inputs, s->r, problem->inputs);
    copy_row(slab->multipliers + (long)n * problem->units, s->m,
             problem->units);
  }
  return slab->rows > 0;
}

/* Takes the search out of row n, which the last row fills. */
static void leave(struct slab *slab, int n) {
  const struct dtd_descent_problem *problem = slab->problem;
  struct dtd_root_descent *s = slab->row[n];
  float *m = slab->multipliers + (long)n * problem->units;
  int last = --slab->rows;
  copy_row(s->m, m, problem->units);
  if (n == last) return;
  slab->row[n] = slab->row[last];
  copy_row(slab->point + (long)n * problem->inputs,
           slab->point + (long)last * problem->inputs, problem->inputs);
  copy_row(m, slab->multipliers + (long)last * problem->units, problem->units);
}

/* One evaluation of every search under way. */
static void step(struct slab *slab) {
  const struct dtd_descent_problem *problem = slab->problem;
  int depth = problem->network->depth;
  for (int n = 0; n < slab->rows; n++)
    dtd_root_descent_sharpness(slab->sharpness + n * depth, slab->row[n]);
  dtd_smooth_value(slab->value, slab->gradient, slab->smooth, slab->point,
                   problem->settings->solver == DTD_ROOT_SOFTPLUS
                       ? DTD_SOFTPLUS
                       : DTD_MULTIPLIER,
                   slab->sharpness, slab->multipliers, slab->rows);
  for (int n = 0; n < slab->rows; n++) {
    struct dtd_root_descent *s = slab->row[n];
    struct dtd_rectifiers rectifiers = {
        slab->smooth, n, slab->multipliers + (long)n * problem->units,
        slab->sharpness + n * depth, s->f};
    dtd_root_descent_advance(s, slab->point + (long)n * problem->inputs,
                             slab->gradient + (long)n * problem->inputs,
                             slab->value[n], &rectifiers);
    if (s->done) dtd_rectifiers_follow(&rectifiers); /* m is judged */
  }
  for (int n = slab->rows - 1; n >= 0; n--) {
    struct dtd_root_descent *s = slab->row[n];
    if (!s->done && !s->parked) continue;
    leave(slab, n);
    if (s->parked && !--slab->exploring[s->example - slab->first_example])
      resume_next(slab, s->example);
    if (s->done) slab->ended[slab->ends++] = s;
    if (slab->ends == ENDS) judge(slab);
  }
}

/* Searches examples first .. first + count - 1. */
static void run(const struct batch *batch, int first, int count) {
  struct slab *slab = new_slab(batch, first, count);
  while (fill(slab)) {
    step(slab);
    if (!slab->rows && slab->queue_first == slab->queue_end) judge(slab);
  }
  for (int n = 0; n < slab->searches; n++)
    if (slab->search[n].memory) {
      struct dtd_root *root = &batch->root[slab->search[n].example];
      root->evaluations += slab->search[n].evaluations;
      root->starts++;
    }
  free_slab(slab);
}

/* f and its own gradient at `count` points, and unless null their units, in
   products of ROWS rows. */
static void evaluate(double *value, float *gradient,
                     struct dtd_root_units *units, const struct batch *batch,
                     const float *points, int count) {
  const struct dtd_descent_problem *problem = &batch->problem;
  long inputs = batch->problem.inputs;
  struct dtd_region region = {0};
#pragma omp parallel for schedule(static)
  for (int first = 0; first < count; first += ROWS)
    DTD_GUARD (&region) {
      int rows = count - first < ROWS ? count - first : ROWS;
      struct dtd_smooth_network *smooth = dtd_smooth_again(batch->smooth, rows);
      dtd_smooth_value(value + first, gradient + first * inputs, smooth,
                       points + first * inputs, DTD_HARD, NULL, NULL, rows);
      if (units)
        dtd_root_units(units + first, smooth, value + first,
                       gradient + first * inputs, problem->settings->fraction,
                       problem->low, problem->high, rows);
      dtd_smooth_free(smooth);
    }
  dtd_region_end(&region);
}

void dtd_root_search(struct dtd_root *root, float *r, float *gradient,
                     const struct dtd_network *network, const float *x,
                     int count, float low, float high,
                     const struct dtd_root_settings *settings) {
  int inputs = network->layer[0].shape.inputs;
  size_t pixels = (size_t)count * (size_t)inputs;
  struct dtd_smooth_network *smooth = dtd_smooth_new(network, 1);
  struct dtd_root_units *units = dtd_new((size_t)count, sizeof *units);
  struct batch batch = {{network, settings, low, high, inputs, smooth->units},
                        smooth,
                        x,
                        root,
                        r,
                        gradient,
                        units};
  double *value = dtd_new((size_t)count, sizeof *value);
  float *own = dtd_new(pixels, sizeof *own);
  evaluate(value, own, units, &batch, x, count);
  memcpy(r, x, pixels * sizeof *r);
  memset(gradient, 0, pixels * sizeof *gradient);
  for (int n = 0; n < count; n++) {
    long at = (long)n * inputs;
    root[n] = (struct dtd_root){.f = value[n], .f_root = value[n]};
    if (value[n] > 0)
      root[n].distance = INFINITY; /* nothing found yet */
    else
      dtd_root_judge(&root[n], x + at, x + at, own, low, high, inputs,
                     settings);
  }
  int together = QUEUE / settings->starts > 1 ? QUEUE / settings->starts : 1;
  struct dtd_region region = {0};
#pragma omp parallel for schedule(dynamic)
  for (int first = 0; first < count; first += together)
    DTD_GUARD (&region)
      run(&batch, first, first + together < count ? together : count - first);
  dtd_region_end(&region);
  evaluate(value, own, NULL, &batch, r, count);
  for (int n = 0; n < count; n++) {
    long at = (long)n * inputs;
    root[n].own_cosine =
        root[n].f > 0
            ? dtd_root_cosine(x + at, r + at, own + at, low, high, inputs)
            : (double)NAN;
  }
  dtd_smooth_free(smooth);
  dtd_free(units);
  dtd_free(value);
  dtd_free(own);
}
