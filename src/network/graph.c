/* A network as a graph of nodes: forward, and the walk down. */
#include "network/graph.h"

#include <string.h>

#include "base/die.h"
#include "base/memory.h"

enum { ALIGNED = 16 }; /* floats: a buffer begins at a cache line */

size_t dtd_graph_room(long size, int capacity) {
  size_t count = (size_t)size * (size_t)capacity;
  return (count + ALIGNED - 1) / ALIGNED * ALIGNED;
}

/* ---- create ---- */

struct dtd_graph *dtd_graph_new(const char *path, const char *input,
                                struct dtd_maps shape, int dimensions) {
  struct dtd_graph *graph = dtd_new(1, sizeof *graph);
  graph->path = dtd_copy_text(path);
  dtd_graph_append(graph, &dtd_node_input, input, 0, NULL);
  graph->node[0].out = shape;
  graph->node[0].dimensions = dimensions;
  return graph;
}

int dtd_graph_append(struct dtd_graph *graph, const struct dtd_node_kind *kind,
                     const char *name, int inputs, const int *input) {
  struct dtd_node *node =
      dtd_append(graph, &graph->node, &graph->nodes, sizeof *node);
  node->kind = kind;
  node->name = dtd_copy_text(name);
  node->inputs = inputs;
  node->input = dtd_new((size_t)inputs, sizeof *node->input);
  node->in = dtd_new((size_t)inputs, sizeof *node->in);
  node->in_dimensions = dtd_new((size_t)inputs, sizeof *node->in_dimensions);
  for (int i = 0; i < inputs; i++) {
    node->input[i] = input[i];
    node->in[i] = graph->node[input[i]].out;
    node->in_dimensions[i] = graph->node[input[i]].dimensions;
  }
  return graph->nodes - 1;
}

/* Which nodes write to the buffer of another: those that change nothing, and a
   Relu that alone reads what it rectifies. */
static void share_buffers(struct dtd_graph *graph) {
  bool *sole = dtd_new((size_t)graph->nodes, sizeof *sole);
  for (int n = 0; n < graph->nodes; n++) {
    const struct dtd_node *node = &graph->node[n];
    int below = node->inputs ? node->input[0] : 0;
    int buffer = n ? graph->stored_in[below] : 0;
    bool shares = n && (node->kind->unchanged ||
                        (node->kind->in_place && sole[below] && buffer != 0));
    graph->stored_in[n] = shares ? buffer : n;
    sole[n] = graph->readers[n] == 1 && (!shares || sole[below]);
  }
  dtd_free(sole);
}

void dtd_graph_finish(struct dtd_graph *graph, int output) {
  graph->output = output;
  graph->readers = dtd_new((size_t)graph->nodes, sizeof *graph->readers);
  graph->stored_in = dtd_new((size_t)graph->nodes, sizeof *graph->stored_in);
  graph->readers[output]++;
  for (int n = 0; n < graph->nodes; n++) {
    struct dtd_node *node = &graph->node[n];
    for (int i = 0; i < node->inputs; i++) graph->readers[node->input[i]]++;
    if (node->kind->weighted) dtd_node_store(node);
  }
  share_buffers(graph);
}

void dtd_graph_free(struct dtd_graph *graph) {
  if (!graph) return;
  for (int n = 0; n < graph->nodes; n++) dtd_node_release(&graph->node[n]);
  dtd_free(graph->node);
  dtd_free(graph->path);
  dtd_free(graph->readers);
  dtd_free(graph->stored_in);
  dtd_free(graph);
}

/* ---- forward ---- */

static void place_values(struct dtd_graph_values *values,
                         const struct dtd_graph *graph) {
  size_t total = 0;
  for (int n = 0; n < graph->nodes; n++)
    if (graph->stored_in[n] == n)
      total +=
          dtd_graph_room(dtd_maps_size(graph->node[n].out), values->capacity);
  float *at = values->memory = dtd_new(total, sizeof *at);
  for (int n = 0; n < graph->nodes; n++)
    if (graph->stored_in[n] == n) {
      values->at[n] = at;
      at += dtd_graph_room(dtd_maps_size(graph->node[n].out), values->capacity);
    } else {
      values->at[n] = values->at[graph->stored_in[n]];
    }
}

struct dtd_graph_values *dtd_graph_values_new(const struct dtd_graph *graph,
                                              int capacity) {
  struct dtd_graph_values *values = dtd_new(1, sizeof *values);
  size_t nodes = (size_t)graph->nodes, edges = 0;
  values->capacity = capacity;
  values->at = dtd_new(nodes, sizeof *values->at);
  values->in = dtd_new(nodes, sizeof *values->in);
  place_values(values, graph);
  for (int n = 0; n < graph->nodes; n++) edges += (size_t)graph->node[n].inputs;
  const float **in = values->pointers = dtd_new(edges, sizeof *in);
  for (int n = 0; n < graph->nodes; n++) {
    values->in[n] = in;
    for (int i = 0; i < graph->node[n].inputs; i++)
      *in++ = values->at[graph->node[n].input[i]];
  }
  return values;
}

void dtd_graph_forward(struct dtd_graph_values *values,
                       const struct dtd_graph *graph, const float *x,
                       int batch) {
  if (batch > values->capacity)
    dtd_die(DTD_FAILURE, graph->path, NULL, "a batch of %d exceeds capacity %d",
            batch, values->capacity);
  values->batch = batch;
  memcpy(values->at[0], x,
         (size_t)batch * (size_t)dtd_graph_inputs(graph) * sizeof *x);
  for (int n = 1; n < graph->nodes; n++)
    graph->node[n].kind->forward(values->at[n], &graph->node[n], values->in[n],
                                 batch);
}

void dtd_graph_values_free(struct dtd_graph_values *values) {
  if (!values) return;
  dtd_free(values->at);
  dtd_free(values->in);
  dtd_free(values->memory);
  dtd_free(values->pointers);
  dtd_free(values);
}

/* ---- inspect ---- */

long dtd_graph_inputs(const struct dtd_graph *graph) {
  return dtd_maps_size(graph->node[0].out);
}

long dtd_graph_outputs(const struct dtd_graph *graph) {
  return dtd_maps_size(graph->node[graph->output].out);
}

const float *dtd_graph_scores(const struct dtd_graph *graph,
                              const struct dtd_graph_values *values) {
  return values->at[graph->output];
}

size_t dtd_graph_parameters(const struct dtd_graph *graph) {
  size_t sum = 0;
  for (int n = 0; n < graph->nodes; n++)
    sum += dtd_node_parameters(&graph->node[n]);
  return sum;
}

double dtd_graph_operations(const struct dtd_graph *graph) {
  double sum = 0;
  for (int n = 0; n < graph->nodes; n++)
    sum += dtd_node_operations(&graph->node[n]);
  return sum;
}
