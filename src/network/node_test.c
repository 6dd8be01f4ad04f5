/* Tests every kind of node, node.c and nodes/, against a plain twin: forward,
   derivatives by differences, relevance by its definition. */
#include "base/test.h"
#include "network/node.h"

#include "network/plain_graph.h"
#include "network/test_graph.h"

TEST_GROUP(test_folder_new, test_folder_free)

TEST(declarations_are_whole) {
  for (int n = 0; dtd_node_kinds[n]; n++) {
    const struct dtd_node_kind *kind = dtd_node_kinds[n];
    assert_true(*kind->name && *kind->description);
    assert_true(kind->create && kind->forward && kind->backward);
    assert_true(kind->weighted == !kind->relevance);
    assert_true(!kind->unchanged || kind->in_place);
    assert_true(!kind->most_inputs || kind->least_inputs <= kind->most_inputs);
    assert_ptr_equal(dtd_node_kind_find(kind->name), kind);
  }
  assert_null(dtd_node_kind_find("Sigmoid"));
  assert_null(dtd_node_kind_find("Input"));
}

/* ---- one node each ---- */

enum { MOST_LINES = 8 };

struct example {
  const char *line[MOST_LINES]; /* the last reads "output y" */
};

#define X345   "input x N 3 4 5"
#define AFFINE "tensor g 3", "tensor s 3", "tensor m 3", "tensor v 3 > 0"

static const struct example examples[] = {
    {{X345, "tensor w 4 3 2 3", "Conv x w > y"}},
    {{X345, "tensor w 4 3 2 3", "tensor b 4", "Conv x w b > y strides=2,1"}},
    {{X345, "tensor w 6 1 3 3", "Conv x w > y group=3 pads=1,0,2,1"}},
    {{X345, "tensor w 2 3 2 2", "Conv x w > y dilations=2,3"}},
    {{X345, "tensor w 2 3 2 3",
      "Conv x w > y strides=2,2 auto_pad=SAME_UPPER"}},
    {{X345, "tensor w 2 3 2 2", "Conv x w > y auto_pad=SAME_LOWER"}},
    {{"input x N 7", "tensor w 7 4", "tensor b 4",
      "Gemm x w b > y alpha=0.5 beta=2.0"}},
    {{"input x N 7", "tensor w 4 7", "tensor b 1 4",
      "Gemm x w b > y transB=1"}},
    {{"input x N 7", "tensor w 40 7", "Gemm x w > y transB=1"}},
    {{"input x N 7", "tensor w 7 4", "tensor b 1", "Gemm x w b > y"}},
    {{"input x N 7", "tensor w 7 4", "MatMul x w > y"}},
    {{X345, AFFINE, "BatchNormalization x g s m v > y"}},
    {{"input x N 3", AFFINE, "BatchNormalization x g s m v > y epsilon=0.1"}},
    {{X345, "Relu x > y"}},
    {{X345, "MaxPool x > y kernel_shape=2,3"}},
    {{X345, "MaxPool x > y kernel_shape=2,1 strides=2,1"}},
    {{X345, "MaxPool x > y kernel_shape=3,3 strides=1,2 pads=1,1,1,1"}},
    {{X345, "MaxPool x > y kernel_shape=2,2 strides=3,2 ceil_mode=1"}},
    {{X345, "MaxPool x > y kernel_shape=2,2 dilations=2,3"}},
    {{"input x N 2 9 9",
      "MaxPool x > y kernel_shape=3,3 strides=2,2 ceil_mode=1"}},
    {{X345, "AveragePool x > y kernel_shape=2,3"}},
    {{X345, "AveragePool x > y kernel_shape=3,3 pads=1,1,0,1 strides=2,2"}},
    {{X345, "AveragePool x > y kernel_shape=3,3 pads=1,1,0,1 strides=2,2 "
            "count_include_pad=1"}},
    {{X345, "AveragePool x > y kernel_shape=3,2 pads=1,0,1,1 strides=2,2 "
            "ceil_mode=1 count_include_pad=1"}},
    {{X345, "AveragePool x > y kernel_shape=2,2 strides=3,2 ceil_mode=1"}},
    {{"opset 19", X345, "AveragePool x > y kernel_shape=2,2 dilations=2,2"}},
    {{X345, "GlobalAveragePool x > y"}},
    {{X345, "ReduceSum x > y axes=2,3"}},
    {{X345, "ReduceSum x > y axes=1, keepdims=0"}},
    {{X345, "whole a 1 = 3", "ReduceSum x a > y"}},
    {{"input x N 7", "ReduceSum x > y axes=1, keepdims=0"}},
    {{X345, "ReduceMean x > y axes=2,3 keepdims=0"}},
    {{X345, "ReduceMean x > y axes=1,3"}},
    {{"input x N 7 2 3", "LRN x > y size=3 alpha=0.5"}},
    {{"input x N 7 2 3", "LRN x > y size=4 alpha=2.0 beta=0.6 bias=1.5"}},
    {{"input x N 7 5 9", "LRN x > y size=5 alpha=0.9 beta=0.5"}},
    {{"input x N 3 2 3", "LRN x > y size=9 alpha=0.9 beta=1.0"}},
    {{X345, "Relu x > r", "Concat x r x > y axis=1"}},
    {{X345, "Relu x > r", "Add r x > y"}},
    {{X345, "Add x x > y"}},
    {{X345, "tensor b 3 1 1", "Add x b > y"}},
    {{"input x N 7", "tensor b 7", "Add b x > y"}},
    {{X345, "tensor b 1", "Add x b > y"}},
    {{X345, "Identity x > y"}},
    {{X345, "Dropout x > y mask ratio=0.5"}},
    {{X345, "whole s 3 = 0 -1 6", "Reshape x s > y"}},
    {{X345, "whole s 4 = -1 5 4 3", "Reshape x s > y"}},
    {{X345, "Flatten x > y"}},
    {{"input x N 3 1 5", "Squeeze x > y axes=2,"}},
    {{"input x N 3 1 1", "whole a 2 = 2 3", "Squeeze x a > y"}},
    {{"input x N 3", "Unsqueeze x > y axes=2,3"}},
};
enum { EXAMPLES = sizeof examples / sizeof *examples };

