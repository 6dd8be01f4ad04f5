/* Plain stochastic gradient descent, the paper's: theta -= rate g. */
#include "network/optimiser.h"

const struct dtd_optimiser_kind dtd_optimiser_sgd = {
    .name = "sgd",
    .description = "plain stochastic gradient descent",
    .source = "Montavon et al. 2017, section 6.1",
    .in_place = true,
};
