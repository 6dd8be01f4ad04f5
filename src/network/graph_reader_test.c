/* Tests graph_reader.c. */
#include "base/test.h"
#include "network/graph_reader.h"

#include "files/test_npz.h"
#include "network/test_graph.h"

TEST_GROUP(test_folder_new, test_folder_free)

/* ---- the networks of section 6.2 ---- */

static const char folder[] = "../shared/ilsvrc";

static float *narrowed(const double *x, size_t count) {
  float *narrow = test_new(count, sizeof *narrow);
  for (size_t i = 0; i < count; i++) narrow[i] = (float)x[i];
  return narrow;
}

static void check_network(const char *network, size_t parameters) {
  static const char *const photos[] = {"frog", "volcano"};
  char path[256];
  snprintf(path, sizeof path, "%s/%s.onnx", folder, network);
  if (access(path, R_OK)) {
    print_message("no %s\n", path);
    skip();
  }
  struct dtd_graph *graph = own_graph(dtd_graph_read(path));
  assert_true(graph->softmax);
  assert_int_equal(dtd_graph_parameters(graph), parameters);
  struct dtd_graph_values *values =
      own_graph_values(dtd_graph_values_new(graph, 1));
  for (int n = 0; n < 2; n++) {
    char archive[256];
    size_t inputs, outputs;
    snprintf(archive, sizeof archive, "%s/vectors/%s-%s.npz", folder, network,
             photos[n]);
    const double *x = npz_read(&inputs, archive, "x");
    const double *logits = npz_read(&outputs, archive, "logits");
    assert_int_equal(inputs, dtd_graph_inputs(graph));
    assert_int_equal(outputs, dtd_graph_outputs(graph));
    dtd_graph_forward(values, graph, narrowed(x, inputs), 1);
    assert_close(dtd_graph_scores(graph, values), logits, (long)outputs, 1e-5);
  }
}

TEST(googlenet_has_its_logits) {
  check_network("googlenet", 6998552);
}

TEST(squeezenet_has_its_logits) {
  check_network("squeezenet1.1", 1235496);
}
