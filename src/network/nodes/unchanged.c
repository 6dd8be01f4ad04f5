/* Identity, Dropout, Reshape, Flatten, Squeeze, Unsqueeze: the same numbers,
   perhaps in another shape.

       x_i = x_i     dL/dx_i and R_i unchanged

   Dropout leaves out nothing once a network is trained. The batch stays the
   first dimension. */
#include "network/node.h"

#include <limits.h>
#include <string.h>

/* ---- shapes ---- */

/* The file's tensor: sizes (rank - 1) behind the batch. */
struct shape {
  int rank;
  long sizes[DTD_ONNX_MOST_DIMENSIONS];
};

static struct shape shape_in(const struct dtd_node *node) {
  struct shape shape = {node->in_dimensions[0], {0}};
  dtd_maps_sizes(shape.sizes, node->in[0], shape.rank);
  return shape;
}

static void set_out(struct dtd_node *node, const struct dtd_node_source *from,
                    const struct shape *shape) {
  if (shape->rank > 4)
    dtd_node_refuse(from, "keep to images (N, C, H, W) and vectors (N, F)",
                    "makes %d dimensions", shape->rank);
  node->dimensions = shape->rank;
  node->out = dtd_maps_of(shape->rank, shape->sizes);
}

/* ---- the same shape ---- */

static void create_identity(struct dtd_node *node,
                            const struct dtd_node_source *from) {
  (void)from;
  node->out = node->in[0];
  node->dimensions = node->in_dimensions[0];
}

static void create_dropout(struct dtd_node *node,
                           const struct dtd_node_source *from) {
  const struct dtd_onnx_tensor *training =
      from->node->inputs > 2 ? from->constant[2] : NULL;
  if (training && training->whole && *training->whole)
    dtd_node_refuse(from, "export the network for inference",
                    "is in training mode");
  create_identity(node, from);
}

/* ---- Reshape ---- */

/* Whether a first size stands for the batch. */
static bool is_batch(int64_t size, const struct dtd_onnx *onnx, bool zeros) {
  if (size == 0) return !zeros;
  return size == -1 || size == 1 ||
         (onnx->inputs && size == onnx->input[0].size[0]);
}

/* The sizes behind the batch, 0 where one is to be found; returns their
   product. */
static double read_sizes(struct shape *shape, const struct dtd_node *node,
                         const struct dtd_node_source *from,
                         const int64_t *wanted, bool zeros) {
  const struct shape in = shape_in(node);
  double product = 1;
  for (int d = 1; d < shape->rank; d++) {
    long size = (long)wanted[d];
    if (!size && !zeros && d < in.rank) size = in.sizes[d - 1];
    if (size == 0 || size < -1 || size > INT_MAX)
      dtd_node_refuse(from, NULL, "reshapes to a size of %ld", size);
    if (size == -1) size = 0;
    shape->sizes[d - 1] = size;
    if (size) product *= (double)size;
  }
  return product;
}

static void create_reshape(struct dtd_node *node,
                           const struct dtd_node_source *from) {
  const struct dtd_onnx_tensor *wanted =
      from->node->inputs > 1 ? from->constant[1] : NULL;
  if (!wanted || !wanted->whole)
    dtd_node_refuse(from, "let its shape be constant, as simplifiers do",
                    "its shape is computed");
  bool zeros = dtd_onnx_int(from->onnx, from->node, "allowzero", 0) != 0;
  if (!wanted->count || wanted->count > DTD_ONNX_MOST_DIMENSIONS ||
      !is_batch(wanted->whole[0], from->onnx, zeros))
    dtd_node_refuse(from, "keep the batch the first dimension",
                    "its shape does not begin with the batch");
  struct shape shape = {(int)wanted->count, {0}};
  double product = read_sizes(&shape, node, from, wanted->whole, zeros),
         size = (double)dtd_maps_size(node->in[0]);
  int open = wanted->whole[0] == -1;
  for (int d = 0; d < shape.rank - 1; d++)
    if (!shape.sizes[d]) {
      open++;
      shape.sizes[d] = (long)(size / product);
      product *= (double)shape.sizes[d];
    }
  if (open > 1)
    dtd_node_refuse(from, NULL, "its shape has several sizes of -1");
  if (product != size)
    dtd_node_refuse(from, NULL,
                    "%.0f numbers of one example do not fit a shape of %.0f",
                    size, product);
  set_out(node, from, &shape);
}

