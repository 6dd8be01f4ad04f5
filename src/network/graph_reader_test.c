/* Tests graph_reader.c. */
#include "base/test.h"
#include "network/graph_reader.h"

#include "files/test_npz.h"
#include "network/plain_graph.h"
#include "network/test_random_graph.h"

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

/* ---- random networks ---- */

/* The lines of nodes in another order; tensors and the rest stay first. */
static void shuffle(struct random_graph *net) {
  for (int n = net->lines - 1; n > 0; n--) {
    int other = (int)dtd_rng_below(&net->rng, (uint32_t)n + 1);
    const char *line = net->line[n];
    net->line[n] = net->line[other];
    net->line[other] = line;
  }
}

TEST(random_networks_are_the_twins) {
  for (uint64_t seed = 0; seed < 60; seed++) {
    struct random_graph *net = random_graph(seed, seed % 2);
    const float *x = random_numbers(2 * 11 * 11, -1, 1, seed, "x");
    struct plain wanted =
        plain_run(net->lines, net->line, widened(x, 2 * 11 * 11));
    for (int order = 0; order < 2; order++) { /* as written, and shuffled */
      struct dtd_graph *graph = own_graph(
          dtd_graph_read(put_onnx("random.onnx", net->lines, net->line)));
      char name[64];
      snprintf(name, sizeof name, "network %d, order %d", (int)seed, order);
      assert_close_by(name, dtd_graph_scores(graph, values_for(graph, x, 1)),
                      wanted.v, 4, 2e-6);
      shuffle(net);
    }
  }
}

/* ---- the structure of CaffeNet ---- */

/* Windows of 11 x 11 that move by 4, groups of 2, LRN behind the pools, big
   matrices at the end: CaffeNet, made smaller in maps and pixels. */
TEST(caffenets_structure_is_the_twins) {
  static const char *const lines[] = {
      "input x N 3 67 67",
      "tensor w1 16 3 11 11",
      "tensor b1 16",
      "Conv x w1 b1 > c1 kernel_shape=11,11 strides=4,4",
      "Relu c1 > r1",
      "MaxPool r1 > p1 kernel_shape=3,3 strides=2,2",
      "LRN p1 > n1 size=5 alpha=0.0001 beta=0.75",
      "tensor w2 24 8 5 5",
      "tensor b2 24",
      "Conv n1 w2 b2 > c2 group=2 pads=2,2,2,2",
      "Relu c2 > r2",
      "MaxPool r2 > p2 kernel_shape=3,3 strides=2,2",
      "LRN p2 > n2 size=5 alpha=0.0001 beta=0.75",
      "tensor w3 32 24 3 3",
      "tensor b3 32",
      "Conv n2 w3 b3 > c3 pads=1,1,1,1",
      "Relu c3 > r3",
      "tensor w4 32 16 3 3",
      "tensor b4 32",
      "Conv r3 w4 b4 > c4 group=2 pads=1,1,1,1",
      "Relu c4 > r4",
      "MaxPool r4 > p5 kernel_shape=3,3 strides=2,2",
      "whole s 2 = -1 32",
      "Reshape p5 s > f",
      "tensor w6 1024 32",
      "tensor b6 1024",
      "Gemm f w6 b6 > c6 transB=1",
      "Relu c6 > r6",
      "Dropout r6 > d6 mask6 ratio=0.5",
      "tensor w8 1000 1024",
      "tensor b8 1000",
      "Gemm d6 w8 b8 > c8 transB=1",
      "Softmax c8 > y",
      "output y N 1000"};
  enum { LINES = sizeof lines / sizeof *lines, INPUTS = 3 * 67 * 67 };
  struct dtd_graph *graph =
      own_graph(dtd_graph_read(put_onnx("caffenet.onnx", LINES, lines)));
  const float *x = random_numbers(INPUTS, -128, 128, 1, "x");
  const char *logits[LINES];
  memcpy(logits, lines, sizeof lines);
  logits[LINES - 2] = "output c8 N 1000";
  assert_close(dtd_graph_scores(graph, values_for(graph, x, 1)),
               plain_run(LINES - 1, logits, widened(x, INPUTS)).v, 1000, 2e-6);
}

