/* An explanation method turns images into heatmaps R_p.

   To add a method: one file in methods/ that defines a const struct dtd_method,
   and one line in methods/registry.h. Each relevance model of models/registry.h
   has its method deep-taylor-NAME as it is. */
#ifndef DTD_METHOD_H
#define DTD_METHOD_H

#include <stdbool.h>

#include "decomposition.h"
#include "nearest_root.h"
#include "network.h"
#include "relevance_model.h"
#include "rule.h"

enum { DTD_MOST_MODELS = 16 }; /* relevance models of one explainer */

struct dtd_explanation_settings {
  const struct dtd_rule *first_rule; /* of the layer that reads the pixels */
  const struct dtd_rule *upper_rule; /* of the layers above */
  struct dtd_root_settings root;
  float low, high; /* the pixels' domain */
};

struct dtd_method;

/* A model with all that its explanations need, for up to `capacity` images at a
   time. */
struct dtd_explainer {
  const struct dtd_network *network;  /* borrowed */
  struct dtd_relevance_model *minmax; /* borrowed; null when there is none */
  struct dtd_explanation_settings settings;
  int capacity;
  struct dtd_activations *act;              /* of the most recent batch */
  struct dtd_activations *d;                /* scratch for the chain rule */
  struct dtd_decomposition *free, *trained; /* trained is null without minmax */
  struct dtd_decomposition *other[DTD_MOST_MODELS]; /* by other models */
  struct dtd_relevance_model *own[DTD_MOST_MODELS]; /* of these, or null */
  int others;
  const struct dtd_method *method; /* that is explaining */
  /* What the most recent batch was explained by, with its R_j and R_i; null
     after a method that does not walk the layers. */
  const struct dtd_decomposition *walked;
  struct dtd_root *root; /* (capacity): what `taylor` found last */
  float *roots;          /* (capacity, inputs): the root points themselves */
};

struct dtd_method {
  const char *name;        /* "deep-taylor-free" */
  const char *title;       /* as in the paper's figures */
  const char *description; /* one line */
  const char *source;
  bool conservative;                  /* sum_p R_p = f(x) whatever the model */
  bool positive;                      /* R_p >= 0 whatever the model */
  const struct dtd_model_kind *model; /* that explains the first layer; null
                                         when the method needs none */
  bool slow;    /* searches for each example: run on few */
  bool control; /* explains nothing: what any method has to beat */
  /* R_p (batch, inputs); the forward pass of x is in explainer->act. */
  void (*explain)(float *R_p, struct dtd_explainer *explainer, const float *x,
                  int batch);
};

/* ---- the registry ---- */

extern const struct dtd_method *const dtd_methods[]; /* ended by null */
/* The method called `name`; dies (usage), listing those that exist. */
const struct dtd_method *dtd_method_find(const char *name);
/* Whether it needs a relevance model that was trained. */
bool dtd_method_is_trained(const struct dtd_method *method);

/* ---- create, compute, free ---- */

/* Dies (usage) when the upper rule cannot explain pooled activations, and warns
   when the first is not meant for pixels that may be negative. */
void dtd_check_rules(const struct dtd_explanation_settings *settings);

struct dtd_explainer *dtd_explainer_new(
    const struct dtd_network *network, struct dtd_relevance_model *minmax,
    const struct dtd_explanation_settings *settings, int capacity);

/* Also explains with `model`, borrowed, of any kind; one of each. */
void dtd_explainer_add(struct dtd_explainer *explainer,
                       struct dtd_relevance_model *model);

/* Also explains with a model of that kind, which has nothing to train. */
void dtd_explainer_add_untrained(struct dtd_explainer *explainer,
                                 const struct dtd_model_kind *kind);

/* The decomposition that a relevance model of `kind` begins; null when the
   explainer has none. */
struct dtd_decomposition *
dtd_explainer_decomposition(const struct dtd_explainer *explainer,
                            const struct dtd_model_kind *kind);

/* Whether the explainer has the relevance model that the method needs. */
bool dtd_explainer_offers(const struct dtd_explainer *explainer,
                          const struct dtd_method *method);

/* Heatmaps R_p (count, inputs) and scores f (count, may be null) of `count`
   images, in batches of the explainer's capacity. An
   untrained relevance model is made when it is needed; dies (usage) when the
   method needs a trained one that is not there. */
void dtd_explain(float *R_p, float *f, struct dtd_explainer *explainer,
                 const struct dtd_method *method, const float *x, int count);

void dtd_explainer_free(struct dtd_explainer *explainer);

#endif
