/* The walk down a graph: its buffers, planned once, and the chain rule on it.

   Deep Taylor and the chain rule walk a graph alike, from the output to the
   input, each node handing down to what it reads; a tensor with several readers
   sums what they send. The walk is written once (dtd_graph_descend), and what
   happens at a node is its caller's. A walk allocates nothing: a buffer is used
   again as soon as its node has handed down. */
#ifndef DTD_DESCENT_H
#define DTD_DESCENT_H

#include "network/graph.h"

/* What is handed down, for up to `capacity` examples. */
struct dtd_descent;

/* At one node: writes `to[i]` (batch, node->in[i]) from `from` (batch,
   node->out). to[0] is `from` itself where the kind works in place. */
typedef void dtd_hand_down(void *self, float *const *to, const float *from,
                           int node, const struct dtd_graph_values *values);

/* ---- create ---- */

struct dtd_descent *dtd_descent_new(const struct dtd_graph *graph,
                                    int capacity);

/* ---- compute ---- */

/* Visits each node from the output to those that read the input, and hands down
   from `at_output` (batch, outputs) to `at_input` (batch, inputs). */
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

/* Bytes of its buffers. */
size_t dtd_descent_bytes(const struct dtd_descent *descent);

/* ---- free ---- */

void dtd_descent_free(struct dtd_descent *descent);

#endif