struct subject {
  int lines;
  const char *line[MOST_LINES + 1];
  struct dtd_graph *graph;
  long inputs, outputs;
};

static struct subject subject_of(const struct example *example) {
  struct subject s = {0};
  while (example->line[s.lines]) {
    s.line[s.lines] = example->line[s.lines];
    s.lines++;
  }
  s.line[s.lines++] = "output y";
  s.graph = own_graph(dtd_graph_read(put_onnx("node.onnx", s.lines, s.line)));
  s.inputs = dtd_graph_inputs(s.graph);
  s.outputs = dtd_graph_outputs(s.graph);
  return s;
}

static const double *twin(const struct subject *s, const double *x) {
  struct plain y = plain_run(s->lines, s->line, x);
  assert_int_equal(y.count, s->outputs);
  return y.v;
}

static const char *last_line(const struct subject *s) {
  return s->line[s->lines - 2];
}

/* Every kind is among the examples. */
TEST(no_kind_is_left_out) {
  for (int n = 0; dtd_node_kinds[n]; n++) {
    bool found = false;
    for (int e = 0; e < EXAMPLES; e++)
      for (int l = 0; l < MOST_LINES && examples[e].line[l]; l++) {
        size_t length = strlen(dtd_node_kinds[n]->name);
        const char *line = examples[e].line[l];
        found |= !strncmp(line, dtd_node_kinds[n]->name, length) &&
                 line[length] == ' ';
      }
    if (!found) fail_msg("no example of %s", dtd_node_kinds[n]->name);
  }
}

enum { BATCH = 3 };

TEST(forward_is_the_twins) {
  for (int e = 0; e < EXAMPLES; e++) {
    struct subject s = subject_of(&examples[e]);
    const float *x = random_numbers(BATCH * s.inputs, -1, 1, 2, "x");
    const struct dtd_graph_values *values = values_for(s.graph, x, BATCH);
    for (int n = 0; n < BATCH; n++)
      assert_close_by(
          last_line(&s), dtd_graph_scores(s.graph, values) + n * s.outputs,
          twin(&s, widened(x + n * s.inputs, s.inputs)), s.outputs, 1e-6);
  }
}

/* sum_k c_k y_k. */
static double loss(const struct subject *s, const double *x, const float *c) {
  const double *y = twin(s, x);
  double sum = 0;
  for (long k = 0; k < s->outputs; k++) sum += c[k] * y[k];
  return sum;
}

