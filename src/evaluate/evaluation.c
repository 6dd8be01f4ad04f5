/* Explains test pairs with the methods asked for and gathers what is to be
 * reported. */
#include "evaluate/evaluation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "evaluate/continuity.h"
#include "base/die.h"
#include "linear/mat.h"
#include "base/memory.h"
#include "evaluate/randomisation.h"
#include "evaluate/rank.h"

enum { MOST_RESULTS = 1024 };

static int least(int a, int b) {
  return a < b ? a : b;
}

/* ---- results ---- */

static const struct dtd_metric *metric_of(const char *subject,
                                          const char *name) {
  const struct dtd_metric *metric = dtd_metric_find(subject, name);
  if (!metric)
    dtd_die(DTD_FAILURE, name, "add a row to dtd_metrics",
            "is measured of %s but not described", subject);
  return metric;
}

static void add(struct dtd_evaluation *e, const char *subject,
                const struct dtd_metric *metric, struct dtd_estimate estimate) {
  if (e->results == MOST_RESULTS)
    dtd_die(DTD_FAILURE, metric->name, "raise MOST_RESULTS",
            "too many results");
  e->result[e->results++] = (struct dtd_result){
      subject, metric->name, dtd_set_names[metric->set], estimate};
}

void dtd_result_add(struct dtd_evaluation *e, const char *subject,
                    const char *metric, struct dtd_estimate estimate) {
  add(e, subject, metric_of(subject, metric), estimate);
}

void dtd_result_estimate(struct dtd_evaluation *e, const char *subject,
                         const char *name, const double *a, const double *b,
                         int count) {
  const struct dtd_metric *metric = metric_of(subject, name);
  add(e, subject, metric,
      dtd_estimate(metric->statistic, a, b, count, e->settings.bootstrap,
                   e->settings.seed));
}

/* A metric of one method; where its statistic wants b, that is observed of
   `other`, which may be the same method. */
static struct dtd_estimate estimate_metric(const struct dtd_evaluation *e,
                                           const struct dtd_metric *metric,
                                           int method, int other) {
  const struct dtd_evaluated_set *set = &e->set[metric->set];
  const struct dtd_explained *by = &set->by[method],
                             *by_other = &set->by[other];
  int count = least(by->count, by_other->count);
  double *a = dtd_new((size_t)count, sizeof *a);
  double *b = metric->b ? dtd_new((size_t)count, sizeof *b) : NULL;
  for (int n = 0; n < count; n++) {
    a[n] = metric->a(&by->measures[n]);
    if (b) b[n] = metric->b(&by_other->measures[n]);
  }
  struct dtd_estimate estimate = dtd_estimate(
      metric->statistic, a, b, count, e->settings.bootstrap, e->settings.seed);
  dtd_free(a);
  dtd_free(b);
  return estimate;
}

static void add_metric(struct dtd_evaluation *e,
                       const struct dtd_metric *metric, int method, int other) {
  add(e, e->set[metric->set].by[method].method->name, metric,
      estimate_metric(e, metric, method, other));
}

/* The index of a method among those evaluated, or -1. */
static int method_index(const struct dtd_evaluation *e, const char *name) {
  for (int m = 0; m < e->methods; m++)
    if (!strcmp(e->set[0].by[m].method->name, name)) return m;
  return -1;
}

