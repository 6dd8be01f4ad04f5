/* Tests whole training runs in their folders: fresh, finished, stopped by
   signals, resumed, refused. */

#include <dirent.h>
#include <sys/stat.h>

#include "base/test.h"
#include "network/test_network.h"
#include "relevance/test_training.h"
#include "files/test_digits.h"
#include "relevance/test_models.h"
#include "network/checkpoint.h"
#include "runs/config.h"
#include "runs/test_data_folder.h"
#include "relevance/relevance_learner.h"
#include "runs/training_run.h"
#include "base/test_folder.h"
#include "base/text.h"

TEST_OWNS(tensors)
#define read_tensors(...) own_tensors(dtd_tensors_read(__VA_ARGS__))

/* ---- running in a child ---- */

enum { MOST_ASSIGNMENTS = 4 };

static struct dtd_training_run_request
request_of(const char *folder, bool resume, char **assignments) {
  static char *arguments[] = {"train", "small.ini", NULL};
  struct dtd_training_run_request request = {.argc = 2,
                                             .argv = arguments,
                                             .config = test_path("small.ini"),
                                             .assignments = assignments,
                                             .directory = test_path(folder),
                                             .resume = resume};
  while (assignments[request.assignment_count]) request.assignment_count++;
  return request;
}

static pid_t start(const char *folder, bool resume, char **assignments) {
  struct dtd_training_run_request request =
      request_of(folder, resume, assignments);
  const char *log = test_path("log");
  fflush(NULL);
  pid_t child = fork();
  if (child) return child;
  if (!freopen(log, "w", stderr)) _exit(98);
  enum dtd_status status = dtd_training_run(&request);
  fflush(NULL);
  _exit(status);
}

static int end_of(pid_t child) {
  int status;
  waitpid(child, &status, 0);
  return status;
}

static bool is_there(const char *name) {
  return access(test_path(name), F_OK) == 0;
}

static void run_to_end(const char *words, const char *folder, bool resume,
                       char **assignments) {
  int status = end_of(start(folder, resume, assignments));
  char *log = test_get(NULL, test_path("log"));
  if (status || !strstr(log, words))
    fail_msg("%s: status %d, log \"%s\"", folder, status, log);
}

/* The assignments that follow, as a list. */
#define LIST(...) ((char *[MOST_ASSIGNMENTS + 1]){__VA_ARGS__})

#define assert_runs(words, folder, resume, ...)                                \
  run_to_end(words, folder, resume, LIST(__VA_ARGS__))
#define assert_run_dies(status, words, folder, resume, ...)                    \
  do {                                                                         \
    struct dtd_training_run_request dying =                                    \
        request_of(folder, resume, LIST(__VA_ARGS__));                         \
    assert_dies(status, words, dtd_training_run(&dying));                      \
  } while (0)

/* FOLDER/NAME, until the test ends. */
static const char *in(const char *folder, const char *name) {
  return own_memory(dtd_printed("%s/%s", folder, name));
}

static void assert_same_bytes(const char *a, const char *b) {
  size_t size_a, size_b;
  char *bytes_a = test_get(&size_a, test_path(a));
  char *bytes_b = test_get(&size_b, test_path(b));
  assert_int_equal(size_a, size_b);
  assert_memory_equal(bytes_a, bytes_b, size_a);
}

/* A table without its provenance, until the test ends. */
static char *table_of(const char *name) {
  char *text = test_get(NULL, test_path(name)), *at = text;
  while (*at == '#') at = strchr(at, '\n') + 1;
  memmove(text, at, strlen(at) + 1);
  return text;
}

/* A finished folder holds three files, whole, and nothing else. */
static void assert_finished(const char *folder) {
  int found = 0;
  DIR *directory = opendir(test_path(folder));
  assert_non_null(directory);
  for (struct dirent *entry; (entry = readdir(directory));) {
    if (*entry->d_name == '.') continue;
    found++;
    if (strcmp(entry->d_name, "config.ini") &&
        strcmp(entry->d_name, "training.tsv") &&
        strcmp(entry->d_name, "model.safetensors"))
      fail_msg("%s holds %s", folder, entry->d_name);
  }
  closedir(directory);
  assert_int_equal(found, 3);
}

/* ---- fresh and finished ---- */

