/* Tests that timed heatmaps are the method's, and what is counted of them. */

#include "base/test.h"
#include "heatmap_job.h"
#include "explain/test_explainer.h"
#include "evaluate/measure.h"

TEST_OWNS(heatmap_job)

enum { P = DTD_PAIR_PIXELS, N = 9, J = 8, K = 2, L = 5 };

struct bench {
  struct dtd_network *network;
  struct dtd_relevance_model *minmax;
  struct dtd_explanation_settings settings;
  float *x; /* (N, P), every third pixel black */
};

static struct bench open_bench(const char *first_rule) {
  const struct dtd_layer_shape shape[] = {LAYER(P, J, J / K), LAYER(K, L, L)};
  struct bench b = {
      .network = random_network(shape, 2, 4),
      .settings = quick_explanation(),
      .x = random_numbers(N * P, -0.45, 1.5, 1, "test/heatmap-job")};
  b.settings.first_rule = dtd_rule_find(first_rule);
  b.minmax = random_model("minmax", b.network, 0, N, 1, 0.05, 0.005);
  for (int i = 0; i < N * P; i += 3) b.x[i] = DTD_PIXEL_LOW;
  return b;
}

static struct dtd_heatmap_job *job_of(struct bench *b, const char *method) {
  return own_heatmap_job(dtd_heatmap_job_new(
      b->network, b->minmax, &b->settings, dtd_method_find(method), b->x, N));
}

TEST(heatmaps_are_the_methods) {
  struct bench b = open_bench("zB");
  float *expected = test_new(N * P, sizeof *expected);
  struct dtd_explainer *explainer =
      new_explainer(b.network, b.minmax, &b.settings, N);
  for (int m = 0; dtd_methods[m]; m++) {
    if (dtd_methods[m]->slow ||
        !dtd_explainer_offers(explainer, dtd_methods[m]))
      continue;
    struct dtd_heatmap_job *job = job_of(&b, dtd_methods[m]->name);
    dtd_explain(expected, NULL, explainer, dtd_methods[m], b.x, N);
    assert_true(dtd_heatmap_job_run(job, 2) > 0);
    assert_same_bits(dtd_heatmap_job_heatmaps(job), expected, N * P);
  }
}

/* The table of heatmap_job.h for one method, from plain counts. */
TEST(work_is_counted) {
  struct bench b = open_bench("zB");
  struct dtd_activations *act = new_activations(b.network, N);
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

  /* Units that are on receive relevance where their pool does. */
  job = job_of(&b, "deep-taylor-free");
  dtd_heatmap_job_run(job, 1);
  struct dtd_work deep = dtd_heatmap_job_work(job);
  assert_true(deep.operations >
              2 * s * J + 2 * N * K * L + 4 * A * K + 2 * P * B);
  assert_true(deep.operations <=
              2 * s * J + 2 * N * K * L + 4 * A * K + 4 * P * B);
  assert_true(deep.updated == work.updated);

  job = job_of(&b, "deep-taylor-minmax");
  dtd_heatmap_job_run(job, 1);
  assert_true(dtd_heatmap_job_work(job).operations >
              4 * s * J + 2 * N * K * L + 4 * A * K + 2 * A * J);
}

TEST(other_rules_and_methods_have_no_count) {
  struct bench b = open_bench("w^2");
  const char *const methods[] = {"deep-taylor-free", "constant"};
  for (int m = 0; m < 2; m++) {
    struct dtd_heatmap_job *job = job_of(&b, methods[m]);
    dtd_heatmap_job_run(job, 1);
    assert_true(dtd_heatmap_job_work(job).operations == 0);
  }
}