static void add_method_results(struct dtd_evaluation *e, int method) {
  const struct dtd_explained *by = &e->set[DTD_SET_ONE_TARGET].by[method];
  int reference = method_index(e, dtd_reference_method);
  bool beside = reference >= 0 && reference != method;
  for (const struct dtd_metric *m = dtd_metrics; m->name; m++)
    if (m->a && m->subject == DTD_OF_METHOD)
      add_metric(e, m, method, method);
    else if (m->a && beside)
      add_metric(e, m, method, reference);
  dtd_result_add(
      e, by->method->name, "seconds",
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

struct dtd_estimate dtd_compare(const struct dtd_evaluation *e,
                                const char *metric, const char *subject,
                                const char *against) {
  int one = method_index(e, subject), other = method_index(e, against);
  for (const struct dtd_metric *m = dtd_metrics; m->name; m++) {
    if (strcmp(m->name, metric) || m->statistic != dtd_mean || !m->a) continue;
    if (one < 0 || other < 0) break;
    struct dtd_metric difference = *m;
    difference.statistic = dtd_difference;
    difference.b = m->a;
    return estimate_metric(e, &difference, one, other);
  }
  return (struct dtd_estimate){NAN, NAN, NAN, 0};
}

/* ---- the network and its relevance models on the scores set ---- */

static double seconds_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* What one relevance model predicts. */
struct fit {
  const struct dtd_model_kind *kind;
  struct dtd_decomposition *by;
  double *predicted, *misfit; /* sum_k Rhat_k, and what it has more than f */
};

struct scores {
  double *error;   /* f - t */
  double *correct; /* 1 or 0 */
  double *f;
  struct fit fit[DTD_MOST_MODELS];
  int fits;
  double seconds; /* for all forward passes */
};

static void fit_batch(struct fit *fit, const struct dtd_activations *act,
                      int first) {
  struct dtd_decomposition *by = fit->by;
  float *predicted = dtd_new((size_t)act->batch, sizeof *predicted);
  dtd_decompose(by, act, 1);
  struct dtd_site site = dtd_site_at(by, act, 0);
  dtd_model_relevance(by->R_j[0], by->model[0], &site);
  dtd_sum_rows(predicted, by->R_j[0], act->batch,
               by->model[0]->detection.shape.units);
  for (int n = 0; n < act->batch; n++) {
    fit->predicted[first + n] = (double)predicted[n];
    fit->misfit[first + n] = (double)predicted[n] - (double)dtd_score(act)[n];
  }
  dtd_free(predicted);
}

/* Runs one batch of pairs and notes what is measured of it. */
static void score_batch(struct scores *s, struct dtd_explainer *explainer,
                        const float *images, const float *t, int first,
                        int batch) {
  double start = seconds_now();
  dtd_forward(explainer->act, explainer->network, images, batch);
  s->seconds += seconds_now() - start;
  const float *f = dtd_score(explainer->act);
  for (int i = 0; i < s->fits; i++)
    fit_batch(&s->fit[i], explainer->act, first);
  for (int n = 0; n < batch; n++) {
    int at = first + n;
    s->error[at] = (double)f[n] - t[n];
    s->correct[at] = (f[n] > DTD_CONFIDENT) == (t[n] > DTD_CONFIDENT);
    s->f[at] = f[n];
  }
}

/* Every trained relevance model that the explainer has. */
static void open_fits(struct scores *s, const struct dtd_explainer *explainer,
                      int count) {
  for (int n = 0; dtd_model_kinds[n] && s->fits < DTD_MOST_MODELS; n++) {
    const struct dtd_model_kind *kind = dtd_model_kinds[n];
    struct dtd_decomposition *by = dtd_explainer_decomposition(explainer, kind);
    if (!kind->trained || !by) continue;
    double *both = dtd_new(2 * (size_t)count, sizeof *both);
    s->fit[s->fits++] = (struct fit){kind, by, both, both + count};
  }
}

/* How well sum_k Rhat_k, which should be f, is. */
static void close_fits(struct dtd_evaluation *e, struct scores *s, int count) {
  for (int i = 0; i < s->fits; i++) {
    struct fit *fit = &s->fit[i];
    const char *name = fit->kind->name;
    dtd_result_estimate(e, name, "rms", fit->misfit, NULL, count);
    dtd_result_estimate(e, name, "correlation", fit->predicted, s->f, count);
    dtd_free(fit->predicted);
  }
}

static void evaluate_scores(struct dtd_evaluation *e,
                            struct dtd_explainer *explainer,
                            const struct dtd_sampler *sampler) {
  int count = e->settings.scores, capacity = explainer->capacity;
  double *all = dtd_new(3 * (size_t)count, sizeof *all);
  struct scores s = {
      .error = all, .correct = all + count, .f = all + 2 * (long)count};
  open_fits(&s, explainer, count);
  float *images = dtd_new((size_t)capacity * DTD_PAIR_PIXELS, sizeof *images);
  float *t = dtd_new((size_t)capacity, sizeof *t);
  for (int first = 0; first < count; first += capacity) {
    int batch = count - first < capacity ? count - first : capacity;
    dtd_pairs_draw(images, t, NULL, sampler, (uint64_t)first, batch);
    score_batch(&s, explainer, images, t, first, batch);
  }
  dtd_result_estimate(e, "network", "mse", s.error, NULL, count);
  dtd_result_estimate(e, "network", "accuracy", s.correct, NULL, count);
  dtd_result_add(e, "network", "seconds",
                 (struct dtd_estimate){s.seconds / count, NAN, NAN, count});
  close_fits(e, &s, count);
  dtd_free(all);
  dtd_free(images);
  dtd_free(t);
}

/* ---- explaining the two sets ---- */

/* Keeps the roots that the method has left in the explainer. */
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
               explainer->walked->model[0]->detection.shape.units);
  for (int n = 0; n < batch; n++) measures[n].entered = (double)sums[n];
  dtd_free(sums);
}

