/* Graphs that are built twice, for tests: as an ONNX file, and as nodes that
   plain double loops run, one example at a time.

   Each function that adds a node writes a line for the file (test_onnx.h) and
   returns the node's number here. Batch normalisation goes into the weights
   before it. Relevance goes down as section 6.2 says. */
#ifndef DTD_TEST_TWIN_GRAPH_H
#define DTD_TEST_TWIN_GRAPH_H

#include "base/test.h"
#include "network/test_graph.h"
#include "relevance/test_twin.h"

enum twin_op {
  TWIN_INPUT,
  TWIN_WEIGHTS,
  TWIN_RELU,
  TWIN_MAX,
  TWIN_AVERAGE,
  TWIN_LRN,
  TWIN_CONCAT,
  TWIN_ADD,
  TWIN_FLATTEN
};

struct twin_node {
  enum twin_op op;
  char name[16], read_as[16]; /* read_as: what reads it in the file */
  int inputs, in[4];
  int channels, rows, columns;
  struct dtd_window window; /* of pools */
  struct twin_layer layer;
  const struct dtd_rule *rule; /* of nodes with weights */
  double *x, *R, kept;
};

enum { TWIN_NODES = 96, TWIN_LINES = 512 };

struct twin_graph {
  int nodes, lines, tensors;
  struct twin_node node[TWIN_NODES];
  char *line[TWIN_LINES];
  const float *low, *high; /* of the input's channels */
};

/* ---- build ---- */

__attribute__((format(printf, 2, 3))) static inline void
twin_write(struct twin_graph *g, const char *format, ...) {
  char line[512];
  va_list words;
  va_start(words, format);
  vsnprintf(line, sizeof line, format, words);
  va_end(words);
  assert_true(g->lines < TWIN_LINES);
  g->line[g->lines++] = test_string(line);
}

static inline long twin_size(const struct twin_node *node) {
  return (long)node->channels * node->rows * node->columns;
}

static inline int twin_add(struct twin_graph *g, enum twin_op op, int from,
                           int channels, int rows, int columns) {
  assert_true(g->nodes < TWIN_NODES);
  struct twin_node *node = &g->node[g->nodes];
  *node = (struct twin_node){.op = op,
                             .inputs = op != TWIN_INPUT,
                             .in = {from},
                             .channels = channels,
                             .rows = rows,
                             .columns = columns};
  snprintf(node->name, sizeof node->name, "n%d", g->nodes);
  snprintf(node->read_as, sizeof node->read_as, "n%d", g->nodes);
  node->x = test_new(twin_size(node), sizeof *node->x);
  node->R = test_new(twin_size(node), sizeof *node->R);
  return g->nodes++;
}

/* What the file's tensor of that name holds. */
static inline float *twin_values(const char *name, long count, bool positive) {
  float *values = test_new(count, sizeof *values);
  struct dtd_rng rng = dtd_rng_open(1, name, 0);
  for (long i = 0; i < count; i++) {
    double draw = dtd_rng_uniform(&rng);
    values[i] = (float)(positive ? 1 - draw : 2 * draw - 1);
  }
  return values;
}

/* A new vector of the file, as NAME. */
static inline float *twin_vector(struct twin_graph *g, char name[16], int count,
                                 bool positive) {
  snprintf(name, 16, "t%d", g->tensors++);
  twin_write(g, "tensor %s %d%s", name, count, positive ? " > 0" : "");
  return twin_values(name, count, positive);
}

static inline struct twin_graph *twin_graph_new(int channels, int rows,
                                                int columns, const float *low,
                                                const float *high) {
  struct twin_graph *g = test_new(1, sizeof *g);
  g->low = low;
  g->high = high;
  twin_add(g, TWIN_INPUT, 0, channels, rows, columns);
  twin_write(g, "input n0 N %d %d %d", channels, rows, columns);
  return g;
}

/* The domain of a layer that reads node `from`: the box, or [0, infinity). */
static inline void twin_domain(struct twin_layer *layer,
                               const struct twin_graph *g, int from) {
  while (g->node[from].op == TWIN_FLATTEN) from = g->node[from].in[0];
  if (from) return;
  long span = layer->inputs / g->node[0].channels;
  for (long i = 0; i < layer->inputs; i++) {
    layer->low[i] = g->low[i / span];
    layer->high[i] = g->high[i / span];
  }
}

