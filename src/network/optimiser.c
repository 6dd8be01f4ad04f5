/* An optimiser turns the loss's gradient into a step of the network. */
#include "network/optimiser.h"

#include <stdlib.h>

#include "base/memory.h"

#define DTD_OPTIMISER(symbol) extern const struct dtd_optimiser_kind symbol;
#include "network/optimisers/registry.h"
#undef DTD_OPTIMISER

#define DTD_OPTIMISER(symbol) &symbol,
const struct dtd_optimiser_kind *const dtd_optimisers[] = {
#include "network/optimisers/registry.h"
    NULL};
#undef DTD_OPTIMISER

bool dtd_optimiser_in_place(const struct dtd_optimiser_settings *settings) {
  return !settings->kind || settings->kind->in_place;
}

double dtd_optimiser_weights_kept(const struct dtd_optimiser_settings *settings,
                                  double rate) {
  return 1 - rate * settings->weight_decay;
}

struct dtd_optimiser *
dtd_optimiser_new(const struct dtd_optimiser_settings *settings,
                  const struct dtd_network *network) {
  struct dtd_optimiser *optimiser = dtd_new(1, sizeof *optimiser);
  optimiser->settings = *settings;
  optimiser->gradient = dtd_network_like(network);
  for (int m = 0; m < settings->kind->moments; m++)
    optimiser->moment[m] =
        dtd_new(network->parameter_count, sizeof *optimiser->moment[m]);
  return optimiser;
}

void dtd_optimiser_step(struct dtd_network *network,
                        struct dtd_optimiser *optimiser, double rate, long t) {
  const struct dtd_optimiser_settings *settings = &optimiser->settings;
  double keep = dtd_optimiser_weights_kept(settings, rate);
  for (int n = 0; n < network->depth; n++)
    dtd_weights_scale(network->layer[n].weights, keep);
  settings->kind->step(network->parameters, optimiser->moment,
                       optimiser->gradient->parameters,
                       network->parameter_count, settings, rate, t);
}

void dtd_optimiser_free(struct dtd_optimiser *optimiser) {
  if (!optimiser) return;
  dtd_network_free(optimiser->gradient);
  for (int m = 0; m < DTD_MOST_MOMENTS; m++) dtd_free(optimiser->moment[m]);
  dtd_free(optimiser);
}