/* Where the relevance of a batch went on its way. */
static void keep_books(struct dtd_explained *by,
                       const struct dtd_explainer *explainer, int first,
                       int batch) {
  for (int n = first; n < first + batch; n++) {
    struct dtd_ledger_entry entries[DTD_MOST_ENTRIES];
    const struct dtd_measures *m = &by->measures[n];
    by->entries = explainer->walked
                      ? dtd_ledger_of_decomposition(entries, explainer->walked,
                                                    explainer->act, n - first)
                      : dtd_ledger_of_sum(entries, m->f, m->sum_r,
                                          by->roots ? &by->roots[n] : NULL);
    size_t rows = (size_t)by->entries;
    if (!by->ledger)
      by->ledger = dtd_new((size_t)by->count * rows, sizeof *entries);
    memcpy(by->ledger + (size_t)n * rows, entries, rows * sizeof *entries);
  }
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
  if (by->method->finds_roots) {
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
#pragma omp parallel for schedule(static)
    for (int n = 0; n < batch; n++)
      by->measures[first + n] =
          dtd_measure(R_p + (long)n * DTD_PAIR_PIXELS, (double)f[n],
                      images + (long)n * DTD_PAIR_PIXELS,
                      &set->pairs[first + n], never_inked);
    note_entered(by->measures + first, explainer, batch);
    keep_books(by, explainer, first, batch);
    if (progress) progress(by->method->name, first + batch, by->count);
  }
  dtd_free(f);
}

/* ---- what takes more than one heatmap a pair ---- */

/* Curve k of pair n. */
static void flip_pair(struct dtd_curves *curves, long n, int k,
                      const struct dtd_evaluated_set *set, const float *R_p,
                      struct dtd_activations *act,
                      const struct dtd_network *network, uint64_t seed) {
  const struct dtd_flipping *flipping = &dtd_flippings[k];
  int length = flipping->steps + 1;
  struct dtd_rng rng =
      dtd_rng_open(seed, R_p ? "flipping/ties" : "flipping/random-order",
                   (uint64_t)n * DTD_FLIPPINGS + (uint64_t)k);
  double *curve = curves->at[k] + n * length;
  double f =
      dtd_flip(curve, flipping, act, network, set->images + n * DTD_PAIR_PIXELS,
               R_p ? R_p + n * DTD_PAIR_PIXELS : NULL, &rng);
  for (int s = 0; s < length && !(f > DTD_CONFIDENT); s++) curve[s] = NAN;
}

/* Flips the pixels of the first pairs in the order of R_p (count, 28, 56), or
   in random order when it is null. */
