/* Reads a network from ONNX as a graph (section 6.2). */
#include "network/graph_reader.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "network/weighted_node.h"

/* Beyond these a file is refused: numbers of one example, over all nodes, and
   weights. A float takes 4 bytes. */
static const double most_values = 1 << 30, most_weights = 1 << 30;

enum { MOST_PASSES = 16 }; /* of a constant from node to node */

/* ---- who makes what ---- */

enum maker { MADE_BY_INPUT, MADE_BY_FILE, MADE_BY_NODE, SECOND_OF_NODE };

struct made {
  const char *name;
  enum maker maker;
  int index; /* of the initialiser or node */
};

struct reader {
  const struct dtd_onnx *onnx;
  int names;
  struct made *made; /* (names), sorted by name */
  /* Of each node of the file: */
  int *reads;    /* how many inputs of needed nodes read it, the output too */
  int *at;       /* the graph's node that computes it */
  bool *softmax; /* lies behind the Softmax */
  int *order;    /* (needed): nodes of the file, each after what it reads */
  int needed;
  struct dtd_graph *graph;
  double values, weights; /* so far */
};

static int by_name(const void *a, const void *b) {
  return strcmp(((const struct made *)a)->name, ((const struct made *)b)->name);
}

static void add_name(struct reader *reader, const char *name, enum maker maker,
                     int index) {
  if (*name) reader->made[reader->names++] = (struct made){name, maker, index};
}

static void index_names(struct reader *reader) {
  const struct dtd_onnx *onnx = reader->onnx;
  size_t most = (size_t)onnx->tensors + (size_t)onnx->inputs;
  for (int n = 0; n < onnx->nodes; n++) most += (size_t)onnx->node[n].outputs;
  reader->made = dtd_new(most, sizeof *reader->made);
  for (int i = 0; i < onnx->inputs; i++)
    add_name(reader, onnx->input[i].name, MADE_BY_INPUT, i);
  for (int t = 0; t < onnx->tensors; t++)
    add_name(reader, onnx->tensor[t].name, MADE_BY_FILE, t);
  for (int n = 0; n < onnx->nodes; n++)
    for (int o = 0; o < onnx->node[n].outputs; o++)
      add_name(reader, onnx->node[n].output[o],
               o ? SECOND_OF_NODE : MADE_BY_NODE, n);
  qsort(reader->made, (size_t)reader->names, sizeof *reader->made, by_name);
}

/* Who makes that tensor; null when nobody does. */
static const struct made *find_made(const struct reader *reader,
                                    const char *name) {
  struct made key = {.name = name};
  return bsearch(&key, reader->made, (size_t)reader->names,
                 sizeof *reader->made, by_name);
}

static struct dtd_node_source source_of(const struct reader *reader, int n) {
  return (struct dtd_node_source){reader->onnx, &reader->onnx->node[n], NULL};
}

/* The constant of that name, an initialiser or what a Constant node holds;
   null when it is computed. Nodes that pass a constant on are followed. */
static const struct dtd_onnx_tensor *constant_of(const struct reader *reader,
                                                 const char *name) {
  const struct dtd_onnx *onnx = reader->onnx;
  for (int steps = 0; *name && steps < MOST_PASSES; steps++) {
    const struct made *made = find_made(reader, name);
    if (made && made->maker == MADE_BY_FILE) return &onnx->tensor[made->index];
    if (!made || made->maker != MADE_BY_NODE) return NULL;
    const struct dtd_onnx_node *node = &onnx->node[made->index];
    if (!strcmp(node->type, "Constant")) {
      const struct dtd_onnx_tensor *value =
          dtd_onnx_attribute_tensor(onnx, node, "value");
      struct dtd_node_source from = source_of(reader, made->index);
      if (!value)
        dtd_node_refuse(&from, "give it as a tensor, the attribute value",
                        "has a constant of another form");
      return value;
    }
    if (strcmp(node->type, "Identity") || node->inputs != 1) return NULL;
    name = node->input[0];
  }
  return NULL;
}

/* The node that computes input `i` of node `n`; -1 when it is a constant, left
   out, or the network's input. Dies when nobody makes it. */
