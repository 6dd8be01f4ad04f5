/* Finds nearest roots of many images at once, from several starts each. */
#include "root_search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "rng.h"
#include "smooth_network.h"

enum {
  ROWS = 32,        /* searches in one product */
  QUEUE = 96,       /* searches of one slab, one after another in its rows */
  PAIRS = 8,        /* of steps and gradient changes that BFGS remembers */
  MOST_STEPS = 25,  /* between two updates of the multipliers */
  MOST_HALVINGS = 8 /* of a step */
};

static const float SHARPNESS = 5;      /* t at fixed multipliers m */
static const float SHARPEST = 1048576; /* t of softplus, at most */
static const double PENALTY = 100;     /* beta */
/* Stationary: the projected gradient is this small beside r - x. */
static const double STATIONARY = 0.01;
static const double FIRST_STATIONARY = 0.2, STATIONARY_FALL = 0.6;
/* Settled: |h|; the sum over units of |s - m|; and what the units that are held
   at their kinks are still off, in f, as a share of f(x). */
static const double ON_CONSTRAINT = 1e-4, SETTLED = 0.05;
static const double AT_KINK = DTD_KINK_TOLERANCE / 2;
static const double SOFTPLUS_GAP = 8e-4; /* in f, the same for softplus */
static const double LEAN = 0.3;          /* of the kink tolerance */
static const double LEANED = 0.001;      /* stationary, for the last round */

/* Where the homotopies begin: t, and the same m for all units. */
static const struct homotopy {
  float sharpness, multiplier;
} homotopies[] = {{1, 0.5f}, {0.1f, 0.3f}, {0.1f, 0.7f}, {0.3f, 0.3f}};
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
  int count, inputs, units;
  /* best so far, of each example */
  struct dtd_root *root;
  int *start; /* that found it */
  float *r, *gradient;
};

/* One search: an example from one start. */
struct search {
  int example, start; /* example < 0: the row is empty */
  const float *x;
  double f, lambda, beta, violation, merit, step, change, slack;
  int rounds, steps, halvings, evaluations, pairs, newest;
  bool opening; /* the slopes at the start become the multipliers */
  bool fresh;   /* r is to be evaluated anew: the multipliers have moved */
  bool leaning; /* settled: each kink unit only moves to its heavier side */
  bool leant;   /* it has, and not to the good */
  bool done;
  float *r, *slope, *direction; /* slope: grad A(r) */
  float *s[PAIRS], *v[PAIRS];   /* steps, and how grad A changed */
  float *memory;
};

/* Searches that share their products. */
struct slab {
  const struct problem *problem;
  struct dtd_smooth_network *smooth;
  struct search search[ROWS];
  float *point, *gradient; /* (ROWS, inputs): the trial points y */
  float *multipliers;      /* (ROWS, units): m, and at the end the slopes s */
  float sharpness[ROWS];
  double value[ROWS], tolerance[ROWS];
};

/* ---- sums over pixels ---- */

static double product(const float *a, const float *b, int count) {
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int p = 0; p < count; p++) sum += (double)(a[p] * b[p]);
  return sum;
}

static float clip(float value, float low, float high) {
  return value < low ? low : value > high ? high : value;
}

/* ---- limited-memory BFGS on the free pixels ---- */

static bool is_free(const struct search *s, int p, const struct problem *at) {
  return !(s->r[p] <= at->low && s->slope[p] > 0) &&
         !(s->r[p] >= at->high && s->slope[p] < 0);
}

/* Two-loop recursion with the inner products of the free pixels alone; `mask`
   holds 1 for these and 0 for the others. */
