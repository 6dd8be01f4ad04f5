/* One training run in its folder: fresh, resumed, or found finished. */
#include "runs/training_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "network/checkpoint.h"
#include "runs/config.h"
#include "evaluate/evaluation.h"
#include "linear/threads.h"
#include "base/memory.h"
#include "base/output.h"
#include "base/text.h"
#include "runs/progress.h"
#include "relevance/relevance_learner.h"
#include "files/table.h"
#include "base/version.h"

struct run {
  const struct dtd_training_run_request *request;
  struct dtd_settings settings;
  char *config_text, *command, digest[17];
  char *config, *history, *checkpoint, *model; /* paths */
  struct dtd_digits train_digits, test_digits;
  struct dtd_sampler *train, *test;
  struct dtd_network *network;
  struct dtd_relevance_model *relevance[DTD_MOST_LEARNERS]; /* that learn */
  struct dtd_relevance_learner *learner[DTD_MOST_LEARNERS];
  int learners; /* none beside a network of one layer */
  struct dtd_trainer *trainer;
  struct dtd_progress *progress;
};

static bool exists(const char *path) {
  return access(path, F_OK) == 0;
}

/* ---- what the folder holds ---- */

/* Dies unless the model or checkpoint is of this configuration. Its own is in
   its metadata or, where they lack it, in the config.ini beside it. */
static void check_same_run(const struct run *run, const char *path) {
  struct dtd_settings there;
  struct dtd_tensors *tensors = dtd_tensors_read(path);
  struct dtd_model_facts facts = dtd_model_facts(tensors);
  if (*facts.config)
    dtd_config_parse(&there, facts.config, path);
  else
    dtd_config_read(&there, run->config, NULL, 0);
  dtd_tensors_free(tensors);
  const char *key = dtd_config_difference(&run->settings, &there);
  if (key)
    dtd_die(DTD_USAGE, run->request->directory,
            "choose another --out, or remove the folder",
            "holds a run that differs in %s", key);
}

/* Whether the folder holds a finished run; dies when it holds another run, or
   an unfinished one that is not to be resumed. */
static bool is_finished(const struct run *run) {
  bool finished = exists(run->model), started = exists(run->checkpoint);
  if (!finished && !started) return false;
  check_same_run(run, finished ? run->model : run->checkpoint);
  if (!finished && !run->request->resume)
    dtd_die(DTD_USAGE, run->request->directory,
            "add --resume to go on, or remove the folder to start again",
            "holds an unfinished run");
  return finished;
}

/* ---- building ---- */

static void open_data(struct run *run) {
  const struct dtd_settings *settings = &run->settings;
  run->train_digits = dtd_digits_read(settings->directory, DTD_TRAIN);
  run->test_digits = dtd_digits_read(settings->directory, DTD_TEST);
  run->train = dtd_sampler_new(&run->train_digits, &settings->pairs);
  struct dtd_pair_settings test = dtd_test_pairs(
      &settings->pairs, settings->evaluation.seed, DTD_SET_INDEPENDENT);
  run->test = dtd_sampler_new(&run->test_digits, &test);
}

static struct dtd_relevance_model *open_model(const struct run *run,
                                              const struct dtd_model_kind *kind,
                                              int capacity) {
  const struct dtd_settings *settings = &run->settings;
  struct dtd_relevance_model *model = dtd_relevance_model_sized(
      kind, &run->network->layer[0], settings->minmax_units_per_pool,
      run->network->layer[1].shape.units, capacity);
  kind->initialise(model, settings->seed, settings->minmax_deviation,
                   settings->minmax_top_down_deviation);
  dtd_relevance_model_store(
      model, dtd_kernel_weights(settings->training.kernel), DTD_PIXEL_LOW);
  return model;
}

/* The relevance models that learn. Each has room for a minibatch and for a
   whole evaluation. */
