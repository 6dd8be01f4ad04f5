/* An explainer: a network and relevance models, with all that makes heatmaps.

   It runs the forward pass of a batch of images, and lets a method (method.h)
   explain it. What the method found on its way, the relevances of hidden layers
   or the root points, stays there to be read until the next batch. */
#ifndef DTD_EXPLAINER_H
#define DTD_EXPLAINER_H

#include "explain/method.h"
#include "linear/image_batch.h"
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
  float low, high;         /* the pixels' domain */
};

/* One relevance model of the first layer, and what explains by it. */
struct dtd_explaining_model {
  struct dtd_decomposition *decomposition;
  struct dtd_relevance_model *own; /* made here, or null */
};

/* A model with all that its explanations need, for up to `capacity` images at a
   time. */
struct dtd_explainer {
  const struct dtd_network *network; /* borrowed */
  struct dtd_network *stored;        /* the same, stored for images */
  struct dtd_explanation_settings settings;
  int capacity;
  struct dtd_image_batch *images;  /* the most recent batch */
  struct dtd_activations *act;     /* of it */
  struct dtd_activations *d;       /* scratch for the chain rule */
  struct dtd_propagator *gradient; /* from dL/dz_j to dL/dx_p */
  struct dtd_explaining_model by[DTD_MOST_MODELS]; /* training-free first */
  int models;
  const struct dtd_method *method; /* that is explaining */
  /* What the most recent batch was explained by, with its R_j and R_i; null
     after a method that does not walk the layers. */
  const struct dtd_decomposition *walked;
  struct dtd_root *root; /* (capacity): of the last method that finds roots */
  float *roots;          /* (capacity, inputs): the root points themselves */
};

/* ---- create, compute, free ---- */

/* Dies (usage) when a rule is outside its domain: the upper rule must be able
   to explain pooled activations, and the first pixels that may be negative. */
void dtd_check_rules(const struct dtd_explanation_settings *settings);

/* Explains with the training-free model, and with `model`, borrowed, unless it
   is null. */
struct dtd_explainer *dtd_explainer_new(
    const struct dtd_network *network, struct dtd_relevance_model *model,
    const struct dtd_explanation_settings *settings, int capacity);

/* Also explains with `model`, borrowed, of any kind; one of each. */
void dtd_explainer_add(struct dtd_explainer *explainer,
                       struct dtd_relevance_model *model);

/* Also explains with a model of that kind, which has nothing to train. */
void dtd_explainer_add_untrained(struct dtd_explainer *explainer,
                                 const struct dtd_model_kind *kind);

/* What explains by a relevance model of `kind`; null when the explainer has
   none. */
const struct dtd_explaining_model *
dtd_explainer_by(const struct dtd_explainer *explainer,
                 const struct dtd_model_kind *kind);

/* Of that, the decomposition that the model begins. */
struct dtd_decomposition *
dtd_explainer_decomposition(const struct dtd_explainer *explainer,
                            const struct dtd_model_kind *kind);

/* The relevance model of the kind called `name` itself; null when the explainer
   has none. */
struct dtd_relevance_model *
dtd_explainer_model(const struct dtd_explainer *explainer, const char *name);

/* Whether the explainer has the relevance model that the method needs. */
bool dtd_explainer_offers(const struct dtd_explainer *explainer,
                          const struct dtd_method *method);

/* Heatmaps R_p (count, inputs) and scores f (count, may be null) of `count`
   images, in batches of the explainer's capacity. An
   untrained relevance model is made when it is needed; dies (usage) when the
   method needs a trained one that is not there. */
void dtd_explain(float *R_p, float *f, struct dtd_explainer *explainer,
                 const struct dtd_method *method, const float *x, int count);

/* df/dx_p (batch, inputs) of the most recent batch x: for methods to use. */
void dtd_explainer_gradient(float *gradient, struct dtd_explainer *explainer,
                            const float *x, int batch);

void dtd_explainer_free(struct dtd_explainer *explainer);

#endif
