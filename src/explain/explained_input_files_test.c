/* Tests the files that explained inputs are written to, and what is printed. */

#include <png.h>

#include "explain/explained_input_files.h"
#include "explain/test_explained.h"
#include "files/table_reader.h"

TEST_GROUP(test_folder_new, test_folder_free)

static const struct dtd_provenance from = {"explain", "0123456789abcdef", 0};

static struct dtd_table *table_of(const char *name) {
  return dtd_table_read(test_path(name));
}

TEST(pictures_have_heatmaps_scores_classes_and_a_ledger) {
  struct dtd_graph *graph = picture_network();
  put_text("names.txt", "ant\nbee, bumblebee\ncat\ndog\nelk\nfox\ngnu\n");
  put_text("net.ini", "[input]\nlow = -1\nhigh = 1\n"
                      "[labels]\nfile = names.txt\n");
  put_examples("x.npy", 3, graph->node[0].out, 3);
  struct dtd_explained_inputs inputs =
      inputs_of(graph, settings_for(graph), "x.npy");
  explain_class(&inputs, "deep-taylor-free", false, 1);
  dtd_explained_inputs_write(test_path("r.npy"), &inputs, &from);

  int dimensions;
  size_t shape[4];
  float *R_p = own_memory(dtd_npy_read(&dimensions, shape, test_path("r.npy")));
  assert_int_equal(dimensions, 3);
  assert_true(shape[0] == 3 && shape[1] == 6 && shape[2] == 5);
  assert_memory_equal(R_p, inputs.R_p, 90 * sizeof *R_p);

  struct dtd_table *table = table_of("r.scores.tsv");
  assert_int_equal(table->rows, 3);
  for (int n = 0; n < 3; n++) {
    const struct dtd_explained_input *input = &inputs.input[n];
    assert_string_equal(dtd_table_text(table, n, "image"), input->name);
    assert_string_equal(dtd_table_text(table, n, "class"), "1");
    assert_string_equal(dtd_table_text(table, n, "label"), "bee, bumblebee");
    assert_near(dtd_table_value(table, n, "probability"),
                input->own_probability, 1e-6);
    assert_near(dtd_table_value(table, n, "f"), input->f, 1e-5);
    assert_near(dtd_table_value(table, n, "sum_r"), input->sum_r, 1e-5);
    assert_near(dtd_table_value(table, n, "kept"), input->kept, 1e-5);
  }
  dtd_table_free(table);
  table = table_of("r.classes.tsv");
  assert_int_equal(table->rows, 3 * DTD_LIKELIEST);
  assert_string_equal(dtd_table_text(table, 5, "rank"), "1");
  assert_int_equal((int)dtd_table_value(table, 6, "class"),
                   inputs.input[1].likely[1]);
  dtd_table_free(table);
  table = table_of("r.ledger.tsv");
  assert_int_equal(table->rows, 3 * (graph->nodes - 1));
  assert_string_equal(dtd_table_text(table, 0, "node"), "z");
  assert_string_equal(dtd_table_text(table, 0, "kind"), "Gemm");
  assert_string_equal(dtd_table_text(table, 3, "kind"), "Conv");
  dtd_table_free(table);
  assert_int_not_equal(access(test_path("r.relevance.tsv"), F_OK), 0);
  dtd_explained_inputs_free(&inputs);
}

TEST(channels_are_a_dimension_where_they_are_kept) {
  struct dtd_graph *graph = picture_network();
  put_examples("x.npy", 3, graph->node[0].out, 3);
  struct dtd_explained_inputs inputs =
      inputs_of(graph, settings_for(graph), "x.npy");
  explain_class(&inputs, "sensitivity", true, 1);
  dtd_explained_inputs_write(test_path("c.npy"), &inputs, &from);
  int dimensions;
  size_t shape[4];
  own_memory(dtd_npy_read(&dimensions, shape, test_path("c.npy")));
  assert_int_equal(dimensions, 4);
  assert_true(shape[0] == 3 && shape[1] == 2 && shape[2] == 6 && shape[3] == 5);
  assert_int_not_equal(access(test_path("c.ledger.tsv"), F_OK), 0);
  dtd_explained_inputs_free(&inputs);
}

