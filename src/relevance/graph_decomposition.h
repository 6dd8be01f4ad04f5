/* Deep Taylor decomposition of a graph: relevance walks from z_c to the input.

   Section 6.2. R = max(0, z_c) enters at the output c that is asked for; at
   nodes with weights a rule hands it down, others have one way (node.h). Which
   rule a node has is a composite's matter (composite.h).

   The ledger books, node by node, what enters, what positive biases keep, and
   what is lost: entered = handed down + kept + lost. */
#ifndef DTD_GRAPH_DECOMPOSITION_H
#define DTD_GRAPH_DECOMPOSITION_H

#include "network/graph.h"
#include "relevance/composite.h"
#include "relevance/map_propagator.h"

struct dtd_node_entry {
  double entered, kept, lost;
};

struct dtd_graph_decomposition {
  const struct dtd_graph *graph;
  struct dtd_map_propagator **propagator; /* (nodes), null without weights */
  struct dtd_descent *descent;
  struct dtd_node_entry *ledger; /* (nodes, capacity): of the last batch */
  int capacity;
};

/* `box` is that of the network's own input. Dies (usage), naming the node, when
   its rule is outside its domain. */
struct dtd_graph_decomposition *
dtd_graph_decomposition_new(const struct dtd_graph *graph,
                            const struct dtd_composite *composite,
                            struct dtd_box box, int capacity);

/* R_p (batch, inputs) from R (batch, outputs) at the scores. */
void dtd_graph_decompose(float *R_p, struct dtd_graph_decomposition *d,
                         const struct dtd_graph_values *values,
                         const float *R /* (batch, outputs) */);

void dtd_graph_decomposition_free(struct dtd_graph_decomposition *d);

#endif
