/* A node of a network graph: one kind of layer, its formulas and its settings.

   Every tensor of a graph is what one node computes, so a tensor is named by
   its node. Of one example it is (channels, rows, columns), row-major; a vector
   has one row and one column.

   A kind says what it computes, how a derivative goes down through it, and,
   where it has no weights, how relevance does (section 6.2).
   Kinds with weights (Conv, Gemm) leave relevance to the rules of relevance/.

   To add a kind: one file in nodes/ that defines a const struct dtd_node_kind,
   and one line in nodes/registry.h. */
#ifndef DTD_NODE_H
#define DTD_NODE_H

#include <stdbool.h>

#include "files/onnx.h"
#include "linear/convolution.h"

struct dtd_maps {
  int channels, rows, columns;
};

/* Elements of one example. */
static inline long dtd_maps_size(struct dtd_maps maps) {
  return (long)maps.channels * maps.rows * maps.columns;
}

struct dtd_node {
  const struct dtd_node_kind *kind;
  const char *name; /* as in the file */
  int inputs;       /* tensors that it reads, constants not counted */
  int *input;       /* (inputs): the nodes that compute them, all before it */
  struct dtd_maps *in; /* (inputs): their shapes */
  struct dtd_maps out;
  struct dtd_window window; /* of kinds that have one */
  /* Of kinds with weights; bias b_j is one a map, maps = out.channels. */
  float *values;               /* w, as linear/ stores it */
  float *bias;                 /* (maps), zeros where the file has none */
  struct dtd_weights *weights; /* products with w */
  size_t value_count;          /* of w alone */
  const void *own;             /* what else the kind has read */
};

struct dtd_node_kind {
  const char *name;              /* ONNX's op_type: "MaxPool" */
  const char *description;       /* one line, with how relevance passes */
  int least_inputs, most_inputs; /* that are no constants */
  bool weighted;
  bool unchanged; /* out is the input, elements in the same order: Reshape */
  /* Reads the node's attributes and constants from the file, and fills in
     node->out (and window, values, own) from node->in. Dies, naming file and
     node, when they cannot be used. */
  void (*create)(struct dtd_node *node, const struct dtd_onnx *onnx,
                 const struct dtd_onnx_node *from);
  /* out (batch, node->out) of in[i] (batch, node->in[i]); may be in[0]. */
  void (*forward)(float *out, const struct dtd_node *node,
                  const float *const *in, int batch);
  /* d_in[i] (batch, node->in[i]) = dL/d in[i] from d_out = dL/d out. */
  void (*backward)(float *const *d_in, const struct dtd_node *node,
                   const float *const *in, const float *out, const float *d_out,
                   int batch);
  /* R_in[i] from R_out, likewise; null for kinds with weights. */
  void (*relevance)(float *const *R_in, const struct dtd_node *node,
                    const float *const *in, const float *out,
                    const float *R_out, int batch);
  /* Multiplications and additions of one example; null for none. */
  double (*operations)(const struct dtd_node *node);
  void (*free)(struct dtd_node *node); /* of `own`; or null */
};

/* ---- the registry ---- */

extern const struct dtd_node_kind *const dtd_node_kinds[]; /* ended by null */

/* The kind of that ONNX type; null when it is not read. */
const struct dtd_node_kind *dtd_node_kind_find(const char *type);

#endif
