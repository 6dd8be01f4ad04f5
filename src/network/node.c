/* A node of a network graph: one kind of layer, its formulas and its settings.
 */
#include "network/node.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"

#define DTD_NODE(symbol) extern const struct dtd_node_kind symbol;
#include "network/nodes/registry.h"
#undef DTD_NODE

#define DTD_NODE(symbol) &symbol,
const struct dtd_node_kind *const dtd_node_kinds[] = {
#include "network/nodes/registry.h"
    NULL};
#undef DTD_NODE

const struct dtd_node_kind dtd_node_input = {
    .name = "Input",
    .description = "what the network is given",
};

const struct dtd_node_kind *dtd_node_kind_find(const char *type) {
  for (int n = 0; dtd_node_kinds[n]; n++)
    if (!strcmp(dtd_node_kinds[n]->name, type)) return dtd_node_kinds[n];
  return NULL;
}

void dtd_node_store(struct dtd_node *node) {
  struct dtd_maps in = node->in[0];
  if (node->window.kernel[0]) {
    struct dtd_convolution_shape shape = {in.channels,  in.rows,
                                          in.columns,   node->out.channels,
                                          node->groups, node->window};
    node->weights = dtd_convolution_new(&shape, node->values);
  } else {
    node->weights =
        dtd_weights_new(&dtd_plain, node->values, (int)dtd_maps_size(in),
                        (int)dtd_maps_size(node->out), 0, 0);
  }
}

void dtd_node_refuse(const struct dtd_node_source *from, const char *to_do,
                     const char *why, ...) {
  char what[1024], text[1024];
  snprintf(what, sizeof what, "%s: node %s (%s)", from->onnx->path,
           from->node->name, from->node->type);
  va_list arguments;
  va_start(arguments, why);
  vsnprintf(text, sizeof text, why, arguments);
  va_end(arguments);
  dtd_die(DTD_FAILURE, what, to_do, "%s", text);
}

struct dtd_maps dtd_maps_of(int dimensions, const long *sizes) {
  return (struct dtd_maps){
      .channels = dimensions > 1 ? (int)sizes[0] : 1,
      .rows = dimensions > 2 ? (int)sizes[1] : 1,
      .columns = dimensions > 3 ? (int)sizes[2] : 1,
  };
}

void dtd_maps_sizes(long *sizes, struct dtd_maps maps, int dimensions) {
  const int all[] = {maps.channels, maps.rows, maps.columns};
  for (int d = 0; d < dimensions - 1; d++) sizes[d] = all[d];
}

size_t dtd_node_parameters(const struct dtd_node *node) {
  return node->value_count +
         (node->biased ? (size_t)node->out.channels : (size_t)0);
}

double dtd_node_operations(const struct dtd_node *node) {
  return node->kind->operations ? node->kind->operations(node) : 0;
}

void dtd_node_release(struct dtd_node *node) {
  dtd_weights_free(node->weights);
  dtd_free(node->name);
  dtd_free(node->input);
  dtd_free(node->in);
  dtd_free(node->in_dimensions);
  dtd_free(node->values);
  dtd_free(node->bias);
  dtd_free(node->own);
}