static struct dtd_curves flip_pairs(const struct dtd_evaluated_set *set,
                                    const float *R_p, int count,
                                    const struct dtd_network *network,
                                    uint64_t seed) {
  struct dtd_curves curves = {.count = count};
  for (int k = 0; k < DTD_FLIPPINGS; k++)
    curves.at[k] = dtd_new((size_t)count * (size_t)(dtd_flippings[k].steps + 1),
                           sizeof(double));
#pragma omp parallel
  {
    struct dtd_activations *act =
        dtd_activations_new(network, DTD_MOST_FLIPPING_STEPS + 1);
#pragma omp for schedule(static)
    for (long n = 0; n < (long)count * DTD_FLIPPINGS; n++)
      flip_pair(&curves, n / DTD_FLIPPINGS, (int)(n % DTD_FLIPPINGS), set, R_p,
                act, network, seed);
    dtd_activations_free(act);
  }
  return curves;
}

/* The areas of pair n's curves, and their gains on random order. */
static void measure_curves(struct dtd_measures *v,
                           const struct dtd_curves *curves,
                           const struct dtd_curves *random, long n) {
  const struct dtd_flipping *pixel = &dtd_flippings[0];
  const struct dtd_flipping *block = &dtd_flippings[1];
  const double *g = curves->at[0] + n * (pixel->steps + 1);
  const double *h = random->at[0] + n * (pixel->steps + 1);
  v->flipping_area = dtd_flipping_area(g, pixel->steps);
  v->flipping_gain = dtd_flipping_area(h, pixel->steps) - v->flipping_area;
  v->flipping_area_early = dtd_flipping_area(g, pixel->early);
  v->flipping_gain_early =
      dtd_flipping_area(h, pixel->early) - v->flipping_area_early;
  g = curves->at[1] + n * (block->steps + 1);
  h = random->at[1] + n * (block->steps + 1);
  v->aopc = dtd_aopc(g, block->steps);
  v->aopc_gain = v->aopc - dtd_aopc(h, block->steps);
  v->aopc_early = dtd_aopc(g, block->early);
  v->aopc_gain_early = v->aopc_early - dtd_aopc(h, block->early);
}

/* What the network makes of a black image, where every curve ends. */
static void add_black_score(struct dtd_evaluation *e,
                            struct dtd_explainer *explainer) {
  float black[DTD_PAIR_PIXELS];
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) black[p] = DTD_PIXEL_LOW;
  dtd_forward(explainer->act, explainer->network, black, 1);
  double f = (double)dtd_score(explainer->act)[0];
  dtd_result_add(e, "network", "black_score",
                 (struct dtd_estimate){f, NAN, NAN, 1});
}

static void flip_set(struct dtd_evaluation *e, struct dtd_explainer *explainer,
                     dtd_evaluation_progress *progress) {
  struct dtd_evaluated_set *set = &e->set[DTD_SET_ONE_TARGET];
  set->random_order =
      flip_pairs(set, NULL, least(e->settings.flips, set->count),
                 explainer->network, e->settings.seed);
  for (int m = 0; m < e->methods; m++) {
    struct dtd_explained *by = &set->by[m];
    by->curves = flip_pairs(set, by->R_p, least(e->settings.flips, by->count),
                            explainer->network, e->settings.seed);
    for (long n = 0; n < by->curves.count; n++)
      measure_curves(&by->measures[n], &by->curves, &set->random_order, n);
    if (progress) progress("flipping", m + 1, e->methods);
  }
  add_black_score(e, explainer);
}

static void move_set(struct dtd_evaluation *e, struct dtd_explainer *explainer,
                     dtd_evaluation_progress *progress) {
  struct dtd_evaluated_set *set = &e->set[DTD_SET_ONE_TARGET];
  for (int m = 0; m < e->methods; m++) {
    struct dtd_explained *by = &set->by[m];
    struct dtd_continuity *moved = dtd_new((size_t)by->repeats, sizeof *moved);
    dtd_continuity(moved, explainer, by->method, set->images, by->R_p,
                   by->repeats);
    for (int n = 0; n < by->repeats; n++) {
      by->measures[n].continuity = moved[n].absolute;
      by->measures[n].continuity_relative = moved[n].relative;
    }
    dtd_free(moved);
    if (progress) progress("continuity", m + 1, e->methods);
  }
}

