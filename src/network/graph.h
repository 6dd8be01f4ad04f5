/* A network as a graph of nodes, and its forward pass.

   Buffers are planned once, when values are made: a node that only passes on
   its input shares its buffer, and a Relu works in place where it can. Values
   of other nodes stay, for the walk down (descent.h). A file is read by
   graph_reader.h.

   | paper     | C                      | shape                       |
   |-----------|------------------------|-----------------------------|
   | x         | values->at[0]          | (batch, channels, rows, columns) |
   | x_j, z_j  | values->at[node]       | (batch, node->out)          |
   | z_c       | dtd_graph_scores()     | (batch, outputs)            | */
#ifndef DTD_GRAPH_H
#define DTD_GRAPH_H

#include "network/node.h"

struct dtd_graph {
  char *path; /* of its file, for messages */
  int nodes;
  struct dtd_node *node; /* each after those that it reads; [0] is the input */
  int output;            /* the node that computes the scores z_c */
  bool softmax;          /* the file ends in one, above the scores */
  int *readers;   /* (nodes): by how many inputs its output is read, and 1
                     of the output */
  int *stored_in; /* (nodes): whose values' buffer it writes to */
};

/* What one forward pass leaves behind, for up to `capacity` examples. Where a
   Relu is the only reader of a node it works in place: at[] of both is then the
   Relu's output, which for active units is what it received. */
struct dtd_graph_values {
  int capacity, batch;
  float **at;              /* (nodes): (batch, node->out), some shared */
  const float *const **in; /* (nodes): at[] of the nodes that each reads */
  float *memory;
  const float **pointers;
};

/* ---- create ---- */

/* A graph of nothing but its input, of 2 dimensions (N, F) or 4 (N, C, H, W);
   nodes are appended, then it is finished. */
struct dtd_graph *dtd_graph_new(const char *path, const char *input,
                                struct dtd_maps shape, int dimensions);

/* Appends a node of that kind, which reads nodes input[0 .. inputs - 1], and
   returns its index. What kind->create fills in is the caller's, in
   graph->node[index], before the next is appended. */
int dtd_graph_append(struct dtd_graph *graph, const struct dtd_node_kind *kind,
                     const char *name, int inputs, const int *input);

/* No node is appended and no weight changes from now on. */
void dtd_graph_finish(struct dtd_graph *graph, int output);

struct dtd_graph_values *dtd_graph_values_new(const struct dtd_graph *graph,
                                              int capacity);

/* ---- compute ---- */

void dtd_graph_forward(struct dtd_graph_values *values,
                       const struct dtd_graph *graph,
                       const float *x /* (batch, inputs) */, int batch);

/* ---- inspect ---- */

/* Floats that a buffer of that size takes, of one example, where the next is to
   begin at a cache line. */
size_t dtd_graph_room(long size, int capacity);

long dtd_graph_inputs(const struct dtd_graph *graph);
long dtd_graph_outputs(const struct dtd_graph *graph);
const float *dtd_graph_scores(const struct dtd_graph *graph,
                              const struct dtd_graph_values *values);
size_t dtd_graph_parameters(const struct dtd_graph *graph);
double dtd_graph_operations(const struct dtd_graph *graph); /* of one example */

/* ---- free ---- */

void dtd_graph_free(struct dtd_graph *graph);
void dtd_graph_values_free(struct dtd_graph_values *values);

#endif