static void create_flatten(struct dtd_node *node,
                           const struct dtd_node_source *from) {
  int64_t axis = dtd_onnx_int(from->onnx, from->node, "axis", 1);
  if (axis < 0) axis += node->in_dimensions[0];
  if (axis != 1)
    dtd_node_refuse(from, "flatten from axis 1", "flattens from axis %lld",
                    (long long)axis);
  set_out(node, from, &(struct shape){2, {dtd_maps_size(node->in[0])}});
}

/* ---- Squeeze and Unsqueeze ---- */

/* The axes that the node names, as attribute or as constant; returns their
   number. */
static int axes_of(const int64_t **axes, const struct dtd_node_source *from) {
  if (from->node->inputs < 2)
    return dtd_onnx_ints(axes, from->onnx, from->node, "axes");
  const struct dtd_onnx_tensor *given = from->constant[1];
  if (!given || !given->whole)
    dtd_node_refuse(from, NULL, "its axes are computed");
  *axes = given->whole;
  return (int)given->count;
}

/* Marks the axes among `rank`, the batch counted. */
static void mark_axes(bool *marked, int rank,
                      const struct dtd_node_source *from) {
  const int64_t *axes;
  int count = axes_of(&axes, from);
  for (int i = 0; i < count; i++) {
    int64_t axis = axes[i] < 0 ? axes[i] + rank : axes[i];
    if (axis < 1 || axis >= rank || marked[axis])
      dtd_node_refuse(from, "name axes behind the batch, each once",
                      "has axis %lld of %d dimensions", (long long)axes[i],
                      rank);
    marked[axis] = true;
  }
}

static void create_squeeze(struct dtd_node *node,
                           const struct dtd_node_source *from) {
  const struct shape in = shape_in(node);
  struct shape shape = {1, {0}};
  const int64_t *axes;
  bool all = !axes_of(&axes, from), marked[DTD_ONNX_MOST_DIMENSIONS] = {false};
  mark_axes(marked, in.rank, from);
  for (int d = 1; d < in.rank; d++) {
    long size = in.sizes[d - 1];
    if (marked[d] && size != 1)
      dtd_node_refuse(from, NULL, "axis %d has size %ld, not 1", d, size);
    if (!marked[d] && !(all && size == 1)) shape.sizes[shape.rank++ - 1] = size;
  }
  set_out(node, from, &shape);
}

static void create_unsqueeze(struct dtd_node *node,
                             const struct dtd_node_source *from) {
  const struct shape in = shape_in(node);
  const int64_t *axes;
  struct shape shape = {in.rank + axes_of(&axes, from), {0}};
  if (shape.rank > DTD_ONNX_MOST_DIMENSIONS)
    dtd_node_refuse(from, NULL, "makes %d dimensions", shape.rank);
  bool marked[DTD_ONNX_MOST_DIMENSIONS] = {false};
  mark_axes(marked, shape.rank, from);
  for (int d = 1, old = 0; d < shape.rank; d++)
    shape.sizes[d - 1] = marked[d] ? 1 : in.sizes[old++];
  set_out(node, from, &shape);
}

/* ---- compute ---- */

static void pass_on(float *to, const float *from, const struct dtd_node *node,
                    int batch) {
  size_t count = (size_t)batch * (size_t)dtd_maps_size(node->out);
  if (to != from) memcpy(to, from, count * sizeof *to);
}

static void forward(float *out, const struct dtd_node *node,
                    const float *const *in, int batch) {
  pass_on(out, in[0], node, batch);
}

static void backward(float *const *d_in, const struct dtd_node *node,
                     const float *const *in, const float *out,
                     const float *d_out, int batch) {
  (void)in, (void)out;
  pass_on(d_in[0], d_out, node, batch);
}

#define UNCHANGED(type, text, own_create)                                      \
  {                                                                            \
    .name = type, .description = text "; relevance is unchanged",              \
    .least_inputs = 1, .most_inputs = 1, .unchanged = true, .in_place = true,  \
    .create = own_create, .forward = forward, .backward = backward,            \
    .relevance = backward                                                      \
  }

const struct dtd_node_kind dtd_node_identity =
    UNCHANGED("Identity", "passes on", create_identity);
const struct dtd_node_kind dtd_node_dropout =
    UNCHANGED("Dropout", "passes on, once trained", create_dropout);
const struct dtd_node_kind dtd_node_reshape =
    UNCHANGED("Reshape", "gives another shape", create_reshape);
const struct dtd_node_kind dtd_node_flatten =
    UNCHANGED("Flatten", "makes a vector", create_flatten);
const struct dtd_node_kind dtd_node_squeeze =
    UNCHANGED("Squeeze", "removes dimensions of size 1", create_squeeze);
const struct dtd_node_kind dtd_node_unsqueeze =
    UNCHANGED("Unsqueeze", "inserts dimensions of size 1", create_unsqueeze);
