/* A node of a network graph: one kind of layer, its formulas and its settings.

   Every tensor of a graph is what one node computes, so a tensor is named by
   its node. Of one example it is (channels, rows, columns), row-major; a vector
   has one row and one column.

   A kind says what it computes, how a derivative goes down through it, and,
   where it has no weights, how relevance does (section 6.2).
   Kinds with weights (Conv, Gemm) leave relevance to the rules of relevance/.

   A kind without weights computes nothing negative where it reads nothing
   negative: rules that want such inputs rely on it.

   To add a kind: one file in nodes/ that defines a const struct dtd_node_kind,
   and one line in nodes/registry.h. */
#ifndef DTD_NODE_H
#define DTD_NODE_H

#include <stdbool.h>
#include <stddef.h>

#include "files/onnx.h"
#include "linear/convolution.h"

struct dtd_maps {
  int channels, rows, columns;
};

/* Elements of one example, and of one of its channels. */
static inline long dtd_maps_size(struct dtd_maps maps) {
  return (long)maps.channels * maps.rows * maps.columns;
}
static inline long dtd_maps_positions(struct dtd_maps maps) {
  return (long)maps.rows * maps.columns;
}

struct dtd_node {
  const struct dtd_node_kind *kind;
  char *name; /* as in the file */
  int inputs; /* tensors that it reads, constants not counted */
  int *input; /* (inputs): the nodes that compute them, all before it */
  struct dtd_maps *in; /* (inputs): their shapes */
  struct dtd_maps out;
  /* Dimensions of the file's tensors, the batch counted: 4 of (N, C, H, W), 2
     of (N, F). They matter while a file is read. */
  int *in_dimensions; /* (inputs) */
  int dimensions;
  struct dtd_window window; /* of kinds that have one, else zeros */
  /* Of kinds with weights; b_j is one a map. */
  float *values;               /* w, as linear/ stores it */
  size_t value_count;          /* of w alone */
  float *bias;                 /* (out.channels), zeros where there is none */
  bool biased;                 /* there is one */
  int groups;                  /* of a convolution, else 0 */
  struct dtd_weights *weights; /* products with w */
  void *own;                   /* what else the kind knows, one allocation */
};

/* What a node is made from. */
struct dtd_node_source {
  const struct dtd_onnx *onnx;
  const struct dtd_onnx_node *node;
  /* (node->inputs): the constant that it reads there; null where it reads what
     another node computes, or nothing. */
  const struct dtd_onnx_tensor *const *constant;
};

struct dtd_node_kind {
  const char *name;              /* ONNX's op_type: "MaxPool" */
  const char *description;       /* one line, with how relevance passes */
  int least_inputs, most_inputs; /* that are no constants; 0 for any number */
  bool weighted;
  bool unchanged; /* out is the input, elements in the same order: Reshape */
  bool in_place;  /* what follows may write where it reads, element by element;
                     true of all that are unchanged */
  bool rectifies; /* max(0, x) */
  bool folds;     /* z_c = a_c x_c + b_c, into weights before it */
  /* Fills in out and dimensions (and what the kind has: window, values, bias,
     groups, own) from in, in_dimensions and the file. Dies, naming file and
     node, when they cannot be used. */
  void (*create)(struct dtd_node *node, const struct dtd_node_source *from);
  /* out (batch, node->out) of in[i] (batch, node->in[i]). */
  void (*forward)(float *out, const struct dtd_node *node,
                  const float *const *in, int batch);
  /* d_in[i] (batch, node->in[i]) = dL/d in[i] from d_out = dL/d out. `in` and
     `out` are as forward left them, but that a Relu in place may have
     rectified `out`. */
  void (*backward)(float *const *d_in, const struct dtd_node *node,
                   const float *const *in, const float *out, const float *d_out,
                   int batch);
  /* R_in[i] from R_out, likewise; null for kinds with weights. */
  void (*relevance)(float *const *R_in, const struct dtd_node *node,
                    const float *const *in, const float *out,
                    const float *R_out, int batch);
  /* Multiplications and additions of one example; null for none. */
  double (*operations)(const struct dtd_node *node);
};

/* ---- the registry ---- */

extern const struct dtd_node_kind *const dtd_node_kinds[]; /* ended by null */

/* The network's input, which no file has as a node. */
extern const struct dtd_node_kind dtd_node_input;

/* The kind of that ONNX type; null when it is not read. */
const struct dtd_node_kind *dtd_node_kind_find(const char *type);

/* ---- create ---- */

/* Makes node->weights of values: a convolution where there is a window, else a
   matrix (inputs, units). To be called when values no longer change. */
void dtd_node_store(struct dtd_node *node);

/* Dies: `FILE: node NAME (Type): why (what to do)`. */
_Noreturn void dtd_node_refuse(const struct dtd_node_source *from,
                               const char *to_do, const char *why, ...)
    __attribute__((format(printf, 3, 4)));

/* The sizes of a tensor of the file, without the batch, as maps: those that it
   lacks are 1. */
struct dtd_maps dtd_maps_of(int dimensions, const long *sizes);

/* The other way round: sizes (dimensions - 1). */
void dtd_maps_sizes(long *sizes, struct dtd_maps maps, int dimensions);

/* ---- inspect ---- */

/* Weights and biases. */
size_t dtd_node_parameters(const struct dtd_node *node);

/* Multiplications and additions of one example. */
double dtd_node_operations(const struct dtd_node *node);

/* ---- free ---- */

/* Releases what the node owns, not the node. */
void dtd_node_release(struct dtd_node *node);

#endif
