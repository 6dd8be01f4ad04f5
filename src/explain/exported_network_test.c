/* Tests that a detection-pooling network that was exported to ONNX, and is
   explained as a graph, has the heatmaps that it has as it is.

   Nothing is shared between the two but the methods themselves: not the
   products, nor the chain rule, nor the walk of relevance. */

#include "base/test_folder.h"
#include "explain/explained_graph.h"
#include "explain/test_explainer.h"
#include "network/graph_reader.h"
#include "network/network_export.h"

TEST_OWNS(graph)
TEST_GROUP(test_folder_new, test_folder_free)

enum { P = DTD_PAIR_PIXELS, COUNT = 6 };

static struct dtd_graph *exported(const struct dtd_network *network) {
  struct dtd_onnx_writer *writer = dtd_onnx_writer_new("network", "test", "1");
  dtd_onnx_put_input(writer, "pixels", (const int64_t[]){-1, P}, 2);
  dtd_network_export(writer, network, "pixels");
  dtd_onnx_writer_save(writer, test_path("net.onnx"));
  return own_graph(dtd_graph_read(test_path("net.onnx")));
}

static struct dtd_explainer *
explainer_of(const struct dtd_graph *graph,
             const struct dtd_explanation_settings *settings) {
  float *low = test_new(P, sizeof *low), *high = test_new(P, sizeof *high);
  for (int p = 0; p < P; p++) low[p] = settings->low, high[p] = settings->high;
  struct dtd_composite composite = dtd_composite_find("deep-taylor");
  dtd_composite_set(&composite, "first", settings->first_rule->name);
  return own_explainer(dtd_explainer_of_graph(
      graph, &composite, (struct dtd_box){P, low, high},
      (struct dtd_maps){1, DTD_PAIR_ROWS, DTD_PAIR_COLUMNS}, settings, COUNT));
}

/* Pairs, most of whose pixels are black; then noise. */
static float *pairs_of(double low, double high) {
  struct dtd_rng rng = dtd_rng_open(5, "test/exported", 0);
  float *x = new_random(COUNT * P, low, high, &rng);
  for (int p = 0; p < COUNT * P / 2; p++)
    if (dtd_rng_uniform(&rng) < 0.8) x[p] = (float)low;
  return x;
}

/* Whether the graph's relevance of that pooling is the network's. */
static bool is_of_both(const struct dtd_method *method, bool maxima) {
  bool model = method->model && strcmp(method->model->name, "training-free");
  return !method->finds_roots && !model && !(method->model && maxima);
}

/* Upper weights mostly are positive, so that f is no small difference of large
   sums, whose rounding would be all there is to see. */
static struct dtd_network *
conditioned_network(const struct dtd_layer_shape *shape, int depth) {
  struct dtd_network *network = random_network(shape, depth, 3);
  for (int l = 1; l < depth; l++) {
    struct dtd_layer *layer = &network->layer[l];
    for (long i = 0; i < (long)layer->shape.inputs * layer->shape.units; i++)
      layer->w[i] += 0.2f;
    dtd_weights_read(layer->weights);
  }
  return network;
}

/* Within 1e-6 in the L1 norm. Occlusion takes the difference of two scores, and
   a 49th of it for a pixel: there 1e-6 of such parts of f. */
static void assert_same(const struct dtd_method *method, const float *R_p,
                        const float *wanted, double f) {
  double size = 0, difference = 0;
  for (int p = 0; p < P; p++) {
    size += method->cuts ? f / 49 : fabs((double)wanted[p]);
    difference += fabs((double)R_p[p] - (double)wanted[p]);
  }
  if (!(size > 0 && difference <= 1e-6 * size))
    fail_msg("%s: %g of %g", method->name, difference, size);
}

static void check_network(const struct dtd_layer_shape *shape, int depth,
                          const char *first_rule, float low, bool maxima) {
  struct dtd_network *network = conditioned_network(shape, depth);
  struct dtd_graph *graph = exported(network);
  struct dtd_explanation_settings settings =
      explanation_by(first_rule, low, 1.5f);
  struct dtd_explainer *native = new_explainer(network, NULL, &settings, COUNT);
  struct dtd_explainer *other = explainer_of(graph, &settings);
  float *x = pairs_of((double)low, 1.5), f[2][COUNT];
  float *R_p[2] = {test_new(COUNT * P, sizeof *x),
                   test_new(COUNT * P, sizeof *x)};
  int methods = 0;
  for (int m = 0; dtd_methods[m]; m++) {
    if (!is_of_both(dtd_methods[m], maxima)) continue;
    dtd_explain(R_p[0], f[0], native, dtd_methods[m], x, COUNT);
    dtd_explain(R_p[1], f[1], other, dtd_methods[m], x, COUNT);
    for (int n = 0; n < COUNT; n++) {
      assert_true(f[0][n] > 1);
      assert_near(f[1][n], f[0][n], 1e-6 * f[0][n]);
      assert_same(dtd_methods[m], R_p[1] + n * P, R_p[0] + n * P, f[0][n]);
    }
    methods++;
  }
  assert_true(methods >= (maxima ? 8 : 9));
}

TEST(graphs_have_the_heatmaps_of_the_network) {
  const struct dtd_layer_shape sums[] = {LAYER(P, 24, 3), LAYER(8, 12, 2),
                                         LAYER(6, 10, 10)};
  const struct dtd_layer_shape paper[] = {LAYER(P, 400, 4),
                                          LAYER(100, 400, 400)};
  check_network(two, 2, "zB", -0.5f, false);
  check_network(two, 2, "w^2", -0.5f, false);
  check_network(two, 2, "z+", 0, false);
  check_network(sums, 3, "zB", -0.5f, false);
  check_network(paper, 2, "zB", -0.5f, false);
}

TEST(so_they_have_where_pools_take_the_maximum) {
  const struct dtd_layer_shape maxima[] = {LAYER_NORM(P, 24, 3, INFINITY),
                                           LAYER(8, 12, 12)};
  check_network(maxima, 2, "zB", -0.5f, true);
}
