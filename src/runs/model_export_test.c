/* Tests model_export.c: an exported model is read as the network that it was,
   with the settings of its input. */
#include "base/test.h"
#include "runs/model_export.h"

#include "base/output.h"
#include "base/test_faults.h"
#include "explain/input_settings.h"
#include "files/onnx.h"
#include "files/pairs.h"
#include "files/safetensors.h"
#include "network/graph_reader.h"
#include "network/test_network.h"
#include "relevance/decomposition.h"
#include "relevance/graph_decomposition.h"
#include "runs/config.h"

TEST_GROUP(test_folder_new, test_folder_free)

TEST_OWNS(graph)
TEST_OWNS(graph_values)
TEST_OWNS(input_settings)
TEST_OWNS(onnx)
TEST_OWNS(tensors)
TEST_OWNS(decomposition)
TEST_OWNS(graph_decomposition)

enum { BATCH = 3, PIXELS = DTD_PAIR_PIXELS };

static const struct dtd_layer_shape pairs[] = {LAYER(PIXELS, 12, 4),
                                               LAYER(3, 8, 8)};
static const struct dtd_layer_shape vectors[] = {LAYER(5, 8, 8)};

static void add_layer(struct dtd_tensors *tensors, int number,
                      const struct dtd_layer *layer) {
  int inputs = layer->shape.inputs, units = layer->shape.units;
  float *turned = test_new((size_t)(inputs * units), sizeof *turned);
  char name[32];
  for (int i = 0; i < inputs; i++)
    for (int j = 0; j < units; j++)
      turned[j * inputs + i] = layer->w[i * units + j];
  snprintf(name, sizeof name, "detection%d.weight", number);
  dtd_tensors_add(tensors, name, DTD_F32, turned, (size_t)units,
                  (size_t)inputs);
  snprintf(name, sizeof name, "detection%d.bias", number);
  dtd_tensors_add(tensors, name, DTD_F32, layer->b, (size_t)units, 0);
}

/* Writes a model whose metadata are `more`, key and value in turn. */
static const char *put_model(const char *name,
                             const struct dtd_network *network,
                             const char *const *more) {
  struct dtd_tensors *tensors = own_tensors(dtd_tensors_new());
  for (int n = 0; n < network->depth; n++)
    add_layer(tensors, n + 1, &network->layer[n]);
  for (; more && *more; more += 2)
    dtd_tensors_add_metadata(tensors, more[0], more[1]);
  dtd_tensors_write(tensors, test_path(name));
  return test_path(name);
}

static void assert_same(const struct dtd_network *network,
                        const struct dtd_graph *graph) {
  int inputs = network->layer[0].shape.inputs;
  float *x = random_numbers((long)BATCH * inputs, -0.5, 1.5, 3, "test/export");
  struct dtd_activations *act = new_activations(network, BATCH);
  struct dtd_graph_values *values =
      own_graph_values(dtd_graph_values_new(graph, BATCH));
  dtd_forward(act, network, dtd_rows(x, BATCH));
  dtd_graph_forward(values, graph, x, BATCH);
  assert_true(sum_of(dtd_score(act), BATCH) > 0);
  assert_close_floats(dtd_graph_scores(graph, values), dtd_score(act), BATCH,
                      1e-6);
}

/* R_p by the network's own decomposition and by that of the graph. */
static void assert_same_heatmaps(const struct dtd_layer_shape *shape,
                                 int depth) {
  const float low = -0.5f, high = 1.5f;
  struct dtd_network *network = random_network(shape, depth, 7);
  const char *onnx = test_path("h.onnx");
  dtd_model_export(onnx, put_model("h.safetensors", network, NULL), "");
  struct dtd_graph *graph = own_graph(dtd_graph_read(onnx));
  long count = (long)BATCH * shape[0].inputs;
  float *x = random_numbers(count, -0.5, 1.5, 3, "test/export");
  float *R_p = test_new((size_t)count, sizeof *R_p);
  struct dtd_activations *act = new_activations(network, BATCH);
  struct dtd_decomposition *own = own_decomposition(
      dtd_decomposition_new(network, NULL, dtd_rule_find("zB"),
                            dtd_rule_find("z+"), low, high, BATCH));
  struct dtd_composite composite = dtd_composite_find("deep-taylor");
  struct dtd_graph_decomposition *walk =
      own_graph_decomposition(dtd_graph_decomposition_new(
          graph, &composite, (struct dtd_box){1, &low, &high}, BATCH));
  struct dtd_graph_values *values =
      own_graph_values(dtd_graph_values_new(graph, BATCH));
  dtd_forward(act, network, dtd_rows(x, BATCH));
  dtd_decompose(own, act, 0);
  dtd_graph_forward(values, graph, x, BATCH);
  dtd_graph_decompose(R_p, walk, values, dtd_graph_scores(graph, values));
  assert_true(sum_of(R_p, count) > 1);
  assert_close_floats(R_p, own->R_i[0], count, 1e-6);
}

/* The strongest test of both. */
TEST(heatmaps_are_the_networks_own) {
  assert_same_heatmaps(pairs, 2);
  assert_same_heatmaps((struct dtd_layer_shape[]){LAYER(PIXELS, 9, 9)}, 1);
  assert_same_heatmaps(
      (struct dtd_layer_shape[]){LAYER(PIXELS, 24, 2), LAYER(12, 9, 1),
                                 LAYER(9, 12, 3), LAYER(4, 6, 6)},
      4);
}

