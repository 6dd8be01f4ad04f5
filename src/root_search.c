/* Finds nearest roots of many images at once, from several starts each. */
#include "root_search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "projected_bfgs.h"
#include "rng.h"
#include "smooth_network.h"

enum {
  ROWS = 64,        /* searches in one product, at most */
  GRAIN = 16,       /* a product's rows are a multiple of this */
  QUEUE = 96,       /* searches of one slab, one after another in its rows */
  MOST_STEPS = 25,  /* between two updates of the multipliers */
  MOST_HALVINGS = 8 /* of a step */
};

static const float SHARPNESS = 5;      /* t at fixed multipliers m */
static const float SHARPEN = 4;        /* t, from round to round */
static const float SHARPEST = 1048576; /* t of softplus, at most */
static const double PENALTY = 100;     /* beta */
/* Stationary: the projected gradient is this small beside r - x. */
static const double STATIONARY = 0.01;
static const double FIRST_STATIONARY = 0.2, STATIONARY_FALL = 0.6;
/* Explored: |h|. */
static const double EXPLORED = 2e-3;
/* Settled: the projected gradient; |h|; the sum over units of |s - m|; and what
   a unit that is held at its kink is still off, in f, as a share of f(x). */
static const double SETTLED_STATIONARY = 0.03, ON_CONSTRAINT = 3e-4;
static const double SETTLED = 0.5, AT_KINK = 0.9 * DTD_KINK_TOLERANCE;
static const double SOFTPLUS_GAP = 8e-4; /* in f, the same for softplus */
static const double LEAN = 0.3;          /* of the kink tolerance */
static const double LEANED = 0.001;      /* stationary, for the last round */

/* Where the homotopies begin: t, and the same m for all units. */
static const struct homotopy {
  float sharpness, multiplier;
} homotopies[] = {{1, 0.5f}, {0.1f, 0.2f}, {0.1f, 0.7f}, {0.3f, 0.5f}};
enum { HOMOTOPIES = sizeof homotopies / sizeof *homotopies };
_Static_assert(HOMOTOPIES + 1 == DTD_ROOT_FIRST_RANDOM,
               "homotopies, the descent from x, then random starts");
static const float HARD_SHARPNESS = 1e6f; /* makes any m immaterial */
static const float SOFTPLUS_START = 0.5f;
static const double SHAKE = 0.2; /* deviation of later starts, in pixels */

/* What all searches share. */
struct problem {
  const struct dtd_network *network;
  const struct dtd_root_settings *settings;
  const float *x; /* (count, inputs) */
  float low, high;
  int inputs, units;
  struct dtd_root *root; /* the answers, each example's best so far */
  float *r, *gradient;
};

/* One search: an example from one start. */
struct search {
  int example, start;
  const float *x;
  double f, lambda, beta, violation, merit, step, change, slack;
  double promise; /* |r - x| expected at the end, once explored */
  int rounds, steps, halvings, evaluations;
  bool opening; /* the slopes at the start become the multipliers */
  bool fresh;   /* r is to be evaluated anew: the multipliers have moved */
  bool leaning; /* settled: each kink unit only moves to its heavier side */
  bool leant;   /* it has, and not to the good */
  bool explored, parked, done;
  float *r, *slope, *direction; /* slope: grad A(r) */
  struct dtd_projected_bfgs *bfgs;
  float *m;        /* multipliers while no row is its own */
  float sharpness; /* t, likewise */
  float *memory;
};

/* Searches that share their products: all starts of a few examples. */
struct slab {
  const struct problem *problem;
  struct dtd_smooth_network *smooth;
  struct search *search; /* (searches) */
  int searches, first_example;
  int *exploring;        /* (examples): searches not parked yet */
  struct search **queue; /* (2 searches): each explores and may finish */
  int queue_first, queue_end;
  struct search *row[ROWS], *ended[GRAIN];
  int rows, ends;          /* in use */
  float *point, *gradient; /* (ROWS, inputs): the trial points y */
  float *ends_at;          /* (GRAIN, inputs), of the searches that ended */
  float *multipliers;      /* (ROWS, units): m */
  float *ends_slopes;      /* (GRAIN, units) */
  float sharpness[ROWS];
  double value[ROWS];
};