/* The objects of a run, made one by one. */
struct by_hand {
  struct dtd_settings settings;
  struct dtd_digits train_digits, test_digits;
  struct dtd_sampler *train, *test;
  struct dtd_network *network;
  struct dtd_relevance_model *minmax;
  struct dtd_relevance_learner *learner;
  struct dtd_trainer *trainer;
};

static struct by_hand *train_by_hand(void) {
  static const struct dtd_layer_shape shape[] = {LAYER(DTD_PAIR_PIXELS, 12, 4),
                                                 LAYER(3, 8, 8)};
  static const struct dtd_training_settings settings = {
      .iterations = 60,
      .batch = 10,
      .rate = {3e-5, DTD_LINEAR, 0},
      .evaluate_every = 25,
      .evaluation_pairs = 40,
      .checkpoint_every = 5,
      .kernel = DTD_SPARSE};
  struct by_hand *h = test_new(1, sizeof *h);
  struct dtd_pair_settings pairs = {.seed = 7,
                                    .stream = "pairs/train",
                                    .translation = 1,
                                    .is_target = {1, 1, 1, 1}};
  h->train_digits = plain_digits(100, 1);
  h->test_digits = plain_digits(60, 2);
  h->train = new_sampler(&h->train_digits, &pairs);
  pairs.seed = 3;
  pairs.stream = "pairs/test";
  pairs.translation = 0;
  h->test = new_sampler(&h->test_digits, &pairs);
  h->network = new_network(shape, 2);
  dtd_network_initialise(h->network, 7, 0.05);
  h->minmax = new_relevance_model(dtd_model_kind_find("minmax"),
                                  &h->network->layer[0], 8, 40);
  h->minmax->kind->initialise(h->minmax, 7, 0.03, 0.005);
  dtd_relevance_model_store(h->minmax, &dtd_folded, DTD_PIXEL_LOW);
  h->learner = own_relevance_learner(dtd_relevance_learner_new(
      h->minmax, h->network, dtd_rule_find("z+"), 40));
  struct dtd_learner learner =
      dtd_as_learner(h->learner, (struct dtd_rate){1e-4, DTD_LINEAR, 20});
  h->trainer =
      own_trainer(dtd_trainer_new(h->network, h->train, h->test, &settings));
  dtd_trainer_add(h->trainer, &learner);
  assert_int_equal(dtd_train(h->trainer, &(struct dtd_training_hooks){0}),
                   DTD_TRAINED);
  return h;
}

static void assert_same_history(const struct dtd_trainer *trainer) {
  char *text = table_of("fresh/training.tsv"), *at = text;
  const char *columns = "iteration\trate\ttraining_error\ttest_error\taccuracy"
                        "\tactive1\tactive2\tminmax_error\tminmax_rms"
                        "\tdead1\tdead2\tminmax_dead\tminmax_dead_pools\n";
  assert_int_equal(strncmp(text, columns, strlen(columns)), 0);
  assert_int_equal(trainer->rows, 3);
  for (int n = 0; n < 3; n++) {
    const struct dtd_history_row *row = &trainer->history[n];
    const double wanted[] = {row->iteration,
                             row->rate,
                             row->training_error,
                             row->test_error,
                             row->accuracy,
                             row->active[0],
                             row->active[1],
                             row->learner_error[0],
                             row->learner_rms[0],
                             12 * (1 - row->active[0]),
                             8 * (1 - row->active[1]),
                             row->dead_units[0],
                             row->dead_pools[0]};
    at = strchr(at, '\n') + 1;
    char *field = at;
    for (int i = 0; i < 13; i++) {
      double found = strtod(field, &field);
      assert_true(found >= wanted[i] - 1e-6 * wanted[i] &&
                  found <= wanted[i] + 1e-6 * wanted[i]);
    }
    assert_int_equal(*field, '\n');
  }
  assert_int_equal(strchr(at, '\n')[1], 0);
}

