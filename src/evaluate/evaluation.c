/* Explains test pairs with the methods asked for and gathers what is to be
 * reported. */
#include "evaluate/evaluation.h"

#include <math.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "evaluate/further_measures.h"
#include "evaluate/network_scores.h"
#include "evaluate/root_audit.h"

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

static double observe(dtd_observation *of, const struct dtd_measures *m) {
  return m->left_out ? NAN : of(m);
}

/* A metric of one method; where its statistic has a second argument, that is
   observed of `other`, which may be the same method. */
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
    a[n] = observe(metric->a, &by->measures[n]);
    if (b) b[n] = observe(metric->b, &by_other->measures[n]);
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

struct dtd_left_out dtd_left_out(const struct dtd_evaluation *e,
                                 const char *method, enum dtd_set_index set) {
  struct dtd_left_out left_out = {0};
  int index = method_index(e, method);
  if (index < 0) return left_out;
  const struct dtd_explained *by = &e->set[set].by[index];
  left_out.of = by->count;
  for (int n = 0; n < by->count; n++)
    left_out.pairs += by->measures[n].left_out;
  return left_out;
}

void dtd_left_out_print(FILE *output, const struct dtd_evaluation *e) {
  for (int m = 0; m < e->methods; m++)
    for (int s = 0; s < DTD_SETS; s++) {
      const char *name = e->set[s].by[m].method->name;
      struct dtd_left_out left_out =
          dtd_left_out(e, name, (enum dtd_set_index)s);
      if (left_out.pairs)
        fprintf(output,
                "left out of %s: %d of %d %s pairs, whose roots are not "
                "certified\n",
                name, left_out.pairs, left_out.of, e->set[s].name);
    }
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

/* ---- of the network and its relevance models ---- */

static void add_scores(struct dtd_evaluation *e,
                       struct dtd_explainer *explainer,
                       const struct dtd_sampler *sampler) {
  int n = e->settings.scores;
  struct dtd_network_scores *s = dtd_network_scores_new(explainer, sampler, n);
  dtd_result_estimate(e, "network", "mse", s->error, NULL, n);
  dtd_result_estimate(e, "network", "accuracy", s->correct, NULL, n);
  dtd_result_estimate(e, "network", "positive_mean", s->positive, NULL, n);
  dtd_result_estimate(e, "network", "positive_variation", s->positive, NULL, n);
  dtd_result_estimate(e, "network", "negative_mean", s->negative, NULL, n);
  dtd_result_add(e, "network", "seconds",
                 (struct dtd_estimate){s->seconds / n, NAN, NAN, n});
  for (int i = 0; i < s->fits; i++) {
    const struct dtd_model_fit *fit = &s->fit[i];
    dtd_result_estimate(e, fit->model, "rms", fit->misfit, NULL, n);
    dtd_result_estimate(e, fit->model, "correlation", fit->predicted, s->f, n);
    dtd_result_estimate(e, fit->model, "slope", fit->predicted, s->f, n);
  }
  dtd_network_scores_free(s);
}

/* What section 5.2's approximations keep at the roots of the pixels' rule,
   where that has roots (root_audit.h). */
static void add_root_audit(struct dtd_evaluation *e,
                           const struct dtd_explainer *explainer) {
  const struct dtd_explanation_settings *own = &explainer->settings;
  const struct dtd_evaluated_set *set = &e->set[DTD_SET_ONE_TARGET];
  if (!own->first_rule->direction || method_index(e, dtd_reference_method) < 0)
    return;
  struct dtd_root_auditor *auditor = dtd_root_auditor_new(
      explainer->network, 0, own->first_rule, own->low, own->high);
  struct dtd_audit_row rows[DTD_AUDIT_ROWS];
  dtd_root_audit(rows, auditor, set->images,
                 least(e->settings.repeats, set->count), e->settings.bootstrap,
                 e->settings.seed);
  for (int q = 0; q < DTD_AUDIT_ROWS; q++)
    if (!strcmp(rows[q].quantity, "conserved"))
      dtd_result_add(e, dtd_reference_method, "root_conserved",
                     rows[q].estimate);
  dtd_root_auditor_free(auditor);
}

/* ---- everything ---- */

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

static void measure_further(struct dtd_evaluation *e,
                            struct dtd_explainer *explainer,
                            dtd_evaluation_progress *progress) {
  struct dtd_evaluated_set *set = &e->set[DTD_SET_ONE_TARGET];
  const struct dtd_evaluation_settings *s = &e->settings;
  int reference = method_index(e, dtd_reference_method);
  dtd_set_flip(set, e->methods, s->flips, explainer->network, s->seed,
               progress);
  dtd_result_add(
      e, "network", "black_score",
      (struct dtd_estimate){dtd_black_score(explainer), NAN, NAN, 1});
  dtd_set_move(set, e->methods, explainer, progress);
  dtd_set_swap(set, e->methods, explainer, progress);
  dtd_set_randomise(set, e->methods, s->repeats, explainer, s->seed, progress);
  if (reference >= 0) dtd_set_compare(set, e->methods, reference);
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
    dtd_set_draw(&e->set[s], sampler, settings->pairs);
    if (s == DTD_SET_INDEPENDENT) add_scores(e, explainer, sampler);
    dtd_sampler_free(sampler);
    for (int m = 0; m < e->methods; m++)
      dtd_set_explain(&e->set[s], m, explainer, never_inked, progress);
  }
  measure_further(e, explainer, progress);
  for (int m = 0; m < e->methods; m++) add_method_results(e, m);
  add_root_audit(e, explainer);
  return e;
}

void dtd_evaluation_free(struct dtd_evaluation *e) {
  for (int s = 0; s < DTD_SETS; s++) dtd_set_free(&e->set[s], e->methods);
  dtd_free(e->result);
  dtd_free(e);
}