static float clip(float value, float low, float high) {
  return value < low ? low : value > high ? high : value;
}

static void copy_row(float *to, const float *from, int width) {
  memcpy(to, from, (size_t)width * sizeof *to);
}

/* ---- one search, between two evaluations ---- */

/* y = r + step direction, clipped to the box. */
static void propose(float *y, const struct search *s,
                    const struct problem *at) {
  for (int p = 0; p < at->inputs; p++)
    y[p] = clip(s->r[p] + (float)s->step * s->direction[p], at->low, at->high);
}

static double excess(const struct search *s, double value,
                     const struct problem *at) {
  return value / s->f - (at->settings->fraction - ON_CONSTRAINT);
}

/* A(y); turns grad f(y) into grad A(y) in place. */
static double merit(float *gradient, const struct search *s, const float *y,
                    double value, const struct problem *at) {
  double m = fmax(0, s->lambda + s->beta * excess(s, value, at)), squares = 0;
  float pull = (float)(m / s->f);
#pragma omp simd reduction(+ : squares)
  for (int p = 0; p < at->inputs; p++) {
    float d = y[p] - s->x[p];
    squares += (double)(d * d);
    gradient[p] = d + pull * gradient[p];
  }
  return squares / 2 + (m * m - s->lambda * s->lambda) / (2 * s->beta);
}

/* The projected gradient's length beside |r - x|. */
static double stationarity(const struct search *s, const struct problem *at) {
  double moves = 0, squares = 0;
#pragma omp simd reduction(+ : moves, squares)
  for (int p = 0; p < at->inputs; p++) {
    float move = s->r[p] - clip(s->r[p] - s->slope[p], at->low, at->high);
    float d = s->r[p] - s->x[p];
    moves += (double)(move * move);
    squares += (double)(d * d);
  }
  return sqrt(moves / (squares + 1e-12));
}

static bool decreases_enough(const struct search *s, const float *y,
                             double value, int inputs) {
  double decrease = 0;
#pragma omp simd reduction(+ : decrease)
  for (int p = 0; p < inputs; p++)
    decrease += (double)(s->slope[p] * (y[p] - s->r[p]));
  return value <= s->merit + 1e-4 * decrease + 1e-7 * fabs(s->merit);
}

static bool is_softplus(const struct problem *at) {
  return at->settings->solver == DTD_ROOT_SOFTPLUS;
}

/* m := [z > 0], at the end of a homotopy and at the start of a descent. */
static void take_hard_slopes(float *m, const struct slab *slab, int row) {
  const struct dtd_smooth_network *smooth = slab->smooth;
  for (int l = 0; l < smooth->network->depth; l++) {
    int units = smooth->network->layer[l].units;
    for (int j = 0; j < units; j++)
      *m++ = smooth->z[l][(long)row * units + j] > 0;
  }
}

/* How far a unit is from its kink, z = 0, in what it changes of f, as a share
   of f(x); 0 for the units that are not held there. */
static double off_kink(const struct slab *slab, int row, int l, int j) {
  const struct dtd_smooth_network *smooth = slab->smooth;
  long at = (long)row * smooth->network->layer[l].units + j;
  float slope = smooth->slope[l][at];
  if (!(slope > 0.01f && slope < 0.99f)) return 0;
  float d = smooth->d_z[l][at] / slope; /* df/dx_j */
  return fabs((double)(d * smooth->z[l][at])) / slab->row[row]->f;
}

/* How far the slopes s of the last pass are from m, and units from kinks. */
static void measure_change(struct search *s, const struct slab *slab, int row) {
  const struct dtd_smooth_network *smooth = slab->smooth;
  const float *m = slab->multipliers + (long)row * slab->problem->units;
  s->change = s->slack = 0;
  for (int l = 0; l < smooth->network->depth; l++) {
    int units = smooth->network->layer[l].units;
    const float *slope = smooth->slope[l] + (long)row * units;
    for (int j = 0; j < units; j++) {
      s->change += fabs((double)slope[j] - (double)*m++);
      s->slack = fmax(s->slack, off_kink(slab, row, l, j));
    }
  }
}