static int read_from(const struct reader *reader, int n, int i) {
  const struct dtd_onnx_node *node = &reader->onnx->node[n];
  const char *name = node->input[i];
  if (!*name || constant_of(reader, name)) return -1;
  const struct made *made = find_made(reader, name);
  struct dtd_node_source from = source_of(reader, n);
  if (!made)
    dtd_node_refuse(&from, NULL, "reads %s, which nothing makes", name);
  if (made->maker == SECOND_OF_NODE)
    dtd_node_refuse(&from, "export the network for inference",
                    "reads %s, a further output of node %s, which is not "
                    "computed",
                    name, reader->onnx->node[made->index].name);
  return made->maker == MADE_BY_NODE ? made->index : -1;
}

/* ---- order ---- */

enum visit { UNSEEN, OPEN, DONE };

struct walk {
  char *state; /* (nodes) of enum visit */
  int *stack;  /* (nodes): those that are open */
  int *next;   /* (nodes): the input of an open node that is looked at next */
};

/* Appends `root` to the order, after all that it reads and that is not there
   yet. */
static void visit(struct reader *reader, struct walk *walk, int root) {
  int depth = 0;
  if (walk->state[root] != UNSEEN) return;
  walk->stack[depth++] = root;
  walk->state[root] = OPEN;
  while (depth > 0) {
    int n = walk->stack[depth - 1];
    if (walk->next[n] == reader->onnx->node[n].inputs) {
      walk->state[n] = DONE;
      reader->order[reader->needed++] = n;
      depth--;
      continue;
    }
    int below = read_from(reader, n, walk->next[n]++);
    if (below < 0 || walk->state[below] == DONE) continue;
    if (walk->state[below] == OPEN) {
      struct dtd_node_source from = source_of(reader, n);
      dtd_node_refuse(&from, NULL, "reads what follows from itself: a cycle");
    }
    walk->state[below] = OPEN;
    walk->stack[depth++] = below;
  }
}

/* Finds the nodes that lead to the output, in an order that is the file's where
   that will do. */
static void order_nodes(struct reader *reader, int last) {
  size_t nodes = (size_t)reader->onnx->nodes;
  struct walk walk = {dtd_new(nodes, 1), dtd_new(nodes, sizeof(int)),
                      dtd_new(nodes, sizeof(int))};
  visit(reader, &walk, last);
  char *needed = dtd_copy(walk.state, nodes, 1);
  memset(walk.state, UNSEEN, nodes);
  memset(walk.next, 0, nodes * sizeof *walk.next);
  reader->needed = 0;
  for (int n = 0; n < reader->onnx->nodes; n++)
    if (needed[n] == DONE) visit(reader, &walk, n);
  reader->reads[last]++;
  for (int k = 0; k < reader->needed; k++) {
    int n = reader->order[k];
    for (int i = 0; i < reader->onnx->node[n].inputs; i++) {
      int below = read_from(reader, n, i);
      if (below >= 0) reader->reads[below]++;
    }
  }
  dtd_free(needed);
  dtd_free(walk.state);
  dtd_free(walk.stack);
  dtd_free(walk.next);
}

/* ---- input and output ---- */

#define refuse_file(reader, to_do, ...)                                        \
  dtd_die(DTD_FAILURE, (reader)->onnx->path, to_do, __VA_ARGS__)

static void check_only_one(const struct reader *reader, const char *what,
                           int count, const struct dtd_onnx_value *value) {
  if (count == 0) refuse_file(reader, NULL, "has no %s", what);
  if (count > 1)
    refuse_file(reader, "export a network with one", "has %d %ss, %s and %s%s",
                count, what, value[0].name, value[1].name,
                count > 2 ? " among them" : "");
}

static struct dtd_graph *graph_of_input(const struct reader *reader) {
  const struct dtd_onnx_value *input = &reader->onnx->input[0];
  long sizes[3] = {1, 1, 1};
  if (input->dimensions != 2 && input->dimensions != 4)
    refuse_file(reader, "use images (N, C, H, W) or vectors (N, F)",
                "its input %s has %d dimensions", input->name,
                input->dimensions);
  for (int d = 1; d < input->dimensions; d++) {
    if (input->size[d] < 0)
      refuse_file(reader, "export it with a fixed size; the batch may be free",
                  "size %d of its input %s is free", d + 1, input->name);
    if (input->size[d] < 1 || input->size[d] > INT_MAX)
      refuse_file(reader, NULL, "size %d of its input %s is %lld", d + 1,
                  input->name, (long long)input->size[d]);
    sizes[d - 1] = (long)input->size[d];
  }
  return dtd_graph_new(reader->onnx->path, input->name,
                       dtd_maps_of(input->dimensions, sizes),
                       input->dimensions);
}