TEST(a_fresh_run_trains_as_configured) {
  assert_runs("60/60", "fresh", false, NULL);
  assert_finished("fresh");
  struct by_hand *h = train_by_hand();
  struct dtd_tensors *tensors =
      read_tensors(test_path("fresh/model.safetensors"));
  struct dtd_network *network = own_network(dtd_model_network(tensors, false));
  assert_memory_equal(network->parameters, h->network->parameters,
                      network->parameter_count * sizeof(float));
  struct dtd_relevance_model *minmax =
      new_relevance_model(h->minmax->kind, &h->network->layer[0], 8, 1);
  dtd_model_parameters(minmax->parameter, minmax->parameters, tensors);
  assert_memory_equal(minmax->memory, h->minmax->memory,
                      minmax->parameter_count * sizeof(float));
  assert_same_history(h->trainer);
  struct dtd_model_facts facts = dtd_model_facts(tensors);
  assert_true(facts.iterations == 60 && facts.seed == 7);
  assert_true(facts.low == -0.5f && facts.high == 1.5f);
  assert_true(*facts.source_revision != 0);
  assert_file_is(test_path("fresh/config.ini"), facts.config);
}

/* When a file was written, in ns; 0 when it is not there. */
static long long written(const char *name) {
  struct stat status;
  if (stat(test_path(name), &status)) return 0;
  return status.st_mtim.tv_sec * 1000000000ll + status.st_mtim.tv_nsec;
}

TEST(a_finished_run_is_left_alone) {
  const char *names[] = {"done/config.ini", "done/training.tsv",
                         "done/model.safetensors"};
  long long before[3];
  assert_runs("60/60", "done", false, NULL);
  for (int n = 0; n < 3; n++) before[n] = written(names[n]);
  const char *words = "is finished; nothing to do";
  assert_runs(words, "done", false, NULL);
  assert_runs(words, "done", true, NULL);
  assert_runs(words, "done", false, "training.checkpoint_every=7",
              "evaluation.pairs=300");
  assert_run_dies(2, "holds a run that differs in training.seed", "done", false,
                  "training.seed=8");
  assert_run_dies(2, "differs in minmax.learning_rate", "done", true,
                  "minmax.learning_rate=0.5");
  for (int n = 0; n < 3; n++) assert_true(written(names[n]) == before[n]);
  assert_finished("done");
}

/* The model file holds its configuration, too. */
TEST(a_lost_configuration_does_not_hide_another_run) {
  assert_runs("60/60", "lost", false, NULL);
  remove(test_path("lost/config.ini"));
  assert_runs("is finished; nothing to do", "lost", false, NULL);
  assert_run_dies(2, "holds a run that differs in training.seed", "lost", false,
                  "training.seed=8");
}

TEST(one_layer_trains_alone) {
  assert_runs("60/60", "one", false, "network.detection=12", "network.pool=12",
              "network.norm=1");
  assert_finished("one");
  assert_non_null(
      strstr(table_of("one/training.tsv"), "accuracy\tactive1\tdead1\n"));
}

/* ---- relevance models beside one another ---- */

static void empty(const char *folder) {
  nftw(test_path(folder), test_remove, 8, FTW_DEPTH | FTW_PHYS);
}

static void assert_same_tensors(const struct dtd_tensors *a,
                                const struct dtd_tensors *b, const char *name) {
  size_t rows, columns;
  if (!dtd_tensors_find(a, name, &rows, &columns))
    fail_msg("there is no %s", name);
  size_t count = rows * (columns ? columns : 1);
  assert_memory_equal(dtd_tensors_get(a, name, DTD_F32, rows, columns),
                      dtd_tensors_get(b, name, DTD_F32, rows, columns),
                      count * sizeof(float));
}

static void assert_same_network(const struct dtd_tensors *a,
                                const struct dtd_tensors *b) {
  static const char *const network[] = {"detection1.weight", "detection1.bias",
                                        "detection2.weight", "detection2.bias"};
  for (int i = 0; i < 4; i++) assert_same_tensors(a, b, network[i]);
}

/* The tensors of one kind, and the network's, are those of a run with it alone.
 */
static void check_alone(const struct dtd_tensors *together,
                        const struct dtd_model_kind *kind, char *kernel) {
  const struct dtd_layer layer = {.shape = LAYER(DTD_PAIR_PIXELS, 12, 4)};
  char one[64];
  snprintf(one, sizeof one, "relevance.models=%s", kind->name);
  empty("single");
  assert_runs("60/60", "single", false, one, kernel);
  struct dtd_tensors *alone =
      read_tensors(test_path("single/model.safetensors"));
  struct dtd_relevance_model *model =
      own_relevance_model(dtd_relevance_model_sized(kind, &layer, 8, 8, 1));
  assert_same_network(together, alone);
  for (int i = 0; i < model->parameters; i++)
    assert_same_tensors(together, alone, model->parameter[i].name);
}