TEST(derivatives_are_the_twins_differences) {
  const double h = 1e-5;
  for (int e = 0; e < EXAMPLES; e++) {
    struct subject s = subject_of(&examples[e]);
    const float *x = random_numbers(BATCH * s.inputs, -1, 1, 3, "x");
    const float *c = random_numbers(BATCH * s.outputs, -1, 1, 4, "c");
    const struct dtd_graph_values *values = values_for(s.graph, x, BATCH);
    struct dtd_descent *descent = own_descent(dtd_descent_new(s.graph, BATCH));
    float *d_x = test_new(BATCH * s.inputs, sizeof *d_x);
    dtd_graph_backward(d_x, descent, s.graph, values, c, false);
    for (int n = 0; n < BATCH; n++) {
      double *at = widened(x + n * s.inputs, s.inputs);
      double *wanted = test_new(s.inputs, sizeof *wanted);
      for (long i = 0; i < s.inputs; i++) {
        double was = at[i], up;
        at[i] = was + h;
        up = loss(&s, at, c + n * s.outputs);
        at[i] = was - h;
        wanted[i] = (up - loss(&s, at, c + n * s.outputs)) / (2 * h);
        at[i] = was;
      }
      assert_close_by(last_line(&s), d_x + n * s.inputs, wanted, s.inputs,
                      2e-6);
    }
  }
}

/* ---- relevance ---- */

/* Whether output k reads input i: (outputs, inputs), from the twin. */
static bool *reads(const struct subject *s) {
  bool *read = test_new((size_t)(s->outputs * s->inputs), sizeof *read);
  double *x = test_new((size_t)s->inputs, sizeof *x);
  for (long i = 0; i < s->inputs; i++) {
    x[i] = 1000;
    const double *y = twin(s, x);
    for (long k = 0; k < s->outputs; k++) read[k * s->inputs + i] = y[k] > 1;
    x[i] = 0;
  }
  return read;
}

/* R_i by definition: in proportion to x_i^+, or all to the first greatest. */
static double *shared(const struct subject *s, const float *x, const float *R) {
  const bool *read = reads(s);
  bool wins = strstr(last_line(s), "MaxPool") == last_line(s);
  double *R_i = test_new((size_t)s->inputs, sizeof *R_i);
  for (long k = 0; k < s->outputs; k++, read += s->inputs) {
    double sum = 0;
    long first = -1;
    for (long i = 0; i < s->inputs; i++) {
      if (!read[i]) continue;
      sum += fmax(0, x[i]);
      if (first < 0 || x[i] > x[first]) first = i;
    }
    for (long i = 0; i < s->inputs; i++)
      if (read[i] && !wins && sum > 0) R_i[i] += R[k] * fmax(0, x[i]) / sum;
    if (wins) R_i[first] += R[k];
  }
  return R_i;
}

/* What stands between the input and the one node in question. */
static void hand_down(void *self, float *const *to, const float *from, int n,
                      const struct dtd_graph_values *values) {
  const struct dtd_graph *graph = self;
  const struct dtd_node *node = &graph->node[n];
  node->kind->relevance(to, node, values->in[n], values->at[n], from,
                        values->batch);
}

/* Whole numbers, so that some are equal and some windows are all 0. */
static float *whole_numbers(long count, uint64_t seed) {
  float *x = random_numbers(count, -2, 3, seed, "whole");
  for (long i = 0; i < count; i++) x[i] = floorf(x[i]);
  return x;
}

TEST(relevance_is_shared_by_definition) {
  int checked = 0;
  for (int e = 0; e < EXAMPLES; e++) {
    struct subject s = subject_of(&examples[e]);
    const struct dtd_node_kind *kind = s.graph->node[s.graph->output].kind;
    if (s.graph->nodes != 2 || kind->weighted || kind->in_place ||
        !strcmp(kind->name, "LRN") || !strcmp(kind->name, "Add"))
      continue;
    checked++;
    const float *x = whole_numbers(BATCH * s.inputs, 5);
    const float *R = random_numbers(BATCH * s.outputs, 0, 1, 6, "R");
    struct dtd_descent *descent = own_descent(dtd_descent_new(s.graph, BATCH));
    float *R_i = test_new(BATCH * s.inputs, sizeof *R_i);
    dtd_graph_descend(R_i, descent, s.graph, values_for(s.graph, x, BATCH), R,
                      hand_down, s.graph);
    for (int n = 0; n < BATCH; n++)
      assert_close_by(last_line(&s), R_i + n * s.inputs,
                      shared(&s, x + n * s.inputs, R + n * s.outputs), s.inputs,
                      1e-6);
  }
  assert_true(checked >= 15);
}

