/* How well the network and its relevance models predict, pair by pair. */
#ifndef DTD_NETWORK_SCORES_H
#define DTD_NETWORK_SCORES_H

#include "explain/explained_network.h"
#include "files/pairs.h"

/* What one trained relevance model predicts. */
struct dtd_model_fit {
  const char *model;
  struct dtd_decomposition *by; /* borrowed */
  double *predicted;            /* (count): sum_k Rhat_k */
  double *misfit;               /* (count): what that has more than f */
};

struct dtd_network_scores {
  int count;
  double *error;    /* (count): f - t */
  double *correct;  /* (count): 1 where f > 50 agrees with t > 50, else 0 */
  double *f;        /* (count) */
  double *positive; /* (count): f of pairs with a target, else NAN */
  double *negative; /* (count): f of pairs without one, else NAN */
  struct dtd_model_fit fit[DTD_MOST_MODELS];
  int fits;
  double seconds; /* for all forward passes */
};

/* Of the first `count` pairs of the sampler, with every trained relevance model
   that the explainer has. Release with dtd_network_scores_free(). */
struct dtd_network_scores *
dtd_network_scores_new(struct dtd_explainer *explainer,
                       const struct dtd_sampler *sampler, int count);

/* f of a black image, where every flipping curve ends. */
double dtd_black_score(struct dtd_explainer *explainer);

void dtd_network_scores_free(struct dtd_network_scores *scores);

#endif