/* (f - f_t) / f(x) at most, to first order: a unit away from its kink, active
   or not, falls short by log 2 / t. */
static double softplus_gap(const struct slab *slab, int row) {
  const struct dtd_smooth_network *smooth = slab->smooth;
  double sum = 0;
  for (int l = 0; l < smooth->network->depth; l++) {
    int pools = dtd_layer_outputs(&smooth->network->layer[l]);
    const float *d = smooth->d_pooled[l] + (long)row * pools;
    for (int k = 0; k < pools; k++)
      sum += smooth->network->layer[l].pool * fabs((double)d[k]);
  }
  return sum * M_LN2 / (double)slab->sharpness[row] / slab->row[row]->f;
}

/* m := s, or a sharper t while the homotopy lasts. Needs the slopes at r. */
static void update_rectifiers(struct slab *slab, int row) {
  struct search *s = slab->row[row];
  float *m = slab->multipliers + (long)row * slab->problem->units;
  float *t = &slab->sharpness[row];
  if (is_softplus(slab->problem)) {
    s->change = 0;
    s->slack = softplus_gap(slab, row);
    if (s->slack > SOFTPLUS_GAP) *t = fminf(2 * *t, SHARPEST);
  } else if (*t != SHARPNESS) {
    *t = fminf(SHARPEN * *t, SHARPNESS);
    if (*t == SHARPNESS) take_hard_slopes(m, slab, row);
  } else {
    measure_change(s, slab, row);
    dtd_smooth_slopes(m, slab->smooth, row);
  }
}

/* Once the constraint nearly holds with all rectifiers but near exact, the
   search is parked. Half the square of the distance changes by -lambda with the
   level, so it will end near |r - x|^2 / 2 + lambda h. */
static void explore(struct search *s, double h, const struct problem *at) {
  bool exact = is_softplus(at) ? s->slack <= 10 * SOFTPLUS_GAP
                               : s->change < (double)INFINITY;
  if (!exact || fabs(h) > EXPLORED) return;
  double distance = dtd_root_distance(s->x, s->r, at->inputs);
  s->promise = sqrt(fmax(0, distance * distance + 2 * s->lambda * h));
  s->explored = s->parked = true;
}

static void update_multipliers(struct slab *slab, int row) {
  struct search *s = slab->row[row];
  double h = excess(s, slab->value[row], slab->problem);
  if (!s->opening) s->lambda = fmax(0, s->lambda + s->beta * h);
  update_rectifiers(slab, row);
  if (slab->sharpness[row] >= SHARPNESS && !s->opening) {
    if (fabs(h) > ON_CONSTRAINT && fabs(h) > s->violation / 2) s->beta *= 2;
    s->violation = fabs(h);
  }
  s->rounds += !s->opening;
  s->steps = 0;
  s->fresh = true;
  s->opening = false;
  if (!s->explored) explore(s, h, slab->problem);
}

/* Ends with every unit that is held at its kink just beside it, z > 0 when s >
   1/2 and z < 0 otherwise, so that the gradient of r's own region is the
   nearest to the generalised one: z = (s - m) / t, and s is to stay. */
static void lean(struct slab *slab, int row) {
  const struct problem *at = slab->problem;
  struct search *s = slab->row[row];
  float *m = slab->multipliers + (long)row * at->units;
  float t = slab->sharpness[row];
  for (int l = 0; l < at->network->depth; l++) {
    int units = at->network->layer[l].units;
    const float *slope = slab->smooth->slope[l] + (long)row * units;
    const float *d_z = slab->smooth->d_z[l] + (long)row * units;
    for (int j = 0; j < units; j++, m++) {
      *m = slope[j];
      if (!(slope[j] > 0.01f && slope[j] < 0.99f)) continue;
      float z =
          (float)(LEAN * DTD_KINK_TOLERANCE * s->f) * slope[j] / fabsf(d_z[j]);
      *m -= t * (slope[j] > 0.5f ? z : -z);
    }
  }
  s->leaning = s->fresh = true;
  s->steps = 0;
}

