/* An optimiser turns the loss's gradient into a step of the network.

   Beside the plain step of section 6.1, w -= rate g, there are those that
   remember earlier gradients. They need the whole gradient and change every
   parameter in every step, so they run with the dense kernel. With every
   optimiser, weights (not biases) first shrink by weight decay,

       w := (1 - rate decay) w,

   apart from the gradient (Loshchilov & Hutter 2019), which for plain descent
   is the penalty decay/2 |w|^2 on the loss. The projection b := min(b, 0) is
   the trainer's and comes after the step; what is remembered is not projected.

   | published          | C                | shape                        |
   |--------------------|------------------|------------------------------|
   | theta              | network          | every w and b                |
   | g                  | gradient         | a network of the same shape  |
   | v, or m and v      | moment[0], [1]   | (parameters), in their order |
   | alpha or epsilon   | rate             | scalar, of this step         |

   To add an optimiser: one file in optimisers/ that defines a const struct
   dtd_optimiser_kind, and one line in optimisers/registry.h. */
#ifndef DTD_OPTIMISER_H
#define DTD_OPTIMISER_H

#include <stdbool.h>

#include "network/network.h"

enum { DTD_MOST_MOMENTS = 2 };

struct dtd_optimiser_settings {
  const struct dtd_optimiser_kind *kind; /* null stands for sgd */
  double momentum;                       /* mu, of momentum */
  double beta1, beta2, epsilon;          /* of adam */
  double weight_decay;
};

struct dtd_optimiser_kind {
  const char *name; /* as in configs: "adam" */
  const char *description;
  const char *source;
  /* The step is w -= rate g, which the network takes as its gradient arrives;
     then there is nothing else here. */
  bool in_place;
  int moments;                               /* vectors that it remembers */
  const char *moment_name[DTD_MOST_MOMENTS]; /* in checkpoints: "velocity" */
  /* Step t = 1, 2, ... of `count` parameters: theta and moment[m] from g. */
  void (*step)(float *theta, float *const *moment, const float *g, size_t count,
               const struct dtd_optimiser_settings *settings, double rate,
               long t);
};

/* An optimiser at work on one network. */
struct dtd_optimiser {
  struct dtd_optimiser_settings settings;
  struct dtd_network *gradient;    /* for the caller to fill before each step */
  float *moment[DTD_MOST_MOMENTS]; /* (parameters), zeros at first */
};

/* ---- the registry ---- */

extern const struct dtd_optimiser_kind *const dtd_optimisers[]; /* then null */

/* ---- create ---- */

/* For a network of this shape. */
struct dtd_optimiser *
dtd_optimiser_new(const struct dtd_optimiser_settings *settings,
                  const struct dtd_network *network);

/* ---- compute ---- */

/* Step t = 1, 2, ... of the network, weight decay included, from
   optimiser->gradient. */
void dtd_optimiser_step(struct dtd_network *network,
                        struct dtd_optimiser *optimiser, double rate, long t);

/* ---- inspect ---- */

/* Whether these settings need no struct dtd_optimiser (see in_place). */
bool dtd_optimiser_in_place(const struct dtd_optimiser_settings *settings);

/* 1 - rate decay, by which a step multiplies the weights. */
double dtd_optimiser_weights_kept(const struct dtd_optimiser_settings *settings,
                                  double rate);

/* ---- free ---- */

void dtd_optimiser_free(struct dtd_optimiser *optimiser);

#endif