/* Those that relevance passes as it is, and LRN, which it bypasses. */
TEST(relevance_passes_unchanged) {
  int checked = 0;
  for (int e = 0; e < EXAMPLES; e++) {
    struct subject s = subject_of(&examples[e]);
    const struct dtd_node_kind *kind = s.graph->node[s.graph->output].kind;
    if (!kind->in_place && strcmp(kind->name, "LRN") != 0) continue;
    checked++;
    const float *x = random_numbers(s.inputs, -1, 1, 5, "x");
    const float *R = random_numbers(s.outputs, 0, 1, 6, "R");
    struct dtd_descent *descent = own_descent(dtd_descent_new(s.graph, 1));
    float *R_i = test_new((size_t)s.inputs, sizeof *R_i);
    dtd_graph_descend(R_i, descent, s.graph, values_for(s.graph, x, 1), R,
                      hand_down, s.graph);
    assert_same_bits(R_i, R, s.inputs);
  }
  assert_true(checked >= 10);
}

/* Concat splits, Add shares by the positive parts. */
TEST(branches_get_their_parts) {
  struct dtd_graph *graph =
      GRAPH("input x N 4", "tensor w 4 4 = -1 0 0 0 0 1 0 0 0 0 2 0 0 0 0 1",
            "MatMul x w > z", "Relu x > r", "Add r z > y", "output y");
  const struct dtd_node *node = &graph->node[graph->output];
  /* r = 3, 1, 2, 0 and z = -3, 1, 4, -5 */
  const float x[] = {3, 1, 2, -5}, R[] = {8, 8, 6, 8};
  const float to_r[] = {8, 4, 2, 0}, to_z[] = {0, 4, 4, 0};
  const struct dtd_graph_values *values = values_for(graph, x, 1);
  float a[4], b[4], *const both[] = {a, b};
  node->kind->relevance(both, node, values->in[graph->output],
                        values->at[graph->output], R, 1);
  assert_same_bits(a, to_r, 4);
  assert_same_bits(b, to_z, 4);
  struct dtd_graph *joined =
      GRAPH("input x N 4", "Relu x > r", "Concat r x > y axis=1", "output y");
  node = &joined->node[joined->output];
  const float R_joined[] = {1, 2, 3, 4, 5, 6, 7, 8};
  node->kind->relevance(both, node, NULL, NULL, R_joined, 1);
  assert_same_bits(a, R_joined, 4);
  assert_same_bits(b, R_joined + 4, 4);
}

/* Maps that MaxPool walks in several tiles, both ways. */
TEST(big_maps_are_pooled_as_small_ones) {
  static const struct {
    int rows, columns, kernel, stride, pad;
  } cases[] = {{120, 150, 3, 1, 1}, {130, 141, 3, 2, 1},   {40, 3000, 2, 1, 0},
               {5, 9000, 5, 4, 2},  {120, 120, 120, 1, 0}, {90, 100, 4, 3, 0}};
  for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
    int rows = cases[n].rows, columns = cases[n].columns;
    int k = cases[n].kernel, s = cases[n].stride, p = cases[n].pad;
    char input[64], pool[128];
    snprintf(input, sizeof input, "input x N 1 %d %d", rows, columns);
    snprintf(pool, sizeof pool,
             "MaxPool x > y kernel_shape=%d,%d strides=%d,%d pads=%d,%d,%d,%d",
             k, k, s, s, p, p, p, p);
    struct dtd_graph *graph = GRAPH(input, pool, "output y");
    struct dtd_maps out = graph->node[1].out;
    long inputs = dtd_graph_inputs(graph), outputs = dtd_graph_outputs(graph);
    const float *x = whole_numbers(inputs, 7);
    const float *R = random_numbers(outputs, 0, 1, 8, "R");
    float *most = test_new((size_t)outputs, sizeof *most);
    double *R_i = test_new((size_t)inputs, sizeof *R_i);
    for (int r = 0; r < out.rows; r++)
      for (int c = 0; c < out.columns; c++) {
        long winner = -1, at = (long)r * out.columns + c;
        for (int i = r * s - p; i < r * s - p + k; i++)
          for (int j = c * s - p; j < c * s - p + k; j++) {
            if (i < 0 || i >= rows || j < 0 || j >= columns) continue;
            long here = (long)i * columns + j;
            if (winner < 0 || x[here] > x[winner]) winner = here;
          }
        most[at] = x[winner];
        R_i[winner] += R[at];
      }
    const struct dtd_graph_values *values = values_for(graph, x, 1);
    struct dtd_descent *descent = own_descent(dtd_descent_new(graph, 1));
    float *found = test_new((size_t)inputs, sizeof *found);
    dtd_graph_descend(found, descent, graph, values, R, hand_down, graph);
    assert_same_bits(dtd_graph_scores(graph, values), most, outputs);
    assert_close_by(pool, found, R_i, inputs, 1e-6);
  }
}
