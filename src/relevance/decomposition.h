/* Deep Taylor decomposition: relevance walks the stack from the output down.

   Section 3, Eq. 6 layer by layer. R_f = f(x) enters at the top; in each layer
   a relevance model takes the pools' R_k to the detection units' R_j, and a
   rule takes R_j to the layer's inputs, whose relevance is the R_k of the layer
   below, "repeated until the input layer" (5.2). */
#ifndef DTD_DECOMPOSITION_H
#define DTD_DECOMPOSITION_H

#include "relevance/propagator.h"
#include "relevance/relevance_model.h"
#include "relevance/rule.h"

struct dtd_decomposition {
  const struct dtd_network *network;                  /* borrowed */
  struct dtd_relevance_model *model[DTD_MOST_LAYERS]; /* borrowed or free */
  struct dtd_propagator *propagator[DTD_MOST_LAYERS];
  struct dtd_weights *v; /* v_ij of a first model that has its own, or null */
  float *z_j;            /* sum_i x_i v_ij (batch, its units), or null */
  float *R_j[DTD_MOST_LAYERS]; /* (batch, units) of each layer's model */
  float *R_i[DTD_MOST_LAYERS]; /* (batch, inputs); R_i[0] is R_p */
  int capacity;
  float *memory;
  bool owns_model[DTD_MOST_LAYERS];
};

/* A decomposition of `network`, borrowed, with `first_rule` in the layer that
   reads the input, `upper_rule` above, and the training-free model everywhere;
   except that `first_model`, borrowed, explains the first layer when it is not
   null. low and high are the first layer's domain; upper layers have
   x in [0, infinity). */
struct dtd_decomposition *dtd_decomposition_new(
    const struct dtd_network *network, struct dtd_relevance_model *first_model,
    const struct dtd_rule *first_rule, const struct dtd_rule *upper_rule,
    float low, float high, int capacity);

/* Re-reads the weights of the layers from `lowest` up, after they changed. */
void dtd_decomposition_update(struct dtd_decomposition *decomposition,
                              int lowest);

/* Fills R_j and R_i of the layers from the top down to `lowest`; 0 reaches the
   input. They are all 0 for an example with f(x) = 0. */
void dtd_decompose(struct dtd_decomposition *decomposition,
                   const struct dtd_activations *act, int lowest);

/* What the relevance model of `layer` is given, once the layers above it are
   decomposed. */
struct dtd_site dtd_site_at(const struct dtd_decomposition *decomposition,
                            const struct dtd_activations *act, int layer);

void dtd_decomposition_free(struct dtd_decomposition *decomposition);

#endif