/* Whether no unit has leant too far for its kink. */
static bool stays_at_kinks(const struct slab *slab, int row) {
  const struct dtd_network *network = slab->problem->network;
  for (int l = 0; l < network->depth; l++)
    for (int j = 0; j < network->layer[l].units; j++)
      if (off_kink(slab, row, l, j) > 0.9 * DTD_KINK_TOLERANCE) return false;
  return true;
}

static bool has_settled(const struct slab *slab, int row, double residual) {
  const struct search *s = slab->row[row];
  return s->explored && residual <= SETTLED_STATIONARY &&
         s->change <= SETTLED &&
         s->slack <= (is_softplus(slab->problem) ? SOFTPLUS_GAP : AT_KINK) &&
         fabs(excess(s, slab->value[row], slab->problem)) <= ON_CONSTRAINT;
}

/* A shorter step; after too many, lets the multipliers move on. */
static void step_back(float *y, struct search *s, const struct problem *at) {
  s->step /= 2;
  if (++s->halvings < MOST_HALVINGS) {
    propose(y, s, at);
    return;
  }
  memcpy(y, s->r, (size_t)at->inputs * sizeof *y);
  s->fresh = true;
  dtd_projected_bfgs_forget(s->bfgs);
  s->steps = MOST_STEPS;
}

/* Whether the search ends at r; if it has settled, it leans first, and if that
   goes too far it settles again. */
static bool ends(struct slab *slab, int row, double residual) {
  struct search *s = slab->row[row];
  bool settled = has_settled(slab, row, residual);
  if (s->leaning) {
    if (residual > LEANED && s->steps < MOST_STEPS) return false;
    if (stays_at_kinks(slab, row)) return true;
    s->leaning = false;
    s->leant = true;
    s->steps = MOST_STEPS;
    return false;
  }
  if (settled && (is_softplus(slab->problem) || s->leant)) return true;
  if (settled) lean(slab, row);
  return false;
}

/* From a new r: ends, moves the multipliers on, or sets a trial point. */
static void go_on(struct slab *slab, int row) {
  struct search *s = slab->row[row];
  const struct problem *at = slab->problem;
  double residual = stationarity(s, at);
  s->done = ends(slab, row, residual);
  if (s->done || s->fresh) return; /* fresh: it leans */
  double wanted = s->leaning
                      ? 0
                      : fmax(STATIONARY, FIRST_STATIONARY *
                                             pow(STATIONARY_FALL, s->rounds));
  if (s->opening || residual <= wanted || ++s->steps > MOST_STEPS) {
    update_multipliers(slab, row);
  } else {
    dtd_projected_bfgs_direction(s->direction, s->bfgs, s->r, s->slope, at->low,
                                 at->high);
    s->step = 1;
    s->halvings = 0;
    propose(slab->point + (long)row * at->inputs, s, at);
  }
}

/* Out of evaluations; one is left to those that are parked, to end with. */
static void stop_at_limit(struct search *s, int most) {
  if (s->evaluations + !s->explored < most || s->parked) return;
  s->parked = !s->explored;
  s->done = s->explored;
  s->explored = s->fresh = true;
}

/* Takes in f and its gradient at the trial point. */
static void advance(struct slab *slab, int row) {
  struct search *s = slab->row[row];
  const struct problem *at = slab->problem;
  float *y = slab->point + (long)row * at->inputs;
  float *gradient = slab->gradient + (long)row * at->inputs;
  double value = merit(gradient, s, y, slab->value[row], at);
  s->evaluations++;
  if (s->fresh || decreases_enough(s, y, value, at->inputs)) {
    if (!s->fresh)
      dtd_projected_bfgs_remember(s->bfgs, y, s->r, gradient, s->slope);
    s->fresh = false;
    s->merit = value;
    copy_row(s->r, y, at->inputs);
    copy_row(s->slope, gradient, at->inputs);
    go_on(slab, row);
  } else {
    step_back(y, s, at);
  }
  stop_at_limit(s, at->settings->evaluations);
}

/* ---- starts ---- */

