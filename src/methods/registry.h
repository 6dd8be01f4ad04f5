/* Every explanation method, one line each, in the order of the paper's Fig. 5,
   with deep Taylor once for each relevance model; then the controls. Included
   twice by method.c. */
DTD_METHOD(dtd_method_sensitivity)
DTD_METHOD(dtd_method_taylor)
#include "../models/registry.h"
DTD_METHOD(dtd_method_random)
DTD_METHOD(dtd_method_constant)
