/* Relevance models with random parameters, for tests. */
#ifndef DTD_TEST_MODELS_H
#define DTD_TEST_MODELS_H

#include "base/test.h"
#include "relevance/relevance_model.h"

TEST_OWNS(relevance_model)
#define new_relevance_model(...)                                               \
  own_relevance_model(dtd_relevance_model_new(__VA_ARGS__))

/* A model of the first layer of `net`, with deviations for v_ij and v_lj; in
   pools of `own_pool` where its kind leaves that open. */
static inline struct dtd_relevance_model *
random_model(const char *kind, const struct dtd_network *net, int own_pool,
             int capacity, uint64_t seed, double deviation,
             double top_down_deviation) {
  struct dtd_relevance_model *model = own_relevance_model(
      dtd_relevance_model_sized(dtd_model_kind_find(kind), &net->layer[0],
                                own_pool, net->layer[1].shape.units, capacity));
  model->kind->initialise(model, seed, deviation, top_down_deviation);
  return model;
}

#endif
