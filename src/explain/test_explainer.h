/* Explainers and settings of explanations that take a moment, for tests. */
#ifndef DTD_TEST_EXPLAINER_H
#define DTD_TEST_EXPLAINER_H

#include "explain/explained_network.h"
#include "network/test_network.h"
#include "relevance/test_models.h"

/* Networks of pairs, with two layers and with three. */
static const struct dtd_layer_shape two[] = {LAYER(DTD_PAIR_PIXELS, 40, 4),
                                             LAYER(10, 20, 20)};
static const struct dtd_layer_shape three[] = {
    LAYER_NORM(DTD_PAIR_PIXELS, 24, 3, 2), LAYER(8, 12, 2), LAYER(6, 10, 10)};

TEST_OWNS(explainer)
#define new_explainer(...) own_explainer(dtd_explainer_new(__VA_ARGS__))

/* zB and z+, few samples, and root points that need not be the nearest. */
static inline struct dtd_explanation_settings quick_explanation(void) {
  struct dtd_explanation_settings settings = {.first_rule = dtd_rule_find("zB"),
                                              .upper_rule = dtd_rule_find("z+"),
                                              .root = dtd_root_defaults(),
                                              .integrated_steps = 3,
                                              .smooth_samples = 3,
                                              .smooth_deviation = 0.1,
                                              .low = DTD_PIXEL_LOW,
                                              .high = DTD_PIXEL_HIGH};
  settings.root.evaluations = 40;
  settings.root.starts = 1;
  return settings;
}

/* The same but for the first rule and the pixels' domain. */
static inline struct dtd_explanation_settings
explanation_by(const char *first_rule, float low, float high) {
  struct dtd_explanation_settings settings = quick_explanation();
  settings.first_rule = dtd_rule_find(first_rule);
  settings.low = low, settings.high = high;
  return settings;
}

/* With these, and a min-max model unless it is null. */
static inline struct dtd_explainer *
quick_explainer(const struct dtd_network *net,
                struct dtd_relevance_model *minmax, int capacity) {
  struct dtd_explanation_settings settings = quick_explanation();
  return new_explainer(net, minmax, &settings, capacity);
}

#endif
