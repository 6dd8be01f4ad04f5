/* A network as a graph of nodes: forward, and the walk down.

   Deep Taylor and the chain rule walk a graph alike, from the output to the
   input, each node handing down to what it reads; a tensor with several readers
   sums what they send. The walk is written once (dtd_graph_descend), and what
   happens at a node is its caller's.

   Buffers are planned once, when values or a descent are made: a node that
   only passes on its input shares its buffer, and on the way down a buffer is
   used again as soon as its node has handed down.

   | paper     | C                      | shape                       |
   |-----------|------------------------|-----------------------------|
   | x         | values->at[0]          | (batch, channels, rows, columns) |
   | x_j, z_j  | values->at[node]       | (batch, node->out)          |
   | z_c       | dtd_graph_scores()     | (batch, outputs)            | */
#ifndef DTD_GRAPH_H
#define DTD_GRAPH_H

#include "network/node.h"

struct dtd_graph {
  const char *path;
  int nodes;
  struct dtd_node *node; /* each after those that it reads; [0] is the input */
  int output;            /* the node that computes the scores z_c */
  bool softmax;          /* the file ends in one, above the scores */
  const int *readers;    /* (nodes): how many nodes read it */
};

/* What one forward pass leaves behind, for up to `capacity` examples. */
struct dtd_graph_values {
  int capacity, batch;
  float **at; /* (nodes): (batch, node->out), some shared */
  float *memory;
};

/* What is handed down, for up to `capacity` examples. */
struct dtd_descent;

/* At one node: writes `to[i]` (batch, node->in[i]) from `from` (batch,
   node->out). Null in to[i] where nobody asks: never. */
typedef void dtd_hand_down(void *self, float *const *to, const float *from,
                           int node, const struct dtd_graph_values *values);

/* ---- create ---- */

/* Reads a network; batch normalisation is folded into the weights before it, a
   Softmax at the end is left to dtd_graph.softmax. Dies, naming the file and
   the node, when it holds what is not read. */
struct dtd_graph *dtd_graph_read(const char *path);

struct dtd_graph_values *dtd_graph_values_new(const struct dtd_graph *graph,
                                              int capacity);
struct dtd_descent *dtd_descent_new(const struct dtd_graph *graph,
                                    int capacity);

/* ---- compute ---- */

void dtd_graph_forward(struct dtd_graph_values *values,
                       const struct dtd_graph *graph,
                       const float *x /* (batch, inputs) */, int batch);

/* From `at_output` (batch, outputs) down to `at_input` (batch, inputs). */
void dtd_graph_descend(float *at_input, struct dtd_descent *descent,
                       const struct dtd_graph *graph,
                       const struct dtd_graph_values *values,
                       const float *at_output, dtd_hand_down *hand_down,
                       void *self);

/* The chain rule: d_input (batch, inputs) = dL/dx from d_output = dL/dz. With
   `guided`, negative signals stop at each Relu (Springenberg et al. 2015). */
void dtd_graph_backward(float *d_input, struct dtd_descent *descent,
                        const struct dtd_graph *graph,
                        const struct dtd_graph_values *values,
                        const float *d_output, bool guided);

/* ---- inspect ---- */

long dtd_graph_inputs(const struct dtd_graph *graph);
long dtd_graph_outputs(const struct dtd_graph *graph);
const float *dtd_graph_scores(const struct dtd_graph *graph,
                              const struct dtd_graph_values *values);
size_t dtd_graph_parameters(const struct dtd_graph *graph);
double dtd_graph_operations(const struct dtd_graph *graph); /* of one example */

/* ---- free ---- */

void dtd_graph_free(struct dtd_graph *graph);
void dtd_graph_values_free(struct dtd_graph_values *values);
void dtd_descent_free(struct dtd_descent *descent);

#endif
