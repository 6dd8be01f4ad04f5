/* Writes the detection-pooling network as a graph of ONNX nodes.

   A layer is Gemm (x_i w_ij + b_j), Relu (x_j), and the sum of each pool
   (Reshape, ReduceSum), or its maximum (Reshape, MaxPool, Flatten) where
   q = infinity; there the winner then takes all relevance, which the network's
   own relevance models share out. Nodes are called after layer and part:
   detection1, relu1, pools1, pooled1; the last one is f. */
#ifndef DTD_NETWORK_EXPORT_H
#define DTD_NETWORK_EXPORT_H

#include "files/onnx_writer.h"
#include "network/network.h"

/* The first layer with another norm than 1 or infinity, which no node that
   graph_reader.h knows computes, counted from 1; 0 when there is none. */
int dtd_network_export_hindrance(const struct dtd_network *network);

/* Puts the network's weights and nodes, from `input` (N, inputs) to f (N, 1),
   an output that it declares. There is no hindrance. */
void dtd_network_export(struct dtd_onnx_writer *writer,
                        const struct dtd_network *network, const char *input);

#endif
