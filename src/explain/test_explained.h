/* Small networks from ONNX with inputs in files, for tests of what explains
   them. */
#ifndef DTD_TEST_EXPLAINED_H
#define DTD_TEST_EXPLAINED_H

#include "explain/explained_inputs.h"
#include "explain/test_explainer.h"
#include "files/npy.h"
#include "network/test_graph.h"

TEST_OWNS(input_settings)

enum { PIXELS = 2 * 6 * 5, CLASSES = 7, FEATURES = 4 };

/* Reads pictures (2, 6, 5) between -1 and 1; seven classes. */
static inline struct dtd_graph *picture_network(void) {
  put_text("net.ini", "[input]\nlow = -1\nhigh = 1\n");
  return GRAPH("input x N 2 6 5", "tensor w 3 2 3 3", "tensor b 3 = .1 -.2 .05",
               "Conv x w b > a", "Relu a > r", "Flatten r > f", "tensor v 36 7",
               "Gemm f v > z", "output z N 7");
}

/* Reads vectors of four features; one output. */
static inline struct dtd_graph *vector_network(void) {
  return GRAPH("input x N 4", "tensor w 4 6", "Gemm x w > a", "Relu a > r",
               "tensor v 6 1 > 0", "MatMul r v > y", "output y N 1");
}

static inline struct dtd_input_settings *
settings_for(const struct dtd_graph *graph) {
  return own_input_settings(dtd_input_settings_read(
      graph->path, NULL, graph->node[0].out, (int)dtd_graph_outputs(graph)));
}

/* Random examples (count, ...) in [-1, 1), also in a file NAME.npy. */
static inline float *put_examples(const char *name, int count,
                                  struct dtd_maps maps, uint64_t seed) {
  float *x =
      random_numbers(count * dtd_maps_size(maps), -1, 1, seed, "test/examples");
  size_t shape[] = {(size_t)count, (size_t)maps.channels, (size_t)maps.rows,
                    (size_t)maps.columns};
  dtd_npy_write_shape(test_path(name), x, dtd_maps_positions(maps) > 1 ? 4 : 2,
                      shape);
  return x;
}

/* Those of one file. */
static inline struct dtd_explained_inputs
inputs_of(const struct dtd_graph *graph, struct dtd_input_settings *settings,
          const char *name) {
  char *files[] = {(char *)test_path(name)};
  return dtd_explained_inputs_read(graph, settings,
                                   &(struct dtd_texts){1, files});
}

static inline void explain_class(struct dtd_explained_inputs *inputs,
                                 const char *method, bool channels, int class) {
  struct dtd_explanation_settings quick = quick_explanation();
  struct dtd_composite composite = dtd_composite_find("deep-taylor");
  struct dtd_explainer *explainer = own_explainer(dtd_explainer_of_graph(
      inputs->graph, &composite, dtd_input_box(inputs->settings),
      inputs->settings->picture, &quick, inputs->count));
  dtd_explainer_choose(explainer, class);
  dtd_explain_inputs(inputs, explainer, dtd_method_find(method), channels);
}

#endif