static inline int twin_conv(struct twin_graph *g, int from, int maps,
                            struct dtd_window w, int groups) {
  const struct twin_node *in = &g->node[from];
  struct dtd_convolution_shape shape = {in->channels, in->rows, in->columns,
                                        maps,         groups,   w};
  char values[16], bias[16];
  snprintf(values, sizeof values, "t%d", g->tensors++);
  twin_write(g, "tensor %s %d %d %d %d", values, maps, in->channels / groups,
             w.kernel[0], w.kernel[1]);
  float *b = twin_vector(g, bias, maps, false);
  struct twin_layer layer =
      twin_of_convolution(&shape,
                          twin_values(values,
                                      (long)maps * (in->channels / groups) *
                                          w.kernel[0] * w.kernel[1],
                                      false),
                          b);
  int out[2];
  twin_positions(out, &w, in->rows, in->columns);
  int n = twin_add(g, TWIN_WEIGHTS, from, maps, out[0], out[1]);
  g->node[n].layer = layer;
  twin_domain(&g->node[n].layer, g, from);
  twin_write(g,
             "Conv %s %s %s > n%d group=%d strides=%d,%d pads=%d,%d,%d,%d "
             "dilations=%d,%d",
             in->read_as, values, bias, n, groups, w.stride[0], w.stride[1],
             w.pad[0], w.pad[1], w.pad[2], w.pad[3], w.dilation[0],
             w.dilation[1]);
  return n;
}

/* The same with a square window. */
static inline int twin_square(struct twin_graph *g, int from, int maps,
                              int kernel, int stride, int pad, int groups) {
  struct dtd_window w = {
      {kernel, kernel}, {stride, stride}, {1, 1}, {pad, pad, pad, pad}};
  return twin_conv(g, from, maps, w, groups);
}

/* Batch normalisation of weights that nothing else reads; the same node. */
static inline int twin_normalise(struct twin_graph *g, int n) {
  struct twin_node *node = &g->node[n];
  char name[4][16];
  float *gamma = twin_vector(g, name[0], node->channels, false);
  float *beta = twin_vector(g, name[1], node->channels, false);
  float *mean = twin_vector(g, name[2], node->channels, false);
  float *variance = twin_vector(g, name[3], node->channels, true);
  long positions = (long)node->rows * node->columns;
  for (long j = 0; j < node->layer.units; j++) {
    long c = j / positions;
    double a = gamma[c] / sqrt((double)variance[c] + 0.01);
    for (long k = 0; k < node->layer.count[j]; k++) node->layer.w[j][k] *= a;
    node->layer.b[j] = a * (node->layer.b[j] - mean[c]) + beta[c];
  }
  twin_write(g, "BatchNormalization %s %s %s %s %s > m%d epsilon=0.01",
             node->read_as, name[0], name[1], name[2], name[3], n);
  snprintf(node->read_as, sizeof node->read_as, "m%d", n);
  return n;
}

static inline int twin_same(struct twin_graph *g, enum twin_op op, int from,
                            const char *type, const char *settings) {
  const struct twin_node *in = &g->node[from];
  int n = twin_add(g, op, from, in->channels, in->rows, in->columns);
  twin_write(g, "%s %s > n%d %s", type, in->read_as, n, settings);
  return n;
}

static inline int twin_relu(struct twin_graph *g, int from) {
  return twin_same(g, TWIN_RELU, from, "Relu", "");
}

static inline int twin_lrn(struct twin_graph *g, int from) {
  return twin_same(g, TWIN_LRN, from, "LRN",
                   "size=5 alpha=0.3 beta=0.75 bias=1.5");
}

static inline int twin_pool(struct twin_graph *g, int from, bool max,
                            int kernel, int stride, int pad) {
  const struct twin_node *in = &g->node[from];
  struct dtd_window w = {
      {kernel, kernel}, {stride, stride}, {1, 1}, {pad, pad, pad, pad}};
  int out[2];
  twin_positions(out, &w, in->rows, in->columns);
  int n = twin_add(g, max ? TWIN_MAX : TWIN_AVERAGE, from, in->channels, out[0],
                   out[1]);
  g->node[n].window = w;
  twin_write(g, "%s %s > n%d kernel_shape=%d,%d strides=%d,%d pads=%d,%d,%d,%d",
             max ? "MaxPool" : "AveragePool", in->read_as, n, kernel, kernel,
             stride, stride, pad, pad, pad, pad);
  return n;
}