static void apply_inverse_hessian(float *q, const struct search *s,
                                  const float *mask, int inputs) {
  double weight[PAIRS], share[PAIRS], scale = 0;
  for (int i = 0; i < s->pairs; i++) {
    int h = (s->newest - i + PAIRS) % PAIRS;
    double sv = 0, vv = 0;
    const float *a = s->s[h], *b = s->v[h];
#pragma omp simd reduction(+ : sv, vv)
    for (int p = 0; p < inputs; p++) {
      sv += (double)(mask[p] * a[p] * b[p]);
      vv += (double)(mask[p] * b[p] * b[p]);
    }
    weight[i] = sv > 1e-10 * vv ? 1 / sv : 0;
    if (scale == 0 && weight[i] > 0) scale = sv / vv;
    share[i] = weight[i] * product(a, q, inputs);
    for (int p = 0; p < inputs; p++) q[p] -= (float)share[i] * mask[p] * b[p];
  }
  for (int p = 0; scale > 0 && p < inputs; p++) q[p] *= (float)scale;
  for (int i = s->pairs - 1; i >= 0; i--) {
    int h = (s->newest - i + PAIRS) % PAIRS;
    double back = share[i] - weight[i] * product(s->v[h], q, inputs);
    if (weight[i] == 0) continue;
    for (int p = 0; p < inputs; p++) q[p] += (float)back * mask[p] * s->s[h][p];
  }
}

static void choose_direction(struct search *s, const struct problem *at) {
  float *mask = s->memory; /* scratch */
  for (int p = 0; p < at->inputs; p++) {
    mask[p] = is_free(s, p, at);
    s->direction[p] = -mask[p] * s->slope[p];
  }
  apply_inverse_hessian(s->direction, s, mask, at->inputs);
  if (product(s->direction, s->slope, at->inputs) < 0) return;
  s->pairs = 0; /* no descent: start afresh */
  for (int p = 0; p < at->inputs; p++) s->direction[p] = -mask[p] * s->slope[p];
}

static void remember(struct search *s, const float *y, const float *slope,
                     int inputs) {
  int h = (s->newest + 1) % PAIRS;
  for (int p = 0; p < inputs; p++) {
    s->s[h][p] = y[p] - s->r[p];
    s->v[h][p] = slope[p] - s->slope[p];
  }
  if (product(s->s[h], s->v[h], inputs) <=
      1e-6 * product(s->s[h], s->s[h], inputs))
    return;
  s->newest = h;
  if (s->pairs < PAIRS) s->pairs++;
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
  return fabs((double)(d * smooth->z[l][at])) / slab->search[row].f;
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
      s->slack += off_kink(slab, row, l, j);
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
  return sum * M_LN2 / (double)slab->sharpness[row] / slab->search[row].f;
}

/* m := s, or a sharper t while the homotopy lasts. Needs the slopes at r. */
static void update_rectifiers(struct slab *slab, int row) {
  struct search *s = &slab->search[row];
  float *m = slab->multipliers + (long)row * slab->problem->units;
  float *t = &slab->sharpness[row];
  if (is_softplus(slab->problem)) {
    s->change = 0;
    s->slack = softplus_gap(slab, row);
    if (s->slack > SOFTPLUS_GAP) *t = fminf(2 * *t, SHARPEST);
  } else if (*t != SHARPNESS) {
    *t = fminf(2 * *t, SHARPNESS);
    if (*t == SHARPNESS) take_hard_slopes(m, slab, row);
  } else {
    measure_change(s, slab, row);
    dtd_smooth_slopes(m, slab->smooth, row);
  }
}

static void update_multipliers(struct slab *slab, int row) {
  struct search *s = &slab->search[row];
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
}

/* Ends with every unit that is held at its kink just beside it, z > 0 when s >
   1/2 and z < 0 otherwise, so that the gradient of r's own region is the
   nearest to the generalised one: z = (s - m) / t, and s is to stay. */
static void lean(struct slab *slab, int row) {
  const struct problem *at = slab->problem;
  struct search *s = &slab->search[row];
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
  const struct search *s = &slab->search[row];
  return residual <= 2 * STATIONARY && s->change <= SETTLED &&
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
  s->pairs = 0;
  s->steps = MOST_STEPS;
}

/* Whether the search ends at r; if it has settled, it leans first, and if that
   goes too far it settles again. */
