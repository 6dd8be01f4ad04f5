/* Finds nearest roots with NLopt, one example at a time: the reference. */
#include "roots/nlopt_root.h"

#include <float.h>
#include <math.h>
#include <nlopt.h>
#include <string.h>

#include "base/die.h"
#include "base/mark.h"
#include "base/memory.h"
#include "base/rng.h"
#include "roots/root_units.h"

/* The cosine from which no other start is tried. */
static const double GOOD_COSINE = 0.995;
/* How far later starts are from x, in units of length. */
static const double SHAKE = 2;

struct dtd_nlopt_workspace {
  const struct dtd_network *network;
  struct dtd_activations *act, *d; /* of one example */
  int inputs;
  float *point;     /* where f and its gradient were computed last */
  float *slope;     /* grad f there */
  double value;     /* f there */
  double *r, *best; /* (inputs) */
  double *low, *high;
  /* the problem at hand */
  const float *x;
  double f, fraction, length; /* L */
  int evaluations, most_evaluations;
};

struct dtd_nlopt_workspace *
dtd_nlopt_workspace_new(const struct dtd_network *network) {
  struct dtd_nlopt_workspace *w = dtd_new(1, sizeof *w);
  size_t inputs = (size_t)network->layer[0].shape.inputs;
  w->network = network;
  w->inputs = (int)inputs;
  w->act = dtd_activations_new(network, 1);
  w->d = dtd_activations_new(network, 1);
  w->point = dtd_new(2 * inputs, sizeof *w->point);
  w->slope = w->point + inputs;
  w->r = dtd_new(4 * inputs, sizeof *w->r);
  w->best = w->r + inputs;
  w->low = w->best + inputs;
  w->high = w->low + inputs;
  return w;
}

void dtd_nlopt_workspace_free(struct dtd_nlopt_workspace *w) {
  if (!w) return;
  dtd_activations_free(w->act);
  dtd_activations_free(w->d);
  dtd_free(w->point);
  dtd_free(w->r);
  dtd_free(w);
}

/* f(r) and its gradient, in w->value and w->slope; NLopt computes objective and
   constraint at the same points, so the last one is kept. */
static void evaluate(struct dtd_nlopt_workspace *w, const double *r) {
  bool same = w->evaluations > 0;
  for (int p = 0; p < w->inputs; p++) {
    float value = (float)r[p];
    same = same && value == w->point[p];
    w->point[p] = value;
  }
  if (same) return;
  const float one = 1;
  dtd_forward(w->act, w->network, dtd_rows(w->point, 1));
  dtd_backward(NULL, 1, 0, w->slope, w->d, w->network, w->act, &one);
  w->value = (double)dtd_score(w->act)[0];
  w->evaluations++;
}

static double half_square_distance(const struct dtd_nlopt_workspace *w,
                                   const double *r) {
  double sum = 0;
  for (int p = 0; p < w->inputs; p++) {
    double difference = r[p] - (double)w->x[p];
    sum += difference * difference;
  }
  return sum / 2;
}

static double objective(unsigned n, const double *r, double *gradient,
                        void *self) {
  const struct dtd_nlopt_workspace *w = self;
  for (unsigned p = 0; gradient && p < n; p++)
    gradient[p] = r[p] - (double)w->x[p];
  return half_square_distance(w, r);
}

/* f(r) / f(x) - fraction, which must not be positive. */
static double constraint(unsigned n, const double *r, double *gradient,
                         void *self) {
  struct dtd_nlopt_workspace *w = self;
  evaluate(w, r);
  for (unsigned p = 0; gradient && p < n; p++)
    gradient[p] = (double)w->slope[p] / w->f;
  return w->value / w->f - w->fraction;
}

/* ---- one start ---- */

static void give_back(void *solver) {
  nlopt_destroy(solver);
}

static nlopt_opt new_solver(struct dtd_nlopt_workspace *w) {
  unsigned n = (unsigned)w->inputs;
  nlopt_opt solver = nlopt_create(NLOPT_AUGLAG, n);
  nlopt_opt inner = nlopt_create(NLOPT_LD_LBFGS, n);
  if (!solver || !inner) {
    nlopt_destroy(solver);
    nlopt_destroy(inner);
    dtd_die(DTD_FAILURE, "nlopt", "explain fewer images at once",
            "memory is short");
  }
  nlopt_set_ftol_rel(inner, 1e-5);
  nlopt_set_local_optimizer(solver, inner); /* takes a copy */
  nlopt_destroy(inner);
  nlopt_set_min_objective(solver, objective, w);
  nlopt_add_inequality_constraint(solver, constraint, w, 1e-4);
  nlopt_set_lower_bounds(solver, w->low);
  nlopt_set_upper_bounds(solver, w->high);
  nlopt_set_ftol_rel(solver, 1e-5);
  nlopt_set_maxeval(solver, w->most_evaluations);
  dtd_mark_add(solver, give_back);
  return solver;
}

static double ratio_at(struct dtd_nlopt_workspace *w, const double *r) {
  evaluate(w, r);
  return w->value / w->f;
}