/* Explains pair n by models of a draw of its own. */
static void randomise_pair(struct dtd_evaluation *e,
                           const struct dtd_explainer *explainer, long n) {
  struct dtd_evaluated_set *set = &e->set[DTD_SET_ONE_TARGET];
  const float *x = set->images + n * DTD_PAIR_PIXELS;
  float *R_p = dtd_new(DTD_PAIR_PIXELS, sizeof *R_p);
  for (int layers = 1; layers <= e->depth; layers++) {
    struct dtd_trained_model *model = dtd_randomised_model(
        explainer, layers, e->settings.seed, (uint64_t)n, 1);
    for (int m = 0; m < e->methods; m++) {
      struct dtd_explained *by = &set->by[m];
      if (n >= by->repeats) continue;
      dtd_explain(R_p, NULL, model->explainer, by->method, x, 1);
      by->randomised[n * e->depth + layers - 1] =
          by->measures[n].f > DTD_CONFIDENT
              ? dtd_size_correlation(by->R_p + n * DTD_PAIR_PIXELS, R_p,
                                     DTD_PAIR_PIXELS)
              : NAN;
    }
    dtd_trained_model_free(model);
  }
  dtd_free(R_p);
}

static void randomise_set(struct dtd_evaluation *e,
                          const struct dtd_explainer *explainer,
                          dtd_evaluation_progress *progress) {
  enum { CHUNK = 20 }; /* pairs between reports of progress */
  struct dtd_evaluated_set *set = &e->set[DTD_SET_ONE_TARGET];
  int count = least(e->settings.repeats, set->count);
  for (int m = 0; m < e->methods; m++)
    set->by[m].randomised =
        dtd_new((size_t)(set->by[m].repeats * e->depth), sizeof(double));
  for (int first = 0; first < count; first += CHUNK) {
    int end = least(first + CHUNK, count);
#pragma omp parallel for schedule(dynamic)
    for (int n = first; n < end; n++) randomise_pair(e, explainer, n);
    if (progress) progress("re-drawn models", end, count);
  }
  for (int m = 0; m < e->methods; m++)
    for (int n = 0; n < set->by[m].repeats; n++) {
      const double *by_layer = set->by[m].randomised + (long)n * e->depth;
      set->by[m].measures[n].randomised_top = by_layer[0];
      set->by[m].measures[n].randomised_all = by_layer[e->depth - 1];
    }
}

/* Compares every heatmap with the reference method's of the same pair. */
static void compare_set(struct dtd_evaluation *e) {
  struct dtd_evaluated_set *set = &e->set[DTD_SET_ONE_TARGET];
  int reference = method_index(e, dtd_reference_method);
  if (reference < 0) return;
  for (int m = 0; m < e->methods; m++) {
    struct dtd_explained *by = &set->by[m];
    int count = least(by->count, set->by[reference].count);
#pragma omp parallel for schedule(static)
    for (int n = 0; n < count; n++)
      by->measures[n].rank_correlation_free = dtd_rank_correlation(
          by->R_p + (long)n * DTD_PAIR_PIXELS,
          set->by[reference].R_p + (long)n * DTD_PAIR_PIXELS, DTD_PAIR_PIXELS);
  }
}

/* ---- everything ---- */

static void draw_set(struct dtd_evaluated_set *set,
                     const struct dtd_sampler *sampler, int count) {
  set->count = count;
  set->images = dtd_new((size_t)count * DTD_PAIR_PIXELS, sizeof *set->images);
  set->t = dtd_new((size_t)count, sizeof *set->t);
  set->pairs = dtd_new((size_t)count, sizeof *set->pairs);
  dtd_pairs_draw(set->images, set->t, set->pairs, sampler, 0, count);
}

