/* Tests network_export.c: a network that is read back as a graph computes what
   it computed. */
#include "base/test.h"
#include "network/network_export.h"

#include "base/test_folder.h"
#include "network/descent.h"
#include "network/graph_reader.h"
#include "network/test_network.h"

TEST_GROUP(test_folder_new, test_folder_free)

TEST_OWNS(onnx)
TEST_OWNS(graph)
TEST_OWNS(graph_values)

enum { BATCH = 7 };

static const char *export_network(const struct dtd_network *network) {
  const char *path = test_path("network.onnx");
  struct dtd_onnx_writer *writer = dtd_onnx_writer_new("network", "test", "1");
  int64_t size[] = {-1, network->layer[0].shape.inputs};
  assert_int_equal(dtd_network_export_hindrance(network), 0);
  dtd_onnx_put_input(writer, "x", size, 2);
  dtd_network_export(writer, network, "x");
  dtd_onnx_writer_save(writer, path);
  return path;
}

TEST_OWNS(descent)

/* f of both networks, and its derivative, at the same x (BATCH, inputs). */
static void assert_same_at(const float *x, const struct dtd_network *network,
                           const struct dtd_graph *graph) {
  const float ones[BATCH] = {1, 1, 1, 1, 1, 1, 1};
  int inputs = network->layer[0].shape.inputs;
  struct dtd_activations *act = new_activations(network, BATCH);
  struct dtd_activations *d = new_activations(network, BATCH);
  struct dtd_graph_values *values =
      own_graph_values(dtd_graph_values_new(graph, BATCH));
  struct dtd_descent *descent = own_descent(dtd_descent_new(graph, BATCH));
  float *d_x = test_new((size_t)(BATCH * inputs), sizeof *d_x);
  float *d_graph = test_new((size_t)(BATCH * inputs), sizeof *d_graph);
  dtd_forward(act, network, dtd_rows(x, BATCH));
  dtd_backward(NULL, 1, 0, d_x, d, network, act, ones);
  dtd_graph_forward(values, graph, x, BATCH);
  dtd_graph_backward(d_graph, descent, graph, values, ones, false);
  assert_true(sum_of(dtd_score(act), BATCH) > 0);
  assert_close_floats(dtd_graph_scores(graph, values), dtd_score(act), BATCH,
                      1e-6);
  assert_close_floats(d_graph, d_x, BATCH * inputs, 1e-6);
}

static void assert_same(const struct dtd_layer_shape *shape, int depth) {
  struct dtd_network *network = random_network(shape, depth, 3);
  struct dtd_rng rng = dtd_rng_open(4, "test/export", 0);
  float *x = new_random((long)BATCH * shape->inputs, -0.5, 1.5, &rng);
  struct dtd_graph *graph = own_graph(dtd_graph_read(export_network(network)));
  assert_int_equal(dtd_graph_inputs(graph), shape->inputs);
  assert_int_equal(dtd_graph_outputs(graph), 1);
  assert_int_equal(dtd_graph_parameters(graph), network->parameter_count);
  assert_same_at(x, network, graph);
}

TEST(pools_that_sum_are_the_same) {
  assert_same((struct dtd_layer_shape[]){LAYER(9, 12, 4), LAYER(3, 6, 6)}, 2);
}

TEST(any_depth_is_the_same) {
  assert_same((struct dtd_layer_shape[]){LAYER(5, 8, 8)}, 1);
  assert_same((struct dtd_layer_shape[]){LAYER(6, 20, 2), LAYER(10, 9, 3),
                                         LAYER(3, 8, 4), LAYER(2, 5, 5)},
              4);
}

TEST(pools_that_take_the_maximum_are_the_same) {
  assert_same((struct dtd_layer_shape[]){LAYER_NORM(9, 12, 4, INFINITY),
                                         LAYER_NORM(3, 6, 6, INFINITY)},
              2);
  assert_same((struct dtd_layer_shape[]){LAYER_NORM(9, 12, 3, INFINITY),
                                         LAYER(4, 6, 6)},
              2);
}

/* A pool of one unit is the unit, for any norm. */
TEST(pools_of_one_are_left_out) {
  struct dtd_layer_shape shape[] = {LAYER_NORM(5, 9, 1, 2), LAYER(9, 1, 1)};
  assert_same(shape, 2);
  struct dtd_onnx *onnx = own_onnx(dtd_onnx_read(test_path("network.onnx")));
  assert_int_equal(onnx->nodes, 4);
  assert_string_equal(onnx->node[1].name, "relu1");
  assert_string_equal(onnx->node[3].type, "Relu");
  assert_string_equal(onnx->node[3].name, "f");
  assert_null(dtd_onnx_find(onnx, "pool_axis"));
}

TEST(nodes_have_the_names_of_the_layers) {
  struct dtd_layer_shape shape[] = {LAYER(4, 6, 2), LAYER(3, 4, 4)};
  struct dtd_network *network = random_network(shape, 2, 5);
  struct dtd_onnx *onnx = own_onnx(dtd_onnx_read(export_network(network)));
  static const char *const wanted[][2] = {
      {"detection1", "Gemm"},   {"relu1", "Relu"},      {"pools1", "Reshape"},
      {"pooled1", "ReduceSum"}, {"detection2", "Gemm"}, {"relu2", "Relu"},
      {"pools2", "Reshape"},    {"f", "ReduceSum"}};
  assert_int_equal(onnx->nodes, 8);
  for (int n = 0; n < 8; n++) {
    assert_string_equal(onnx->node[n].name, wanted[n][0]);
    assert_string_equal(onnx->node[n].type, wanted[n][1]);
  }
  assert_memory_equal(dtd_onnx_find(onnx, "w1")->floats, network->layer[0].w,
                      24 * sizeof(float));
  assert_memory_equal(dtd_onnx_find(onnx, "b2")->floats, network->layer[1].b,
                      4 * sizeof(float));
}

TEST(other_norms_are_named) {
  struct dtd_layer_shape shape[] = {LAYER(4, 6, 2), LAYER_NORM(3, 4, 4, 2)};
  assert_int_equal(dtd_network_export_hindrance(random_network(shape, 2, 1)),
                   2);
  shape[0].norm = 1.5f;
  assert_int_equal(dtd_network_export_hindrance(random_network(shape, 2, 1)),
                   1);
}