TEST(vectors_have_columns_and_regressions_no_class) {
  struct dtd_graph *graph = vector_network();
  put_text("v.tsv", "speed\tangle of attack\tload\tflow\n"
                    "1\t-.5\t.25\t0\n.1\t.2\t.3\t.4\n");
  struct dtd_explained_inputs inputs =
      inputs_of(graph, settings_for(graph), "v.tsv");
  explain_class(&inputs, "gradient-x-input", false, DTD_GREATEST_CLASS);
  dtd_explained_inputs_write(test_path("v.npy"), &inputs, &from);

  int dimensions;
  size_t shape[4];
  own_memory(dtd_npy_read(&dimensions, shape, test_path("v.npy")));
  assert_true(dimensions == 2 && shape[0] == 2 && shape[1] == FEATURES);
  struct dtd_table *table = table_of("v.relevance.tsv");
  const char *names[] = {"image", "speed", "angle_of_attack", "load", "flow"};
  for (int c = 0; c < 5; c++) assert_string_equal(table->name[c], names[c]);
  assert_near(dtd_table_value(table, 1, "load"), inputs.R_p[FEATURES + 2],
              1e-6);
  dtd_table_free(table);
  table = table_of("v.scores.tsv");
  assert_string_equal(dtd_table_text(table, 0, "image"), "v.tsv[0]");
  assert_string_equal(dtd_table_text(table, 0, "class"), "NA");
  assert_string_equal(dtd_table_text(table, 0, "label"), "NA");
  assert_string_equal(dtd_table_text(table, 0, "probability"), "NA");
  dtd_table_free(table);
  assert_int_not_equal(access(test_path("v.classes.tsv"), F_OK), 0);
  dtd_explained_inputs_free(&inputs);
}

/* A gray picture, seven pixels high, is enlarged 32 times. */
TEST(pictures_are_drawn_beside_their_heatmaps) {
  struct dtd_graph *graph =
      GRAPH("input x N 1 7 9", "tensor w 2 1 3 3", "Conv x w > a",
            "GlobalAveragePool a > y", "output y N 2 1 1");
  put_text("net.ini", "[input]\nlow = -1\nhigh = 1\n");
  put_examples("x.npy", 2, graph->node[0].out, 3);
  struct dtd_explained_inputs inputs =
      inputs_of(graph, settings_for(graph), "x.npy");
  explain_class(&inputs, "sensitivity", false, 0);
  dtd_explained_inputs_draw(test_path("drawn"), &inputs);
  png_image png = {.version = PNG_IMAGE_VERSION};
  assert_true(
      png_image_begin_read_from_file(&png, test_path("drawn/00001.png")));
  assert_int_equal(png.height, 7 * 32);
  assert_int_equal(png.width, 2 * 9 * 32 + 8);
  png_image_free(&png);
  dtd_explained_inputs_free(&inputs);
}

static struct dtd_explained_inputs *printed;

static void print(FILE *output) {
  dtd_explained_inputs_print(output, printed);
}

TEST(the_first_inputs_are_printed) {
  struct dtd_graph *graph = picture_network();
  put_examples("x.npy", 22, graph->node[0].out, 3);
  struct dtd_explained_inputs inputs =
      inputs_of(graph, settings_for(graph), "x.npy");
  explain_class(&inputs, "deep-taylor-free", false, DTD_GREATEST_CLASS);
  printed = &inputs;
  const char *text = printed_by(print);
  assert_non_null(strstr(text, "x.npy[0]: f = "));
  assert_non_null(strstr(text, "x.npy[19]: f = "));
  assert_null(strstr(text, "x.npy[20]"));
  assert_non_null(strstr(text, "kept by biases"));
  assert_non_null(strstr(text, "\nand 2 more\n"));
  dtd_explained_inputs_free(&inputs);
}