/* The average of each whole map. */
static inline int twin_global(struct twin_graph *g, int from) {
  const struct twin_node *in = &g->node[from];
  int n = twin_add(g, TWIN_AVERAGE, from, in->channels, 1, 1);
  g->node[n].window = (struct dtd_window){
      {in->rows, in->columns}, {1, 1}, {1, 1}, {0, 0, 0, 0}};
  twin_write(g, "GlobalAveragePool %s > n%d", in->read_as, n);
  return n;
}

static inline int twin_concat(struct twin_graph *g, int a, int b, int c) {
  const struct twin_node *node = g->node;
  int n = twin_add(g, TWIN_CONCAT, a,
                   node[a].channels + node[b].channels + node[c].channels,
                   node[a].rows, node[a].columns);
  g->node[n].inputs = 3;
  g->node[n].in[1] = b;
  g->node[n].in[2] = c;
  twin_write(g, "Concat %s %s %s > n%d axis=1", node[a].read_as,
             node[b].read_as, node[c].read_as, n);
  return n;
}

static inline int twin_sum(struct twin_graph *g, int a, int b) {
  const struct twin_node *in = &g->node[a];
  int n = twin_add(g, TWIN_ADD, a, in->channels, in->rows, in->columns);
  g->node[n].inputs = 2;
  g->node[n].in[1] = b;
  twin_write(g, "Add %s %s > n%d", in->read_as, g->node[b].read_as, n);
  return n;
}

/* A matrix of all elements of a node. */
static inline int twin_dense(struct twin_graph *g, int from, int units) {
  long inputs = twin_size(&g->node[from]);
  char values[16], bias[16];
  int flat = twin_add(g, TWIN_FLATTEN, from, (int)inputs, 1, 1);
  twin_write(g, "Flatten %s > n%d", g->node[from].read_as, flat);
  snprintf(values, sizeof values, "t%d", g->tensors++);
  twin_write(g, "tensor %s %ld %d", values, inputs, units);
  float *b = twin_vector(g, bias, units, false);
  struct twin_layer layer = twin_of_matrix(
      twin_values(values, inputs * units, false), b, inputs, units);
  int n = twin_add(g, TWIN_WEIGHTS, flat, units, 1, 1);
  g->node[n].layer = layer;
  twin_domain(&g->node[n].layer, g, flat);
  twin_write(g, "Gemm n%d %s %s > n%d", flat, values, bias, n);
  return n;
}

/* The same graph, read from a file; the last node is its output. */
static inline struct dtd_graph *twin_read(struct twin_graph *g) {
  twin_write(g, "output %s", g->node[g->nodes - 1].read_as);
  return own_graph(dtd_graph_read(
      put_onnx("net.onnx", g->lines, (const char *const *)g->line)));
}

/* ---- windows ---- */

/* Where the elements of window k stand, row by row, those of the padding left
   out; returns their number. */
static inline int twin_window(long *at, const struct twin_node *node,
                              const struct twin_node *in, long k) {
  const struct dtd_window *w = &node->window;
  int c = (int)(k / ((long)node->rows * node->columns)), count = 0;
  int r = (int)(k / node->columns % node->rows), o = (int)(k % node->columns);
  for (int u = 0; u < w->kernel[0]; u++)
    for (int v = 0; v < w->kernel[1]; v++) {
      int y = r * w->stride[0] + u - w->pad[0];
      int x = o * w->stride[1] + v - w->pad[1];
      if (y >= 0 && y < in->rows && x >= 0 && x < in->columns)
        at[count++] = ((long)c * in->rows + y) * in->columns + x;
    }
  return count;
}

static inline void twin_pool_forward(struct twin_node *node,
                                     const struct twin_node *in) {
  long at[1024];
  for (long k = 0; k < twin_size(node); k++) {
    int count = twin_window(at, node, in, k);
    double sum = 0, most = -INFINITY;
    for (int e = 0; e < count; e++) {
      sum += in->x[at[e]];
      most = fmax(most, in->x[at[e]]);
    }
    node->x[k] = node->op == TWIN_MAX ? most : sum / count;
  }
}

static inline void twin_pool_relevance(const struct twin_node *node,
                                       struct twin_node *in) {
  long at[1024];
  for (long k = 0; k < twin_size(node); k++) {
    int count = twin_window(at, node, in, k), winner = -1;
    double sum = 0;
    for (int e = 0; e < count; e++) {
      sum += twin_above(in->x[at[e]]);
      if (winner < 0 && in->x[at[e]] == node->x[k]) winner = e;
    }
    for (int e = 0; e < count; e++)
      if (node->op == TWIN_MAX)
        in->R[at[e]] += e == winner ? node->R[k] : 0;
      else if (sum > 0)
        in->R[at[e]] += twin_above(in->x[at[e]]) / sum * node->R[k];
  }
}

