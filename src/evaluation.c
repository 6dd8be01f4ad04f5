/* Explains test pairs with every method and gathers what is to be reported. */
#include "evaluation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mat.h"
#include "memory.h"

enum { MOST_RESULTS = 256 };

static const double CONFIDENT = 50; /* f above which a target was found */

/* ---- the metrics of a method: a statistic of observations a and b ---- */

typedef double observation(const struct dtd_measures *m);

static double score(const struct dtd_measures *m) {
  return m->f;
}
static double sum(const struct dtd_measures *m) {
  return m->sum;
}
static double mass(const struct dtd_measures *m) {
  return m->positive + m->negative;
}
static double negative(const struct dtd_measures *m) {
  return m->negative;
}
/* (sum_p R_p - f) / f, where there is something to explain */
static double relative_error(const struct dtd_measures *m) {
  return m->f > 1 ? (m->sum - m->f) / m->f : NAN;
}
static double absolute_error(const struct dtd_measures *m) {
  return fabs(relative_error(m));
}
/* What the first layer's rule alone loses or adds, as a share. */
static double rule_error(const struct dtd_measures *m) {
  return m->entered > 1 ? fabs(m->sum - m->entered) / m->entered : NAN;
}
static double explained_ratio(const struct dtd_measures *m) {
  return m->f > 1 ? m->sum / m->f : NAN;
}
static double confident(const struct dtd_measures *m, double value) {
  return m->f > CONFIDENT ? value : NAN;
}
static double confident_sum(const struct dtd_measures *m) {
  return confident(m, m->sum);
}
static double target_share(const struct dtd_measures *m) {
  return confident(m, m->target_share);
}
static double ink_share(const struct dtd_measures *m) {
  return confident(m, m->ink_share);
}
static double distractor_share(const struct dtd_measures *m) {
  return confident(m, m->distractor_share);
}
static double black_share(const struct dtd_measures *m) {
  return confident(m, m->black_share);
}

static const struct metric {
  const char *name;
  enum dtd_set_index set;
  dtd_statistic *statistic;
  observation *a, *b;
} metrics[] = {
    {"error_median", DTD_SET_INDEPENDENT, dtd_median, relative_error, NULL},
    {"error_max", DTD_SET_INDEPENDENT, dtd_maximum, absolute_error, NULL},
    {"rule_error_max", DTD_SET_INDEPENDENT, dtd_maximum, rule_error, NULL},
    {"ratio", DTD_SET_INDEPENDENT, dtd_mean, explained_ratio, NULL},
    {"slope", DTD_SET_INDEPENDENT, dtd_slope, sum, score},
    {"correlation", DTD_SET_INDEPENDENT, dtd_correlation, sum, score},
    {"negative_share", DTD_SET_INDEPENDENT, dtd_ratio, negative, mass},
    {"variation", DTD_SET_ONE_TARGET, dtd_variation, confident_sum, NULL},
    {"target_share", DTD_SET_ONE_TARGET, dtd_mean, target_share, NULL},
    {"ink_share", DTD_SET_ONE_TARGET, dtd_mean, ink_share, NULL},
    {"distractor_share", DTD_SET_ONE_TARGET, dtd_mean, distractor_share, NULL},
    {"black_share", DTD_SET_ONE_TARGET, dtd_mean, black_share, NULL},
};

static void add_result(struct dtd_evaluation *e, const char *subject,
                       const char *metric, const char *set,
                       struct dtd_estimate estimate) {
  e->result[e->results++] = (struct dtd_result){subject, metric, set, estimate};
}

static void add_estimate(struct dtd_evaluation *e, const char *subject,
                         const char *metric, const char *set,
                         dtd_statistic *statistic, const double *a,
                         const double *b, int count) {
  add_result(e, subject, metric, set,
             dtd_estimate(statistic, a, b, count, e->settings.bootstrap,
                          e->settings.seed));
}

static void add_method_results(struct dtd_evaluation *e, int method) {
  for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++) {
    const struct metric *metric = &metrics[i];
    const struct dtd_evaluated_set *set = &e->set[metric->set];
    const struct dtd_explained *by = &set->by[method];
    double *a = dtd_new((size_t)by->count, sizeof *a);
    double *b = metric->b ? dtd_new((size_t)by->count, sizeof *b) : NULL;
    for (int n = 0; n < by->count; n++) {
      a[n] = metric->a(&by->measures[n]);
      if (b) b[n] = metric->b(&by->measures[n]);
    }
    add_estimate(e, by->method->name, metric->name, set->name,
                 metric->statistic, a, b, by->count);
    free(a);
    free(b);
  }
  const struct dtd_evaluated_set *set = &e->set[DTD_SET_ONE_TARGET];
  const struct dtd_explained *by = &set->by[method];
  add_result(
      e, by->method->name, "seconds", set->name,
      (struct dtd_estimate){by->seconds / by->count, NAN, NAN, by->count});
}

