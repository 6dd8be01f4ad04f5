/* Tests that a program goes on after any error of a whole operation: memory
   that is short at any place, and a disk that is full.

   The first allocation of an operation fails, then the second, and so on, later
   in larger steps, until it succeeds; a handler catches each error, and a mark
   gives back what was taken. Under the address sanitizer, what is lost all the
   same is found as the program ends. */
#include <omp.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "base/test.h"
#include "base/test_folder.h"
#include "base/memory.h"
#include "base/output.h"
#include "evaluate/evaluation_tables.h"
#include "explain/explained_images.h"
#include "explain/plane_tables.h"
#include "files/npy.h"
#include "runs/comparison.h"
#include "runs/plain_data_folder.h"
#include "runs/result_folder.h"
#include "runs/training_run.h"

enum { COUNT = 3, PIXELS = DTD_PAIR_PIXELS };

/* ---- errors, caught ---- */

static jmp_buf back;
static struct dtd_error error;

static void catch_error(const struct dtd_error *caught) {
  if (omp_get_level()) abort(); /* it would jump out of a parallel region */
  error = *caught;
  longjmp(back, 1);
}

static int find_partial(const char *path, const struct stat *status, int kind,
                        struct FTW *place) {
  (void)status, (void)kind, (void)place;
  if (strstr(path, ".partial")) fail_msg("%s is left", path);
  return 0;
}

/* Whether the operation comes to its end. If not, nothing of it is left. */
static bool succeeds(void (*operation)(void)) {
  bool done = false;
  int error_stream = dup(STDERR_FILENO); /* progress is of no interest */
  if (!freopen("/dev/null", "w", stderr)) fail();
  int outer = dtd_mark_set(), mark = dtd_mark_set();
  dtd_error_handler *before = dtd_set_error_handler(catch_error);
  if (!setjmp(back)) {
    operation();
    done = true;
  }
  dtd_memory_fails = NULL;
  test_empty_disk();
  dtd_set_error_handler(before);
  if (done) { /* it has released all that it took */
    assert_int_equal(dtd_mark_count(), 0);
    dtd_mark_keep(mark);
  } else {
    dtd_mark_release(mark);
    assert_int_equal(dtd_mark_count(), 0);
    assert_non_null(strstr(error.message, ": "));
    assert_null(strchr(error.message, '\n'));
  }
  dtd_mark_release(outer);
  fflush(stderr);
  dup2(error_stream, STDERR_FILENO);
  close(error_stream);
  nftw(test_folder, find_partial, 8, FTW_PHYS);
  return done;
}

static atomic_long left;

static bool none_left(void) {
  return left-- == 0;
}

/* Lets allocations fail, each of the first fifty and then ever fewer. */
static void assert_survives_short_memory(void (*operation)(void)) {
  long n = 0, errors = 0;
  for (;; n += 1 + n / 50, errors++) {
    left = n;
    dtd_memory_fails = none_left;
    if (succeeds(operation)) break;
    assert_string_equal(error.what, "memory");
  }
  assert_true(errors > 3);
  print_message("%ld errors caught in %ld allocations\n", errors, n);
}

/* Lets every file that grows beyond so many bytes fail. */
static void assert_survives_a_full_disk(void (*operation)(void)) {
  int errors = 0;
  for (rlim_t bytes = 0;; bytes += bytes / 2 + 256, errors++) {
    test_disk_of(bytes);
    if (succeeds(operation)) break;
    assert_non_null(strstr(error.why, "cannot write: File too large"));
  }
  assert_true(errors > 1);
}

#define SURVIVES(name, assertion, operation)                                   \
  TEST(name) {                                                                 \
    assertion(operation);                                                      \
  }

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
  static char *assignments[] = {
      "evaluation.scores=40",         "evaluation.pairs=12",
      "evaluation.roots=2",           "evaluation.flips=2",
      "evaluation.repeats=2",         "evaluation.slow_repeats=1",
      "evaluation.bootstrap=20",      "explanation.integrated_steps=2",
      "explanation.smooth_samples=2", "explanation.root_starts=1"};
  struct dtd_folder_arguments folder = {.directory = test_path("run"),
                                        .assignments = assignments,
                                        .count = sizeof assignments /
                                                 sizeof *assignments};
  return dtd_result_folder_open(&folder, 2, arguments, COUNT);
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
