/* Concat: the maps of several nodes, one after another.

       x = (x^1, x^2, ...)     dL/dx and R are split as x is

   Along the channels alone, ONNX's axis 1. */
#include "network/node.h"

#include <string.h>

static void create(struct dtd_node *node, const struct dtd_node_source *from) {
  int dimensions = node->in_dimensions[0];
  int64_t axis = dtd_onnx_int(from->onnx, from->node, "axis", 1);
  if (axis != 1 && axis + dimensions != 1)
    dtd_node_refuse(from, "concatenate channels, axis 1",
                    "concatenates along axis %lld", (long long)axis);
  node->out = node->in[0];
  node->dimensions = dimensions;
  long channels = 0;
  for (int i = 0; i < node->inputs; i++) {
    struct dtd_maps in = node->in[i];
    if (node->in_dimensions[i] != dimensions || in.rows != node->out.rows ||
        in.columns != node->out.columns)
      dtd_node_refuse(from, NULL,
                      "input %d is %d x %d x %d, but input 1 %d x %d x %d: "
                      "rows and columns differ",
                      i + 1, in.channels, in.rows, in.columns,
                      node->in[0].channels, node->in[0].rows,
                      node->in[0].columns);
    channels += in.channels;
  }
  if (channels > INT32_MAX)
    dtd_node_refuse(from, NULL, "has %ld channels, too many", channels);
  node->out.channels = (int)channels;
}

static void forward(float *out, const struct dtd_node *node,
                    const float *const *in, int batch) {
  for (int n = 0; n < batch; n++)
    for (int i = 0; i < node->inputs; i++) {
      size_t size = (size_t)dtd_maps_size(node->in[i]);
      memcpy(out, in[i] + (size_t)n * size, size * sizeof *out);
      out += size;
    }
}

static void backward(float *const *d_in, const struct dtd_node *node,
                     const float *const *in, const float *out,
                     const float *d_out, int batch) {
  (void)in, (void)out;
  for (int n = 0; n < batch; n++)
    for (int i = 0; i < node->inputs; i++) {
      size_t size = (size_t)dtd_maps_size(node->in[i]);
      memcpy(d_in[i] + (size_t)n * size, d_out, size * sizeof *d_out);
      d_out += size;
    }
}

const struct dtd_node_kind dtd_node_concat = {
    .name = "Concat",
    .description = "joins maps; relevance is split",
    .least_inputs = 1,
    .create = create,
    .forward = forward,
    .backward = backward,
    .relevance = backward,
};