const struct dtd_result *
dtd_result_find(const struct dtd_evaluation *evaluation, const char *subject,
                const char *metric) {
  for (int i = 0; i < evaluation->results; i++)
    if (!strcmp(evaluation->result[i].subject, subject) &&
        !strcmp(evaluation->result[i].metric, metric))
      return &evaluation->result[i];
  return NULL;
}

/* ---- the network and its relevance model on the scores set ---- */

struct scores {
  double *error;            /* f - t */
  double *correct;          /* 1 or 0 */
  double *f, *fit, *misfit; /* f, sum_k Rhat_k, and their difference */
};

/* Runs one batch of pairs and notes what is measured of it. */
static void score_batch(struct scores *s, struct dtd_explainer *explainer,
                        const float *images, const float *t, int first,
                        int batch) {
  float *predicted = dtd_new((size_t)batch, sizeof *predicted);
  dtd_forward(explainer->act, explainer->network, images, batch);
  const float *f = dtd_score(explainer->act);
  if (explainer->minmax) {
    dtd_decompose(explainer->trained, explainer->act, 1);
    struct dtd_site site = dtd_site_at(explainer->trained, explainer->act, 0);
    dtd_model_relevance(explainer->trained->R_j[0], explainer->minmax, &site);
    dtd_sum_rows(predicted, explainer->trained->R_j[0], batch,
                 explainer->minmax->layer->units);
  }
  for (int n = 0; n < batch; n++) {
    int at = first + n;
    s->error[at] = (double)f[n] - t[n];
    s->correct[at] = (f[n] > CONFIDENT) == (t[n] > CONFIDENT);
    s->f[at] = f[n];
    s->fit[at] = predicted[n];
    s->misfit[at] = (double)predicted[n] - f[n];
  }
  free(predicted);
}

/* dtd_root_mean_square squared: the mean square. */
static double mean_square(const double *a, const double *b, const int *index,
                          int n) {
  double root = dtd_root_mean_square(a, b, index, n);
  return root * root;
}

static void evaluate_scores(struct dtd_evaluation *e,
                            struct dtd_explainer *explainer,
                            const struct dtd_sampler *sampler) {
  int count = e->settings.scores, capacity = explainer->capacity;
  double *all = dtd_new(5 * (size_t)count, sizeof *all);
  struct scores s = {all, all + count, all + 2 * (long)count,
                     all + 3 * (long)count, all + 4 * (long)count};
  float *images = dtd_new((size_t)capacity * DTD_PAIR_PIXELS, sizeof *images);
  float *t = dtd_new((size_t)capacity, sizeof *t);
  for (int first = 0; first < count; first += capacity) {
    int batch = count - first < capacity ? count - first : capacity;
    dtd_pairs_draw(images, t, NULL, sampler, (uint64_t)first, batch);
    score_batch(&s, explainer, images, t, first, batch);
  }
  add_estimate(e, "network", "mse", "scores", mean_square, s.error, NULL,
               count);
  add_estimate(e, "network", "accuracy", "scores", dtd_mean, s.correct, NULL,
               count);
  if (explainer->minmax) {
    add_estimate(e, "minmax", "rms", "scores", dtd_root_mean_square, s.misfit,
                 NULL, count);
    add_estimate(e, "minmax", "correlation", "scores", dtd_correlation, s.fit,
                 s.f, count);
  }
  free(all);
  free(images);
  free(t);
}

/* ---- explaining the two sets ---- */

static double seconds_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Keeps the roots that the last call of `taylor` left in the explainer. */
static void keep_roots(struct dtd_explained *by,
                       const struct dtd_explainer *explainer, int first,
                       int batch) {
  memcpy(by->roots + first, explainer->root, (size_t)batch * sizeof *by->roots);
  memcpy(by->root_points + (long)first * DTD_PAIR_PIXELS, explainer->roots,
         (size_t)batch * DTD_PAIR_PIXELS * sizeof *by->root_points);
}

/* The relevance that a decomposition gave to the first detection layer. */
static void note_entered(struct dtd_measures *measures,
                         const struct dtd_explainer *explainer, int batch) {
  if (!explainer->walked) return;
  float *sums = dtd_new((size_t)batch, sizeof *sums);
  dtd_sum_rows(sums, explainer->walked->R_j[0], batch,
               explainer->network->layer[0].units);
  for (int n = 0; n < batch; n++) measures[n].entered = (double)sums[n];
  free(sums);
}

