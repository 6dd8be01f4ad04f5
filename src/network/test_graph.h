/* Graphs from lines of text (files/test_onnx.h), which the test owns. */
#ifndef DTD_TEST_GRAPH_H
#define DTD_TEST_GRAPH_H

#include "base/test.h"
#include "base/test_numbers.h"
#include "files/test_onnx.h"
#include "network/descent.h"
#include "network/graph_reader.h"

TEST_OWNS(graph)
TEST_OWNS(graph_values)
TEST_OWNS(descent)

/* The network of these lines. */
#define GRAPH(...) own_graph(dtd_graph_read(ONNX(__VA_ARGS__)))

/* Its values for x (batch, inputs). */
static inline struct dtd_graph_values *values_for(const struct dtd_graph *graph,
                                                  const float *x, int batch) {
  struct dtd_graph_values *values =
      own_graph_values(dtd_graph_values_new(graph, batch));
  dtd_graph_forward(values, graph, x, batch);
  return values;
}

/* The node of that name; fails when there is none. */
static inline int node_called(const struct dtd_graph *graph, const char *name) {
  for (int n = 0; n < graph->nodes; n++)
    if (!strcmp(graph->node[n].name, name)) return n;
  fail_msg("no node %s", name);
  return -1;
}

#endif
