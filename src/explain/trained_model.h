/* A trained network with its relevance models, read from model.safetensors and
   ready to explain. */
#ifndef DTD_TRAINED_MODEL_H
#define DTD_TRAINED_MODEL_H

#include "network/checkpoint.h"
#include "explain/explained_network.h"

struct dtd_trained_model {
  struct dtd_network *network;
  struct dtd_relevance_model
      *relevance[DTD_MOST_MODELS]; /* those in the file */
  int relevances;
  struct dtd_explainer *explainer;
};

/* Reads the network and every relevance model whose tensors the file has, and
   makes them ready to explain `capacity` images at a time. The pixels' domain
   is the file's; that of `settings` is ignored. Dies, naming the file, when it
   cannot be used; positive biases are accepted when both rules treat them. */
struct dtd_trained_model *
dtd_trained_model_read(const char *path,
                       const struct dtd_explanation_settings *settings,
                       int capacity);

void dtd_trained_model_free(struct dtd_trained_model *trained);

#endif
