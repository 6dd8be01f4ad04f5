/* One search for a nearest root, from one start, between evaluations of f. */
#include "roots/root_descent.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "roots/projected_bfgs.h"
#include "base/rng.h"

enum {
  MOST_STEPS = 25,   /* between two updates of the multipliers */
  MOST_HALVINGS = 8, /* of a step */
  MOST_RETURNS = 3   /* to the level, in the last round */
};

/* Plain numbers, by the units of root_units.h. */
static const double SHARPNESS = 40;     /* t at fixed multipliers m */
static const double SHARPEN = 8;        /* t, from round to round */
static const double SHARPEST = 1048576; /* t of softplus, at most */
static const double PENALTY = 30;       /* beta */
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
static const double LEANED = 0.001;      /* stationary, for the last round */

/* Where the homotopies begin: t, and the same m for all units. */
static const struct homotopy {
  double sharpness;
  float multiplier;
} homotopies[] = {{2.4, 0.5f}, {0.1, 0.9f}, {0.5, 0.7f}, {16, 0.35f}};
enum { HOMOTOPIES = sizeof homotopies / sizeof *homotopies };
_Static_assert(HOMOTOPIES + 1 == DTD_ROOT_FIRST_RANDOM,
               "homotopies, the descent from x, then random starts");
static const double HARD_SHARPNESS = 1e7; /* makes any m immaterial */
static const double SOFTPLUS_START = 4;
static const double SHAKE = 4; /* how far later starts are from x */

static float clip(float value, float low, float high) {
  return value < low ? low : value > high ? high : value;
}

static bool is_softplus(const struct dtd_root_descent *s) {
  return s->problem->settings->solver == DTD_ROOT_SOFTPLUS;
}

/* ---- starts ---- */

void dtd_root_descent_open(struct dtd_root_descent *s,
                           const struct dtd_descent_problem *problem,
                           int example, const float *x, double f,
                           const struct dtd_root_units *units) {
  size_t inputs = (size_t)problem->inputs;
  float *at = dtd_new(3 * inputs + (size_t)problem->units, sizeof *at);
  *s = (struct dtd_root_descent){.problem = problem,
                                 .example = example,
                                 .x = x,
                                 .f = f,
                                 .units = *units,
                                 .memory = at,
                                 .r = at,
                                 .slope = at + inputs,
                                 .direction = at + 2 * inputs,
                                 .m = at + 3 * inputs,
                                 .bfgs =
                                     dtd_projected_bfgs_new(problem->inputs)};
}

void dtd_root_descent_begin(struct dtd_root_descent *s, int start) {
  const struct dtd_descent_problem *problem = s->problem;
  bool soft = is_softplus(s), homotopy = start < HOMOTOPIES && !soft;
  s->beta = PENALTY;
  s->violation = s->change = s->slack = s->promise = INFINITY;
  s->fresh = true;
  s->opening = !homotopy && !soft;
  s->sharpness = soft       ? SOFTPLUS_START
                 : homotopy ? homotopies[start].sharpness
                            : HARD_SHARPNESS;
  for (int j = 0; j < problem->units; j++)
    s->m[j] = homotopy ? homotopies[start].multiplier : 0.5f;
  struct dtd_rng rng = dtd_rng_open(0, "root/start", (uint64_t)start);
  double deviation = SHAKE * s->units.length / sqrt(problem->inputs);
  bool shaken = start >= (soft ? 1 : DTD_ROOT_FIRST_RANDOM);
  for (int p = 0; p < problem->inputs; p++) {
    double shake = shaken ? deviation * dtd_rng_normal(&rng) : 0;
    s->r[p] = clip(s->x[p] + (float)shake, problem->low, problem->high);
  }
}

void dtd_root_descent_sharpness(float *t, const struct dtd_root_descent *s) {
  for (int l = 0; l < s->problem->network->depth; l++)
    t[l] = (float)(s->sharpness / s->units.z[l]);
}

void dtd_root_descent_close(struct dtd_root_descent *s) {
  dtd_projected_bfgs_free(s->bfgs);
  dtd_free(s->memory);
  *s = (struct dtd_root_descent){0};
}

/* ---- A(r) ---- */

/* y = r + step direction, clipped to the box. */
static void propose(float *y, const struct dtd_root_descent *s) {
  const struct dtd_descent_problem *problem = s->problem;
  for (int p = 0; p < problem->inputs; p++)
    y[p] = clip(s->r[p] + (float)s->step * s->direction[p], problem->low,
                problem->high);
}