/* Dies when the file says that the output has another shape. */
static void check_output(const struct reader *reader) {
  const struct dtd_onnx_value *output = &reader->onnx->output[0];
  const struct dtd_node *node = &reader->graph->node[reader->graph->output];
  long sizes[3] = {0};
  if (output->dimensions < 0) return;
  if (output->dimensions != node->dimensions)
    refuse_file(reader, NULL, "its output %s has %d dimensions, not %d",
                output->name, node->dimensions, output->dimensions);
  dtd_maps_sizes(sizes, node->out, node->dimensions);
  for (int d = 1; d < output->dimensions; d++)
    if (output->size[d] >= 0 && output->size[d] != sizes[d - 1])
      refuse_file(reader, NULL, "size %d of its output %s is %ld, not %lld",
                  d + 1, output->name, sizes[d - 1],
                  (long long)output->size[d]);
}

/* ---- nodes ---- */

static const struct dtd_node_kind *kind_of(const struct dtd_node_source *from) {
  const struct dtd_node_kind *kind = dtd_node_kind_find(from->node->type);
  if (kind) return kind;
  char known[1024] = "read are";
  size_t length = strlen(known);
  for (int n = 0; dtd_node_kinds[n] && length < sizeof known; n++)
    length += (size_t)snprintf(known + length, sizeof known - length, " %s,",
                               dtd_node_kinds[n]->name);
  if (length < sizeof known)
    snprintf(known + length, sizeof known - length,
             " Constant, and Softmax at the end");
  dtd_node_refuse(from, known, "nodes of this type are not read");
}

/* Counts what the last node takes, and dies where that is beyond reason. */
static void check_size(struct reader *reader,
                       const struct dtd_node_source *from) {
  const struct dtd_node *node = &reader->graph->node[reader->graph->nodes - 1];
  struct dtd_maps out = node->out;
  double size = (double)out.channels * out.rows * out.columns;
  reader->values += size;
  reader->weights += (double)node->value_count;
  if (reader->values <= most_values && reader->weights <= most_weights) return;
  const char *to_do = "use a network that fits into memory";
  if (!from) refuse_file(reader, to_do, "its input has %.0f numbers", size);
  dtd_node_refuse(from, to_do, "makes %d x %d x %d numbers, which is too much",
                  out.channels, out.rows, out.columns);
}

/* Folds the last node into the weights that it alone reads, if it can be. */
static void fold(struct reader *reader, const struct dtd_node_source *from,
                 int n) {
  struct dtd_graph *graph = reader->graph;
  struct dtd_node *node = &graph->node[graph->nodes - 1];
  if (!node->kind->folds) return;
  struct dtd_node *below = &graph->node[node->input[0]];
  if (!below->kind->weighted) return;
  for (int i = 0; i < from->node->inputs; i++) {
    int computed = read_from(reader, n, i);
    if (computed >= 0 && reader->reads[computed] != 1) return;
  }
  dtd_fold_scaled_maps(below, node);
  reader->at[n] = node->input[0];
  dtd_node_release(node);
  *node = (struct dtd_node){0};
  graph->nodes--;
}

/* A Softmax over all numbers of an example is left out. */
static void leave_softmax(struct reader *reader,
                          const struct dtd_node_source *from, int n,
                          int input) {
  const struct dtd_node *node = &reader->graph->node[input];
  bool rest = from->onnx->opset < 13; /* over all axes from there on */
  int dimensions = node->dimensions;
  int64_t axis = dtd_onnx_int(from->onnx, from->node, "axis", rest ? 1 : -1);
  if (axis < 0) axis += dimensions;
  long sizes[3], over = 1;
  dtd_maps_sizes(sizes, node->out, dimensions);
  for (int64_t d = axis; d >= 1 && d < dimensions && (rest || d == axis); d++)
    over *= sizes[d - 1];
  if (axis < 1 || over != dtd_maps_size(node->out))
    dtd_node_refuse(from, "use one over all outputs", "is over axis %lld alone",
                    (long long)axis);
  reader->at[n] = input;
  reader->softmax[n] = true;
  reader->graph->softmax = true;
}