TEST(pairs_of_digits_are_pictures) {
  struct dtd_network *network = random_network(pairs, 2, 7);
  const char *model = put_model("m.safetensors", network, NULL);
  const char *onnx = test_path("m.onnx");
  dtd_model_export(onnx, model, "export m");
  struct dtd_graph *graph = own_graph(dtd_graph_read(onnx));
  assert_same(network, graph);
  struct dtd_maps in = graph->node[0].out;
  assert_true(in.channels == 1 && in.rows == 28 && in.columns == 56);
  struct dtd_input_settings *settings =
      own_input_settings(dtd_input_settings_read(onnx, NULL, in, 1));
  assert_string_equal(settings->path, test_path("m.ini"));
  assert_int_equal(settings->order, DTD_GRAY);
  assert_true(settings->low[0] == -0.5f && settings->high[0] == 1.5f);
  for (int byte = 0; byte < 256; byte++)
    assert_near(settings->of_byte[byte], -0.5 + 2.0 * byte / 255, 1e-6);
}

TEST(vectors_have_their_interval) {
  const char *more[] = {"pixel_low", "-0.333333343", "pixel_high", "3", NULL};
  struct dtd_network *network = random_network(vectors, 1, 7);
  network->layer[0].b[1] = 0.25f; /* which other rules treat */
  const char *onnx = test_path("v.onnx");
  dtd_model_export(onnx, put_model("v.safetensors", network, more), "export v");
  struct dtd_graph *graph = own_graph(dtd_graph_read(onnx));
  assert_same(network, graph);
  struct dtd_input_settings *settings = own_input_settings(
      dtd_input_settings_read(onnx, NULL, graph->node[0].out, 1));
  assert_false(dtd_input_is_picture(settings));
  assert_true(settings->low[4] == -1.0f / 3 && settings->high[0] == 3);
}

TEST(a_result_folder_has_its_model_and_where_it_comes_from) {
  struct dtd_settings settings;
  char digest[17];
  dtd_config_defaults(&settings);
  settings.seed = 12;
  const char *text = own_memory(dtd_config_text(&settings));
  dtd_config_digest(digest, &settings);
  const char *more[] = {
      "config", text,         "seed",   "12", "source_revision",
      "a1",     "iterations", "300000", NULL};
  dtd_output_directory(test_path("run"));
  put_model("run/model.safetensors", random_network(pairs, 2, 7), more);
  dtd_model_export(test_path("run.onnx"), test_path("run"), "export 'a run'");
  struct dtd_onnx *onnx = own_onnx(dtd_onnx_read(test_path("run.onnx")));
  const char *wanted[][2] = {
      {"command", "export 'a run'"}, {"config", text},
      {"config_digest", digest},     {"seed", "12"},
      {"iterations", "300000"},      {"model_revision", "a1"},
      {"pixel_low", "-0.5"},         {"pixel_high", "1.5"}};
  for (size_t n = 0; n < sizeof wanted / sizeof *wanted; n++)
    assert_string_equal(dtd_onnx_metadata(onnx, wanted[n][0]), wanted[n][1]);
  assert_non_null(dtd_onnx_metadata(onnx, "source_revision"));
}

TEST(what_cannot_be_exported_is_refused) {
  const char *norms[] = {"pooling_norm", "1 2", NULL};
  struct dtd_network *network = random_network(pairs, 2, 7);
  const char *model = put_model("n.safetensors", network, norms);
  assert_dies(1, "n.safetensors: layer 2 pools by the norm q = 2",
              dtd_model_export(test_path("n.onnx"), model, ""));
  assert_dies(1, "(train with network.norm 1 or inf)",
              dtd_model_export(test_path("n.onnx"), model, ""));
  assert_int_not_equal(access(test_path("n.onnx"), F_OK), 0);
  assert_dies(2, "n.pb: does not end in .onnx (give it a name like",
              dtd_model_export(test_path("n.pb"), model, ""));
  assert_dies(2, ".onnx: does not end", dtd_model_export(".onnx", model, ""));
  assert_dies(1, "/model.safetensors: cannot open",
              dtd_model_export(test_path("n.onnx"), test_folder, ""));
}

/* A configuration that lies where the settings of the input are to go. */
TEST(other_settings_are_not_replaced) {
  const char *model =
      put_model("o.safetensors", random_network(pairs, 2, 7), NULL);
  put_text("o.ini", "[training]\nseed = 3\n");
  assert_dies(1, "o.ini: is there, and would be replaced (export under another",
              dtd_model_export(test_path("o.onnx"), model, ""));
  assert_file_is(test_path("o.ini"), "[training]\nseed = 3\n");
  assert_int_not_equal(access(test_path("o.onnx"), F_OK), 0);
  put_text("o.ini", "# older\n[input]\nlow = 0\n");
  dtd_model_export(test_path("o.onnx"), model, "");
  assert_file_is(test_path("o.ini"),
                 "# How pictures become the input of o.onnx.\n[input]\n"
                 "order = gray\nlow = -0.5\nhigh = 1.5\n");
}

static void export_small(void) {
  dtd_model_export(test_path("s.onnx"), test_path("s.safetensors"), "export");
}

TEST(errors_leave_nothing_behind) {
  put_model("s.safetensors", random_network(pairs, 2, 7), NULL);
  assert_survives_short_memory(export_small);
  assert_survives_a_full_disk(export_small);
}