/* As many kinds that learn as one list holds, trained at once and in another
   order than the registry's, beside the same network. */
TEST(models_and_network_ignore_one_another) {
  char *kernels[] = {"training.kernel=dense", "training.kernel=sparse"};
  char all[400] = "relevance.models=";
  const struct dtd_model_kind *chosen[DTD_MOST_LEARNERS];
  int count = 0;
  for (int n = 0; dtd_model_kinds[n]; n++)
    if (dtd_model_kinds[n]->trained && count < 8)
      chosen[count++] = dtd_model_kinds[n];
  for (int n = count - 1; n >= 0; n--) {
    strcat(all, chosen[n]->name);
    strcat(all, n ? " " : "");
  }
  for (int k = 0; k < 2; k++) {
    empty("together");
    assert_runs("60/60", "together", false, all, kernels[k]);
    struct dtd_tensors *together =
        read_tensors(test_path("together/model.safetensors"));
    for (int n = 0; n < count; n++)
      check_alone(together, chosen[n], kernels[k]);
  }
}

/* The start of the relevance models is theirs alone. */
TEST(the_network_ignores_how_models_start) {
  empty("single");
  empty("together");
  assert_runs("60/60", "single", false, NULL);
  assert_runs("60/60", "together", false, "minmax.rise=7",
              "minmax.deviation=0.01", "minmax.top_down_deviation=0");
  struct dtd_tensors *usual =
      read_tensors(test_path("single/model.safetensors"));
  struct dtd_tensors *start =
      read_tensors(test_path("together/model.safetensors"));
  assert_same_network(usual, start);
  const char *v = "minmax.weight";
  assert_memory_not_equal(
      dtd_tensors_get(usual, v, DTD_F32, 12, DTD_PAIR_PIXELS),
      dtd_tensors_get(start, v, DTD_F32, 12, DTD_PAIR_PIXELS),
      12 * sizeof(float));
}

TEST(no_model_need_be_trained) {
  assert_runs("60/60", "none", false, "relevance.models=none");
  assert_non_null(strstr(table_of("none/training.tsv"),
                         "active1\tactive2\tdead1\tdead2\n"));
}

TEST(every_model_has_its_columns) {
  assert_runs("60/60", "two", false,
              "relevance.models=minmax-pooled training-free-live minmax");
  assert_non_null(strstr(table_of("two/training.tsv"),
                         "active2\tminmax-pooled_error\tminmax-pooled_rms"
                         "\tminmax_error\tminmax_rms\tdead1\tdead2"
                         "\tminmax-pooled_dead\tminmax-pooled_dead_pools"
                         "\tminmax_dead\tminmax_dead_pools\n"));
}

/* Weights that stay 0 answer nothing. */
TEST(a_lost_pool_is_warned_of_once) {
  empty("two");
  assert_runs("minmax: 3 of its 3 pools ended lost: ", "two", false,
              "minmax.deviation=0", "minmax.top_down_deviation=0",
              "minmax.learning_rate=0");
  char *log = test_get(NULL, test_path("log"));
  assert_null(strstr(strstr(log, "ended lost") + 1, "ended lost"));
  assert_non_null(strstr(table_of("two/training.tsv"), "\t12\t3\n"));
  empty("two");
  assert_runs("60/60", "two", false, NULL);
  assert_null(strstr(test_get(NULL, test_path("log")), "ended lost"));
}

/* ---- stopped and resumed ---- */

/* Several relevance models, to check that each of them resumes. */
#define SEVERAL "relevance.models=minmax minmax-pooled minmax-units"
#define LONGER  "training.iterations=200", SEVERAL

/* Runs into `folder` until there is a new checkpoint, then sends the signal.
   False when the run ended before the signal came, or had written its model. */
static bool stopped_by(int signal_number, const char *folder, bool resume) {
  const char *checkpoint = in(folder, "checkpoint.safetensors");
  long long before = written(checkpoint);
  pid_t child = start(folder, resume, LIST(LONGER));
  int status;
  while (written(checkpoint) == before) {
    if (waitpid(child, &status, WNOHANG)) {
      assert_int_equal(status, 0);
      return false;
    }
    usleep(200);
  }
  kill(child, signal_number); /* not reaped yet, so the id is still its own */
  status = end_of(child);
  if (signal_number != SIGKILL) assert_int_equal(status, 0);
  return is_there(checkpoint) && !is_there(in(folder, "model.safetensors"));
}

