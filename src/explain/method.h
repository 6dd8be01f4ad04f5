/* An explanation method turns images into heatmaps R_p.

   To add a method: one file in methods/ that defines a const struct dtd_method,
   and one line in methods/registry.h. Each relevance model of models/registry.h
   has its method deep-taylor-NAME as it is. */
#ifndef DTD_METHOD_H
#define DTD_METHOD_H

#include <stdbool.h>

#include "relevance/decomposition.h"
#include "network/image_batch.h"
#include "roots/nearest_root.h"
#include "network/network.h"
#include "relevance/relevance_model.h"
#include "relevance/rule.h"

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

struct dtd_method;

/* One relevance model of the first layer, and what explains by it. */
struct dtd_explaining_model {
  struct dtd_decomposition *decomposition;
  struct dtd_folded *v; /* v_pj for images as ink; null for the network's own */
  float *z_j;           /* scratch: sum_p x_p v_pj (capacity, units), or null */
  struct dtd_relevance_model *own; /* made here, or null */
};

/* A model with all that its explanations need, for up to `capacity` images at a
   time. */
struct dtd_explainer {
  const struct dtd_network *network; /* borrowed */
  struct dtd_explanation_settings settings;
  int capacity;
  struct dtd_image_batch *images;  /* the most recent batch */
  struct dtd_activations *act;     /* of it */
  struct dtd_activations *d;       /* scratch for the chain rule */
  struct dtd_folded *first;        /* w_pj for images as ink */
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

struct dtd_method {
  const char *name;        /* "deep-taylor-free" */
  const char *title;       /* as in the paper's figures */
  const char *description; /* one line */
  const char *meaning; /* for readers of the report, in whole sentences; null
                          for the description */
  const char *source;
  bool conservative; /* sum_p R_p = f(x) whatever the model, if its rules are */
  bool positive;     /* R_p >= 0 whatever the model, if its rules are */
  const struct dtd_model_kind *model; /* that explains the first layer; null
                                         when the method needs none */
  bool perturbs;    /* asks f at other images than x, so that f(x) = 0 need not
                       give an empty heatmap */
  bool slow;        /* searches for each example: run on few */
  bool finds_roots; /* leaves the root of each image in explainer->root */
  bool of_paper;    /* one of the four of section 6.1 */
  bool control;     /* explains nothing: what any method has to beat */
  /* R_p (batch, inputs); the forward pass of x is in explainer->act, and
     nothing is allocated but other images to ask f at. */
  void (*explain)(float *R_p, struct dtd_explainer *explainer, const float *x,
                  int batch);
};

/* ---- the registry ---- */

extern const struct dtd_method *const dtd_methods[]; /* ended by null */
/* The method called `name`; dies (usage), listing those that exist. */
const struct dtd_method *dtd_method_find(const char *name);
/* Whether it needs a relevance model that was trained. */
bool dtd_method_is_trained(const struct dtd_method *method);

/* Whether a method is evaluated unless a configuration says otherwise: the
   paper's four, and the controls. */
bool dtd_method_is_usual(const struct dtd_method *method);

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
