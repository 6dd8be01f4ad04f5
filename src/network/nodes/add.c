/* Add: two branches of the same shape, or maps and one constant a channel.

       x = x^1 + x^2     dL/dx^i = dL/dx     R^i = R x^i+ / (x^1+ + x^2+)

   Where neither branch is positive, nothing is sent. A constant makes a node
   with weights, z_c = x_c + b_c (weighted_node.h), which is folded into weights
   before it. */
#include "network/weighted_node.h"

#include <string.h>

#include "base/memory.h"

/* ---- a constant ---- */

static const struct dtd_node_kind with_constant = {
    .name = "Add",
    .description = "adds one constant a channel; a rule hands relevance down",
    .least_inputs = 1,
    .most_inputs = 1,
    .weighted = true,
    .folds = true,
    .forward = dtd_weighted_forward,
    .backward = dtd_weighted_backward,
    .operations = dtd_weighted_operations,
};

/* Whether the constant, aligned at its last dimension as ONNX does, has one
   number for all or one a channel. */
static bool is_one_a_channel(const struct dtd_onnx_tensor *constant,
                             const struct dtd_node *node) {
  int dimensions = node->in_dimensions[0];
  if (constant->count == 1) return constant->dimensions <= dimensions;
  int before = dimensions - constant->dimensions; /* of size 1 */
  if (before < 0 || before > 1 || dimensions < 2) return false;
  return constant->size[1 - before] == node->in[0].channels &&
         constant->count == (size_t)node->in[0].channels;
}

static void create_shift(struct dtd_node *node,
                         const struct dtd_node_source *from,
                         const struct dtd_onnx_tensor *constant) {
  if (!constant->floats || !is_one_a_channel(constant, node))
    dtd_node_refuse(from, NULL,
                    "adds the constant %s, which is not one float32 a channel",
                    constant->name);
  size_t channels = (size_t)node->in[0].channels;
  float *scale = dtd_new(channels, sizeof *scale);
  float *shift = dtd_new(channels, sizeof *shift);
  for (size_t c = 0; c < channels; c++) {
    scale[c] = 1;
    shift[c] = constant->floats[constant->count == 1 ? 0 : c];
  }
  node->kind = &with_constant;
  dtd_scaled_maps(node, scale, shift);
  dtd_free(scale);
  dtd_free(shift);
}

/* ---- two branches ---- */

static void create(struct dtd_node *node, const struct dtd_node_source *from) {
  node->out = node->in[0];
  node->dimensions = node->in_dimensions[0];
  if (node->inputs == 1) {
    create_shift(node, from, from->constant[from->constant[0] ? 0 : 1]);
    return;
  }
  const struct dtd_maps a = node->in[0], b = node->in[1];
  if (memcmp(&a, &b, sizeof a) != 0 ||
      node->in_dimensions[0] != node->in_dimensions[1])
    dtd_node_refuse(
        from, NULL,
        "adds %d x %d x %d to %d x %d x %d: branches have one shape",
        b.channels, b.rows, b.columns, a.channels, a.rows, a.columns);
}

static void forward(float *out, const struct dtd_node *node,
                    const float *const *in, int batch) {
  const float *a = in[0], *b = in[1];
  long count = batch * dtd_maps_size(node->out);
  for (long i = 0; i < count; i++) out[i] = a[i] + b[i];
}

static void backward(float *const *d_in, const struct dtd_node *node,
                     const float *const *in, const float *out,
                     const float *d_out, int batch) {
  (void)in, (void)out;
  size_t count = (size_t)batch * (size_t)dtd_maps_size(node->out);
  for (int i = 0; i < 2; i++) memcpy(d_in[i], d_out, count * sizeof *d_out);
}

static void relevance(float *const *R_in, const struct dtd_node *node,
                      const float *const *in, const float *out,
                      const float *R_out, int batch) {
  (void)out;
  long count = batch * dtd_maps_size(node->out);
  for (long i = 0; i < count; i++) {
    float a = in[0][i] > 0 ? in[0][i] : 0, b = in[1][i] > 0 ? in[1][i] : 0;
    float sum = a + b;
    R_in[0][i] = sum > 0 ? a / sum * R_out[i] : 0;
    R_in[1][i] = sum > 0 ? b / sum * R_out[i] : 0;
  }
}

static double operations(const struct dtd_node *node) {
  return (double)dtd_maps_size(node->out);
}

const struct dtd_node_kind dtd_node_add = {
    .name = "Add",
    .description = "adds two branches; relevance by their positive parts",
    .least_inputs = 1,
    .most_inputs = 2,
    .create = create,
    .forward = forward,
    .backward = backward,
    .relevance = relevance,
    .operations = operations,
};