/* Sets inputs to the graph's nodes that node `n` reads; returns their number.
 */
static int find_inputs(struct reader *reader, int *inputs,
                       const struct dtd_node_source *from, int n) {
  int count = 0;
  for (int i = 0; i < from->node->inputs; i++) {
    if (!*from->node->input[i] || from->constant[i]) continue;
    int below = read_from(reader, n, i);
    inputs[count++] = below < 0 ? 0 : reader->at[below];
    if (below >= 0 && reader->softmax[below]) reader->softmax[n] = true;
  }
  return count;
}

static void check_inputs(const struct dtd_node_kind *kind,
                         const struct dtd_node_source *from, int inputs) {
  int most = kind->most_inputs;
  if (inputs < kind->least_inputs)
    dtd_node_refuse(from, "let a simplifier compute what is constant",
                    "reads %d tensors that are computed, not %d", inputs,
                    kind->least_inputs);
  if (most && inputs > most)
    dtd_node_refuse(from, "use constant weights and settings",
                    "reads %d tensors that are computed, not %d", inputs, most);
}

static void read_node(struct reader *reader, int n) {
  struct dtd_node_source from = source_of(reader, n);
  size_t inputs = (size_t)from.node->inputs;
  const struct dtd_onnx_tensor **constant = dtd_new(inputs, sizeof *constant);
  int *input = dtd_new(inputs, sizeof *input);
  for (int i = 0; i < from.node->inputs; i++)
    constant[i] = constant_of(reader, from.node->input[i]);
  from.constant = constant;
  int count = find_inputs(reader, input, &from, n);
  bool is_softmax = !strcmp(from.node->type, "Softmax");
  const struct dtd_node_kind *kind = is_softmax ? NULL : kind_of(&from);
  if (reader->softmax[n] && (is_softmax || !kind->unchanged))
    dtd_node_refuse(&from, "a Softmax is read at the end alone",
                    "reads what a Softmax computes");
  if (is_softmax) {
    if (count != 1) dtd_node_refuse(&from, NULL, "reads %d tensors", count);
    leave_softmax(reader, &from, n, input[0]);
  } else {
    check_inputs(kind, &from, count);
    int index = reader->at[n] =
        dtd_graph_append(reader->graph, kind, from.node->name, count, input);
    kind->create(&reader->graph->node[index], &from);
    check_size(reader, &from);
    fold(reader, &from, n);
  }
  dtd_free(constant);
  dtd_free(input);
}

/* ---- the whole ---- */

/* The node that computes the output. */
static int last_node(const struct reader *reader) {
  const char *name = reader->onnx->output[0].name;
  const struct made *made = find_made(reader, name);
  if (!made) refuse_file(reader, NULL, "nothing makes its output %s", name);
  if (made->maker != MADE_BY_NODE || constant_of(reader, name))
    refuse_file(reader, NULL, "its output %s is not computed", name);
  return made->index;
}

struct dtd_graph *dtd_graph_read(const char *path) {
  struct dtd_onnx *onnx = dtd_onnx_read(path);
  size_t nodes = (size_t)onnx->nodes;
  struct reader reader = {.onnx = onnx};
  check_only_one(&reader, "input", onnx->inputs, onnx->input);
  check_only_one(&reader, "output", onnx->outputs, onnx->output);
  index_names(&reader);
  reader.reads = dtd_new(nodes, sizeof *reader.reads);
  reader.at = dtd_new(nodes, sizeof *reader.at);
  reader.softmax = dtd_new(nodes, sizeof *reader.softmax);
  reader.order = dtd_new(nodes, sizeof *reader.order);
  int last = last_node(&reader);
  order_nodes(&reader, last);
  reader.graph = graph_of_input(&reader);
  check_size(&reader, NULL);
  for (int k = 0; k < reader.needed; k++) read_node(&reader, reader.order[k]);
  dtd_graph_finish(reader.graph, reader.at[last]);
  check_output(&reader);
  dtd_free(reader.made);
  dtd_free(reader.reads);
  dtd_free(reader.at);
  dtd_free(reader.softmax);
  dtd_free(reader.order);
  dtd_onnx_free(onnx);
  return reader.graph;
}