static void open_learners(struct run *run) {
  const struct dtd_settings *settings = &run->settings;
  int capacity = settings->training.evaluation_pairs;
  if (settings->training.batch > capacity) capacity = settings->training.batch;
  for (int n = 0; n < settings->models.count; n++) {
    const struct dtd_model_kind *kind = settings->models.kind[n];
    if (!kind->trained) continue;
    int i = run->learners++;
    run->relevance[i] = open_model(run, kind, capacity);
    run->learner[i] =
        i ? dtd_relevance_learner_beside(run->relevance[i], run->learner[0])
          : dtd_relevance_learner_new(run->relevance[i], run->network,
                                      settings->explanation.upper_rule,
                                      capacity);
    struct dtd_learner learner =
        dtd_as_learner(run->learner[i], settings->minmax_rate);
    dtd_trainer_add(run->trainer, &learner);
  }
}

static void open_training(struct run *run) {
  const struct dtd_settings *settings = &run->settings;
  dtd_threads(settings->threads);
  open_data(run);
  run->network = dtd_network_new(settings->layer, settings->depth);
  dtd_network_initialise(run->network, settings->seed, settings->deviation);
  run->trainer =
      dtd_trainer_new(run->network, run->train, run->test, &settings->training);
  if (run->network->depth > 1) open_learners(run);
  run->progress = dtd_progress_new();
}

static void close_training(struct run *run) {
  dtd_progress_free(run->progress);
  dtd_trainer_free(run->trainer);
  for (int i = 0; i < run->learners; i++) {
    dtd_relevance_learner_free(run->learner[i]);
    dtd_relevance_model_free(run->relevance[i]);
  }
  dtd_network_free(run->network);
  dtd_sampler_free(run->train);
  dtd_sampler_free(run->test);
  dtd_digits_free(&run->train_digits);
  dtd_digits_free(&run->test_digits);
}

/* ---- writing ---- */

static struct dtd_model_facts facts_of(const struct run *run) {
  return (struct dtd_model_facts){.config = run->config_text,
                                  .source_revision = dtd_source_revision(),
                                  .seed = run->settings.seed,
                                  .low = DTD_PIXEL_LOW,
                                  .high = DTD_PIXEL_HIGH};
}

static void write_checkpoint(void *self, const struct dtd_trainer *trainer) {
  const struct run *run = self;
  struct dtd_model_facts facts = facts_of(run);
  dtd_checkpoint_write(run->checkpoint, trainer, &facts, true);
}

/* "iteration rate ... active1 active2 minmax_error minmax_rms dead1 dead2
   minmax_dead minmax_dead_pools" */
static char *name_columns(const struct dtd_trainer *trainer) {
  struct dtd_text *text = dtd_text_open();
  fputs("iteration rate training_error test_error accuracy", text->stream);
  for (int n = 0; n < trainer->network->depth; n++)
    fprintf(text->stream, " active%d", n + 1);
  for (int i = 0; i < trainer->learners; i++)
    fprintf(text->stream, " %s_error %s_rms", trainer->learner[i].name,
            trainer->learner[i].name);
  for (int n = 0; n < trainer->network->depth; n++)
    fprintf(text->stream, " dead%d", n + 1);
  for (int i = 0; i < trainer->learners; i++)
    fprintf(text->stream, " %s_dead %s_dead_pools", trainer->learner[i].name,
            trainer->learner[i].name);
  return dtd_text_close(text);
}

/* How many units are off for every pair, of each layer and of each learner, and
   of the learners how many pools. */
static void write_dead(FILE *table, const struct dtd_history_row *row,
                       const struct dtd_trainer *trainer) {
  for (int n = 0; n < trainer->network->depth; n++) {
    int units = trainer->network->layer[n].shape.units;
    fprintf(table, "\t%ld", lround(units * (1 - row->active[n])));
  }
  for (int i = 0; i < trainer->learners; i++)
    fprintf(table, "\t%.0f\t%.0f", row->dead_units[i], row->dead_pools[i]);
}

static void write_history(const struct run *run,
                          const struct dtd_trainer *trainer) {
  struct dtd_provenance from = {run->command, run->digest, run->settings.seed};
  char *columns = name_columns(trainer);
  FILE *table = dtd_table_open(run->history, &from, columns);
  dtd_free(columns);
  for (int n = 0; n < trainer->rows; n++) {
    const struct dtd_history_row *row = &trainer->history[n];
    fprintf(table, "%.0f\t%.7g\t%.7g\t%.7g\t%.7g", row->iteration, row->rate,
            row->training_error, row->test_error, row->accuracy);
    for (int l = 0; l < trainer->network->depth; l++)
      fprintf(table, "\t%.7g", row->active[l]);
    for (int i = 0; i < trainer->learners; i++)
      fprintf(table, "\t%.7g\t%.7g", row->learner_error[i],
              row->learner_rms[i]);
    write_dead(table, row, trainer);
    fputc('\n', table);
  }
  dtd_table_close(table);
}