static bool ends(struct slab *slab, int row, double residual) {
  struct search *s = &slab->search[row];
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

/* Takes in f and its gradient at the trial point, and sets the next one. */
static void advance(struct slab *slab, int row) {
  struct search *s = &slab->search[row];
  const struct problem *at = slab->problem;
  size_t size = (size_t)at->inputs * sizeof(float);
  float *y = slab->point + (long)row * at->inputs;
  float *gradient = slab->gradient + (long)row * at->inputs;
  double value = merit(gradient, s, y, slab->value[row], at);
  s->done = ++s->evaluations >= at->settings->evaluations;
  if (!s->fresh && !decreases_enough(s, y, value, at->inputs)) {
    step_back(y, s, at);
    return;
  }
  if (!s->fresh) remember(s, y, gradient, at->inputs);
  s->fresh = false;
  s->merit = value;
  memcpy(s->r, y, size);
  memcpy(s->slope, gradient, size);
  double residual = stationarity(s, at);
  if (s->done || ends(slab, row, residual)) {
    s->done = true;
    return;
  }
  if (s->fresh) return; /* it leans */
  double wanted = s->leaning
                      ? 0
                      : fmax(STATIONARY, FIRST_STATIONARY *
                                             pow(STATIONARY_FALL, s->rounds));
  if (s->opening || residual <= wanted || ++s->steps > MOST_STEPS) {
    update_multipliers(slab, row);
  } else {
    choose_direction(s, at);
    s->step = 1;
    s->halvings = 0;
    propose(y, s, at);
  }
}

/* ---- starts ---- */

static void begin(struct slab *slab, int row, int example, int start) {
  const struct problem *at = slab->problem;
  struct search *s = &slab->search[row];
  float *y = slab->point + (long)row * at->inputs;
  float *m = slab->multipliers + (long)row * at->units;
  bool soft = is_softplus(at), homotopy = start < HOMOTOPIES && !soft;
  s->example = example;
  s->start = start;
  s->x = at->x + (long)example * at->inputs;
  s->f = at->root[example].f;
  s->lambda = 0;
  s->beta = PENALTY;
  s->violation = s->change = s->slack = INFINITY;
  s->rounds = s->steps = s->halvings = s->evaluations = s->pairs = 0;
  s->fresh = true;
  s->done = s->leaning = s->leant = false;
  s->opening = !homotopy && !soft;
  slab->sharpness[row] = soft       ? SOFTPLUS_START
                         : homotopy ? homotopies[start].sharpness
                                    : HARD_SHARPNESS;
  for (int j = 0; j < at->units; j++)
    m[j] = homotopy ? homotopies[start].multiplier : 0.5f;
  struct dtd_rng rng = dtd_rng_open(0, "root/start", (uint64_t)start);
  bool shaken = start >= (soft ? 1 : DTD_ROOT_FIRST_RANDOM);
  for (int p = 0; p < at->inputs; p++) {
    double shake = shaken ? SHAKE * dtd_rng_normal(&rng) : 0;
    y[p] = clip(s->x[p] + (float)shake, at->low, at->high);
  }
  memcpy(s->r, y, (size_t)at->inputs * sizeof *y);
}

/* ---- ends ---- */

/* Draws points that violate the constraint towards 0 until they do not. */
static void restore(struct slab *slab) {
  const struct problem *at = slab->problem;
  double below[ROWS], above[ROWS];
  bool any = false;
  for (int n = 0; n < ROWS; n++) {
    const struct search *s = &slab->search[n];
    below[n] = above[n] = 1; /* shares of the point that are kept */
    if (s->example < 0 || !s->done) continue;
    if (slab->value[n] >
        at->settings->fraction * (1 + at->settings->tolerance) * s->f) {
      below[n] = 0;
      any = true;
    }
  }
  for (int step = 0; any && step < 20; step++) {
    for (int n = 0; n < ROWS; n++) {
      float share = (float)((below[n] + above[n]) / 2);
      if (above[n] == below[n]) continue;
      for (int p = 0; p < at->inputs; p++)
        slab->point[(long)n * at->inputs + p] = share * slab->search[n].r[p];
    }
    dtd_smooth_value(slab->value, slab->gradient, slab->smooth, slab->point,
                     DTD_HARD, NULL, NULL, ROWS);
    for (int n = 0; n < ROWS; n++) {
      double middle = (below[n] + above[n]) / 2;
      if (above[n] == below[n]) continue;
      slab->search[n].evaluations++;
      if (slab->value[n] <= at->settings->fraction * slab->search[n].f)
        below[n] = middle;
      else
        above[n] = middle;
    }
  }
  for (int n = 0; n < ROWS; n++)
    if (above[n] != below[n])
      for (int p = 0; p < at->inputs; p++)
        slab->search[n].r[p] *= (float)below[n];
}

/* Judges the searches that are done and keeps each example's best answer; which
   one that is does not depend on the order in which they end. */
static void judge(struct slab *slab) {
  const struct problem *at = slab->problem;
  for (int n = 0; n < ROWS; n++) {
    const struct search *s = &slab->search[n];
    slab->tolerance[n] = s->example < 0 ? 0 : DTD_KINK_TOLERANCE * s->f;
    if (s->example >= 0 && s->done)
      memcpy(slab->point + (long)n * at->inputs, s->r,
             (size_t)at->inputs * sizeof *s->r);
  }
  dtd_generalised_gradient(slab->value, slab->gradient, slab->smooth,
                           slab->point, slab->multipliers, slab->tolerance,
                           ROWS);
  for (int n = 0; n < ROWS; n++) {
    const struct search *s = &slab->search[n];
    const float *gradient = slab->gradient + (long)n * at->inputs;
    size_t size = (size_t)at->inputs * sizeof *gradient;
    if (s->example < 0 || !s->done) continue;
    struct dtd_root root = {.f = s->f, .f_root = slab->value[n]};
    dtd_root_judge(&root, s->x, s->r, gradient, at->low, at->high, at->inputs,
                   at->settings);
#pragma omp critical(dtd_root_search_best)
    {
      struct dtd_root *best = &at->root[s->example];
      int *start = &at->start[s->example];
      root.evaluations = best->evaluations + s->evaluations;
      root.starts = best->starts + 1;
      best->evaluations = root.evaluations;
      best->starts = root.starts;
      bool better = *start < 0 || dtd_root_better(&root, best);
      if (!dtd_root_better(best, &root) && s->start < *start) better = true;
      if (better) {
        *best = root;
        *start = s->start;
        memcpy(at->r + (long)s->example * at->inputs, s->r, size);
        memcpy(at->gradient + (long)s->example * at->inputs, gradient, size);
      }
    }
  }
}

/* Ends the searches that are done; needs the slopes of the last pass. */
static void finish(struct slab *slab) {
  const struct problem *at = slab->problem;
  bool any = false;
  float *trial = NULL;
  for (int n = 0; n < ROWS; n++) {
    if (slab->search[n].example < 0 || !slab->search[n].done) continue;
    any = true;
    dtd_smooth_slopes(slab->multipliers + (long)n * at->units, slab->smooth, n);
  }
  if (!any) return;
  /* the others' trial points must survive */
  trial =
      dtd_copy(slab->point, (size_t)ROWS * (size_t)at->inputs, sizeof *trial);
  for (int n = 0; n < ROWS; n++)
    if (slab->search[n].example >= 0 && slab->search[n].done)
      memcpy(slab->point + (long)n * at->inputs, slab->search[n].r,
             (size_t)at->inputs * sizeof *trial);
  dtd_smooth_value(slab->value, slab->gradient, slab->smooth, slab->point,
                   DTD_HARD, NULL, NULL, ROWS);
  restore(slab);
  judge(slab);
  memcpy(slab->point, trial, (size_t)ROWS * (size_t)at->inputs * sizeof *trial);
  free(trial);
  for (int n = 0; n < ROWS; n++)
    if (slab->search[n].done) slab->search[n].example = -1;
}

/* ---- a slab from first to last ---- */

static struct slab *new_slab(const struct problem *problem) {
  struct slab *slab = dtd_new(1, sizeof *slab);
  size_t inputs = (size_t)problem->inputs, units = (size_t)problem->units;
  size_t scratch = inputs > units ? inputs : units;
  slab->problem = problem;
  slab->smooth = dtd_smooth_new(problem->network, ROWS);
  slab->point = dtd_new(2 * ROWS * inputs, sizeof *slab->point);
  slab->gradient = slab->point + ROWS * inputs;
  slab->multipliers = dtd_new(ROWS * units, sizeof *slab->multipliers);
  for (int n = 0; n < ROWS; n++) {
    struct search *s = &slab->search[n];
    float *at = s->memory =
        dtd_new(scratch + (3 + 2 * PAIRS) * inputs, sizeof *at);
    s->example = -1;
    slab->sharpness[n] = 1;
    s->r = at += scratch;
    s->slope = at += inputs;
    s->direction = at += inputs;
    for (int h = 0; h < PAIRS; h++) {
      s->s[h] = at += inputs;
      s->v[h] = at += inputs;
    }
  }
  return slab;
}

static void free_slab(struct slab *slab) {
  for (int n = 0; n < ROWS; n++) free(slab->search[n].memory);
  dtd_smooth_free(slab->smooth);
  free(slab->point);
  free(slab->multipliers);
  free(slab);
}

/* Puts searches that wait into empty rows; returns how many rows are in use. */
static int fill(struct slab *slab, long *next, long end) {
  const struct problem *at = slab->problem;
  int starts = at->settings->starts, used = 0;
  for (int n = 0; n < ROWS; n++) {
    while (slab->search[n].example < 0 && *next < end) {
      int example = (int)(*next / starts), start = (int)(*next % starts);
      if (at->root[example].f > 0)
        begin(slab, n, example, at->settings->first_start + start);
      ++*next;
    }
    used += slab->search[n].example >= 0;
  }
  return used;
}

/* Runs the searches next .. end - 1; search number n is start n % starts of
   example n / starts. */
static void run(const struct problem *problem, long next, long end) {
  struct slab *slab = new_slab(problem);
  while (fill(slab, &next, end)) {
    dtd_smooth_value(slab->value, slab->gradient, slab->smooth, slab->point,
                     is_softplus(problem) ? DTD_SOFTPLUS : DTD_MULTIPLIER,
                     slab->sharpness, slab->multipliers, ROWS);
    for (int n = 0; n < ROWS; n++)
      if (slab->search[n].example >= 0) advance(slab, n);
    finish(slab);
  }
  free_slab(slab);
}

/* f and its own gradient at `count` points, in products of ROWS rows. */
static void evaluate(double *value, float *gradient,
                     const struct problem *problem, const float *points) {
  long inputs = problem->inputs;
#pragma omp parallel for schedule(static)
  for (int first = 0; first < problem->count; first += ROWS) {
    int left = problem->count - first, rows = left < ROWS ? left : ROWS;
    size_t size = (size_t)rows * (size_t)inputs * sizeof(float);
    double f[ROWS];
    struct dtd_smooth_network *smooth = dtd_smooth_new(problem->network, ROWS);
    float *x = dtd_new(2 * ROWS * (size_t)inputs, sizeof *x);
    float *g = x + ROWS * inputs;
    memcpy(x, points + first * inputs, size);
    dtd_smooth_value(f, g, smooth, x, DTD_HARD, NULL, NULL, ROWS);
    memcpy(value + first, f, (size_t)rows * sizeof *f);
    memcpy(gradient + first * inputs, g, size);
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
  struct problem problem = {network, settings, x,    low,  high, count,
                            inputs,  0,        root, NULL, r,    gradient};
  for (int l = 0; l < network->depth; l++)
    problem.units += network->layer[l].units;
  problem.start = dtd_new((size_t)count, sizeof *problem.start);
  double *value = dtd_new((size_t)count, sizeof *value);
  float *own = dtd_new(pixels, sizeof *own);
  evaluate(value, own, &problem, x);
  memcpy(r, x, pixels * sizeof *r);
  memset(gradient, 0, pixels * sizeof *gradient);
  for (int n = 0; n < count; n++) {
    problem.start[n] = -1;
    root[n] = (struct dtd_root){.f = value[n], .f_root = value[n]};
    if (!(value[n] > 0))
      dtd_root_judge(&root[n], x + (long)n * inputs, x + (long)n * inputs, own,
                     low, high, inputs, settings);
  }
  long searches = (long)count * settings->starts;
#pragma omp parallel for schedule(dynamic)
  for (long first = 0; first < searches; first += QUEUE)
    run(&problem, first, first + QUEUE < searches ? first + QUEUE : searches);
  evaluate(value, own, &problem, r);
  for (int n = 0; n < count; n++) {
    long at = (long)n * inputs;
    root[n].own_cosine =
        root[n].f > 0
            ? dtd_root_cosine(x + at, r + at, own + at, low, high, inputs)
            : (double)NAN;
  }
  free(problem.start);
  free(value);
  free(own);
}
