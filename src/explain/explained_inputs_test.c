/* Tests what is kept of explained inputs: names, classes, heatmaps, ledgers. */

#include "base/assert_dies.h"
#include "explain/test_explained.h"

TEST_GROUP(test_folder_new, test_folder_free)

TEST(inputs_of_several_files_follow_each_other) {
  struct dtd_graph *graph = picture_network();
  struct dtd_maps maps = graph->node[0].out;
  float *first = put_examples("a.npy", 3, maps, 1);
  float *second = put_examples("b.npy", 1, maps, 2);
  char *files[] = {(char *)test_path("a.npy"), (char *)test_path("b.npy")};
  struct dtd_explained_inputs inputs = dtd_explained_inputs_read(
      graph, settings_for(graph), &(struct dtd_texts){2, files});
  assert_int_equal(inputs.count, 4);
  assert_memory_equal(inputs.x, first, 3 * PIXELS * sizeof *first);
  assert_memory_equal(inputs.x + 3 * PIXELS, second, PIXELS * sizeof *second);
  assert_string_equal(inputs.input[0].name, "a.npy[0]");
  assert_string_equal(inputs.input[2].name, "a.npy[2]");
  assert_string_equal(inputs.input[3].name, "b.npy");
  dtd_explained_inputs_free(&inputs);
}

/* Ranks and the softmax of z, in plain loops. */
TEST(the_likeliest_classes_are_ranked) {
  struct dtd_graph *graph = picture_network();
  put_examples("x.npy", 9, graph->node[0].out, 3);
  struct dtd_explained_inputs inputs =
      inputs_of(graph, settings_for(graph), "x.npy");
  assert_int_equal(dtd_explained_classes(&inputs), CLASSES);
  explain_class(&inputs, "constant", false, 2);
  for (int n = 0; n < 9; n++) {
    const struct dtd_explained_input *input = &inputs.input[n];
    struct dtd_graph_values *values =
        values_for(graph, inputs.x + n * PIXELS, 1);
    const float *z = dtd_graph_scores(graph, values);
    double sum = 0;
    for (int c = 0; c < CLASSES; c++) sum += exp(z[c]);
    assert_int_equal(input->class, 2);
    assert_true(input->f == z[2]);
    assert_near(input->own_probability, exp(z[2]) / sum, 1e-12);
    for (int r = 0; r < DTD_LIKELIEST; r++) {
      int before = 0;
      for (int c = 0; c < CLASSES; c++) before += z[c] > z[input->likely[r]];
      assert_int_equal(before, r);
      assert_near(input->probability[r], exp(z[input->likely[r]]) / sum, 1e-12);
    }
  }
  dtd_explained_inputs_free(&inputs);
}

/* A heatmap is the sum over channels of the one that keeps them; both sum to
   what the ledger says. */
TEST(heatmaps_are_summed_over_channels_or_kept) {
  struct dtd_graph *graph = picture_network();
  struct dtd_input_settings *settings = settings_for(graph);
  put_examples("x.npy", 5, graph->node[0].out, 3);
  struct dtd_explained_inputs summed = inputs_of(graph, settings, "x.npy");
  struct dtd_explained_inputs kept = inputs_of(graph, settings, "x.npy");
  explain_class(&summed, "deep-taylor-free", false, DTD_GREATEST_CLASS);
  explain_class(&kept, "deep-taylor-free", true, DTD_GREATEST_CLASS);
  assert_int_equal(dtd_maps_size(summed.shape), 30);
  assert_int_equal(dtd_maps_size(kept.shape), PIXELS);
  for (int n = 0; n < 5; n++) {
    const struct dtd_explained_input *input = &summed.input[n];
    double sum = sum_of(kept.R_p + n * PIXELS, PIXELS);
    for (int p = 0; p < 30; p++)
      assert_near(summed.R_p[n * 30 + p],
                  (double)kept.R_p[n * PIXELS + p] +
                      (double)kept.R_p[n * PIXELS + 30 + p],
                  1e-6 * input->f);
    assert_true(input->f > 0 && input->kept > 0);
    assert_near(input->sum_r, sum, 1e-6 * input->f);
    assert_near(input->sum_r + input->kept, input->f, 1e-5 * input->f);
    const struct dtd_node_entry *ledger = summed.ledger + n * graph->nodes;
    assert_near(ledger[graph->output].entered, input->f, 1e-6 * input->f);
    assert_near(ledger[0].entered, input->sum_r, 1e-6 * input->f);
  }
  dtd_explained_inputs_free(&summed);
  dtd_explained_inputs_free(&kept);
}

TEST(what_is_not_decomposed_has_no_ledger) {
  struct dtd_graph *graph = vector_network();
  put_examples("x.npy", 2, graph->node[0].out, 3);
  struct dtd_explained_inputs inputs =
      inputs_of(graph, settings_for(graph), "x.npy");
  explain_class(&inputs, "sensitivity", false, DTD_GREATEST_CLASS);
  assert_null(inputs.ledger);
  assert_true(isnan(inputs.input[1].kept));
  assert_true(isnan(inputs.input[1].own_probability));
  assert_int_equal(dtd_explained_classes(&inputs), 0);
  assert_int_equal(dtd_maps_size(inputs.shape), FEATURES);
  dtd_explained_inputs_free(&inputs);
}

/* The class that is least likely of the first. */
TEST(empty_heatmaps_are_warned_of) {
  struct dtd_graph *graph = picture_network();
  put_examples("x.npy", 20, graph->node[0].out, 3);
  struct dtd_explained_inputs inputs =
      inputs_of(graph, settings_for(graph), "x.npy");
  struct dtd_graph_values *values = values_for(graph, inputs.x, 20);
  const float *z = dtd_graph_scores(graph, values);
  int least = 0, empty = 0;
  char words[128];
  for (int c = 1; c < CLASSES; c++)
    if (z[c] < z[least]) least = c;
  for (int n = 0; n < 20; n++) empty += z[n * CLASSES + least] <= 0;
  assert_true(z[least] < 0 && empty > 1 && empty < 20);
  snprintf(words, sizeof words,
           "x.npy[0]: %d of 20 heatmaps are empty, this one first: its f is %g",
           empty, (double)z[least]);
  dies_log_begin();
  explain_class(&inputs, "deep-taylor-free", false, least);
  dies_log_end("empty heatmaps", 0, 0, words);
  dtd_explained_inputs_free(&inputs);
}