/* h, drawn in by ON_CONSTRAINT. */
static double excess(const struct dtd_root_descent *s, double value) {
  return value / s->f - (s->problem->settings->fraction - ON_CONSTRAINT);
}

/* L^2, which beta and lambda are in units of. */
static double square_unit(const struct dtd_root_descent *s) {
  return s->units.length * s->units.length;
}

/* A(y); turns grad f(y) into grad A(y) in place. */
static double merit(float *gradient, const struct dtd_root_descent *s,
                    const float *y, double value) {
  double m = fmax(0, s->lambda + s->beta * excess(s, value)), squares = 0;
  float pull = (float)(square_unit(s) * m / s->f);
  int inputs = s->problem->inputs;
#pragma omp simd reduction(+ : squares)
  for (int p = 0; p < inputs; p++) {
    float d = y[p] - s->x[p];
    squares += (double)(d * d);
    gradient[p] = d + pull * gradient[p];
  }
  return squares / 2 +
         square_unit(s) * (m * m - s->lambda * s->lambda) / (2 * s->beta);
}

/* The projected gradient's length beside |r - x|. */
static double stationarity(const struct dtd_root_descent *s) {
  const struct dtd_descent_problem *problem = s->problem;
  double moves = 0, squares = 0;
#pragma omp simd reduction(+ : moves, squares)
  for (int p = 0; p < problem->inputs; p++) {
    float move =
        s->r[p] - clip(s->r[p] - s->slope[p], problem->low, problem->high);
    float d = s->r[p] - s->x[p];
    moves += (double)(move * move);
    squares += (double)(d * d);
  }
  return sqrt(moves / (squares + 1e-12 * square_unit(s)));
}

static bool decreases_enough(const struct dtd_root_descent *s, const float *y,
                             double value) {
  int inputs = s->problem->inputs;
  double decrease = 0;
#pragma omp simd reduction(+ : decrease)
  for (int p = 0; p < inputs; p++)
    decrease += (double)(s->slope[p] * (y[p] - s->r[p]));
  return value <= s->merit + 1e-4 * decrease + 1e-7 * fabs(s->merit);
}

/* ---- the multipliers ---- */

/* m := s, or a sharper t while the homotopy lasts. Needs the slopes at r. */
static void update_rectifiers(struct dtd_root_descent *s,
                              const struct dtd_rectifiers *rectifiers) {
  if (is_softplus(s)) {
    s->change = 0;
    s->slack = dtd_rectifiers_softplus_gap(rectifiers);
    if (s->slack > SOFTPLUS_GAP)
      s->sharpness = fmin(2 * s->sharpness, SHARPEST);
  } else if (s->sharpness != SHARPNESS) {
    s->sharpness = fmin(SHARPEN * s->sharpness, SHARPNESS);
    if (s->sharpness == SHARPNESS) dtd_rectifiers_harden(rectifiers);
  } else {
    s->change = dtd_rectifiers_change(rectifiers);
    s->slack = dtd_rectifiers_slack(rectifiers);
    dtd_rectifiers_follow(rectifiers);
  }
}

/* Parks the search once the constraint nearly holds and the rectifiers are
   nearly exact. Half the square of the distance changes by -L^2 lambda with the
   level, so it will end near |r - x|^2 / 2 + L^2 lambda h. */
static void explore(struct dtd_root_descent *s, double h) {
  bool exact = is_softplus(s) ? s->slack <= 10 * SOFTPLUS_GAP
                              : s->change < (double)INFINITY;
  if (!exact || fabs(h) > EXPLORED) return;
  double distance = dtd_root_distance(s->x, s->r, s->problem->inputs);
  s->promise =
      sqrt(fmax(0, distance * distance + 2 * square_unit(s) * s->lambda * h));
  s->explored = s->parked = true;
}

static void update_multipliers(struct dtd_root_descent *s, double value,
                               const struct dtd_rectifiers *rectifiers) {
  double h = excess(s, value);
  if (!s->opening) s->lambda = fmax(0, s->lambda + s->beta * h);
  update_rectifiers(s, rectifiers);
  if (s->sharpness >= SHARPNESS && !s->opening) {
    if (fabs(h) > ON_CONSTRAINT && fabs(h) > s->violation / 2) s->beta *= 2;
    s->violation = fabs(h);
  }
  s->rounds += !s->opening;
  s->steps = 0;
  s->fresh = true;
  s->opening = false;
  if (!s->explored) explore(s, h);
}

