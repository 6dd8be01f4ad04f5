/* A trained network with its relevance models, read from model.safetensors and
   ready to explain. */
#include "explain/trained_model.h"

#include <stdio.h>

#include "base/die.h"
#include "base/memory.h"

/* The file's relevance model of one kind, or null. The number of its units in a
   pool follows from the shape of v_ij. */
static struct dtd_relevance_model *
read_relevance(const struct dtd_model_kind *kind,
               const struct dtd_tensors *tensors,
               const struct dtd_network *network, int capacity) {
  char weight[DTD_MOST_MODEL_NAME + 16];
  const struct dtd_layer *layer = &network->layer[0];
  size_t units;
  snprintf(weight, sizeof weight, "%s.weight", kind->name);
  if (!kind->trained || network->depth < 2 ||
      !dtd_tensors_find(tensors, weight, &units, NULL))
    return NULL;
  int pool = (int)(units / (size_t)dtd_layer_outputs(&layer->shape));
  struct dtd_relevance_model *model =
      dtd_relevance_model_sized(kind, layer, pool > 0 ? pool : 1,
                                network->layer[1].shape.units, capacity);
  dtd_model_parameters(model->parameter, model->parameters, tensors);
  return model;
}

static void read_relevances(struct dtd_trained_model *model,
                            const struct dtd_tensors *tensors, int capacity) {
  for (int n = 0; dtd_model_kinds[n]; n++) {
    struct dtd_relevance_model *relevance =
        read_relevance(dtd_model_kinds[n], tensors, model->network, capacity);
    if (!relevance) continue;
    dtd_explainer_add(model->explainer, relevance);
    model->relevance[model->relevances++] = relevance;
  }
}

struct dtd_trained_model *
dtd_trained_model_read(const char *path,
                       const struct dtd_explanation_settings *settings,
                       int capacity) {
  struct dtd_tensors *tensors = dtd_tensors_read(path);
  struct dtd_trained_model *model = dtd_new(1, sizeof *model);
  struct dtd_explanation_settings own = *settings;
  struct dtd_model_facts facts = dtd_model_facts(tensors);
  own.low = facts.low;
  own.high = facts.high;
  model->network =
      dtd_model_network(tensors, own.first_rule->bias_in_denominator &&
                                     own.upper_rule->bias_in_denominator);
  if (model->network->layer[0].shape.inputs != DTD_PAIR_PIXELS)
    dtd_die(DTD_FAILURE, path, "give a model of pairs of digits",
            "its network reads %d inputs, not %d pixels",
            model->network->layer[0].shape.inputs, DTD_PAIR_PIXELS);
  model->explainer = dtd_explainer_new(model->network, NULL, &own, capacity);
  read_relevances(model, tensors, capacity);
  dtd_tensors_free(tensors);
  return model;
}

void dtd_trained_model_free(struct dtd_trained_model *model) {
  if (!model) return;
  dtd_explainer_free(model->explainer);
  for (int n = 0; n < model->relevances; n++)
    dtd_relevance_model_free(model->relevance[n]);
  dtd_network_free(model->network);
  dtd_free(model);
}
