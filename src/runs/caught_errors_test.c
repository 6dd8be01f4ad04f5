/* Tests that a program goes on after any error of training, evaluation,
   comparison, audit, explanation and drawing. */
#include "base/test.h"
#include "base/test_faults.h"
#include "base/memory.h"
#include "base/output.h"
#include "evaluate/evaluation_tables.h"
#include "evaluate/root_audit.h"
#include "explain/explained_images.h"
#include "explain/plane_tables.h"
#include "files/npy.h"
#include "runs/comparison.h"
#include "runs/test_data_folder.h"
#include "runs/result_folder.h"
#include "runs/training_run.h"

enum { COUNT = 3, PIXELS = DTD_PAIR_PIXELS };

/* ---- training ---- */

static void train(void) {
  char *arguments[] = {"train", "small.ini", NULL};
  char *assignments[] = {
      "training.iterations=4",     "training.checkpoint_every=2",
      "training.evaluate_every=2", "training.evaluation_pairs=10",
      "training.threads=2",        "relevance.models=minmax training-free"};
  struct dtd_training_run_request request = {
      .argc = 2,
      .argv = arguments,
      .config = test_path("small.ini"),
      .assignments = assignments,
      .assignment_count = sizeof assignments / sizeof *assignments,
      .directory = test_path("run"),
      .resume = true};
  remove(test_path("run/model.safetensors"));
  dtd_training_run(&request);
}

SURVIVES(training_without_memory, assert_survives_short_memory, train)
SURVIVES(training_on_a_full_disk, assert_survives_a_full_disk, train)

/* ---- what was trained ---- */

static struct dtd_result_folder *open_folder(void) {
  static char *arguments[] = {"evaluate", "run", NULL};
  char *words[] = {(char *)test_path("run"),
                   "evaluation.scores=12",
                   "evaluation.pairs=6",
                   "evaluation.roots=1",
                   "evaluation.flips=1",
                   "evaluation.repeats=2",
                   "evaluation.slow_repeats=1",
                   "evaluation.bootstrap=20",
                   "explanation.integrated_steps=2",
                   "explanation.smooth_samples=2",
                   "explanation.root_starts=1"};
  const struct dtd_texts texts = {sizeof words / sizeof *words, words};
  struct dtd_result_folder *opened =
      dtd_result_folder_open(&texts, 2, arguments, COUNT);
  opened->model->explainer->settings.root.evaluations = 10;
  return opened;
}

static void evaluate(void) {
  struct dtd_result_folder *folder = open_folder();
  const struct dtd_settings *settings = &folder->settings;
  struct dtd_digits training = dtd_digits_read(settings->directory, DTD_TRAIN);
  struct dtd_digits test = dtd_digits_read(settings->directory, DTD_TEST);
  struct dtd_evaluation *evaluation =
      dtd_evaluate(folder->model->explainer, &test, &training, &settings->pairs,
                   &settings->evaluation, NULL);
  struct dtd_provenance from = dtd_result_folder_provenance(folder);
  dtd_evaluation_write(folder->directory, evaluation, &from);
  dtd_evaluation_record_write(folder->directory, settings, &test);
  dtd_evaluation_free(evaluation);
  dtd_digits_free(&training);
  dtd_digits_free(&test);
  dtd_result_folder_close(folder);
}

SURVIVES(evaluating_without_memory, assert_survives_short_memory, evaluate)
SURVIVES(evaluating_on_a_full_disk, assert_survives_a_full_disk, evaluate)

static void compare(void) {
  char *folder[] = {(char *)test_path("run")};
  struct dtd_compared_runs *runs = dtd_compared_runs_read(folder, 1, true);
  dtd_compare_across(runs, DTD_ACROSS_METHODS);
  struct dtd_comparison *comparison =
      dtd_comparison_new(runs, NULL, NULL, 0, 1);
  struct dtd_provenance from = {"test", "", 0};
  dtd_comparison_write(test_path("compare.tsv"), comparison, &from);
  dtd_comparison_free(comparison);
  dtd_compared_runs_free(runs);
}

SURVIVES(comparing_without_memory, assert_survives_short_memory, compare)
SURVIVES(comparing_on_a_full_disk, assert_survives_a_full_disk, compare)

static void audit(void) {
  struct dtd_result_folder *folder = open_folder();
  float *images = dtd_result_folder_pairs(folder, COUNT);
  int count;
  struct dtd_audit_row *rows =
      dtd_audit_network(&count, folder->model->network, dtd_rule_find("z+"),
                        DTD_PIXEL_LOW, DTD_PIXEL_HIGH, images, COUNT, 10, 1);
  struct dtd_provenance from = dtd_result_folder_provenance(folder);
  dtd_audit_write(test_path("audit.tsv"), rows, count, &from);
  dtd_free(rows);
  dtd_free(images);
  dtd_result_folder_close(folder);
}

