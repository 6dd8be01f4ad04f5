/* Prints a network node by node: shapes, parameters, operations. */
#include "network/graph_listing.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"

/* "64 x 112 x 112", or "1000" of a vector. */
static char *shape_of(const struct dtd_node *node) {
  struct dtd_maps out = node->out;
  if (node->dimensions < 3) return dtd_printed("%d", out.channels);
  if (node->dimensions < 4)
    return dtd_printed("%d x %d", out.channels, out.rows);
  return dtd_printed("%d x %d x %d", out.channels, out.rows, out.columns);
}

/* The nodes that it reads: "3, 7". */
static char *inputs_of(const struct dtd_node *node) {
  struct dtd_text *text = dtd_text_open();
  for (int i = 0; i < node->inputs; i++)
    fprintf(text->stream, "%s%d", i ? ", " : "", node->input[i]);
  return dtd_text_close(text);
}

/* Names come from files: control characters become blanks. */
static void print_name(FILE *output, const char *name) {
  for (; *name; name++)
    fputc((unsigned char)*name < ' ' || *name == 127 ? ' ' : *name, output);
  fputc('\n', output);
}

static void list_node(FILE *output, const struct dtd_node *node, int index) {
  char *shape = shape_of(node), *inputs = inputs_of(node);
  fprintf(output, "%4d  %-18s  %-16s %11zu %14.0f  %-16s  ", index,
          node->kind->name, shape, dtd_node_parameters(node),
          dtd_node_operations(node), inputs);
  print_name(output, node->name);
  dtd_free(shape);
  dtd_free(inputs);
}

void dtd_graph_list(FILE *output, const struct dtd_graph *graph) {
  fprintf(output,
          "%s: %d nodes, %zu parameters, %.0f operations an example%s\n",
          graph->path, graph->nodes - 1, dtd_graph_parameters(graph),
          dtd_graph_operations(graph),
          graph->softmax ? ", a Softmax at the end" : "");
  fprintf(output, "%4s  %-18s  %-16s %11s %14s  %-16s  %s\n", "node", "type",
          "output", "parameters", "operations", "reads", "name");
  for (int n = 0; n < graph->nodes; n++) list_node(output, &graph->node[n], n);
}
