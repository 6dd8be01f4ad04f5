/* Tests descent.c: the walk by differences of the forward pass. */
#include "base/test.h"
#include "network/descent.h"

#include "network/plain_graph.h"
#include "network/test_random_graph.h"

TEST_GROUP(test_folder_new, test_folder_free)

/* dL/dx for L = sum_k c_k z_k. */
static float *derivative(const struct dtd_graph *graph, const float *x,
                         const float *c, int batch, bool guided) {
  struct dtd_descent *descent = own_descent(dtd_descent_new(graph, batch));
  float *d_x = test_new((size_t)(batch * dtd_graph_inputs(graph)), sizeof *d_x);
  dtd_graph_backward(d_x, descent, graph, values_for(graph, x, batch), c,
                     guided);
  return d_x;
}

TEST(several_readers_are_summed) {
  struct dtd_graph *graph =
      GRAPH("input x N 3", "Add x x > a", "Relu x > b", "Add a b > c",
            "Identity x > i", "Add i c > y", "output y N 3");
  const float x[] = {-1, 2, -3}, c[] = {1, 10, 100}, wanted[] = {3, 40, 300};
  assert_same_bits(derivative(graph, x, c, 1, false), wanted, 3);
}

/* A node may read another twice, and one that others read, too. */
TEST(a_reader_may_read_twice) {
  struct dtd_graph *graph =
      GRAPH("input x N 2", "tensor w 2 2 = 2 0 0 3", "MatMul x w > a",
            "Concat a a a > b axis=1", "Add a a > c", "Concat b c > d axis=1",
            "tensor v 8 1 = 1 10 2 20 3 30 4 40", "MatMul d v > y", "output y");
  /* d y / d a = 1 + 2 + 3 + 2 * 4 and ten times that */
  const float x[] = {1, 1}, c[] = {1}, wanted[] = {2 * 14, 3 * 140};
  assert_same_bits(derivative(graph, x, c, 1, false), wanted, 2);
}

static bool always(void) {
  return true;
}

/* Products with weights may, for themselves. */
TEST(walks_allocate_nothing) {
  struct dtd_graph *graph =
      GRAPH("input x N 3 8 8", "Relu x > r", "MaxPool r > m kernel_shape=3,3",
            "LRN r > l size=3", "AveragePool l > a kernel_shape=3,3",
            "Concat m a m > c axis=1", "Add a m > s", "Concat c s > d axis=1",
            "GlobalAveragePool d > y", "output y N 12 1 1");
  const float *x = random_numbers(2 * 3 * 64, -1, 1, 1, "x");
  const float *c = random_numbers(2 * 12, -1, 1, 1, "c");
  struct dtd_graph_values *values =
      own_graph_values(dtd_graph_values_new(graph, 2));
  struct dtd_descent *descent = own_descent(dtd_descent_new(graph, 2));
  float d_x[2 * 3 * 64];
  dtd_memory_fails = always;
  dtd_graph_forward(values, graph, x, 2);
  dtd_graph_backward(d_x, descent, graph, values, c, false);
  dtd_memory_fails = NULL;
}

/* A network of nothing hands down what it gets. */
TEST(nothing_is_passed_on) {
  struct dtd_graph *graph = GRAPH("input x N 3", "Identity x > y", "output y");
  const float x[] = {-1, 2, -3}, c[] = {1, 10, 100};
  assert_same_bits(derivative(graph, x, c, 1, false), c, 3);
}

TEST(guided_signals_stop_where_they_are_negative) {
  struct dtd_graph *graph =
      GRAPH("input x N 2", "Relu x > r", "tensor w 2 1 = 1 -1",
            "MatMul r w > y", "output y N 1");
  const float x[] = {1, 1}, c[] = {1}, plain[] = {1, -1}, guided[] = {1, 0};
  assert_same_bits(derivative(graph, x, c, 1, false), plain, 2);
  assert_same_bits(derivative(graph, x, c, 1, true), guided, 2);
}

/* A walk down a long chain needs two buffers. */
TEST(buffers_are_used_again) {
  const char *lines[64] = {"input x N 64", "tensor w 64 64"};
  int count = 2;
  for (int n = 0; n < 40; n++) {
    char line[64], below[8] = "x";
    if (n) snprintf(below, sizeof below, "h%d", n - 1);
    snprintf(line, sizeof line, "MatMul %s w > h%d", below, n);
    lines[count++] = test_string(line);
  }
  lines[count++] = "output h39 N 64";
  struct dtd_graph *graph =
      own_graph(dtd_graph_read(put_onnx("chain.onnx", count, lines)));
  struct dtd_descent *descent = own_descent(dtd_descent_new(graph, 3));
  assert_int_equal(dtd_descent_bytes(descent), 2 * 3 * 64 * sizeof(float));
}

/* ---- random networks ---- */

/* sum_k c_k z_k by the twin. */
static double loss(const struct random_graph *net, const double *x,
                   const float *c) {
  struct plain z = plain_run(net->lines, net->line, x);
  double sum = 0;
  for (long k = 0; k < z.count; k++) sum += c[k] * z.v[k];
  return sum;
}

/* Along random directions, by differences of the twin. */
TEST(derivatives_of_random_networks_are_the_twins) {
  for (uint64_t seed = 0; seed < 30; seed++) {
    const struct random_graph *net = random_graph(seed, false);
    struct dtd_graph *graph = own_graph(
        dtd_graph_read(put_onnx("random.onnx", net->lines, net->line)));
    long inputs = dtd_graph_inputs(graph);
    const float *x = random_numbers(inputs, -1, 1, seed, "x");
    const float *c = random_numbers(4, -1, 1, seed, "c");
    const float *d_x = derivative(graph, x, c, 1, false);
    const float *along = random_numbers(inputs, -1, 1, seed, "along");
    double *up = widened(x, inputs), *down = widened(x, inputs), sum = 0;
    double size = 0;
    const double h = 1e-7;
    for (long i = 0; i < inputs; i++) {
      up[i] += h * along[i];
      down[i] -= h * along[i];
      sum += (double)d_x[i] * along[i];
      size += fabs((double)d_x[i] * along[i]);
    }
    assert_near(sum, (loss(net, up, c) - loss(net, down, c)) / (2 * h),
                1e-5 * size);
  }
}
