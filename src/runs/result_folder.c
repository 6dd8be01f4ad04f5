/* A result folder that train has written, opened to examine its model. */
#include "runs/result_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/die.h"
#include "evaluate/evaluation.h"
#include "runs/listing.h"
#include "linear/threads.h"
#include "base/memory.h"

const struct dtd_words dtd_folder_words = {
    .as = "DIR",
    .missing = "no result folder is given",
    .to_do = "give one that train has written; see --help"};

/* Dies when a setting that shaped the training has another value; rules may be
   changed nevertheless. */
static void check_unchanged(const struct dtd_result_folder *folder,
                            const struct dtd_settings *trained) {
  const char *key = dtd_config_difference(&folder->settings, trained);
  if (key && strncmp(key, "explanation.", strlen("explanation.")))
    dtd_die(DTD_USAGE, key, "train another model with it",
            "cannot be changed: %s was trained with another value",
            folder->directory);
}

static void read_settings(struct dtd_result_folder *folder, const char *config,
                          const struct dtd_texts *words) {
  struct dtd_settings trained;
  dtd_config_read(&trained, config, NULL, 0);
  dtd_config_read(&folder->settings, config, words->text + 1, words->count - 1);
  check_unchanged(folder, &trained);
}

/* ---- a network from elsewhere ---- */

/* The layers of the settings become those of the model. */
static void adopt_layers(struct dtd_settings *settings,
                         const struct dtd_tensors *tensors) {
  struct dtd_network *network = dtd_model_network(tensors, true);
  settings->depth = network->depth;
  for (int n = 0; n < DTD_MOST_LAYERS; n++) {
    settings->layer[n] = (struct dtd_layer_shape){0};
    if (n < network->depth) settings->layer[n] = network->layer[n].shape;
  }
  dtd_network_free(network);
}

/* Of the relevance models, those in the model file and those without
   parameters remain. */
static void adopt_models(struct dtd_settings *settings,
                         const struct dtd_tensors *tensors) {
  int kept = 0;
  for (int n = 0; n < settings->models.count; n++) {
    const struct dtd_model_kind *kind = settings->models.kind[n];
    char weight[DTD_MOST_MODEL_NAME + 8];
    snprintf(weight, sizeof weight, "%s.weight", kind->name);
    size_t rows, columns;
    if (!kind->trained || dtd_tensors_find(tensors, weight, &rows, &columns))
      settings->models.kind[kept++] = kind;
  }
  settings->models.count = kept;
}

static void import_settings(struct dtd_result_folder *folder, const char *model,
                            const struct dtd_texts *words) {
  struct dtd_settings *settings = &folder->settings;
  struct dtd_tensors *tensors = dtd_tensors_read(model);
  struct dtd_model_facts facts = dtd_model_facts(tensors);
  if (*facts.config)
    dtd_config_parse(settings, facts.config, model);
  else
    dtd_config_defaults(settings);
  adopt_layers(settings, tensors);
  adopt_models(settings, tensors);
  dtd_tensors_free(tensors);
  struct dtd_settings trained = *settings;
  dtd_config_change(settings, words->text + 1, words->count - 1);
  trained.pairs = settings->pairs; /* not known, so they may be changed */
  check_unchanged(folder, &trained);
}

/* ---- opening ---- */

/* Of the models that the configuration names, those that learn must be in the
   file; the others are made. */
static void open_relevance_models(struct dtd_result_folder *folder) {
  const struct dtd_settings *settings = &folder->settings;
  struct dtd_explainer *explainer = folder->model->explainer;
  for (int n = 0; n < settings->models.count; n++) {
    const struct dtd_model_kind *kind = settings->models.kind[n];
    if (!kind->trained)
      dtd_explainer_add_untrained(explainer, kind);
    else if (explainer->network->depth > 1 &&
             !dtd_explainer_decomposition(explainer, kind))
      dtd_die(DTD_USAGE, "relevance.models", "train with it, or leave it out",
              "names %s, but %s/model.safetensors has no tensors %s.*",
              kind->name, folder->directory, kind->name);
  }
}

struct dtd_result_folder *dtd_result_folder_open(const struct dtd_texts *words,
                                                 int argc, char **argv,
                                                 int capacity) {
  struct dtd_result_folder *folder = dtd_new(1, sizeof *folder);
  folder->directory = words->text[0];
  const char *path = dtd_result_folder_file(folder, "model.safetensors");
  bool has_model = !access(path, F_OK);
  path = dtd_result_folder_file(folder, "config.ini");
  if (access(path, F_OK) && has_model)
    import_settings(folder, dtd_result_folder_file(folder, "model.safetensors"),
                    words);
  else
    read_settings(folder, path, words);
  dtd_config_digest(folder->digest, &folder->settings);
  dtd_threads(folder->settings.threads);
  folder->model = dtd_trained_model_read(
      dtd_result_folder_file(folder, "model.safetensors"),
      &folder->settings.explanation, capacity);
  open_relevance_models(folder);
  folder->command = dtd_command_line(argc, argv);
  return folder;
}

const char *dtd_result_folder_file(struct dtd_result_folder *folder,
                                   const char *name) {
  size_t room = sizeof folder->path;
  if (snprintf(folder->path, room, "%s/%s", folder->directory, name) >=
      (int)room)
    dtd_die(DTD_USAGE, folder->directory, "use a shorter path",
            "path too long");
  return folder->path;
}

struct dtd_provenance
dtd_result_folder_provenance(const struct dtd_result_folder *folder) {
  return (struct dtd_provenance){folder->command, folder->digest,
                                 folder->settings.seed};
}

float *dtd_result_folder_pairs(const struct dtd_result_folder *folder,
                               int count) {
  const struct dtd_settings *settings = &folder->settings;
  struct dtd_digits test = dtd_digits_read(settings->directory, DTD_TEST);
  struct dtd_pair_settings own = dtd_test_pairs(
      &settings->pairs, settings->evaluation.seed, DTD_SET_ONE_TARGET);
  struct dtd_sampler *sampler = dtd_sampler_new(&test, &own);
  float *images = dtd_new((size_t)count * DTD_PAIR_PIXELS, sizeof *images);
  float *t = dtd_new((size_t)count, sizeof *t);
  dtd_pairs_draw(images, t, NULL, sampler, 0, count);
  dtd_free(t);
  dtd_sampler_free(sampler);
  dtd_digits_free(&test);
  return images;
}

void dtd_result_folder_close(struct dtd_result_folder *folder) {
  if (!folder) return;
  dtd_trained_model_free(folder->model);
  dtd_free(folder->command);
  dtd_free(folder);
}