static double clip(double value, double low, double high) {
  return value < low ? low : value > high ? high : value;
}

/* r = the point at `share` of the way from a to b. */
static void between(double *r, const double *a, const double *b, double share,
                    int inputs) {
  for (int p = 0; p < inputs; p++) r[p] = a[p] + share * (b[p] - a[p]);
}

/* Moves r to where the segment from `outside` to `inside`, which is feasible,
   meets the constraint; stays on the feasible side. */
static void meet_constraint(double *r, struct dtd_nlopt_workspace *w,
                            const double *outside, const double *inside) {
  double below = 0, above = 1;
  for (int step = 0; step < 24; step++) {
    double middle = (below + above) / 2;
    between(r, outside, inside, middle, w->inputs);
    if (ratio_at(w, r) <= w->fraction)
      above = middle;
    else
      below = middle;
    if (above - below < 1e-5) break;
  }
  between(r, outside, inside, above, w->inputs);
}

/* Makes r feasible and leaves no slack on the way to x. */
static void polish(double *r, struct dtd_nlopt_workspace *w) {
  double *from = dtd_new(2 * (size_t)w->inputs, sizeof *from);
  double *to = from + w->inputs; /* zeros, where f = 0 */
  for (int p = 0; p < w->inputs; p++) r[p] = clip(r[p], w->low[p], w->high[p]);
  if (ratio_at(w, r) > w->fraction) {
    memcpy(from, r, (size_t)w->inputs * sizeof *from);
  } else {
    for (int p = 0; p < w->inputs; p++) from[p] = (double)w->x[p];
    memcpy(to, r, (size_t)w->inputs * sizeof *to);
  }
  meet_constraint(r, w, from, to);
  dtd_free(from);
}

/* Cosine of x - r and grad f(r). */
static double optimality(struct dtd_nlopt_workspace *w, const double *r) {
  evaluate(w, r);
  return dtd_root_cosine(w->x, w->point, w->slope, (float)w->low[0],
                         (float)w->high[0], w->inputs);
}

/* The first start follows the gradient at x, clipped to the box, to where it
   meets the constraint; later ones do so from a point shaken at random. */
static void choose_start(double *r, struct dtd_nlopt_workspace *w, int start) {
  struct dtd_rng rng = dtd_rng_open(0, "root/start", (uint64_t)start);
  double deviation = SHAKE * w->length / sqrt(w->inputs);
  for (int p = 0; p < w->inputs; p++) {
    double shake = start ? deviation * dtd_rng_normal(&rng) : 0;
    r[p] = clip((double)w->x[p] + shake, w->low[p], w->high[p]);
  }
  evaluate(w, r);
  double squares = 0;
  for (int p = 0; p < w->inputs; p++)
    squares += (double)w->slope[p] * (double)w->slope[p];
  double step = squares > 0 ? (1 - w->fraction) * w->f / squares : 0;
  for (int p = 0; p < w->inputs; p++)
    r[p] = clip((double)w->x[p] - step * (double)w->slope[p], w->low[p],
                w->high[p]);
}

/* ---- the search ---- */

static void search(struct dtd_root *root, struct dtd_nlopt_workspace *w,
                   int most_starts) {
  root->distance = DBL_MAX;
  while (root->starts < most_starts) {
    double value, *r = w->r;
    nlopt_opt solver = new_solver(w);
    choose_start(r, w, root->starts++);
    nlopt_optimize(solver, r,
                   &value); /* its point is judged, not the code it returns */
    dtd_mark_remove(solver, give_back);
    nlopt_destroy(solver);
    polish(r, w);
    double distance = sqrt(2 * half_square_distance(w, r));
    double cosine = optimality(w, r);
    if (distance < root->distance) {
      root->distance = distance;
      root->cosine = cosine;
      memcpy(w->best, r, (size_t)w->inputs * sizeof *r);
    }
    if (root->cosine >= GOOD_COSINE) break;
  }
}

struct dtd_root dtd_nlopt_root(float *r, float *gradient,
                               struct dtd_nlopt_workspace *w, const float *x,
                               float low, float high,
                               const struct dtd_root_settings *settings) {
  struct dtd_root root = {0};
  size_t size = (size_t)w->inputs * sizeof *x;
  w->x = x;
  w->evaluations = 0;
  w->fraction = settings->fraction;
  w->most_evaluations = settings->evaluations;
  for (int p = 0; p < w->inputs; p++) {
    w->best[p] = (double)x[p];
    w->low[p] = (double)low;
    w->high[p] = (double)high;
  }
  evaluate(w, w->best);
  w->f = root.f = w->value;
  w->length = dtd_root_length(w->f, w->slope, w->fraction, (double)low,
                              (double)high, w->inputs);
  if (root.f > 0) search(&root, w, settings->starts);
  evaluate(w, w->best);
  memcpy(r, w->point, size);
  memcpy(gradient, w->slope, size);
  root.f_root = w->value;
  root.evaluations = w->evaluations;
  dtd_root_judge(&root, x, r, gradient, low, high, w->inputs, settings);
  root.own_cosine = root.cosine;
  return root;
}
