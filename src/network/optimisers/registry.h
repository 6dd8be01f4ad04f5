/* Every optimiser, one line each; included several times by optimiser.c. */
DTD_OPTIMISER(dtd_optimiser_sgd)
DTD_OPTIMISER(dtd_optimiser_momentum)
DTD_OPTIMISER(dtd_optimiser_adam)
