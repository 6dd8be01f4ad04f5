/* Re-draws a model's parameters, to see whether its heatmaps depend on them.

   Adebayo et al. 2018, "Sanity checks for saliency maps": an explanation that
   stays the same when layers are randomised, one after the other from the top,
   does not explain what was learned. A layer is re-drawn like this:

   | what               | when its layer goes  | becomes |
   |--------------------|----------------------|--------------------------------|
   | weights w_ij       | each its own         | N(0, s^2), s the deviation
   that| |                    |                      | the trained layer's have
   | | biases b_j         | with its weights     | permuted, so still all <= 0 |
   | min-max v_ij       | with the first layer | as weights | | min-max v_lj,
   d_j  | with the layer above | as weights, as biases          |

   v_ij stands for the first layer in the explanation and v_lj reads what the
   layer above relays, hence their places. Every draw is a model of its own, so
   that a mean over pairs, each with its own draw, is one over models too. */
#ifndef DTD_RANDOMISATION_H
#define DTD_RANDOMISATION_H

#include "explain/method.h"
#include "explain/trained_model.h"

/* The model that `original` explains, with its topmost `layers` layers
   re-drawn, ready to explain `capacity` images at a time. Re-drawn layers are
   the same for any larger `layers`: the cascade goes on where it was. Streams
   "randomisation/..." of `seed` at index `draw`. Free with
   dtd_trained_model_free. */
struct dtd_trained_model *
dtd_randomised_model(const struct dtd_explainer *original, int layers,
                     uint64_t seed, uint64_t draw, int capacity);

/* Spearman's rank correlation of |R| with |S|; NAN when one is flat. */
double dtd_size_correlation(const float *R /* (pixels) */,
                            const float *S /* (pixels) */, int pixels);

#endif
