/* Every relevance model, one line each; included twice by relevance_model.c. */
DTD_MODEL(dtd_model_training_free)
DTD_MODEL(dtd_model_min_max)
