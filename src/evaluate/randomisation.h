/* Redraws a model's parameters at random, to test whether its heatmaps depend
   on them.

   Adebayo et al. 2018, "Sanity checks for saliency maps": an explanation that
   stays the same when layers are randomised, one after the other from the top,
   does not explain what was learned. Each layer is redrawn with the parameters
   of relevance models that belong to it:

   | parameters    | redrawn with    | become                                  |
   |---------------|-----------------|-----------------------------------------|
   | weights w_ij  | their layer     | N(0, s^2), s the trained ones' deviation|
   | biases b_j    | their layer     | permuted, so that all are still <= 0    |
   | min-max v_ij  | the first layer | as weights                              |
   | min-max v_lj  | the layer above | as weights                              |
   | min-max d_j   | the layer above | as biases                               |

   v_ij replaces the first layer's weights in the explanation, and v_lj reads
   the relevance of the layer above. Every draw is another model, so that a mean
   over pairs, each with its own draw, is a mean over models too. */
#ifndef DTD_RANDOMISATION_H
#define DTD_RANDOMISATION_H

#include "explain/explained_network.h"
#include "explain/trained_model.h"

/* The model that `original` explains, with its topmost `layers` layers redrawn,
   ready to explain `capacity` images at a time. A redrawn layer is the same for
   any larger `layers`, as in a cascade. Streams "randomisation/..." of
   `seed` at index `draw`. Release with dtd_trained_model_free. */
struct dtd_trained_model *
dtd_randomised_model(const struct dtd_explainer *original, int layers,
                     uint64_t seed, uint64_t draw, int capacity);

/* Spearman's rank correlation of |R| with |S|; NAN when one is flat. */
double dtd_size_correlation(const float *R /* (pixels) */,
                            const float *S /* (pixels) */, int pixels);

#endif
