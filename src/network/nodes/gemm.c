/* Gemm and MatMul: a matrix with constant values.

       z_j = alpha sum_i x_i w_ij + beta b_j

   alpha and beta are multiplied into w and b as they are read. A rule of
   relevance/ hands relevance down. */
#include "network/weighted_node.h"

#include <limits.h>
#include <string.h>

#include "base/memory.h"

/* The second matrix of the file. */
static const struct dtd_onnx_tensor *
matrix_of(const struct dtd_node *node, const struct dtd_node_source *from) {
  const struct dtd_onnx_tensor *w =
      from->node->inputs > 1 ? from->constant[1] : NULL;
  if (!w || !w->floats || w->dimensions != 2)
    dtd_node_refuse(from, "multiply examples by a constant matrix",
                    "its second factor is no float32 constant of 2 dimensions");
  if (node->in_dimensions[0] != 2)
    dtd_node_refuse(from, "flatten it before",
                    "its input has %d dimensions, not 2",
                    node->in_dimensions[0]);
  return w;
}

enum { TILE = 32 }; /* rows and columns that stay in the cache together */

/* to (inputs, units) from (units, inputs). */
static void transpose(float *restrict to, const float *restrict from,
                      int64_t inputs, int64_t units) {
  for (int64_t j = 0; j < units; j += TILE)
    for (int64_t i = 0; i < inputs; i++)
      for (int64_t n = j; n < units && n < j + TILE; n++)
        to[i * units + n] = from[n * inputs + i];
}

/* values (inputs, units) = scale w, which the file may hold transposed. */
static void read_matrix(struct dtd_node *node,
                        const struct dtd_node_source *from,
                        const struct dtd_onnx_tensor *w, bool transposed,
                        float scale) {
  int64_t inputs = w->size[transposed], units = w->size[!transposed];
  if (inputs != node->in[0].channels)
    dtd_node_refuse(from, NULL,
                    "its weights read %lld inputs, but there are %d",
                    (long long)inputs, node->in[0].channels);
  if (units < 1 || units > INT_MAX)
    dtd_node_refuse(from, NULL, "its weights have %lld units",
                    (long long)units);
  node->out = (struct dtd_maps){(int)units, 1, 1};
  node->dimensions = 2;
  node->value_count = w->count;
  node->values = dtd_new(w->count, sizeof *node->values);
  node->bias = dtd_new((size_t)units, sizeof *node->bias);
  if (transposed)
    transpose(node->values, w->floats, inputs, units);
  else
    memcpy(node->values, w->floats, w->count * sizeof *w->floats);
  for (size_t i = 0; scale != 1 && i < w->count; i++) node->values[i] *= scale;
}

static void create_gemm(struct dtd_node *node,
                        const struct dtd_node_source *from) {
  const struct dtd_onnx *onnx = from->onnx;
  const struct dtd_onnx_node *at = from->node;
  if (dtd_onnx_int(onnx, at, "transA", 0))
    dtd_node_refuse(from, NULL, "transposes the examples (transA)");
  read_matrix(node, from, matrix_of(node, from),
              dtd_onnx_int(onnx, at, "transB", 0) != 0,
              (float)dtd_onnx_float(onnx, at, "alpha", 1));
  if (at->inputs < 3 || !*at->input[2]) return;
  const struct dtd_onnx_tensor *b = from->constant[2];
  size_t units = (size_t)node->out.channels;
  if (!b || !b->floats || (b->count != 1 && b->count != units) ||
      (b->count == units && b->dimensions &&
       b->size[b->dimensions - 1] != (int64_t)units))
    dtd_node_refuse(from, NULL, "its third input is no row of %zu biases",
                    units);
  float beta = (float)dtd_onnx_float(onnx, at, "beta", 1);
  node->biased = true;
  for (size_t j = 0; j < units; j++)
    node->bias[j] = beta * b->floats[b->count == 1 ? 0 : j];
}

static void create_mat_mul(struct dtd_node *node,
                           const struct dtd_node_source *from) {
  read_matrix(node, from, matrix_of(node, from), false, 1);
}

#define MATRIX(type, text, own_create)                                         \
  {                                                                            \
    .name = type, .description = text "; a rule hands relevance down",         \
    .least_inputs = 1, .most_inputs = 1, .weighted = true,                     \
    .create = own_create, .forward = dtd_weighted_forward,                     \
    .backward = dtd_weighted_backward, .operations = dtd_weighted_operations   \
  }

const struct dtd_node_kind dtd_node_gemm =
    MATRIX("Gemm", "matrix and biases", create_gemm);
const struct dtd_node_kind dtd_node_mat_mul =
    MATRIX("MatMul", "matrix", create_mat_mul);
