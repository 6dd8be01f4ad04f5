/* Every relevance model, one line each: the paper's two, then variants.
   Included by relevance_model.c, and by the methods that explain with them. */
DTD_MODEL(dtd_model_min_max)
DTD_MODEL(dtd_model_training_free)
DTD_MODEL(dtd_model_training_free_live)
DTD_MODEL(dtd_model_min_max_no_context)
DTD_MODEL(dtd_model_min_max_any_sign)
DTD_MODEL(dtd_model_min_max_pooled)
DTD_MODEL(dtd_model_min_max_neighbours)
DTD_MODEL(dtd_model_min_max_units)
DTD_MODEL(dtd_model_min_max_shared)
