/* Tests that timed heatmaps of a network from ONNX are the explainer's, and
   what is counted of them. */

#include "base/assert_dies.h"
#include "explain/test_explained.h"
#include "graph_job.h"

TEST_OWNS(graph_job)
TEST_GROUP(test_folder_new, test_folder_free)

enum { THERE = 3, BATCH = 5 };

static struct dtd_graph_job *job_of(const struct dtd_graph *graph,
                                    int threads) {
  char *files[] = {(char *)test_path("x.npy")};
  const struct dtd_explanation_settings quick = quick_explanation();
  return own_graph_job(dtd_graph_job_new(
      graph->path, &(struct dtd_texts){1, files}, &quick, BATCH, threads));
}

/* Where there are few examples, they come again. */
TEST(heatmaps_are_the_explainers) {
  struct dtd_graph *graph = picture_network();
  float *x = put_examples("x.npy", THERE, graph->node[0].out, 1);
  struct dtd_explained_inputs inputs =
      inputs_of(graph, settings_for(graph), "x.npy");
  explain_class(&inputs, "deep-taylor-free", true, DTD_GREATEST_CLASS);
  for (int threads = 1; threads <= 2; threads++) {
    struct dtd_graph_job *job = job_of(graph, threads);
    assert_true(dtd_graph_job_once(job) > 0);
    for (int n = 0; n < BATCH; n++) {
      long at = n * PIXELS, from = n % THERE * PIXELS;
      assert_same_bits(dtd_graph_job_inputs(job) + at, x + from, PIXELS);
      assert_same_bits(dtd_graph_job_heatmaps(job) + at, inputs.R_p + from,
                       PIXELS);
    }
    assert_int_equal(dtd_maps_size(dtd_graph_job_shape(job)), PIXELS);
    assert_true(dtd_graph_job_box(job).low[1] == -1);
  }
  dtd_explained_inputs_free(&inputs);
}

/* 3 x 3 windows of two channels at 4 x 3 positions, three maps; 36 x 7. */
TEST(work_is_counted) {
  struct dtd_graph *graph = picture_network();
  put_examples("x.npy", THERE, graph->node[0].out, 1);
  struct dtd_work work = dtd_graph_job_work(job_of(graph, 1));
  assert_true(work.operations == BATCH * 3 * 2 * (9 * 2 * 12 * 3 + 36 * 7));
  assert_true(work.read == 0 && work.updated == 0);
}

TEST(without_photos_there_is_nothing_to_explain) {
  struct dtd_graph *graph = picture_network();
  const struct dtd_explanation_settings quick = quick_explanation();
  assert_dies(DTD_USAGE, "there are no photos to explain",
              dtd_graph_job_new(graph->path, &(struct dtd_texts){0, NULL},
                                &quick, BATCH, 1));
}