/* ---- what is read ---- */

static long nodes_of(struct dtd_graph *graph) {
  return graph->nodes;
}

TEST(constants_may_be_nodes) {
  struct dtd_graph *graph = GRAPH(
      "input x N 3", "held tensor w 3 2 = 1 2 3 4 5 6", "Constant > w value=@w",
      "Identity w > v", "MatMul x v > y", "output y");
  const float x[] = {1, 10, 100}, wanted[] = {531, 642};
  assert_same_bits(dtd_graph_scores(graph, values_for(graph, x, 1)), wanted, 2);
  assert_int_equal(nodes_of(graph), 2);
}

/* Weights that two nodes share are each node's own. */
TEST(weights_may_be_shared) {
  struct dtd_graph *graph =
      GRAPH("input x N 2", "tensor w 2 2 = 1 2 3 4", "tensor g 2 = 2 2",
            "tensor z 2 = 0 0", "tensor u 2 = 1 1", "MatMul x w > a",
            "BatchNormalization a g z z u > n epsilon=0.0", "MatMul n w > y",
            "output y N 2");
  const float x[] = {1, 1}; /* a = 4, 6; n = 8, 12; y = 44, 64 */
  const float wanted[] = {44, 64};
  assert_same_bits(dtd_graph_scores(graph, values_for(graph, x, 1)), wanted, 2);
  assert_int_equal(nodes_of(graph), 3);
}

/* Constants that are added join the bias; what others read, too, stays. */
TEST(what_alone_follows_weights_is_folded) {
  struct dtd_graph *folded =
      GRAPH("input x N 2", "tensor w 2 2 = 1 2 3 4", "tensor b 2 = 5 7",
            "MatMul x w > a", "Add b a > y", "output y N 2");
  struct dtd_graph *apart =
      GRAPH("input x N 2", "tensor w 2 2 = 1 2 3 4", "tensor b 2 = 5 7",
            "MatMul x w > a", "Add a b > c", "Add a c > y", "output y N 2");
  const float x[] = {1, 1}, once[] = {9, 13}, twice[] = {13, 19};
  assert_int_equal(nodes_of(folded), 2);
  assert_int_equal(nodes_of(apart), 4);
  assert_same_bits(dtd_graph_scores(folded, values_for(folded, x, 1)), once, 2);
  assert_same_bits(dtd_graph_scores(apart, values_for(apart, x, 1)), twice, 2);
}

/* What does not lead to the output is not looked at. */
TEST(other_branches_are_left_out) {
  struct dtd_graph *graph = GRAPH("input x N 2", "Sigmoid x > s", "Relu x > y",
                                  "Add s gone > t", "output y N 2");
  assert_int_equal(nodes_of(graph), 2);
}

/* Behind a Softmax may stand what changes nothing. */
TEST(a_softmax_at_the_end_is_left_out) {
  struct dtd_graph *graph =
      GRAPH("opset 12", "input x N 2 1 1", "Relu x > r", "Softmax r > p axis=1",
            "Flatten p > y", "output y N 2");
  const float x[] = {-1, 2}, wanted[] = {0, 2};
  assert_true(graph->softmax);
  assert_same_bits(dtd_graph_scores(graph, values_for(graph, x, 1)), wanted, 2);
}

/* A batch that the file has as a number is a batch all the same. */
TEST(batches_may_be_fixed) {
  struct dtd_graph *graph =
      GRAPH("input x 4 2 3 1", "whole s 2 = 4 -1", "Reshape x s > f",
            "tensor w 6 2", "MatMul f w > y", "output y 4 2");
  assert_int_equal(dtd_graph_outputs(graph), 2);
}

/* ---- what is refused ---- */

#define REFUSED(words, ...)                                                    \
  assert_dies(1, words, dtd_graph_read(ONNX(__VA_ARGS__)))