static void begin(struct search *s, const struct problem *at, int example,
                  int start) {
  bool soft = is_softplus(at), homotopy = start < HOMOTOPIES && !soft;
  s->example = example;
  s->start = start;
  s->x = at->x + (long)example * at->inputs;
  s->f = at->root[example].f;
  s->beta = PENALTY;
  s->violation = s->change = s->slack = s->promise = INFINITY;
  s->fresh = true;
  s->opening = !homotopy && !soft;
  s->sharpness = soft       ? SOFTPLUS_START
                 : homotopy ? homotopies[start].sharpness
                            : HARD_SHARPNESS;
  for (int j = 0; j < at->units; j++)
    s->m[j] = homotopy ? homotopies[start].multiplier : 0.5f;
  struct dtd_rng rng = dtd_rng_open(0, "root/start", (uint64_t)start);
  bool shaken = start >= (soft ? 1 : DTD_ROOT_FIRST_RANDOM);
  for (int p = 0; p < at->inputs; p++) {
    double shake = shaken ? SHAKE * dtd_rng_normal(&rng) : 0;
    s->r[p] = clip(s->x[p] + (float)shake, at->low, at->high);
  }
}

/* ---- ends ---- */

/* f and its own gradient at the points that ended. */
static void evaluate_ends(struct slab *slab) {
  dtd_smooth_value(slab->value, slab->gradient, slab->smooth, slab->ends_at,
                   DTD_HARD, NULL, NULL, GRAIN);
}

/* Draws points that violate the constraint towards 0 until they do not. */
static void restore(struct slab *slab) {
  const struct problem *at = slab->problem;
  double below[GRAIN], above[GRAIN]; /* shares of the point that are kept */
  bool any = false;
  evaluate_ends(slab);
  for (int n = 0; n < slab->ends; n++) {
    double most = at->settings->fraction * (1 + at->settings->tolerance);
    bool violates = slab->value[n] > most * slab->ended[n]->f;
    above[n] = 1;
    below[n] = violates ? 0 : 1;
    any |= violates;
  }
  for (int step = 0; any && step <= 20; step++) {
    for (int n = 0; n < slab->ends; n++) {
      if (above[n] == below[n]) continue;
      double share = step < 20 ? (below[n] + above[n]) / 2 : below[n];
      for (int p = 0; p < at->inputs; p++)
        slab->ends_at[(long)n * at->inputs + p] =
            (float)share * slab->ended[n]->r[p];
    }
    if (step == 20) break;
    evaluate_ends(slab);
    for (int n = 0; n < slab->ends; n++) {
      double middle = (below[n] + above[n]) / 2, f = slab->ended[n]->f;
      if (above[n] == below[n]) continue;
      slab->ended[n]->evaluations++;
      *(slab->value[n] <= at->settings->fraction * f ? &below[n] : &above[n]) =
          middle;
    }
  }
}

/* Adds an answer to its example's; true unless it is certified. */
static bool keep_better(const struct problem *at, struct dtd_root *root,
                        const struct search *s, const float *r,
                        const float *gradient) {
  struct dtd_root *best = &at->root[s->example];
  long to = (long)s->example * at->inputs;
  dtd_root_judge(root, s->x, r, gradient, at->low, at->high, at->inputs,
                 at->settings);
  root->starts = best->starts;
  root->evaluations = best->evaluations;
  if (!isfinite(best->distance) || dtd_root_better(root, best)) {
    *best = *root;
    copy_row(at->r + to, r, at->inputs);
    copy_row(at->gradient + to, gradient, at->inputs);
  }
  return !root->certified;
}

/* The example's most promising search that is parked goes on; none, if none
   is left. */
static void resume_next(struct slab *slab, int example) {
  int starts = slab->problem->settings->starts;
  struct search *first =
      slab->search + (long)(example - slab->first_example) * starts;
  struct search *next = NULL;
  for (struct search *s = first; s < first + starts; s++) {
    if (s->parked && (!next || s->promise < next->promise)) next = s;
  }
  if (!next) return;
  next->parked = false;
  slab->queue[slab->queue_end++] = next;
}