/* Says so when training ends with dead pools. Before that some come back, for
   R_l goes on changing: training.tsv counts them all along. */
static void warn_of_lost_pools(const struct run *run,
                               const struct dtd_trainer *trainer) {
  const struct dtd_history_row *row = &trainer->history[trainer->rows - 1];
  if (trainer->iteration < trainer->settings.iterations) return;
  for (int i = 0; i < trainer->learners; i++) {
    if (row->dead_pools[i] == 0) continue;
    dtd_progress_break(run->progress);
    dtd_warn(
        trainer->learner[i].name,
        "lower minmax.learning_rate, or raise minmax.rise",
        "%.0f of its %d pools ended lost: they have R_k to predict, but no "
        "unit that is on for any of %d test pairs",
        row->dead_pools[i],
        dtd_layer_outputs(&trainer->network->layer[0].shape),
        trainer->settings.evaluation_pairs);
  }
}

static void note_evaluation(void *self, const struct dtd_trainer *trainer) {
  warn_of_lost_pools(self, trainer);
  write_history(self, trainer);
}

/* ---- the run ---- */

static void start_or_resume(struct run *run) {
  if (exists(run->checkpoint)) {
    struct dtd_tensors *tensors = dtd_tensors_read(run->checkpoint);
    dtd_checkpoint_restore(run->trainer, tensors);
    dtd_tensors_free(tensors);
    fprintf(stderr, "resuming after iteration %ld\n", run->trainer->iteration);
  }
  dtd_config_write(run->config, &run->settings);
}

static void show_progress(void *self, const struct dtd_trainer *trainer) {
  dtd_progress_training(((struct run *)self)->progress, trainer);
}

static void train(struct run *run) {
  struct dtd_training_hooks hooks = {.self = run,
                                     .progress = show_progress,
                                     .evaluated = note_evaluation,
                                     .checkpoint = write_checkpoint,
                                     .stop = dtd_stop_on_signals()};
  if (dtd_train(run->trainer, &hooks) == DTD_STOPPED) {
    dtd_progress_free(run->progress);
    run->progress = NULL;
    fprintf(stderr,
            "stopped after iteration %ld; --resume goes on from there\n",
            run->trainer->iteration);
    return;
  }
  struct dtd_model_facts facts = facts_of(run);
  dtd_checkpoint_write(run->model, run->trainer, &facts, false);
  remove(run->checkpoint);
}

static void open_run(struct run *run) {
  const struct dtd_training_run_request *request = run->request;
  dtd_config_read(&run->settings, request->config, request->assignments,
                  request->assignment_count);
  dtd_config_digest(run->digest, &run->settings);
  run->config_text = dtd_config_text(&run->settings);
  run->command = dtd_command_line(request->argc, request->argv);
  run->config = dtd_printed("%s/config.ini", request->directory);
  run->history = dtd_printed("%s/training.tsv", request->directory);
  run->checkpoint =
      dtd_printed("%s/checkpoint.safetensors", request->directory);
  run->model = dtd_printed("%s/model.safetensors", request->directory);
}

static void close_run(struct run *run) {
  char *const texts[] = {run->config_text, run->command,    run->config,
                         run->history,     run->checkpoint, run->model};
  for (size_t n = 0; n < sizeof texts / sizeof *texts; n++) dtd_free(texts[n]);
}

enum dtd_status
dtd_training_run(const struct dtd_training_run_request *request) {
  struct run run = {.request = request};
  open_run(&run);
  if (is_finished(&run)) {
    fprintf(stderr, "%s is finished; nothing to do\n", run.model);
  } else {
    dtd_output_directory(request->directory);
    open_training(&run);
    start_or_resume(&run);
    train(&run);
    close_training(&run);
  }
  close_run(&run);
  return DTD_OK;
}
