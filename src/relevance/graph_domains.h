/* What is known of the inputs of each node of a graph: which rules fit there.

   A rule has a domain (rule.h): z+ wants inputs that are never negative, zB a
   box. The network's own input has the box that its user gives; behind a Relu
   nothing is negative, nor is what pools, sums and joins such maps; what a node
   with weights computes may be, unless its weights, biases and inputs all are
   not. */
#ifndef DTD_GRAPH_DOMAINS_H
#define DTD_GRAPH_DOMAINS_H

#include "network/graph.h"
#include "relevance/map_propagator.h"

/* Of one tensor, which a node computes. */
struct dtd_node_domain {
  bool of_pixels; /* follows from the network's input without weights */
  bool nonnegative;
  int channels;
  float *low, *high; /* (channels); null where no bounds are known */
};

struct dtd_graph_domains {
  int nodes;
  struct dtd_node_domain *at; /* (nodes) */
};

/* `box` is that of the network's input, copied; its low null when the input
   may be anything. Dies (usage) when its channels are not the network's. */
struct dtd_graph_domains *dtd_graph_domains_new(const struct dtd_graph *graph,
                                                struct dtd_box box);

/* The bounds of what a node reads, which has one input. */
struct dtd_box dtd_graph_box(const struct dtd_graph_domains *domains,
                             const struct dtd_node *node);

/* Dies (usage), naming the node, when the rule of a node with weights is not
   meant for what the node reads. */
void dtd_graph_domains_check(const struct dtd_graph_domains *domains,
                             const struct dtd_graph *graph, int node,
                             const struct dtd_rule *rule);

void dtd_graph_domains_free(struct dtd_graph_domains *domains);

#endif
