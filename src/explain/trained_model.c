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

static void read_relevances(struct dtd_trained_model *trained,
                            const struct dtd_tensors *tensors, int capacity) {
  for (int n = 0; dtd_model_kinds[n]; n++) {
    struct dtd_relevance_model *relevance =
        read_relevance(dtd_model_kinds[n], tensors, trained->network, capacity);
    if (!relevance) continue;
    dtd_explainer_add(trained->explainer, relevance);
    trained->relevance[trained->relevances++] = relevance;
  }
}

struct dtd_trained_model *
dtd_trained_model_read(const char *path,
                       const struct dtd_explanation_settings *settings,
                       int capacity) {
  struct dtd_tensors *tensors = dtd_tensors_read(path);
  struct dtd_trained_model *trained = dtd_new(1, sizeof *trained);
  struct dtd_explanation_settings own = *settings;
  struct dtd_model_facts facts = dtd_model_facts(tensors);
  own.low = facts.low;
  own.high = facts.high;
  trained->network =
      dtd_model_network(tensors, own.first_rule->bias_in_denominator &&
                                     own.upper_rule->bias_in_denominator);
  if (trained->network->layer[0].shape.inputs != DTD_PAIR_PIXELS)
    dtd_die(DTD_FAILURE, path, "give a model of pairs of digits",
            "its network reads %d inputs, not %d pixels",
            trained->network->layer[0].shape.inputs, DTD_PAIR_PIXELS);
  trained->explainer =
      dtd_explainer_new(trained->network, NULL, &own, capacity);
  read_relevances(trained, tensors, capacity);
  dtd_tensors_free(tensors);
  return trained;
}

void dtd_trained_model_free(struct dtd_trained_model *trained) {
  if (!trained) return;
  dtd_explainer_free(trained->explainer);
  for (int n = 0; n < trained->relevances; n++)
    dtd_relevance_model_free(trained->relevance[n]);
  dtd_network_free(trained->network);
  dtd_free(trained);
}
