/* BatchNormalization, with the averages that training left:

       z_c = a_c x_c + b_c,   a_c = gamma_c / sqrt(variance_c + epsilon),
                              b_c = beta_c - a_c mean_c

   Folded into weights before it where there are; else a node with weights of
   its own (weighted_node.h). */
#include "network/weighted_node.h"

#include <math.h>

#include "base/memory.h"

static const float *parameter(const struct dtd_node *node,
                              const struct dtd_node_source *from, int index) {
  static const char *const name[] = {"input", "scale", "bias", "mean",
                                     "variance"};
  const struct dtd_onnx_tensor *tensor =
      index < from->node->inputs ? from->constant[index] : NULL;
  if (!tensor || !tensor->floats)
    dtd_node_refuse(from, NULL, "its %s is no float32 constant", name[index]);
  if (tensor->count != (size_t)node->in[0].channels)
    dtd_node_refuse(from, NULL, "its %s has %zu values for %d channels",
                    name[index], tensor->count, node->in[0].channels);
  return tensor->floats;
}

static void create(struct dtd_node *node, const struct dtd_node_source *from) {
  if (dtd_onnx_int(from->onnx, from->node, "training_mode", 0))
    dtd_node_refuse(from, "export the network for inference",
                    "is in training mode");
  if (!dtd_onnx_int(from->onnx, from->node, "spatial", 1) &&
      dtd_maps_size(node->in[0]) != node->in[0].channels)
    dtd_node_refuse(from, "export it with spatial = 1",
                    "normalises each position by itself");
  double epsilon = dtd_onnx_float(from->onnx, from->node, "epsilon", 1e-5);
  const float *gamma = parameter(node, from, 1),
              *beta = parameter(node, from, 2),
              *mean = parameter(node, from, 3),
              *variance = parameter(node, from, 4);
  node->out = node->in[0];
  node->dimensions = node->in_dimensions[0];
  size_t channels = (size_t)node->out.channels;
  float *scale = dtd_new(channels, sizeof *scale);
  float *shift = dtd_new(channels, sizeof *shift);
  for (size_t c = 0; c < channels; c++) {
    double square = (double)variance[c] + epsilon;
    if (!(square > 0))
      dtd_node_refuse(from, NULL, "the variance of channel %zu is %g", c,
                      (double)variance[c]);
    double a = (double)gamma[c] / sqrt(square);
    scale[c] = (float)a;
    shift[c] = (float)((double)beta[c] - a * (double)mean[c]);
  }
  dtd_scaled_maps(node, scale, shift);
  dtd_free(scale);
  dtd_free(shift);
}

const struct dtd_node_kind dtd_node_batch_normalization = {
    .name = "BatchNormalization",
    .description = "folded into weights before it; else a rule hands down",
    .least_inputs = 1,
    .most_inputs = 1,
    .weighted = true,
    .folds = true,
    .create = create,
    .forward = dtd_weighted_forward,
    .backward = dtd_weighted_backward,
    .operations = dtd_weighted_operations,
};
