/* Tests that timed heatmaps are the method's, and what is counted of them. */
#include <stdlib.h>

#include "base/test.h"
#include "heatmap_job.h"
#include "evaluate/measure.h"
#include "base/memory.h"
#include "network/test_network.h"

enum { P = DTD_PAIR_PIXELS, N = 9, J = 8, K = 2, L = 5 };

struct bench {
  struct dtd_network *network;
  struct dtd_relevance_model *minmax;
  struct dtd_explanation_settings settings;
  float *x; /* (N, P), every third pixel black */
};

static struct bench open_bench(const char *first_rule) {
  const struct dtd_layer_shape shape[] = {LAYER(P, J, J / K), LAYER(K, L, L)};
  struct bench b = {.network = random_network(shape, 2, 4),
                    .settings = {.first_rule = dtd_rule_find(first_rule),
                                 .upper_rule = dtd_rule_find("z+"),
                                 .root = dtd_root_defaults(),
                                 .integrated_steps = 5,
                                 .smooth_samples = 5,
                                 .smooth_deviation = 0.15,
                                 .low = DTD_PIXEL_LOW,
                                 .high = DTD_PIXEL_HIGH},
                    .x = dtd_new(N * P, sizeof(float))};
  b.minmax = dtd_relevance_model_new(dtd_model_kind_find("minmax"),
                                     &b.network->layer[0], L, N);
  b.minmax->kind->initialise(b.minmax, 1, 0.05, 0.005);
  struct dtd_rng rng = dtd_rng_open(1, "test/heatmap-job", 0);
  fill_random(b.x, N * P, -0.45, 1.5, &rng);
  for (int i = 0; i < N * P; i += 3) b.x[i] = DTD_PIXEL_LOW;
  return b;
}

static void close_bench(struct bench *b) {
  dtd_relevance_model_free(b->minmax);
  dtd_network_free(b->network);
  free(b->x);
}

static struct dtd_heatmap_job *job_of(struct bench *b, const char *method) {
  return dtd_heatmap_job_new(b->network, b->minmax, &b->settings,
                             dtd_method_find(method), b->x, N);
}

TEST(heatmaps_are_the_methods) {
  struct bench b = open_bench("zB");
  float *expected = dtd_new(N * P, sizeof *expected);
  struct dtd_explainer *explainer =
      dtd_explainer_new(b.network, b.minmax, &b.settings, N);
  for (int m = 0; dtd_methods[m]; m++) {
    if (dtd_methods[m]->slow ||
        !dtd_explainer_offers(explainer, dtd_methods[m]))
      continue;
    struct dtd_heatmap_job *job = job_of(&b, dtd_methods[m]->name);
    dtd_explain(expected, NULL, explainer, dtd_methods[m], b.x, N);
    assert_true(dtd_heatmap_job_run(job, 2) > 0);
    assert_memory_equal(dtd_heatmap_job_heatmaps(job), expected,
                        N * P * sizeof *expected);
    dtd_heatmap_job_free(job);
  }
  dtd_explainer_free(explainer);
  free(expected);
  close_bench(&b);
}

/* The table of heatmap_job.h for one method, from plain counts. */
TEST(work_is_counted) {
  struct bench b = open_bench("zB");
  struct dtd_activations *act = dtd_activations_new(b.network, N);
  dtd_forward(act, b.network, dtd_rows(b.x, N));
  double s = N * P - N * P / 3, A = 0, B = 0, U = 0;
  for (int i = 0; i < N * L; i++) A += act->detection[1][i] > 0;
  for (int j = 0; j < J; j++) {
    double own = 0;
    for (int n = 0; n < N; n++) own += act->detection[0][n * J + j] > 0;
    B += own;
    U += own > 0;
  }
  assert_true(A > 10 && B > 10);

  struct dtd_heatmap_job *job = job_of(&b, "sensitivity");
  dtd_heatmap_job_run(job, 1);
  struct dtd_work work = dtd_heatmap_job_work(job);
  assert_true(work.operations ==
              2 * s * J + 2 * N * K * L + 2 * A * K + 2 * P * B);
  assert_true(work.read == 4 * (P * J + P * U + N * P)); /* ink everywhere */
  assert_true(work.updated == 4 * N * P);
  dtd_heatmap_job_free(job);

  /* Units that are on receive relevance where their pool does. */
  job = job_of(&b, "deep-taylor-free");
  dtd_heatmap_job_run(job, 1);
  struct dtd_work deep = dtd_heatmap_job_work(job);
  assert_true(deep.operations >
              2 * s * J + 2 * N * K * L + 4 * A * K + 2 * P * B);
  assert_true(deep.operations <=
              2 * s * J + 2 * N * K * L + 4 * A * K + 4 * P * B);
  assert_true(deep.updated == work.updated);
  dtd_heatmap_job_free(job);

  job = job_of(&b, "deep-taylor-minmax");
  dtd_heatmap_job_run(job, 1);
  assert_true(dtd_heatmap_job_work(job).operations >
              4 * s * J + 2 * N * K * L + 4 * A * K + 2 * A * J);
  dtd_heatmap_job_free(job);
  dtd_activations_free(act);
  close_bench(&b);
}

TEST(other_rules_and_methods_have_no_count) {
  struct bench b = open_bench("w^2");
  const char *const methods[] = {"deep-taylor-free", "constant"};
  for (int m = 0; m < 2; m++) {
    struct dtd_heatmap_job *job = job_of(&b, methods[m]);
    dtd_heatmap_job_run(job, 1);
    assert_true(dtd_heatmap_job_work(job).operations == 0);
    dtd_heatmap_job_free(job);
  }
  close_bench(&b);
}
