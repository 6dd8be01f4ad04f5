/* An explanation method turns images into heatmaps R_p. */
#include "explain/method.h"

#include "base/registry.h"

#define DTD_METHOD(symbol) extern const struct dtd_method symbol;
#define DTD_MODEL(symbol)  extern struct dtd_method dtd_deep_taylor_##symbol;
#include "explain/methods/registry.h"
#undef DTD_METHOD
#undef DTD_MODEL

#define DTD_METHOD(symbol) &symbol,
#define DTD_MODEL(symbol)  &dtd_deep_taylor_##symbol,
const struct dtd_method *const dtd_methods[] = {
#include "explain/methods/registry.h"
    NULL};
#undef DTD_METHOD
#undef DTD_MODEL

static const char *method_name(int n) {
  return dtd_methods[n] ? dtd_methods[n]->name : NULL;
}

const struct dtd_method *dtd_method_find(const char *name) {
  return dtd_methods[dtd_registry_find("explanation method", name,
                                       method_name)];
}

bool dtd_method_is_usual(const struct dtd_method *method) {
  return method->of_paper || method->control || method->model;
}

bool dtd_method_is_trained(const struct dtd_method *method) {
  return method->model && method->model->trained;
}