/* ---- the end ---- */

/* Begins the last round, which moves every unit at its kink just beside it, so
   that the gradient of r's own region is the nearest to the generalised one. */
static void lean(struct dtd_root_descent *s,
                 const struct dtd_rectifiers *rectifiers) {
  dtd_rectifiers_lean(rectifiers);
  s->leaning = s->fresh = true;
  s->steps = 0;
}

static bool has_settled(const struct dtd_root_descent *s, double value,
                        double residual) {
  return s->explored && residual <= SETTLED_STATIONARY &&
         s->change <= SETTLED &&
         s->slack <= (is_softplus(s) ? SOFTPLUS_GAP : AT_KINK) &&
         fabs(excess(s, value)) <= ON_CONSTRAINT;
}

/* Takes the search back to the level where leaning has left it. */
static bool returns_to_level(struct dtd_root_descent *s, double value) {
  double h = excess(s, value);
  if (fabs(h) <= ON_CONSTRAINT || s->returns == MOST_RETURNS) return false;
  s->lambda = fmax(0, s->lambda + s->beta * h);
  s->returns++;
  s->fresh = true;
  s->steps = 0;
  return true;
}

/* Whether the search ends at r. Where it has settled, units lean first; if one
   leans too far for its kink, the search settles again and ends there. */
static bool ends(struct dtd_root_descent *s, double value, double residual,
                 const struct dtd_rectifiers *rectifiers) {
  if (s->leaning) {
    if (residual > LEANED && s->steps < MOST_STEPS) return false;
    if (dtd_rectifiers_slack(rectifiers) <= AT_KINK)
      return !returns_to_level(s, value);
    s->leaning = false;
    s->leant = true;
    s->steps = MOST_STEPS;
    return false;
  }
  bool settled = has_settled(s, value, residual);
  if (settled && (is_softplus(s) || s->leant)) return true;
  if (settled) lean(s, rectifiers);
  return false;
}

/* ---- from evaluation to evaluation ---- */

/* A shorter step; after too many of them, the multipliers are updated. */
static void step_back(float *y, struct dtd_root_descent *s) {
  s->step /= 2;
  if (++s->halvings < MOST_HALVINGS) {
    propose(y, s);
    return;
  }
  memcpy(y, s->r, (size_t)s->problem->inputs * sizeof *y);
  s->fresh = true;
  dtd_projected_bfgs_forget(s->bfgs);
  s->steps = MOST_STEPS;
}

/* From a new r: ends, updates the multipliers, or sets a trial point. */
static void go_on(float *y, struct dtd_root_descent *s, double value,
                  const struct dtd_rectifiers *rectifiers) {
  double residual = stationarity(s);
  s->done = ends(s, value, residual, rectifiers);
  if (s->done || s->fresh) return; /* fresh: it has begun to lean */
  double wanted = s->leaning
                      ? 0
                      : fmax(STATIONARY, FIRST_STATIONARY *
                                             pow(STATIONARY_FALL, s->rounds));
  if (s->opening || residual <= wanted || ++s->steps > MOST_STEPS) {
    update_multipliers(s, value, rectifiers);
  } else {
    dtd_projected_bfgs_direction(s->direction, s->bfgs, s->r, s->slope,
                                 s->problem->low, s->problem->high);
    s->step = 1;
    s->halvings = 0;
    propose(y, s);
  }
}

/* Stops a search that has used its evaluations. One that has not explored is
   parked with one evaluation left, to end with. */
static void stop_at_limit(struct dtd_root_descent *s) {
  int most = s->problem->settings->evaluations;
  if (s->evaluations + !s->explored < most || s->parked) return;
  s->parked = !s->explored;
  s->done = s->explored;
  s->explored = s->fresh = true;
}

void dtd_root_descent_advance(struct dtd_root_descent *s, float *y,
                              float *gradient, double value,
                              const struct dtd_rectifiers *rectifiers) {
  size_t bytes = (size_t)s->problem->inputs * sizeof *y;
  double reached = merit(gradient, s, y, value);
  s->evaluations++;
  if (s->fresh || decreases_enough(s, y, reached)) {
    if (!s->fresh)
      dtd_projected_bfgs_remember(s->bfgs, y, s->r, gradient, s->slope);
    s->fresh = false;
    s->merit = reached;
    memcpy(s->r, y, bytes);
    memcpy(s->slope, gradient, bytes);
    go_on(y, s, value, rectifiers);
  } else {
    step_back(y, s);
  }
  stop_at_limit(s);
}
