/* Lets a relevance model learn beside the network, from the true relevance. */
#include "relevance/relevance_learner.h"

#include <stdlib.h>

#include "relevance/decomposition.h"
#include "base/die.h"
#include "linear/product.h"
#include "base/memory.h"

enum { FIRST = 0, SECOND = 1 }; /* layers */

struct dtd_relevance_learner {
  struct dtd_relevance_model *model;
  struct dtd_relevance_learner *first; /* whose `above` and `site` it uses */
  struct dtd_decomposition *above;     /* of the second layer and up */
  struct dtd_site site;                /* of this batch */
  float *R_j;                          /* (capacity, own units) */
};

static void check_capacity(const struct dtd_relevance_model *model,
                           int capacity) {
  if (model->capacity < capacity)
    dtd_die(DTD_FAILURE, model->kind->name, NULL, "holds %d examples, not %d",
            model->capacity, capacity);
}

static struct dtd_relevance_learner *
new_learner(struct dtd_relevance_model *model,
            struct dtd_relevance_learner *first, int capacity) {
  struct dtd_relevance_learner *learner = dtd_new(1, sizeof *learner);
  size_t units = (size_t)model->detection.shape.units;
  learner->model = model;
  learner->first = first ? first : learner;
  learner->R_j = dtd_new((size_t)capacity * units, sizeof *learner->R_j);
  return learner;
}

struct dtd_relevance_learner *
dtd_relevance_learner_new(struct dtd_relevance_model *model,
                          const struct dtd_network *network,
                          const struct dtd_rule *upper_rule, int capacity) {
  if (network->depth < 2)
    dtd_die(DTD_USAGE, model->kind->name, "use two detection layers or more",
            "a network of one layer has no upper relevance to learn from");
  check_capacity(model, capacity);
  struct dtd_relevance_learner *learner = new_learner(model, NULL, capacity);
  learner->above = dtd_decomposition_new(network, NULL, upper_rule, upper_rule,
                                         0, 0, capacity);
  return learner;
}

struct dtd_relevance_learner *
dtd_relevance_learner_beside(struct dtd_relevance_model *model,
                             struct dtd_relevance_learner *first) {
  check_capacity(model, first->above->capacity);
  return new_learner(model, first, first->above->capacity);
}

/* The true R_l and R_k of the first layer, for the network as it is now. */
static struct dtd_site true_relevance(struct dtd_relevance_learner *learner,
                                      const struct dtd_activations *act) {
  struct dtd_decomposition *above = learner->first->above;
  dtd_decomposition_update(above, SECOND);
  dtd_decompose(above, act, SECOND);
  return dtd_site_at(above, act, FIRST);
}

static void prepare(void *self, const struct dtd_activations *act) {
  struct dtd_relevance_learner *learner = self;
  learner->site = true_relevance(learner, act);
}

static double learn(void *self, const struct dtd_inputs *x, double rate) {
  struct dtd_relevance_learner *learner = self;
  struct dtd_site site = learner->first->site;
  site.x_i = *x;
  return learner->model->kind->learn(learner->model, (float)-rate,
                                     learner->model, &site);
}

/* Whether any of the batch has a number above 0 in this column. */
static bool is_on(const float *matrix, int column, int batch, int columns) {
  for (int n = 0; n < batch; n++)
    if (matrix[(long)n * columns + column] > 0) return true;
  return false;
}

/* Units that are never on, and pools of them. A pool without relevance is
   predicted by units that are off. */
static struct dtd_dead count_dead(const struct dtd_relevance_learner *learner,
                                  const struct dtd_site *site) {
  const struct dtd_layer_shape *shape = &learner->model->detection.shape;
  int pools = dtd_layer_outputs(shape);
  struct dtd_dead dead = {0};
  for (int k = 0; k < pools; k++) {
    int off = 0;
    for (int j = k * shape->pool; j < (k + 1) * shape->pool; j++)
      off += !is_on(learner->R_j, j, site->batch, shape->units);
    dead.units += off;
    dead.pools += off == shape->pool && is_on(site->R_k, k, site->batch, pools);
  }
  return dead;
}

/* sum_k Rhat_k = sum_j R_j, which should be f(x). */
static void predict(float *total, struct dtd_dead *dead, void *self,
                    const struct dtd_activations *act) {
  struct dtd_relevance_learner *learner = self;
  struct dtd_site site = true_relevance(learner, act);
  dtd_model_relevance(learner->R_j, learner->model, &site);
  dtd_sum_rows(total, learner->R_j, act->batch,
               learner->model->detection.shape.units);
  *dead = count_dead(learner, &site);
}

struct dtd_learner dtd_as_learner(struct dtd_relevance_learner *learner,
                                  struct dtd_rate rate) {
  return (struct dtd_learner){
      .name = learner->model->kind->name,
      .self = learner,
      .reads = learner->model->detection.weights,
      .prepare = learner->first == learner ? prepare : NULL,
      .learn = learn,
      .predict = predict,
      .rate = rate,
      .parameter = learner->model->parameter,
      .parameters = learner->model->parameters,
  };
}

void dtd_relevance_learner_free(struct dtd_relevance_learner *learner) {
  if (!learner) return;
  dtd_decomposition_free(learner->above);
  dtd_free(learner->R_j);
  dtd_free(learner);
}
