/* Nodes with weights: what convolutions, matrices and scaled maps have in
   common. */
#include "network/weighted_node.h"

#include "base/memory.h"

/* ---- maps that are scaled and shifted ---- */

void dtd_scaled_maps(struct dtd_node *node, const float *scale,
                     const float *shift) {
  size_t channels = (size_t)node->out.channels;
  node->groups = node->out.channels;
  node->window = (struct dtd_window){
      .kernel = {1, 1}, .stride = {1, 1}, .dilation = {1, 1}};
  node->values = dtd_copy(scale, channels, sizeof *scale);
  node->value_count = channels;
  node->bias = dtd_copy(shift, channels, sizeof *shift);
  node->biased = true;
}

void dtd_fold_scaled_maps(struct dtd_node *below,
                          const struct dtd_node *scaled) {
  size_t maps = (size_t)below->out.channels, each = below->value_count / maps;
  bool by_map = below->window.kernel[0]; /* else w is (inputs, units) */
  for (size_t i = 0; i < below->value_count; i++)
    below->values[i] *= scaled->values[by_map ? i / each : i % maps];
  for (size_t j = 0; j < maps; j++)
    below->bias[j] = scaled->values[j] * below->bias[j] + scaled->bias[j];
  below->biased = true;
}

/* ---- compute ---- */

void dtd_weighted_forward(float *out, const struct dtd_node *node,
                          const float *const *in, int batch) {
  struct dtd_inputs x = dtd_rows(in[0], batch);
  dtd_weights_apply(out, node->weights, &x);
  if (!node->biased) return;
  int maps = node->out.channels;
  long positions = dtd_maps_size(node->out) / maps;
  for (int n = 0; n < batch; n++)
    for (int j = 0; j < maps; j++, out += positions)
      for (long p = 0; p < positions; p++) out[p] += node->bias[j];
}

void dtd_weighted_backward(float *const *d_in, const struct dtd_node *node,
                           const float *const *in, const float *out,
                           const float *d_out, int batch) {
  (void)in, (void)out;
  dtd_weights_transpose(d_in[0], node->weights, d_out, batch);
}

double dtd_weighted_operations(const struct dtd_node *node) {
  double products = (double)node->value_count;
  if (node->window.kernel[0]) /* each value at each position */
    products *= (double)node->out.rows * node->out.columns;
  return 2 * products;
}
