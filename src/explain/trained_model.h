/* A trained model out of its file, ready to explain. */
#ifndef DTD_TRAINED_MODEL_H
#define DTD_TRAINED_MODEL_H

#include "network/checkpoint.h"
#include "explain/method.h"

struct dtd_trained_model {
  struct dtd_network *network;
  struct dtd_relevance_model *relevance[DTD_MOST_MODELS]; /* those there are */
  int relevances;
  struct dtd_explainer *explainer;
};

/* Reads the network and every relevance model whose tensors are there, and
   makes them ready to explain `capacity` images at a time. The pixels' domain
   is the file's, whatever `settings` say. Dies, naming the file, when it cannot
   be used; positive biases are accepted when both rules say how to treat them.
 */
struct dtd_trained_model *
dtd_trained_model_read(const char *path,
                       const struct dtd_explanation_settings *settings,
                       int capacity);

void dtd_trained_model_free(struct dtd_trained_model *model);

#endif
