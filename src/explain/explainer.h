/* An explainer: a network of either kind with all that makes heatmaps of it.

   It runs the forward pass of a batch of images, and lets a method (method.h)
   explain it. What the method found on its way, the relevances of hidden layers
   or the root points, stays there to be read until the next batch. */
#ifndef DTD_EXPLAINER_H
#define DTD_EXPLAINER_H

#include "explain/explained_kind.h"
#include "explain/method.h"
#include "linear/image_batch.h"
#include "network/node.h"
#include "relevance/decomposition.h"
#include "roots/nearest_root.h"

enum {
  DTD_WORTH_THREADS = 8, /* images that outweigh waking one */
  DTD_AT_A_TIME = 128,   /* as many stay in the caches: the best capacity */
  DTD_MOST_MODELS = 16   /* relevance models of one explainer */
};

struct dtd_explanation_settings {
  const struct dtd_rule *first_rule; /* of the layer that reads the pixels */
  const struct dtd_rule *upper_rule; /* of the layers above */
  struct dtd_root_settings root;
  int integrated_steps;    /* of integrated gradients' path */
  int smooth_samples;      /* noisy copies, of SmoothGrad */
  double smooth_deviation; /* of their noise, as a share of high - low */
  int occlusion_side;      /* of a block; 0 is a quarter of the short side */
  float low, high;         /* the pixels' domain */
};

/* One relevance model of the first layer, and what explains by it. */
struct dtd_explaining_model {
  struct dtd_decomposition *decomposition;
  struct dtd_relevance_model *own; /* made here, or null */
};

/* A network with all that its explanations need, for up to `capacity` images at
   a time. */
struct dtd_explainer {
  const struct dtd_explained_kind *kind; /* what methods ask of the network */
  struct dtd_maps shape;                 /* of an input x */
  long inputs;                           /* its elements */
  float *low, *high; /* (inputs): its domain; low is black */
  struct dtd_explanation_settings settings;
  int capacity;
  int together;   /* as many examples one thread explains, one by one */
  const float *f; /* (batch): scores of the most recent batch */
  const struct dtd_method *method; /* that is explaining */
  /* Of the detection-pooling network (explained_network.h); null of a graph.
   */
  const struct dtd_network *network; /* borrowed */
  struct dtd_network *stored;        /* the same, stored for images */
  struct dtd_image_batch *images;    /* the most recent batch */
  struct dtd_activations *act;       /* of it */
  struct dtd_activations *d;         /* scratch for the chain rule */
  struct dtd_propagator *chain_rule; /* from dL/dz_j to dL/dx_p */
  struct dtd_explaining_model by[DTD_MOST_MODELS]; /* training-free first */
  int models;
  /* What the most recent batch was explained by, with its R_j and R_i; null
     after a method that does not walk the layers. */
  const struct dtd_decomposition *walked;
  struct dtd_root *root; /* (capacity): of the last method that finds roots */
  float *roots;          /* (capacity, inputs): the root points themselves */
  struct dtd_explained_graph *graph; /* the graph (explained_graph.h) */
};

/* Dies (usage) when a rule is outside its domain: the upper rule must be able
   to explain pooled activations, and the first pixels that may be negative. */
void dtd_check_rules(const struct dtd_explanation_settings *settings);

/* Heatmaps R_p (count, inputs) and scores f (count, may be null) of `count`
   images, in batches of the explainer's capacity. An
   untrained relevance model is made when it is needed; dies (usage) when the
   method needs a trained one that is not there. */
void dtd_explain(float *R_p, float *f, struct dtd_explainer *explainer,
                 const struct dtd_method *method, const float *x, int count);

/* For methods that explain example by example: calls `one` for each example n
   of the batch x, threads side by side. */
void dtd_explain_each(float *R_p, struct dtd_explainer *explainer,
                      const float *x, int batch,
                      void (*one)(float *R_p /* (inputs) */,
                                  struct dtd_explainer *explainer,
                                  const float *x /* (inputs) */, int n));

/* For kinds of network: the ends (inputs) of each element's interval, from
   those of `channels` channels. */
float *dtd_explainer_ends(const float *ends /* (channels) */, int channels,
                          long inputs);

void dtd_explainer_free(struct dtd_explainer *explainer);

#endif