/* ---- forward ---- */

static inline void twin_normalise_near(struct twin_node *node,
                                       const struct twin_node *in) {
  long positions = (long)in->rows * in->columns;
  for (long i = 0; i < twin_size(in); i++) {
    double sum = 0;
    for (long c = i / positions - 2; c <= i / positions + 2; c++)
      if (c >= 0 && c < in->channels)
        sum += pow(in->x[c * positions + i % positions], 2);
    node->x[i] = in->x[i] / pow(1.5 + 0.3 / 5 * sum, 0.75);
  }
}

static inline void twin_forward_node(struct twin_graph *g, int n) {
  struct twin_node *node = &g->node[n], *in = &g->node[node->in[0]];
  long size = twin_size(node), first = 0;
  if (node->op == TWIN_WEIGHTS) twin_respond(node->x, &node->layer, in->x);
  if (node->op == TWIN_MAX || node->op == TWIN_AVERAGE)
    twin_pool_forward(node, in);
  if (node->op == TWIN_LRN) twin_normalise_near(node, in);
  for (long i = 0; i < size; i++) {
    if (node->op == TWIN_RELU) node->x[i] = twin_above(in->x[i]);
    if (node->op == TWIN_FLATTEN) node->x[i] = in->x[i];
    if (node->op == TWIN_ADD) node->x[i] = in->x[i] + g->node[node->in[1]].x[i];
  }
  for (int k = 0; node->op == TWIN_CONCAT && k < node->inputs; k++) {
    in = &g->node[node->in[k]];
    for (long i = 0; i < twin_size(in); i++) node->x[first++] = in->x[i];
  }
}

static inline void twin_forward(struct twin_graph *g, const float *x) {
  widen(g->node[0].x, x, twin_size(&g->node[0]));
  for (int n = 1; n < g->nodes; n++) twin_forward_node(g, n);
}

/* ---- relevance ---- */

static inline void twin_weights_relevance(struct twin_node *node,
                                          struct twin_node *in) {
  double *R_i = dtd_new((size_t)node->layer.inputs, sizeof *R_i);
  node->kept = twin_propagate(R_i, node->rule, &node->layer, in->x, node->R);
  for (long i = 0; i < node->layer.inputs; i++) in->R[i] += R_i[i];
  dtd_free(R_i);
}

static inline void twin_add_relevance(const struct twin_node *node,
                                      struct twin_node *a,
                                      struct twin_node *b) {
  for (long i = 0; i < twin_size(node); i++) {
    double of_a = twin_above(a->x[i]), of_b = twin_above(b->x[i]);
    double whole = of_a + of_b;
    a->R[i] += whole > 0 ? of_a / whole * node->R[i] : 0;
    b->R[i] += whole > 0 ? of_b / whole * node->R[i] : 0;
  }
}

static inline void twin_relevance_node(struct twin_graph *g, int n) {
  struct twin_node *node = &g->node[n], *in = &g->node[node->in[0]];
  long first = 0;
  if (node->op == TWIN_WEIGHTS) twin_weights_relevance(node, in);
  if (node->op == TWIN_MAX || node->op == TWIN_AVERAGE)
    twin_pool_relevance(node, in);
  if (node->op == TWIN_ADD) twin_add_relevance(node, in, &g->node[node->in[1]]);
  if (node->op == TWIN_RELU || node->op == TWIN_LRN || node->op == TWIN_FLATTEN)
    for (long i = 0; i < twin_size(node); i++) in->R[i] += node->R[i];
  for (int k = 0; node->op == TWIN_CONCAT && k < node->inputs; k++) {
    in = &g->node[node->in[k]];
    for (long i = 0; i < twin_size(in); i++) in->R[i] += node->R[first++];
  }
}

/* After forward: R of every node from max(0, z_c); the input's is R_p. */
static inline void twin_relevance(struct twin_graph *g, int c) {
  for (int n = 0; n < g->nodes; n++) {
    memset(g->node[n].R, 0, twin_size(&g->node[n]) * sizeof(double));
    g->node[n].kept = 0;
  }
  struct twin_node *top = &g->node[g->nodes - 1];
  top->R[c] = twin_above(top->x[c]);
  for (int n = g->nodes - 1; n > 0; n--) twin_relevance_node(g, n);
}

#endif
