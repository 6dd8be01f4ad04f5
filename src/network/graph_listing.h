/* Prints a network node by node: shapes, parameters, operations. */
#ifndef DTD_GRAPH_LISTING_H
#define DTD_GRAPH_LISTING_H

#include <stdio.h>

#include "network/graph.h"

/* A line for the whole, then one a node, in columns. Operations are
   multiplications and additions of one example. */
void dtd_graph_list(FILE *output, const struct dtd_graph *graph);

#endif
