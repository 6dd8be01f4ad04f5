/* Conv: convolutions, in groups or not (linear/convolution.h).

       z_o(r, c) = sum_i sum_uv x_i(s r + d u - p, s c + d v - p) w_o,i(u, v)
                   + b_o

   A rule of relevance/ hands relevance down. */
#include "network/weighted_node.h"
#include "network/window_node.h"

#include <limits.h>

#include "base/memory.h"

static const struct dtd_onnx_tensor *
read_weights(const struct dtd_node *node, const struct dtd_node_source *from) {
  const struct dtd_onnx_tensor *w =
      from->node->inputs > 1 ? from->constant[1] : NULL;
  if (!w || !w->floats)
    dtd_node_refuse(from, NULL, "its weights are no float32 constant");
  if (w->dimensions != 4)
    dtd_node_refuse(from, "use convolutions of images",
                    "its weights have %d dimensions, not 4", w->dimensions);
  for (int d = 0; d < 4; d++)
    if (w->size[d] < 1 || w->size[d] > INT_MAX)
      dtd_node_refuse(from, NULL, "its weights have a size of %lld",
                      (long long)w->size[d]);
  int64_t groups = dtd_onnx_int(from->onnx, from->node, "group", 1);
  int channels = node->in[0].channels;
  if (groups < 1 || groups > channels || channels % groups ||
      w->size[0] % groups || w->size[1] != channels / groups)
    dtd_node_refuse(from, NULL,
                    "weights for %lld of %d channels, %lld maps and %lld "
                    "groups do not fit",
                    (long long)w->size[1], channels, (long long)w->size[0],
                    (long long)groups);
  return w;
}

static void create(struct dtd_node *node, const struct dtd_node_source *from) {
  const struct dtd_onnx_tensor *w = read_weights(node, from), *b = NULL;
  if (from->node->inputs > 2) b = from->constant[2];
  if (b && (!b->floats || b->count != (size_t)w->size[0]))
    dtd_node_refuse(from, NULL, "%zu biases for %lld maps", b->count,
                    (long long)w->size[0]);
  const int kernel[] = {(int)w->size[2], (int)w->size[3]};
  dtd_window_read(node, from, kernel);
  node->out.channels = (int)w->size[0];
  node->groups = (int)dtd_onnx_int(from->onnx, from->node, "group", 1);
  node->values = dtd_copy(w->floats, w->count, sizeof *w->floats);
  node->value_count = w->count;
  node->biased = b != NULL;
  node->bias = b ? dtd_copy(b->floats, b->count, sizeof *b->floats)
                 : dtd_new((size_t)w->size[0], sizeof *node->bias);
}

const struct dtd_node_kind dtd_node_conv = {
    .name = "Conv",
    .description = "convolution; a rule hands relevance down",
    .least_inputs = 1,
    .most_inputs = 1,
    .weighted = true,
    .create = create,
    .forward = dtd_weighted_forward,
    .backward = dtd_weighted_backward,
    .operations = dtd_weighted_operations,
};
