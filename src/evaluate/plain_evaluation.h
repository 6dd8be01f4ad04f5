/* A whole evaluation of a small network on made-up digits, for tests.

   TEST_GROUP(set_up, tear_down) gives them `bench` and its `evaluation`. */
#ifndef DTD_PLAIN_EVALUATION_H
#define DTD_PLAIN_EVALUATION_H

#include "base/test.h"
#include "evaluate/evaluation.h"
#include "linear/mat.h"
#include "network/plain_digits.h"
#include "network/test_network.h"

enum { P = DTD_PAIR_PIXELS, CAPACITY = 16 };

/* Of the usual methods, once the tests are set up. */
static struct dtd_evaluation_settings plain_settings = {.scores = 60,
                                                        .pairs = 30,
                                                        .roots = 6,
                                                        .flips = 8,
                                                        .repeats = 5,
                                                        .slow_repeats = 2,
                                                        .bootstrap = 50,
                                                        .seed = 3};

/* A network that was never trained, with most scores above 50 and some below:
   every measure is defined, whatever it says. */
struct bench {
  struct dtd_digits digits, training;
  struct dtd_network *net;
  struct dtd_relevance_model *minmax, *units; /* the second has 5 a pool */
  struct dtd_explainer *explainer;
  struct dtd_pair_settings pairs;
};

static inline struct bench open_bench(bool with_minmax) {
  const struct dtd_layer_shape shape[] = {LAYER(P, 12, 4), LAYER(3, 8, 8)};
  struct dtd_explanation_settings settings = {.first_rule = dtd_rule_find("zB"),
                                              .upper_rule = dtd_rule_find("z+"),
                                              .root = dtd_root_defaults(),
                                              .integrated_steps = 3,
                                              .smooth_samples = 3,
                                              .smooth_deviation = 0.1,
                                              .low = DTD_PIXEL_LOW,
                                              .high = DTD_PIXEL_HIGH};
  settings.root.evaluations = 40; /* the roots need not be the nearest here */
  settings.root.starts = 1;
  struct bench b = {.digits = plain_digits(100, 1),
                    .training = plain_digits(100, 2),
                    .net = random_network(shape, 2, 4)};
  for (int i = 0; i < 3 * 8; i++) b.net->layer[1].w[i] *= 3.15f;
  if (with_minmax) {
    b.minmax = dtd_relevance_model_new(dtd_model_kind_find("minmax"),
                                       &b.net->layer[0], 8, CAPACITY);
    b.minmax->kind->initialise(b.minmax, 5, 0.3, 0.001);
  }
  b.explainer = dtd_explainer_new(b.net, b.minmax, &settings, CAPACITY);
  if (with_minmax) {
    b.units = dtd_relevance_model_sized(dtd_model_kind_find("minmax-units"),
                                        &b.net->layer[0], 5, 8, CAPACITY);
    b.units->kind->initialise(b.units, 5, 0.3, 0.001);
    dtd_explainer_add(b.explainer, b.units);
  }
  b.pairs = (struct dtd_pair_settings){.seed = 77,
                                       .stream = "pairs/train",
                                       .translation = 3,
                                       .is_target = {1, 1, 1, 1}};
  return b;
}

static inline void close_bench(struct bench *b) {
  dtd_explainer_free(b->explainer);
  dtd_relevance_model_free(b->minmax);
  dtd_relevance_model_free(b->units);
  dtd_network_free(b->net);
  dtd_digits_free(&b->digits);
  dtd_digits_free(&b->training);
}

static inline struct dtd_evaluation *
run(struct bench *b, const struct dtd_evaluation_settings *settings) {
  return dtd_evaluate(b->explainer, &b->digits, &b->training, &b->pairs,
                      settings, NULL);
}

/* One evaluation that tests examine. */
static struct bench bench;
static struct dtd_evaluation *evaluation;

static inline void set_up(void) {
  dtd_threads(2);
  bench = open_bench(true);
  for (int m = 0; dtd_methods[m]; m++)
    plain_settings.skip[m] = !dtd_method_is_usual(dtd_methods[m]);
  evaluation = run(&bench, &plain_settings);
}

static inline void tear_down(void) {
  dtd_evaluation_free(evaluation);
  close_bench(&bench);
}

static inline int n_of(const char *subject, const char *metric) {
  return dtd_result_find(evaluation, subject, metric)->estimate.n;
}

static inline double value_of(const char *subject, const char *metric) {
  return dtd_result_find(evaluation, subject, metric)->estimate.value;
}

#endif
