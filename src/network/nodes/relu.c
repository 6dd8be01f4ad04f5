/* Relu: the rectifier.

       x_j = max(0, z_j)     dL/dz_j = dL/dx_j [x_j > 0]     R_j unchanged */
#include "network/node.h"

#include <string.h>

static void create(struct dtd_node *node, const struct dtd_node_source *from) {
  (void)from;
  node->out = node->in[0];
  node->dimensions = node->in_dimensions[0];
}

static void forward(float *out, const struct dtd_node *node,
                    const float *const *in, int batch) {
  const float *z = in[0];
  long count = batch * dtd_maps_size(node->out);
  for (long j = 0; j < count; j++) out[j] = z[j] < 0 ? 0 : z[j]; /* NaN too */
}

static void backward(float *const *d_in, const struct dtd_node *node,
                     const float *const *in, const float *out,
                     const float *d_out, int batch) {
  (void)in;
  float *d = d_in[0];
  long count = batch * dtd_maps_size(node->out);
  for (long j = 0; j < count; j++) d[j] = out[j] > 0 ? d_out[j] : 0;
}

static void relevance(float *const *R_in, const struct dtd_node *node,
                      const float *const *in, const float *out,
                      const float *R_out, int batch) {
  (void)in, (void)out;
  if (R_in[0] != R_out)
    memcpy(R_in[0], R_out,
           (size_t)batch * (size_t)dtd_maps_size(node->out) * sizeof *R_out);
}

static double operations(const struct dtd_node *node) {
  return (double)dtd_maps_size(node->out);
}

const struct dtd_node_kind dtd_node_relu = {
    .name = "Relu",
    .description = "rectifies; relevance is unchanged",
    .least_inputs = 1,
    .most_inputs = 1,
    .in_place = true,
    .rectifies = true,
    .create = create,
    .forward = forward,
    .backward = backward,
    .relevance = relevance,
    .operations = operations,
};
