/* A trained model out of its file, ready to explain. */
#include "model.h"

#include <stdlib.h>

#include "die.h"
#include "memory.h"

static struct dtd_relevance_model *
read_minmax(const struct dtd_tensors *tensors,
            const struct dtd_network *network, int capacity) {
  if (network->depth < 2 ||
      !dtd_tensors_find(tensors, "minmax.weight", NULL, NULL))
    return NULL;
  struct dtd_relevance_model *minmax =
      dtd_relevance_model_new(dtd_model_kind_find("minmax"), &network->layer[0],
                              network->layer[1].units, capacity);
  dtd_model_parameters(minmax->parameter, minmax->parameters, tensors);
  return minmax;
}

struct dtd_model *
dtd_model_read(const char *path,
               const struct dtd_explanation_settings *settings, int capacity) {
  struct dtd_tensors *tensors = dtd_tensors_read(path);
  struct dtd_model *model = dtd_new(1, sizeof *model);
  struct dtd_explanation_settings own = *settings;
  struct dtd_model_facts facts = dtd_model_facts(tensors);
  own.low = facts.low;
  own.high = facts.high;
  model->network =
      dtd_model_network(tensors, own.first_rule->bias_in_denominator &&
                                     own.upper_rule->bias_in_denominator);
  if (model->network->layer[0].inputs != DTD_PAIR_PIXELS)
    dtd_die(DTD_FAILURE, path, "give a model of pairs of digits",
            "its network reads %d inputs, not %d pixels",
            model->network->layer[0].inputs, DTD_PAIR_PIXELS);
  model->minmax = read_minmax(tensors, model->network, capacity);
  model->explainer =
      dtd_explainer_new(model->network, model->minmax, &own, capacity);
  dtd_tensors_free(tensors);
  return model;
}

void dtd_model_free(struct dtd_model *model) {
  if (!model) return;
  dtd_explainer_free(model->explainer);
  dtd_relevance_model_free(model->minmax);
  dtd_network_free(model->network);
  free(model);
}
