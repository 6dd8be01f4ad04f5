/* Slow twins of the optimisers, in double and as their papers print them. */
#ifndef DTD_TEST_OPTIMISER_H
#define DTD_TEST_OPTIMISER_H

#include "base/test.h"
#include "network/optimiser.h"

struct plain_optimiser {
  double *theta, *m, *v; /* (parameters) */
  bool *is_weight;
};

static inline struct plain_optimiser
plain_optimiser_new(const struct dtd_network *net) {
  size_t count = net->parameter_count;
  struct plain_optimiser twin = {
      test_new(count, sizeof(double)), test_new(count, sizeof(double)),
      test_new(count, sizeof(double)), test_new(count, sizeof(bool))};
  for (size_t i = 0; i < count; i++) {
    twin.theta[i] = (double)net->parameters[i];
    for (int n = 0; n < net->depth; n++) {
      const struct dtd_layer *l = &net->layer[n];
      const float *at = &net->parameters[i];
      if (at >= l->w && at < l->w + (long)l->shape.inputs * l->shape.units)
        twin.is_weight[i] = true;
    }
  }
  return twin;
}

/* Step t = 1, 2, ... with the gradient g; theta is first read from `net`, so
   that each step is compared on its own. */
static inline void plain_optimiser_step(struct plain_optimiser *twin,
                                        const struct dtd_network *net,
                                        const float *gradient,
                                        const struct dtd_optimiser_settings *s,
                                        double rate, long t) {
  const char *name = s->kind ? s->kind->name : "sgd";
  for (size_t i = 0; i < net->parameter_count; i++) {
    double g = (double)gradient[i], *m = &twin->m[i], *v = &twin->v[i];
    double theta = (double)net->parameters[i];
    if (twin->is_weight[i]) theta -= rate * s->weight_decay * theta;
    if (!strcmp(name, "sgd")) {
      theta -= rate * g;
    } else if (!strcmp(name, "momentum")) {
      *v = s->momentum * *v - rate * g;
      theta += *v;
    } else if (!strcmp(name, "adam")) {
      *m = s->beta1 * *m + (1 - s->beta1) * g;
      *v = s->beta2 * *v + (1 - s->beta2) * g * g;
      double m_hat = *m / (1 - pow(s->beta1, (double)t));
      double v_hat = *v / (1 - pow(s->beta2, (double)t));
      theta -= rate * m_hat / (sqrt(v_hat) + s->epsilon);
    } else {
      theta = NAN; /* a new optimiser needs its twin here */
    }
    twin->theta[i] = theta;
  }
}

#endif
