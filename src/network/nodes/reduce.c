/* ReduceSum and ReduceMean: sums over whole dimensions, and their averages.

       x_k = s sum_{i in k} x_i     s = 1, or 1 / |k| of an average
       dL/dx_i = s dL/dx_k
       R_i = R_k x_i^+ / sum_{i' in k} x_i'^+

   Where x >= 0, as behind rectifiers, that is x_i / sum_i' x_i'. A sum of 0
   sends nothing. The batch is no dimension to sum over. */
#include "network/node.h"

#include "base/memory.h"

struct reduction {
  int kept[3];   /* length of each dimension, 1 where it is summed */
  int summed[3]; /* likewise, 1 where it is kept */
  float scale;
};

/* ---- create ---- */

/* Marks the axes that the file names; all of them when it names none. */
static void find_axes(bool *summed, const struct dtd_node *node,
                      const struct dtd_node_source *from) {
  int dimensions = node->in_dimensions[0], count;
  const int64_t *axes;
  const struct dtd_onnx_tensor *given =
      from->node->inputs > 1 ? from->constant[1] : NULL;
  if (given) {
    axes = given->whole;
    count = axes ? (int)given->count : 0;
  } else {
    count = dtd_onnx_ints(&axes, from->onnx, from->node, "axes");
  }
  if (!count &&
      !dtd_onnx_int(from->onnx, from->node, "noop_with_empty_axes", 0))
    dtd_node_refuse(from, "name the axes", "would sum over the batch, too");
  for (int i = 0; i < count; i++) {
    int64_t axis = axes[i] < 0 ? axes[i] + dimensions : axes[i];
    if (axis < 1 || axis >= dimensions)
      dtd_node_refuse(from, "sum over axes behind the batch",
                      "has axis %lld of %d dimensions", (long long)axes[i],
                      dimensions);
    summed[axis - 1] = true;
  }
}

static void create(struct dtd_node *node, const struct dtd_node_source *from,
                   bool average) {
  bool summed[3] = {false}, keep;
  long kept[3] = {0};
  const int length[] = {node->in[0].channels, node->in[0].rows,
                        node->in[0].columns};
  struct reduction *own = node->own = dtd_new(1, sizeof *own);
  find_axes(summed, node, from);
  keep = dtd_onnx_int(from->onnx, from->node, "keepdims", 1) != 0;
  node->dimensions = 1;
  own->scale = 1;
  for (int d = 0; d < 3; d++) {
    own->kept[d] = summed[d] ? 1 : length[d];
    own->summed[d] = summed[d] ? length[d] : 1;
    if (average) own->scale /= (float)own->summed[d];
    if (d < node->in_dimensions[0] - 1 && (keep || !summed[d]))
      kept[node->dimensions++ - 1] = own->kept[d];
  }
  node->out = dtd_maps_of(node->dimensions, kept);
}

static void create_sum(struct dtd_node *node,
                       const struct dtd_node_source *from) {
  create(node, from, false);
}

static void create_mean(struct dtd_node *node,
                        const struct dtd_node_source *from) {
  create(node, from, true);
}

/* ---- compute ---- */

/* Where the first input of output k stands. */
static long first_of(const struct dtd_node *node, long k) {
  const struct reduction *own = node->own;
  const int *length = own->kept;
  long c = k / length[2] / length[1], r = k / length[2] % length[1];
  return (c * node->in[0].rows + r) * node->in[0].columns + k % length[2];
}

/* Input (c, r) of an output, from its first; others follow along a row. */
static long row_of(const struct dtd_node *node, int c, int r) {
  return ((long)c * node->in[0].rows + r) * node->in[0].columns;
}

/* sum_i of x_i, or of x_i^+, over the inputs of an output. */
static double add_up(const float *x, const struct dtd_node *node,
                     bool positive) {
  const struct reduction *own = node->own;
  double sum = 0;
  for (int c = 0; c < own->summed[0]; c++)
    for (int r = 0; r < own->summed[1]; r++) {
      const float *row = x + row_of(node, c, r);
      for (int s = 0; s < own->summed[2]; s++)
        if (row[s] > 0 || !positive) sum += (double)row[s];
    }
  return sum;
}

/* Gives each input of an output the same, or its share of a sum of x^+. */
static void hand_out(float *to, const float *x, const struct dtd_node *node,
                     double value, double sum) {
  const struct reduction *own = node->own;
  for (int c = 0; c < own->summed[0]; c++)
    for (int r = 0; r < own->summed[1]; r++) {
      long at = row_of(node, c, r);
      for (int s = 0; s < own->summed[2]; s++, at++) {
        if (!x)
          to[at] = (float)value;
        else
          to[at] = x[at] > 0 ? (float)((double)x[at] / sum * value) : 0;
      }
    }
}

static void forward(float *out, const struct dtd_node *node,
                    const float *const *in, int batch) {
  const struct reduction *own = node->own;
  const float *x = in[0];
  long outputs = dtd_maps_size(node->out);
  for (int n = 0; n < batch; n++, x += dtd_maps_size(node->in[0]))
    for (long k = 0; k < outputs; k++)
      *out++ = own->scale * (float)add_up(x + first_of(node, k), node, false);
}

static void backward(float *const *d_in, const struct dtd_node *node,
                     const float *const *in, const float *out,
                     const float *d_out, int batch) {
  (void)in, (void)out;
  const struct reduction *own = node->own;
  float *d = d_in[0];
  long outputs = dtd_maps_size(node->out);
  for (int n = 0; n < batch; n++, d += dtd_maps_size(node->in[0]))
    for (long k = 0; k < outputs; k++)
      hand_out(d + first_of(node, k), NULL, node,
               (double)(own->scale * *d_out++), 0);
}

static void relevance(float *const *R_in, const struct dtd_node *node,
                      const float *const *in, const float *out,
                      const float *R_out, int batch) {
  (void)out;
  long outputs = dtd_maps_size(node->out);
  for (int n = 0; n < batch; n++)
    for (long k = 0; k < outputs; k++) {
      long first = n * dtd_maps_size(node->in[0]) + first_of(node, k);
      const float *x = in[0] + first;
      hand_out(R_in[0] + first, x, node, (double)*R_out++,
               add_up(x, node, true));
    }
}

static double operations(const struct dtd_node *node) {
  return (double)dtd_maps_size(node->in[0]);
}

#define REDUCTION(type, text, own_create)                                      \
  {                                                                            \
    .name = type, .description = text, .least_inputs = 1, .most_inputs = 1,    \
    .create = own_create, .forward = forward, .backward = backward,            \
    .relevance = relevance, .operations = operations                           \
  }

const struct dtd_node_kind dtd_node_reduce_sum = REDUCTION(
    "ReduceSum", "sums over dimensions; relevance in proportion", create_sum);
const struct dtd_node_kind dtd_node_reduce_mean =
    REDUCTION("ReduceMean", "averages over dimensions; relevance in proportion",
              create_mean);