SURVIVES(auditing_without_memory, assert_survives_short_memory, audit)
SURVIVES(auditing_on_a_full_disk, assert_survives_a_full_disk, audit)

static void search_by_nlopt(void) {
  struct dtd_result_folder *folder = open_folder();
  folder->model->explainer->settings.root.solver = DTD_ROOT_NLOPT;
  float *x = dtd_result_folder_pairs(folder, COUNT), f[COUNT];
  float *R_p = dtd_new(COUNT * PIXELS, sizeof *R_p);
  dtd_explain(R_p, f, folder->model->explainer, dtd_method_find("taylor"), x,
              COUNT);
  dtd_free(R_p);
  dtd_free(x);
  dtd_result_folder_close(folder);
}

SURVIVES(nlopt_without_memory, assert_survives_short_memory, search_by_nlopt)

/* ---- explaining ---- */

static struct dtd_result_folder *older; /* than every mark */
static float *older_images;

static void explain_by(struct dtd_explainer *explainer, const float *x) {
  float *R_p = dtd_new(COUNT * PIXELS, sizeof *R_p), f[COUNT];
  for (int m = 0; dtd_methods[m]; m++)
    if (dtd_explainer_offers(explainer, dtd_methods[m]))
      dtd_explain(R_p, f, explainer, dtd_methods[m], x, COUNT);
  dtd_free(R_p);
}

static void explain_by_older(void) {
  explain_by(older->model->explainer, older_images);
}

static void open_and_explain(void) {
  struct dtd_result_folder *folder = open_folder();
  float *x = dtd_result_folder_pairs(folder, COUNT);
  explain_by(folder->model->explainer, x);
  dtd_free(x);
  dtd_result_folder_close(folder);
}

SURVIVES(a_new_explainer_without_memory, assert_survives_short_memory,
         open_and_explain)

/* The same explainer goes on after each error, and says what it said before. */
TEST(an_older_explainer_without_memory) {
  older = open_folder();
  older_images = dtd_result_folder_pairs(older, COUNT);
  assert_survives_short_memory(explain_by_older);
  struct dtd_result_folder *fresh = open_folder();
  float *R = dtd_new(2 * COUNT * PIXELS, sizeof *R), *S = R + COUNT * PIXELS;
  for (int m = 0; dtd_methods[m]; m++) {
    if (!dtd_explainer_offers(fresh->model->explainer, dtd_methods[m]))
      continue;
    dtd_explain(R, NULL, older->model->explainer, dtd_methods[m], older_images,
                COUNT);
    dtd_explain(S, NULL, fresh->model->explainer, dtd_methods[m], older_images,
                COUNT);
    assert_memory_equal(R, S, COUNT * PIXELS * sizeof *R);
  }
  dtd_free(R);
  dtd_free(older_images);
  dtd_result_folder_close(fresh);
  dtd_result_folder_close(older);
}

static void explain_files(void) {
  struct dtd_explained_images images =
      dtd_explained_images_read(test_path("images.npy"), -0.5f, 1.5f);
  struct dtd_provenance from = {"test", "", 0};
  dtd_explained_images_write(test_path("R.npy"), &images, &from);
  dtd_output_directory(test_path("pictures"));
  dtd_explained_images_draw(test_path("pictures"), &images);
  dtd_explained_images_free(&images);
}

static void put_images(void) {
  float *x = dtd_new(COUNT * PIXELS, sizeof *x);
  for (int p = 0; p < COUNT * PIXELS; p++) x[p] = (float)(p % 17) / 16;
  dtd_npy_write(test_path("images.npy"), x, COUNT, 28, 56);
  dtd_free(x);
}

TEST(files_of_images_without_memory) {
  put_images();
  assert_survives_short_memory(explain_files);
  assert_survives_a_full_disk(explain_files);
}

/* ---- the plane ---- */

static void draw_plane(void) {
  static const struct dtd_plane_function function = {
      "one", {{1, 1, -0.5f}, {1, -1, 0}}};
  struct dtd_explanation_settings settings = {.first_rule =
                                                  dtd_rule_find("w^2"),
                                              .upper_rule = dtd_rule_find("z+"),
                                              .low = -1000,
                                              .high = 1000};
  struct dtd_provenance from = {"test", "", 0};
  struct dtd_plane_tables *tables =
      dtd_plane_tables_open(test_path("plane"), &from);
  dtd_plane_tables_add(tables, &function, &settings, 4, -1, 1);
  dtd_plane_tables_close(tables);
}

SURVIVES(planes_without_memory, assert_survives_short_memory, draw_plane)
SURVIVES(planes_on_a_full_disk, assert_survives_a_full_disk, draw_plane)

TEST_GROUP(plain_data_folder_new, test_folder_free)
