/* Measures how much heatmaps change when the arbitrary choices are made anew.
 */
#include "evaluate/uniqueness.h"

#include <math.h>

#include "base/memory.h"
#include "evaluate/certified_heatmaps.h"
#include "relevance/relevance_learner.h"

struct dtd_uniqueness_settings dtd_uniqueness_defaults(void) {
  return (struct dtd_uniqueness_settings){.examples = 20, .iterations = 2000};
}

double dtd_heatmap_change(const float *R_p, const float *other, int pixels) {
  double moved = 0, size = 0;
  for (int p = 0; p < pixels; p++) {
    double a = (double)R_p[p], b = (double)other[p];
    moved += fabs(a - b);
    size += (fabs(a) + fabs(b)) / 2;
  }
  return size == 0 ? 0 : moved / size;
}

/* ---- training a relevance model anew ---- */

/* The rate of a shorter training: it rises for as large a part of it. */
static struct dtd_rate
shortened(const struct dtd_uniqueness_settings *settings) {
  struct dtd_rate rate = settings->rate;
  rate.rise = (long)((double)rate.rise * settings->iterations /
                     (double)settings->training.iterations);
  return rate;
}

/* Learns for `iterations` beside a network whose learning rate is 0. */
static void learn(struct dtd_relevance_model *model,
                  const struct dtd_network *network,
                  const struct dtd_sampler *pairs,
                  const struct dtd_uniqueness_settings *settings,
                  const struct dtd_rule *upper_rule) {
  struct dtd_training_settings training = settings->training;
  training.iterations = training.evaluate_every = settings->iterations;
  training.rate.start = 0;
  training.evaluation_pairs = 1; /* none is evaluated */
  struct dtd_network *still = dtd_network_copy(network);
  struct dtd_trainer *trainer = dtd_trainer_new(still, pairs, pairs, &training);
  dtd_relevance_model_store(model, dtd_kernel_weights(training.kernel),
                            DTD_PIXEL_LOW);
  struct dtd_relevance_learner *learner =
      dtd_relevance_learner_new(model, still, upper_rule, training.batch);
  struct dtd_learner face = dtd_as_learner(learner, shortened(settings));
  dtd_trainer_add(trainer, &face);
  while (trainer->iteration < settings->iterations) dtd_trainer_step(trainer);
  dtd_trainer_write_weights(trainer);
  dtd_trainer_free(trainer);
  dtd_relevance_learner_free(learner);
  dtd_network_free(still);
}

/* Heatmaps by a relevance model trained from `seed`. */
static void explain_retrained(float *R_p, const struct dtd_explainer *explainer,
                              const struct dtd_method *method,
                              const float *images, int count, uint64_t seed,
                              const struct dtd_sampler *pairs,
                              const struct dtd_uniqueness_settings *settings) {
  const struct dtd_network *network = explainer->network;
  int batch = settings->training.batch;
  struct dtd_relevance_model *model = dtd_relevance_model_like(
      dtd_explainer_decomposition(explainer, method->model)->model[0],
      &network->layer[0], count > batch ? count : batch);
  model->kind->initialise(model, seed, settings->deviation,
                          settings->top_down_deviation);
  learn(model, network, pairs, settings, explainer->settings.upper_rule);
  struct dtd_explainer *anew =
      dtd_explainer_new(network, NULL, &explainer->settings, count);
  dtd_explainer_add(anew, model);
  dtd_explain(R_p, NULL, anew, method, images, count);
  dtd_explainer_free(anew);
  dtd_relevance_model_free(model);
}

/* ---- finding heatmaps again ---- */

/* Two sets of heatmaps that differ by the arbitrary choices alone. */
static void explain_twice(float *R_p, float *other,
                          struct dtd_explainer *explainer,
                          const struct dtd_method *method, const float *images,
                          int count, const struct dtd_sampler *pairs,
                          const struct dtd_uniqueness_settings *settings) {
  if (dtd_method_is_trained(method)) {
    explain_retrained(R_p, explainer, method, images, count, settings->seed,
                      pairs, settings);
    explain_retrained(other, explainer, method, images, count,
                      settings->seed + 1, pairs, settings);
    return;
  }
  dtd_certified_heatmaps(R_p, explainer, method, images, count);
  struct dtd_root_settings *root = &explainer->settings.root;
  root->first_start += root->starts; /* none of those tried before */
  dtd_certified_heatmaps(other, explainer, method, images, count);
  root->first_start -= root->starts;
}

void dtd_uniqueness_measure(struct dtd_evaluation *e,
                            struct dtd_explainer *explainer,
                            const struct dtd_digits *training_digits,
                            const struct dtd_uniqueness_settings *settings) {
  const struct dtd_evaluated_set *set = &e->set[DTD_SET_ONE_TARGET];
  struct dtd_sampler *pairs =
      dtd_sampler_new(training_digits, &settings->pairs);
  for (int m = 0; m < e->methods; m++) {
    const struct dtd_explained *by = &set->by[m];
    int count = by->count < settings->examples ? by->count : settings->examples;
    size_t pixels = (size_t)count * DTD_PAIR_PIXELS;
    float *R_p = dtd_new(2 * pixels, sizeof *R_p), *other = R_p + pixels;
    double *change = dtd_new((size_t)count, sizeof *change);
    explain_twice(R_p, other, explainer, by->method, set->images, count, pairs,
                  settings);
    for (int n = 0; n < count; n++)
      change[n] = dtd_heatmap_change(R_p + (long)n * DTD_PAIR_PIXELS,
                                     other + (long)n * DTD_PAIR_PIXELS,
                                     DTD_PAIR_PIXELS);
    dtd_result_estimate(e, by->method->name, "arbitrary_change", change, NULL,
                        count);
    dtd_free(R_p);
    dtd_free(change);
  }
  dtd_sampler_free(pairs);
}