/* Judges the searches that ended, together. */
static void judge(struct slab *slab) {
  const struct problem *at = slab->problem;
  double tolerance[GRAIN] = {0};
  for (int n = 0; n < slab->ends; n++) {
    const struct search *s = slab->ended[n];
    copy_row(slab->ends_at + (long)n * at->inputs, s->r, at->inputs);
    copy_row(slab->ends_slopes + (long)n * at->units, s->m, at->units);
    tolerance[n] = DTD_KINK_TOLERANCE * s->f;
  }
  restore(slab);
  dtd_generalised_gradient(slab->value, slab->gradient, slab->smooth,
                           slab->ends_at, slab->ends_slopes, tolerance, GRAIN);
  for (int n = 0; n < slab->ends; n++) {
    struct search *s = slab->ended[n];
    struct dtd_root root = {.f = s->f, .f_root = slab->value[n]};
    long from = (long)n * at->inputs;
    if (keep_better(at, &root, s, slab->ends_at + from, slab->gradient + from))
      resume_next(slab, s->example);
  }
  slab->ends = 0;
}

/* ---- a slab from first to last ---- */

static void open_search(struct search *s, const struct problem *problem) {
  size_t inputs = (size_t)problem->inputs;
  float *at = s->memory =
      dtd_new(3 * inputs + (size_t)problem->units, sizeof *at);
  s->bfgs = dtd_projected_bfgs_new(problem->inputs);
  s->r = at;
  s->slope = at += inputs;
  s->direction = at += inputs;
  s->m = at + inputs;
}

/* All starts of examples first .. first + count - 1, in the queue. */
static struct slab *new_slab(const struct problem *problem, int first,
                             int count) {
  struct slab *slab = dtd_new(1, sizeof *slab);
  size_t inputs = (size_t)problem->inputs, units = (size_t)problem->units;
  int starts = problem->settings->starts;
  slab->problem = problem;
  slab->first_example = first;
  slab->searches = count * starts;
  slab->smooth = dtd_smooth_new(problem->network, ROWS);
  slab->point = dtd_new((2 * ROWS + GRAIN) * inputs, sizeof *slab->point);
  slab->gradient = slab->point + ROWS * inputs;
  slab->ends_at = slab->gradient + ROWS * inputs;
  slab->multipliers =
      dtd_new((ROWS + GRAIN) * units, sizeof *slab->multipliers);
  slab->ends_slopes = slab->multipliers + ROWS * units;
  slab->search = dtd_new((size_t)slab->searches, sizeof *slab->search);
  slab->exploring = dtd_new((size_t)count, sizeof *slab->exploring);
  slab->queue = dtd_new(2 * (size_t)slab->searches, sizeof(struct search *));
  for (int n = 0; n < ROWS; n++) slab->sharpness[n] = 1;
  for (int n = 0; n < slab->searches; n++) {
    int example = first + n / starts;
    if (!(problem->root[example].f > 0)) continue;
    open_search(&slab->search[n], problem);
    begin(&slab->search[n], problem, example,
          problem->settings->first_start + n % starts);
    slab->exploring[n / starts]++;
    slab->queue[slab->queue_end++] = &slab->search[n];
  }
  return slab;
}

static void free_slab(struct slab *slab) {
  for (int n = 0; n < slab->searches; n++) {
    dtd_projected_bfgs_free(slab->search[n].bfgs);
    free(slab->search[n].memory);
  }
  dtd_smooth_free(slab->smooth);
  free(slab->search);
  free(slab->queue);
  free(slab->exploring);
  free(slab->point);
  free(slab->multipliers);
  free(slab);
}

/* Gives empty rows to searches that wait; returns whether any row is in use. */
static bool fill(struct slab *slab) {
  const struct problem *at = slab->problem;
  while (slab->rows < ROWS && slab->queue_first < slab->queue_end) {
    int n = slab->rows++;
    struct search *s = slab->row[n] = slab->queue[slab->queue_first++];
    copy_row(slab->point + (long)n * at->inputs, s->r, at->inputs);
    copy_row(slab->multipliers + (long)n * at->units, s->m, at->units);
    slab->sharpness[n] = s->sharpness;
  }
  return slab->rows > 0;
}

/* Takes the search out of row n, which the last row fills. */
static void leave(struct slab *slab, int n) {
  const struct problem *at = slab->problem;
  struct search *s = slab->row[n];
  float *m = slab->multipliers + (long)n * at->units;
  int last = --slab->rows;
  copy_row(s->m, m, at->units);
  s->sharpness = slab->sharpness[n];
  if (n == last) return;
  slab->row[n] = slab->row[last];
  slab->sharpness[n] = slab->sharpness[last];
  copy_row(slab->point + (long)n * at->inputs,
           slab->point + (long)last * at->inputs, at->inputs);
  copy_row(m, slab->multipliers + (long)last * at->units, at->units);
}