TEST(types_that_are_not_read_are_named) {
  REFUSED("net.onnx: node s (Sigmoid): nodes of this type are not read (read "
          "are Conv, Gemm, MatMul, BatchNormalization, Relu, MaxPool,",
          "input x N 2", "Sigmoid x > s", "Relu s > y", "output y N 2");
  REFUSED("Constant, and Softmax at the end)", "input x N 2", "Tanh x > y",
          "output y N 2");
  REFUSED("node y (Relu): reads what a Softmax computes (a Softmax is read at "
          "the end alone)",
          "input x N 2", "Softmax x > p", "Relu p > y", "output y N 2");
  REFUSED("node p (Softmax): is over axis 3 alone", "input x N 2 3 4",
          "Softmax x > p", "output p");
}

TEST(one_input_and_one_output_are_read) {
  REFUSED("net.onnx: has 2 inputs, x and z", "input x N 2", "input z N 2",
          "Add x z > y", "output y N 2");
  REFUSED("net.onnx: has 2 outputs, y and z", "input x N 2", "Relu x > y",
          "Identity x > z", "output y N 2", "output z N 2");
  REFUSED("net.onnx: has no input", "tensor x 2", "Relu x > y", "output y N 2");
  REFUSED("net.onnx: has no output", "input x N 2", "Relu x > y");
  REFUSED("nothing makes its output z", "input x N 2", "Relu x > y",
          "output z N 2");
  REFUSED("its output x is not computed", "input x N 2", "Relu x > y",
          "output x N 2");
  REFUSED("node y (Relu): reads 0 tensors that are computed, not 1",
          "input x N 2", "tensor w 2", "Relu w > y", "output y N 2");
}

TEST(sizes_must_be_known) {
  REFUSED("size 3 of its input x is free (export it with a fixed size; the "
          "batch may be free)",
          "input x N 3 H W", "Relu x > y", "output y");
  REFUSED("its input x has 3 dimensions (use images (N, C, H, W) or vectors "
          "(N, F))",
          "input x N 3 4", "Relu x > y", "output y");
  REFUSED("its output y has 2 dimensions, not 3", "input x N 3", "Relu x > y",
          "output y N 3 1");
  REFUSED("size 2 of its output y is 3, not 4", "input x N 3", "Relu x > y",
          "output y N 4");
}

TEST(sizes_beyond_reason_are_refused) {
  REFUSED("its input has 1073741825 numbers (use a network that fits into "
          "memory)",
          "input x N 1073741825", "Relu x > y", "output y");
  REFUSED("node y (Conv): makes 1 x 40002 x 40002 numbers, which is too much",
          "input x N 3 2 2", "tensor w 1 3 1 1",
          "Conv x w > y pads=20000,20000,20000,20000", "output y");
  REFUSED("does not fit 4 x 4", "input x N 3 4 4", "tensor w 1 3 2 2",
          "Conv x w > y dilations=1048576,1048576", "output y");
}

TEST(tensors_must_be_made) {
  REFUSED("node y (Relu): reads z, which nothing makes", "input x N 2",
          "Relu z > y", "output y N 2");
  REFUSED("node a (Add): reads what follows from itself: a cycle",
          "input x N 2", "Add x b > a", "Relu a > b", "Relu b > y",
          "output y N 2");
  REFUSED("reads m, a further output of node d, which is not computed",
          "input x N 2", "Dropout x > d m", "Add d m > y", "output y N 2");
}

