/* Deep Taylor decomposition of a graph: relevance walks from z_c to the input.

   Section 6.2. R = max(0, z_c) enters at the output c that is asked for; at
   nodes with weights a rule hands it down, others have one way (node.h). Which
   rule a node has is a composite's matter (composite.h).

   The ledger books, node by node, what enters, what biases keep, and what is
   lost: entered = handed down + kept + lost. What enters the input is the sum
   of R_p. Under rules that conserve nothing is lost but by rounding, and where
   nothing in a unit's favour is there to take it. */
#ifndef DTD_GRAPH_DECOMPOSITION_H
#define DTD_GRAPH_DECOMPOSITION_H

#include "network/descent.h"
#include "relevance/composite.h"
#include "relevance/map_propagator.h"

struct dtd_node_entry {
  double entered, kept, lost;
};

struct dtd_graph_decomposition {
  const struct dtd_graph *graph;
  struct dtd_map_propagator **propagator; /* (nodes), null without weights */
  struct dtd_map_scratch *scratch;
  struct dtd_descent *descent;
  int capacity;
  struct dtd_node_entry *ledger; /* (nodes, capacity): of the last batch */
  double *kept;                  /* (capacity): of one node */
  bool owns_propagators;
};

/* ---- create ---- */

/* `box` is that of the network's own input. Dies (usage), naming the node, when
   its rule is not meant for what it reads. Borrows `graph`. */
struct dtd_graph_decomposition *
dtd_graph_decomposition_new(const struct dtd_graph *graph,
                            const struct dtd_composite *composite,
                            struct dtd_box box, int capacity);

/* Another, for a thread beside: it borrows `of`'s propagators, and has a ledger
   and buffers of its own. */
struct dtd_graph_decomposition *
dtd_graph_decomposition_beside(const struct dtd_graph_decomposition *of,
                               int capacity);

/* ---- compute ---- */

/* R_p (batch, inputs) from R (batch, outputs) at the scores; fills in the
   ledger. Takes no memory but what products do. */
void dtd_graph_decompose(float *R_p, struct dtd_graph_decomposition *d,
                         const struct dtd_graph_values *values, const float *R);

/* ---- inspect ---- */

/* What node `node` did in example `example` of the last batch. */
struct dtd_node_entry dtd_graph_entry(const struct dtd_graph_decomposition *d,
                                      int node, int example);

/* The rule of a node, null without weights. */
const struct dtd_rule *dtd_graph_rule(const struct dtd_graph_decomposition *d,
                                      int node);

/* ---- free ---- */

void dtd_graph_decomposition_free(struct dtd_graph_decomposition *d);

#endif