/* One evaluation of every search under way. */
static void step(struct slab *slab) {
  const struct problem *at = slab->problem;
  dtd_smooth_value(slab->value, slab->gradient, slab->smooth, slab->point,
                   is_softplus(at) ? DTD_SOFTPLUS : DTD_MULTIPLIER,
                   slab->sharpness, slab->multipliers,
                   (slab->rows + GRAIN - 1) / GRAIN * GRAIN);
  for (int n = 0; n < slab->rows; n++) {
    advance(slab, n);
    if (slab->row[n]->done) /* these are to judge it by */
      dtd_smooth_slopes(slab->multipliers + (long)n * at->units, slab->smooth,
                        n);
  }
  for (int n = slab->rows - 1; n >= 0; n--) {
    struct search *s = slab->row[n];
    if (!s->done && !s->parked) continue;
    leave(slab, n);
    if (s->parked && !--slab->exploring[s->example - slab->first_example])
      resume_next(slab, s->example);
    if (s->done) slab->ended[slab->ends++] = s;
    if (slab->ends == GRAIN) judge(slab);
  }
}

/* Searches examples first .. first + count - 1. */
static void run(const struct problem *problem, int first, int count) {
  struct slab *slab = new_slab(problem, first, count);
  while (fill(slab)) {
    step(slab);
    if (!slab->rows && slab->queue_first == slab->queue_end) judge(slab);
  }
  for (int n = 0; n < slab->searches; n++)
    if (slab->search[n].memory) {
      struct dtd_root *root = &problem->root[slab->search[n].example];
      root->evaluations += slab->search[n].evaluations;
      root->starts++;
    }
  free_slab(slab);
}

/* f and its own gradient at `count` points, in products of ROWS rows. */
static void evaluate(double *value, float *gradient,
                     const struct problem *problem, const float *points,
                     int count) {
  long inputs = problem->inputs;
#pragma omp parallel for schedule(static)
  for (int first = 0; first < count; first += ROWS) {
    int left = count - first, rows = left < ROWS ? left : ROWS;
    double f[ROWS];
    struct dtd_smooth_network *smooth = dtd_smooth_new(problem->network, ROWS);
    float *x = dtd_new(2 * ROWS * (size_t)inputs, sizeof *x);
    float *g = x + ROWS * inputs;
    copy_row(x, points + first * inputs, rows * (int)inputs);
    dtd_smooth_value(f, g, smooth, x, DTD_HARD, NULL, NULL, ROWS);
    memcpy(value + first, f, (size_t)rows * sizeof *f);
    copy_row(gradient + first * inputs, g, rows * (int)inputs);
    dtd_smooth_free(smooth);
    free(x);
  }
}

void dtd_root_search(struct dtd_root *root, float *r, float *gradient,
                     const struct dtd_network *network, const float *x,
                     int count, float low, float high,
                     const struct dtd_root_settings *settings) {
  int inputs = network->layer[0].inputs;
  size_t pixels = (size_t)count * (size_t)inputs;
  struct problem problem = {network, settings, x,    low, high,
                            inputs,  0,        root, r,   gradient};
  for (int l = 0; l < network->depth; l++)
    problem.units += network->layer[l].units;
  double *value = dtd_new((size_t)count, sizeof *value);
  float *own = dtd_new(pixels, sizeof *own);
  evaluate(value, own, &problem, x, count);
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
#pragma omp parallel for schedule(dynamic)
  for (int first = 0; first < count; first += together)
    run(&problem, first, first + together < count ? together : count - first);
  evaluate(value, own, &problem, r, count);
  for (int n = 0; n < count; n++) {
    long at = (long)n * inputs;
    root[n].own_cosine =
        root[n].f > 0
            ? dtd_root_cosine(x + at, r + at, own + at, low, high, inputs)
            : (double)NAN;
  }
  free(value);
  free(own);
}