TEST(weights_must_fit) {
  REFUSED("node y (Conv): weights for 2 of 3 channels, 4 maps and 1 groups",
          "input x N 3 5 5", "tensor w 4 2 2 2", "Conv x w > y", "output y");
  REFUSED("node y (Conv): weights for 1 of 3 channels, 4 maps and 3 groups",
          "input x N 3 5 5", "tensor w 4 1 2 2", "Conv x w > y group=3",
          "output y");
  REFUSED("node y (Conv): 3 biases for 4 maps", "input x N 3 5 5",
          "tensor w 4 3 2 2", "tensor b 3", "Conv x w b > y", "output y");
  REFUSED("node y (Conv): kernel_shape is 3 x 3, but its weights are 2 x 2",
          "input x N 3 5 5", "tensor w 4 3 2 2",
          "Conv x w > y kernel_shape=3,3", "output y");
  REFUSED("node y (Conv): its weights have 3 dimensions, not 4",
          "input x N 3 5 5", "tensor w 4 3 2", "Conv x w > y", "output y");
  REFUSED("node y (Conv): its window of 6 x 2 does not fit 5 x 5",
          "input x N 3 5 5", "tensor w 4 3 6 2", "Conv x w > y", "output y");
  REFUSED("node y (Conv): reads 2 tensors that are computed, not 1",
          "input x N 3 5 5", "Relu x > w", "Conv x w > y", "output y");
  REFUSED("node y (Gemm): its weights read 4 inputs, but there are 3",
          "input x N 3", "tensor w 4 2", "Gemm x w > y", "output y");
  REFUSED("node y (Gemm): its third input is no row of 2 biases", "input x N 3",
          "tensor w 3 2", "tensor b 3", "Gemm x w b > y", "output y");
  REFUSED("node y (Gemm): its input has 4 dimensions, not 2 (flatten it before",
          "input x N 3 1 1", "tensor w 3 2", "Gemm x w > y", "output y");
  REFUSED("node y (BatchNormalization): its mean has 2 values for 3 channels",
          "input x N 3", "tensor g 3", "tensor m 2",
          "BatchNormalization x g g m g > y", "output y");
}

TEST(shapes_must_fit) {
  REFUSED("node y (Reshape): 6 numbers of one example do not fit a shape of 4",
          "input x N 6", "whole s 3 = 0 2 2", "Reshape x s > y", "output y");
  REFUSED("node y (Reshape): its shape does not begin with the batch",
          "input x N 6", "whole s 2 = 2 3", "Reshape x s > y", "output y");
  REFUSED("node y (Flatten): flattens from axis 2", "input x N 3 2 2",
          "Flatten x > y axis=2", "output y");
  REFUSED("node y (Concat): concatenates along axis 2", "input x N 3 2 2",
          "Concat x x > y axis=2", "output y");
  REFUSED("node y (Concat): input 2 is 3 x 1 x 1, but input 1 3 x 2 x 2",
          "input x N 3 2 2", "GlobalAveragePool x > g", "Concat x g > y axis=1",
          "output y");
  REFUSED("node y (Add): adds 3 x 1 x 1 to 3 x 2 x 2: branches have one shape",
          "input x N 3 2 2", "GlobalAveragePool x > g", "Add x g > y",
          "output y");
  REFUSED("node y (Add): adds the constant b, which is not one float32 a "
          "channel",
          "input x N 3 2 2", "tensor b 2 2", "Add x b > y", "output y");
  REFUSED("node y (ReduceSum): would sum over the batch, too", "input x N 6",
          "ReduceSum x > y", "output y");
  REFUSED("node y (ReduceSum): has axis 0 of 2 dimensions", "input x N 6",
          "ReduceSum x > y axes=0,", "output y");
  REFUSED("node y (MaxPool): a window reads nothing but padding",
          "input x N 1 4 4", "MaxPool x > y kernel_shape=2,2 pads=2,0,0,0",
          "output y");
  REFUSED("node y (MaxPool): has no kernel_shape", "input x N 1 4 4",
          "MaxPool x > y", "output y");
  REFUSED("node y (MaxPool): strides holds 0, not 1 to", "input x N 1 4 4",
          "MaxPool x > y kernel_shape=2,2 strides=0,1", "output y");
  REFUSED("node y (LRN): a size of 0, not 1 to 64", "input x N 1 4 4",
          "LRN x > y size=0", "output y");
  REFUSED("node y (Unsqueeze): makes 5 dimensions", "input x N 1 4 4",
          "Unsqueeze x > y axes=2,", "output y");
}
