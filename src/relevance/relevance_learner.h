/* Lets a relevance model learn beside the network, from the true relevance.

   The model explains the first layer. On every batch the layers above are
   decomposed with the training-free model and the upper rule (section 6.1: "the
   true relevance, obtained by application of the z+-rule in the top layer"),
   which gives R_l and R_k; the model then takes a step towards R_k. Several
   models beside one network see one and the same relevance. */
#ifndef DTD_RELEVANCE_LEARNER_H
#define DTD_RELEVANCE_LEARNER_H

#include "relevance/relevance_model.h"
#include "relevance/rule.h"
#include "network/trainer.h"

struct dtd_relevance_learner;

/* Borrows everything. Batches may have up to `capacity` examples, which the
   model must hold, too. Dies (usage) when the network has only one layer, since
   then there is no upper relevance to learn from. */
struct dtd_relevance_learner *
dtd_relevance_learner_new(struct dtd_relevance_model *model,
                          const struct dtd_network *network,
                          const struct dtd_rule *upper_rule, int capacity);

/* Another model that learns from the relevance that `first` finds, which must
   join the trainer before it. Borrows both; the model holds as many examples.
 */
struct dtd_relevance_learner *
dtd_relevance_learner_beside(struct dtd_relevance_model *model,
                             struct dtd_relevance_learner *first);

/* What the trainer trains; borrows `learner`. */
struct dtd_learner dtd_as_learner(struct dtd_relevance_learner *learner,
                                  struct dtd_rate rate);

void dtd_relevance_learner_free(struct dtd_relevance_learner *learner);

#endif
