/* Tests result folders: what train wrote is opened, and only explanations may
   be changed. */

#include <sys/stat.h>

#include "base/test.h"
#include "evaluate/evaluation.h"
#include "files/test_digits.h"
#include "runs/test_data_folder.h"
#include "runs/result_folder.h"
#include "runs/training_run.h"

TEST_OWNS(tensors)

static void set_up(void) {
  plain_data_folder_new();
  char *words[] = {"train", "small.ini"};
  struct dtd_training_run_request request = {.argc = 2,
                                             .argv = words,
                                             .config = test_path("small.ini"),
                                             .directory = test_path("run")};
  assert_int_equal(dtd_training_run(&request), DTD_OK);
}

static void release_folder(void *folder) {
  dtd_result_folder_close(folder);
}

static struct dtd_result_folder *open_folder(const char *name,
                                             char *assignment) {
  static char *words[] = {"evaluate", "a folder"};
  char *given[] = {(char *)test_path(name), assignment};
  const struct dtd_texts texts = {assignment ? 2 : 1, given};
  return test_owns(dtd_result_folder_open(&texts, 2, words, 8), release_folder);
}

static struct dtd_result_folder *open_with(char *assignment) {
  return open_folder("run", assignment);
}

TEST(what_train_wrote_is_opened) {
  struct dtd_result_folder *folder = open_with(NULL);
  assert_int_equal(folder->settings.training.iterations, 60);
  assert_int_equal(folder->model->network->layer[0].shape.units, 12);
  assert_int_equal(folder->model->explainer->capacity, 8);
  struct dtd_provenance from = dtd_result_folder_provenance(folder);
  assert_string_equal(from.command, "evaluate 'a folder'");
  assert_int_equal(strlen(from.config_digest), 16);
  assert_int_equal(from.seed, 7);
  const char *path = dtd_result_folder_file(folder, "metrics.tsv");
  assert_string_equal(path + strlen(test_path("run")), "/metrics.tsv");
}

TEST(explanations_may_be_changed) {
  struct dtd_result_folder *folder = open_with("explanation.upper_rule=w^2");
  assert_string_equal(folder->settings.explanation.upper_rule->name, "w^2");
  folder = open_with("evaluation.pairs=300");
  assert_int_equal(folder->settings.evaluation.pairs, 300);
}

TEST(what_shaped_the_training_may_not) {
  char *refused[] = {"data.targets=5", "training.seed=9", "network.norm=2 1",
                     "minmax.learning_rate=0.5"};
  for (size_t n = 0; n < sizeof refused / sizeof *refused; n++)
    assert_dies(2, "cannot be changed", open_with(refused[n]));
  assert_dies(2, "training.sed", open_with("training.sed=9"));
}

/* A configuration may ask for more than its model file holds. */
TEST(a_model_that_the_file_lacks_is_named) {
  char *text = test_get(NULL, test_path("run/config.ini"));
  char *other = test_new(strlen(text) + 64, 1);
  char *at = strstr(text, "models = minmax\n");
  assert_non_null(at);
  sprintf(other, "%.*smodels = minmax minmax-pooled%s", (int)(at - text), text,
          at + strlen("models = minmax"));
  put_text("run/config.ini", other);
  assert_dies(2, "relevance.models: names minmax-pooled, but", open_with(NULL));
  sprintf(other, "%.*smodels = training-free-live minmax%s", (int)(at - text),
          text, at + strlen("models = minmax"));
  put_text("run/config.ini", other);
  struct dtd_result_folder *folder = open_with(NULL);
  assert_true(dtd_explainer_offers(folder->model->explainer,
                                   dtd_method_find("deep-taylor-free-live")));
  put_text("run/config.ini", text);
}

TEST(a_folder_without_a_model_is_named) {
  assert_dies(1, "nowhere/config.ini", open_folder("nowhere", NULL));
}

/* ---- a network from elsewhere: two detection layers, nothing else ---- */

static struct dtd_result_folder *import_with(char *assignment) {
  return open_folder("imported", assignment);
}

static void put_network(bool with_config) {
  struct dtd_tensors *tensors = own_tensors(dtd_tensors_new());
  float *w = test_new(8 * DTD_PAIR_PIXELS, sizeof *w), b[8] = {0};
  dtd_tensors_add(tensors, "detection1.weight", DTD_F32, w, 8, DTD_PAIR_PIXELS);
  dtd_tensors_add(tensors, "detection1.bias", DTD_F32, b, 8, 0);
  dtd_tensors_add(tensors, "detection2.weight", DTD_F32, w, 6, 4);
  dtd_tensors_add(tensors, "detection2.bias", DTD_F32, b, 6, 0);
  if (with_config)
    dtd_tensors_add_metadata(tensors, "config",
                             "[training]\nseed = 77\n[network]\n"
                             "detection = 8 6\npool = 2 6\n");
  mkdir(test_path("imported"), 0777);
  dtd_tensors_write(tensors, test_path("imported/model.safetensors"));
}

TEST(a_network_from_elsewhere_is_opened) {
  put_network(false);
  struct dtd_result_folder *folder = import_with("data.targets=7");
  char *text = own_memory(dtd_config_text(&folder->settings));
  assert_non_null(strstr(text, "detection = 8 6\npool = 2 6\nnorm = 1 1\n"));
  assert_non_null(strstr(text, "targets = 7\n"));
  assert_int_equal(folder->settings.depth, 2);
  assert_int_equal(folder->model->relevances, 0);
  assert_int_equal(folder->model->network->layer[1].shape.units, 6);
  /* what its file carries comes before the defaults */
  put_network(true);
  folder = import_with("training.threads=1");
  assert_int_equal(folder->settings.seed, 77);
  assert_dies(2, "training.batch: cannot be changed",
              import_with("training.batch=5"));
  assert_dies(2, "network.pool: cannot be changed",
              import_with("network.pool=4 6"));
}

/* The pairs are those of the one-target set of an evaluation. */
TEST(the_pairs_are_the_evaluations) {
  enum { COUNT = 12 };
  struct dtd_result_folder *folder = open_with(NULL);
  struct dtd_digits test = dtd_digits_read(test_folder, DTD_TEST);
  struct dtd_pair_settings own =
      dtd_test_pairs(&folder->settings.pairs, 3, DTD_SET_ONE_TARGET);
  struct dtd_sampler *sampler = new_sampler(&test, &own);
  float *images = own_memory(dtd_result_folder_pairs(folder, COUNT));
  float *wanted = test_new(COUNT * DTD_PAIR_PIXELS, sizeof *wanted), t[COUNT];
  struct dtd_pair pairs[COUNT];
  dtd_pairs_draw(wanted, t, pairs, sampler, 0, COUNT);
  assert_memory_equal(images, wanted, COUNT * DTD_PAIR_PIXELS * sizeof *wanted);
  for (int n = 0; n < COUNT; n++) {
    assert_int_equal(pairs[n].is_target[0] + pairs[n].is_target[1], 1);
    assert_int_equal(pairs[n].down[0] | pairs[n].right[1], 0);
  }
  dtd_digits_free(&test);
}

TEST_GROUP(set_up, test_folder_free)