static void explain_set(struct dtd_evaluated_set *set, int index,
                        struct dtd_explainer *explainer,
                        const bool *never_inked,
                        dtd_evaluation_progress *progress) {
  struct dtd_explained *by = &set->by[index];
  int capacity = by->method->slow ? 20 : explainer->capacity;
  size_t count = (size_t)by->count;
  if (capacity > explainer->capacity) capacity = explainer->capacity;
  by->R_p = dtd_new(count * DTD_PAIR_PIXELS, sizeof *by->R_p);
  by->measures = dtd_new(count, sizeof *by->measures);
  if (by->method == dtd_method_find("taylor")) {
    by->roots = dtd_new(count, sizeof *by->roots);
    by->root_points = dtd_new(count * DTD_PAIR_PIXELS, sizeof(float));
  }
  float *f = dtd_new((size_t)capacity, sizeof *f);
  for (int first = 0; first < by->count; first += capacity) {
    int left = by->count - first, batch = left < capacity ? left : capacity;
    const float *images = set->images + (long)first * DTD_PAIR_PIXELS;
    float *R_p = by->R_p + (long)first * DTD_PAIR_PIXELS;
    double start = seconds_now();
    dtd_explain(R_p, f, explainer, by->method, images, batch);
    by->seconds += seconds_now() - start;
    if (by->roots) keep_roots(by, explainer, first, batch);
    for (int n = 0; n < batch; n++)
      by->measures[first + n] =
          dtd_measure(R_p + (long)n * DTD_PAIR_PIXELS, (double)f[n],
                      images + (long)n * DTD_PAIR_PIXELS,
                      &set->pairs[first + n], never_inked);
    note_entered(by->measures + first, explainer, batch);
    if (progress) progress(by->method->name, first + batch, by->count);
  }
  free(f);
}

static void draw_set(struct dtd_evaluated_set *set, const char *name,
                     const struct dtd_sampler *sampler, int count) {
  set->name = name;
  set->count = count;
  set->images = dtd_new((size_t)count * DTD_PAIR_PIXELS, sizeof *set->images);
  set->t = dtd_new((size_t)count, sizeof *set->t);
  set->pairs = dtd_new((size_t)count, sizeof *set->pairs);
  dtd_pairs_draw(set->images, set->t, set->pairs, sampler, 0, count);
}

/* The methods that this model can be explained by. */
static void choose_methods(struct dtd_evaluation *e,
                           const struct dtd_explainer *explainer) {
  for (int m = 0; dtd_methods[m] && e->methods < DTD_MOST_METHODS; m++) {
    const struct dtd_method *method = dtd_methods[m];
    if (method->needs_minmax && !explainer->minmax) continue;
    for (int s = 0; s < DTD_SETS; s++) {
      e->set[s].by[e->methods].method = method;
      e->set[s].by[e->methods].count =
          method->slow ? e->settings.roots : e->settings.pairs;
    }
    e->methods++;
  }
}

struct dtd_evaluation *
dtd_evaluate(struct dtd_explainer *explainer, const struct dtd_digits *digits,
             const struct dtd_digits *training_digits,
             const struct dtd_pair_settings *pair_settings,
             const struct dtd_evaluation_settings *settings,
             dtd_evaluation_progress *progress) {
  struct dtd_evaluation *e = dtd_new(1, sizeof *e);
  e->settings = *settings;
  e->result = dtd_new(MOST_RESULTS, sizeof *e->result);
  choose_methods(e, explainer);
  bool never_inked[DTD_PAIR_PIXELS];
  dtd_never_inked(never_inked, training_digits);
  struct dtd_pair_settings own = *pair_settings;
  own.seed = settings->seed;
  own.translation = 0;
  for (int s = 0; s < DTD_SETS; s++) {
    bool one = s == DTD_SET_ONE_TARGET;
    own.mode = one ? DTD_ONE_TARGET : DTD_INDEPENDENT;
    own.stream = one ? "pairs/test-one-target" : "pairs/test";
    struct dtd_sampler *sampler = dtd_sampler_new(digits, &own);
    draw_set(&e->set[s], one ? "one-target" : "independent", sampler,
             settings->pairs);
    if (!one) evaluate_scores(e, explainer, sampler);
    dtd_sampler_free(sampler);
    for (int m = 0; m < e->methods; m++)
      explain_set(&e->set[s], m, explainer, never_inked, progress);
  }
  for (int m = 0; m < e->methods; m++) add_method_results(e, m);
  return e;
}

void dtd_evaluation_free(struct dtd_evaluation *e) {
  for (int s = 0; s < DTD_SETS; s++) {
    struct dtd_evaluated_set *set = &e->set[s];
    for (int m = 0; m < e->methods; m++) {
      free(set->by[m].R_p);
      free(set->by[m].measures);
      free(set->by[m].roots);
      free(set->by[m].root_points);
    }
    free(set->images);
    free(set->t);
    free(set->pairs);
  }
  free(e->result);
  free(e);
}