/* The methods asked for that this model can be explained by. */
static void choose_methods(struct dtd_evaluation *e,
                           const struct dtd_explainer *explainer) {
  for (int m = 0; dtd_methods[m] && e->methods < DTD_MOST_METHODS; m++) {
    const struct dtd_method *method = dtd_methods[m];
    if (e->settings.skip[m]) continue;
    if (!dtd_explainer_offers(explainer, method)) continue;
    const struct dtd_evaluation_settings *s = &e->settings;
    for (int i = 0; i < DTD_SETS; i++) {
      struct dtd_explained *by = &e->set[i].by[e->methods];
      by->method = method;
      by->count = method->slow ? least(s->roots, s->pairs) : s->pairs;
      by->repeats =
          least(method->slow ? least(s->slow_repeats, s->repeats) : s->repeats,
                by->count);
    }
    e->methods++;
  }
}

struct dtd_pair_settings
dtd_test_pairs(const struct dtd_pair_settings *training, uint64_t seed,
               enum dtd_set_index set) {
  bool one = set == DTD_SET_ONE_TARGET;
  struct dtd_pair_settings own = *training;
  own.seed = seed;
  own.translation = 0;
  own.mode = one ? DTD_ONE_TARGET : DTD_INDEPENDENT;
  own.stream = one ? "pairs/test-one-target" : "pairs/test";
  return own;
}

struct dtd_evaluation *
dtd_evaluate(struct dtd_explainer *explainer, const struct dtd_digits *digits,
             const struct dtd_digits *training_digits,
             const struct dtd_pair_settings *pair_settings,
             const struct dtd_evaluation_settings *settings,
             dtd_evaluation_progress *progress) {
  struct dtd_evaluation *e = dtd_new(1, sizeof *e);
  e->settings = *settings;
  e->depth = explainer->network->depth;
  e->result = dtd_new(MOST_RESULTS, sizeof *e->result);
  choose_methods(e, explainer);
  bool never_inked[DTD_PAIR_PIXELS];
  dtd_never_inked(never_inked, training_digits);
  for (int s = 0; s < DTD_SETS; s++) {
    struct dtd_pair_settings own =
        dtd_test_pairs(pair_settings, settings->seed, (enum dtd_set_index)s);
    struct dtd_sampler *sampler = dtd_sampler_new(digits, &own);
    e->set[s].name = dtd_set_names[s];
    draw_set(&e->set[s], sampler, settings->pairs);
    if (s == DTD_SET_INDEPENDENT) evaluate_scores(e, explainer, sampler);
    dtd_sampler_free(sampler);
    for (int m = 0; m < e->methods; m++)
      explain_set(&e->set[s], m, explainer, never_inked, progress);
  }
  flip_set(e, explainer, progress);
  move_set(e, explainer, progress);
  randomise_set(e, explainer, progress);
  compare_set(e);
  for (int m = 0; m < e->methods; m++) add_method_results(e, m);
  return e;
}

static void free_curves(struct dtd_curves *curves) {
  for (int k = 0; k < DTD_FLIPPINGS; k++) dtd_free(curves->at[k]);
}

void dtd_evaluation_free(struct dtd_evaluation *e) {
  for (int s = 0; s < DTD_SETS; s++) {
    struct dtd_evaluated_set *set = &e->set[s];
    for (int m = 0; m < e->methods; m++) {
      dtd_free(set->by[m].R_p);
      dtd_free(set->by[m].measures);
      dtd_free(set->by[m].ledger);
      dtd_free(set->by[m].roots);
      dtd_free(set->by[m].root_points);
      free_curves(&set->by[m].curves);
      dtd_free(set->by[m].randomised);
    }
    free_curves(&set->random_order);
    dtd_free(set->images);
    dtd_free(set->t);
    dtd_free(set->pairs);
  }
  dtd_free(e->result);
  dtd_free(e);
}
