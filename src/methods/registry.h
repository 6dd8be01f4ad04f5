/* Every explanation method, one line each, in the order of the paper's Fig. 5,
   then the controls; included twice by method.c. */
DTD_METHOD(dtd_method_sensitivity)
DTD_METHOD(dtd_method_taylor)
DTD_METHOD(dtd_method_deep_taylor_min_max)
DTD_METHOD(dtd_method_deep_taylor_free)
DTD_METHOD(dtd_method_random)
DTD_METHOD(dtd_method_constant)