/* A folder with an unfinished run that is LONGER. */
static void make_unfinished(const char *folder, int signal_number) {
  for (int attempt = 0; attempt < 50; attempt++) {
    empty(folder);
    if (stopped_by(signal_number, folder, false)) return;
  }
  fail_msg("no signal came before the end of a run");
}

static void assert_equals_never_stopping(const char *folder) {
  if (!is_there("whole")) assert_runs("200/200", "whole", false, LONGER);
  assert_finished(folder);
  assert_same_bytes("whole/model.safetensors", in(folder, "model.safetensors"));
  assert_same_bytes("whole/config.ini", in(folder, "config.ini"));
  assert_string_equal(table_of("whole/training.tsv"),
                      table_of(in(folder, "training.tsv")));
}

TEST(a_signal_stops_after_a_checkpoint) {
  const int signals[] = {SIGTERM, SIGINT};
  for (int n = 0; n < 2; n++) {
    make_unfinished("stopped", signals[n]);
    char *log = test_get(NULL, test_path("log"));
    assert_non_null(strstr(log, "stopped after iteration"));
    assert_non_null(strstr(log, "--resume goes on from there"));
    assert_false(is_there("stopped/model.safetensors"));
    assert_false(is_there("stopped/checkpoint.safetensors.partial"));
    assert_run_dies(2, "holds an unfinished run (add --resume", "stopped",
                    false, LONGER);
    assert_run_dies(2, "holds a run that differs in relevance.models",
                    "stopped", true, "training.iterations=200");
    assert_run_dies(2, "holds a run that differs in training.iterations",
                    "stopped", true, NULL);
    assert_run_dies(2, "holds a run that differs in network.deviation",
                    "stopped", true, "training.iterations=200",
                    "network.deviation=0.04");
    assert_runs("resuming after iteration", "stopped", true, LONGER);
    assert_equals_never_stopping("stopped");
  }
}

TEST(any_number_of_stops_changes_nothing) {
  make_unfinished("often", SIGTERM);
  bool unfinished = stopped_by(SIGTERM, "often", true);
  if (unfinished) assert_runs("200/200", "often", true, LONGER);
  assert_equals_never_stopping("often");
}

TEST(a_run_that_was_killed_resumes) {
  make_unfinished("killed", SIGKILL);
  assert_runs("resuming after iteration", "killed", true, LONGER);
  assert_equals_never_stopping("killed");
}

TEST(resuming_nothing_is_a_fresh_start) {
  assert_runs("200/200", "nothing", true, LONGER);
  assert_equals_never_stopping("nothing");
}

/* ---- what cannot go on ---- */

TEST(a_broken_checkpoint_is_named) {
  make_unfinished("broken", SIGTERM);
  size_t size;
  char *bytes = test_get(&size, test_path("broken/checkpoint.safetensors"));
  test_put("broken/checkpoint.safetensors", bytes, size - 1);
  assert_run_dies(1, "broken/checkpoint.safetensors: ", "broken", true, LONGER);
  assert_false(is_there("broken/model.safetensors"));
}

TEST(missing_data_is_named) {
  assert_run_dies(1, "this folder has no train-images-idx3-ubyte", "missing",
                  false, "data.directory=/");
  struct dtd_training_run_request request =
      request_of("missing", false, LIST(NULL));
  request.config = test_path("none.ini");
  assert_dies(1, "none.ini: cannot be read", dtd_training_run(&request));
}

static void assert_too_much(rlim_t bytes, const char *words) {
  struct dtd_training_run_request request =
      request_of("full", false, LIST(NULL));
  assert_dies(1, words, {
    test_disk_of(bytes);
    dtd_training_run(&request);
  });
  test_empty_disk();
}

TEST(a_full_disk_leaves_nothing_half_written) {
  assert_too_much(100, "full/config.ini: cannot write");
  assert_false(is_there("full/config.ini"));
  assert_false(is_there("full/config.ini.partial"));
  assert_too_much(5000, "full/checkpoint.safetensors: cannot write");
  assert_true(is_there("full/config.ini"));
  assert_false(is_there("full/checkpoint.safetensors"));
  assert_false(is_there("full/checkpoint.safetensors.partial"));
  assert_runs("60/60", "full", false, NULL);
  assert_finished("full");
}

TEST_GROUP(plain_data_folder_new, test_folder_free)
