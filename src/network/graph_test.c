/* Tests graph.c. */
#include "base/test.h"
#include "network/graph.h"

#include "linear/threads.h"
#include "network/test_random_graph.h"

TEST_GROUP(test_folder_new, test_folder_free)

/* One example at a time, or all at once. */
TEST(batches_are_the_same_bits) {
  struct dtd_graph *graph = GRAPH(
      "input x N 3 9 9", "tensor w 8 3 3 3", "tensor b 8", "Conv x w b > a",
      "Relu a > r", "MaxPool r > m kernel_shape=2,2 strides=2,2",
      "Flatten m > f", "tensor v 72 5", "MatMul f v > y", "output y N 5");
  const float *x = random_numbers(4 * 243, -1, 1, 1, "x");
  const struct dtd_graph_values *all = values_for(graph, x, 4);
  for (int n = 0; n < 4; n++)
    assert_same_bits(dtd_graph_scores(graph, values_for(graph, x + 243 * n, 1)),
                     dtd_graph_scores(graph, all) + 5 * n, 5);
}

static const float *scores_of(const struct dtd_graph *graph, const float *x,
                              int batch) {
  return dtd_graph_scores(graph, values_for(graph, x, batch));
}

TEST(neither_batches_nor_threads_change_a_bit) {
  for (uint64_t seed = 100; seed < 120; seed++) {
    const struct random_graph *net = random_graph(seed, false);
    struct dtd_graph *graph = own_graph(
        dtd_graph_read(put_onnx("random.onnx", net->lines, net->line)));
    long inputs = dtd_graph_inputs(graph);
    const float *x = random_numbers(3 * inputs, -1, 1, seed, "x");
    dtd_threads(1);
    const float *z = scores_of(graph, x, 3);
    for (int n = 0; n < 3; n++)
      assert_same_bits(scores_of(graph, x + n * inputs, 1), z + 4 * n, 4);
    dtd_threads(3);
    assert_same_bits(scores_of(graph, x, 3), z, 12);
  }
}

/* Where a Relu is the only reader it works in place; what passes on shares. */
TEST(buffers_are_shared) {
  struct dtd_graph *graph =
      GRAPH("input x N 6", "tensor w 6 4", "MatMul x w > a", "Relu a > b",
            "Identity b > c", "MatMul c v > d", "tensor v 4 4", "Relu d > e",
            "Add d e > y", "output y");
  const int *in = graph->stored_in;
  int a = node_called(graph, "a"), d = node_called(graph, "d");
  assert_int_equal(in[node_called(graph, "b")], a);
  assert_int_equal(in[node_called(graph, "c")], a);
  assert_int_equal(in[node_called(graph, "e")], node_called(graph, "e"));
  assert_int_equal(in[d], d);
}

/* What passes on is not rectified where something else reads below it. */
TEST(what_others_read_is_not_rectified) {
  struct dtd_graph *graph =
      GRAPH("input x N 2", "tensor w 2 2 = 1 0 0 1", "MatMul x w > a",
            "Identity a > i", "Relu i > r", "Add a r > y", "output y N 2");
  const float x[] = {-1, 2}, wanted[] = {-1, 4};
  assert_same_bits(scores_of(graph, x, 1), wanted, 2);
}

/* A Relu leaves the input as it is. */
TEST(the_input_stays) {
  struct dtd_graph *graph =
      GRAPH("input x N 6", "Identity x > i", "Relu i > y", "output y N 6");
  const float x[] = {-1, 2, -3, 4, -5, 6}, wanted[] = {0, 2, 0, 4, 0, 6};
  const struct dtd_graph_values *values = values_for(graph, x, 1);
  assert_same_bits(values->at[0], x, 6);
  assert_same_bits(dtd_graph_scores(graph, values), wanted, 6);
}

TEST(parameters_and_operations_are_counted) {
  struct dtd_graph *graph =
      GRAPH("input x N 4 5 5", "tensor w 6 2 3 3", "tensor b 6",
            "Conv x w b > a group=2", "Flatten a > f", "tensor v 54 7",
            "MatMul f v > y", "output y N 7");
  assert_int_equal(dtd_graph_parameters(graph), 6 * 2 * 9 + 6 + 54 * 7);
  assert_true(dtd_graph_operations(graph) ==
              2 * (6 * 2 * 9) * 9 + 2 * (54 * 7));
}
