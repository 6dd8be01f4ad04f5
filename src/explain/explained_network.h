/* The detection-pooling network, as explanation methods see it.

   Its relevance models explain the first layer; the training-free one is always
   there. */
#ifndef DTD_EXPLAINED_NETWORK_H
#define DTD_EXPLAINED_NETWORK_H

#include "explain/explainer.h"

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

#endif
