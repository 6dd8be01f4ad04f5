/* A whole evaluation of a small network on made-up digits, for tests.

   TEST_GROUP(set_up, NULL) gives them `bench` and its `evaluation`. */
#ifndef DTD_TEST_EVALUATION_H
#define DTD_TEST_EVALUATION_H

#include "base/test.h"
#include "evaluate/evaluation.h"
#include "linear/threads.h"
#include "explain/test_explainer.h"
#include "files/test_digits.h"

TEST_OWNS(evaluation)

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
   every measure is defined. */
struct bench {
  struct dtd_digits digits, training;
  struct dtd_network *net;
  struct dtd_relevance_model *minmax, *units; /* the second has 5 a pool */
  struct dtd_explainer *explainer;
  struct dtd_pair_settings pairs;
};

static inline struct bench open_bench(bool with_minmax) {
  const struct dtd_layer_shape shape[] = {LAYER(P, 12, 4), LAYER(3, 8, 8)};
  struct bench b = {.digits = plain_digits(100, 1),
                    .training = plain_digits(100, 2),
                    .net = random_network(shape, 2, 4)};
  for (int i = 0; i < 3 * 8; i++) b.net->layer[1].w[i] *= 3.15f;
  if (with_minmax) {
    b.minmax = random_model("minmax", b.net, 0, CAPACITY, 5, 0.3, 0.001);
  }
  b.explainer = quick_explainer(b.net, b.minmax, CAPACITY);
  b.explainer->settings.root = dtd_root_defaults(); /* all are certified */
  if (with_minmax) {
    b.units = random_model("minmax-units", b.net, 5, CAPACITY, 5, 0.3, 0.001);
    dtd_explainer_add(b.explainer, b.units);
  }
  b.pairs = (struct dtd_pair_settings){.seed = 77,
                                       .stream = "pairs/train",
                                       .translation = 3,
                                       .is_target = {1, 1, 1, 1}};
  return b;
}

static inline struct dtd_evaluation *
run(struct bench *b, const struct dtd_evaluation_settings *settings) {
  return own_evaluation(dtd_evaluate(b->explainer, &b->digits, &b->training,
                                     &b->pairs, settings, NULL));
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

static inline int n_of(const char *subject, const char *metric) {
  return dtd_result_find(evaluation, subject, metric)->estimate.n;
}

static inline double value_of(const char *subject, const char *metric) {
  return dtd_result_find(evaluation, subject, metric)->estimate.value;
}

#endif
