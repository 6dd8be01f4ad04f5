/* Every explanation method, one line each, in the order of the paper's Fig. 5,
   with deep Taylor once for each relevance model, then others to compare with,
   then the controls; included twice by method.c. */
DTD_METHOD(dtd_method_sensitivity)
DTD_METHOD(dtd_method_taylor)
#include "relevance/models/registry.h"
DTD_METHOD(dtd_method_gradient_x_input)
DTD_METHOD(dtd_method_integrated_gradients)
DTD_METHOD(dtd_method_smoothgrad)
DTD_METHOD(dtd_method_occlusion)
DTD_METHOD(dtd_method_guided_backpropagation)
DTD_METHOD(dtd_method_random)
DTD_METHOD(dtd_method_constant)
