/* Reads a network from ONNX as a graph (section 6.2).

   Constants become weights and settings; nodes come into an order in which each
   follows what it reads; what does not lead to the output is left out. Batch
   normalisation, and constants that are added, are folded into the weights
   before them where nothing else reads those. A Softmax at the end is left to
   dtd_graph.softmax. Weights that several nodes share are copied for each. */
#ifndef DTD_GRAPH_READER_H
#define DTD_GRAPH_READER_H

#include "network/graph.h"

/* Dies, naming the file and the node, when it holds what is not read. Released
   with dtd_graph_free. */
struct dtd_graph *dtd_graph_read(const char *path);

#endif
