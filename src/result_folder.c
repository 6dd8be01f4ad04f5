/* A result folder that train has written, opened to examine its model. */
#include "result_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "evaluation.h"
#include "listing.h"
#include "mat.h"
#include "memory.h"

error_t dtd_folder_argument(struct dtd_folder_arguments *arguments, int key,
                            char *value, const struct argp_state *state) {
  switch (key) {
  case ARGP_KEY_INIT:
    arguments->assignments = dtd_new((size_t)state->argc, sizeof(char *));
    return 0;
  case DTD_LIST:
    dtd_list_everything(stdout);
    exit(DTD_OK);
  case ARGP_KEY_ARG:
    if (state->arg_num == 0)
      arguments->directory = value;
    else
      arguments->assignments[arguments->count++] = value;
    return 0;
  case ARGP_KEY_NO_ARGS:
    dtd_die(DTD_USAGE, "DIR", "give one that train has written; see --help",
            "no result folder is given");
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

/* The model is what it was trained to be, whatever is said now. */
static void check_training(const struct dtd_result_folder *folder,
                           const char *config) {
  struct dtd_settings trained;
  dtd_config_read(&trained, config, NULL, 0);
  const char *key = dtd_config_difference(&folder->settings, &trained);
  if (key && strncmp(key, "explanation.", strlen("explanation.")))
    dtd_die(DTD_USAGE, key, "train another model with it",
            "cannot be changed: %s was trained with another value",
            folder->directory);
}

/* The models that the configuration names: those that learn must be in the
   file, the others are made. */
static void open_relevance_models(struct dtd_result_folder *folder) {
  const struct dtd_settings *settings = &folder->settings;
  struct dtd_explainer *explainer = folder->model->explainer;
  for (int n = 0; n < settings->models; n++) {
    const struct dtd_model_kind *kind = settings->model[n];
    if (!kind->trained)
      dtd_explainer_add_untrained(explainer, kind);
    else if (explainer->network->depth > 1 &&
             !dtd_explainer_decomposition(explainer, kind))
      dtd_die(DTD_USAGE, "relevance.models", "train with it, or leave it out",
              "names %s, but %s/model.safetensors has no tensors %s.*",
              kind->name, folder->directory, kind->name);
  }
}

struct dtd_result_folder *
dtd_result_folder_open(const struct dtd_folder_arguments *arguments, int argc,
                       char **argv, int capacity) {
  struct dtd_result_folder *folder = dtd_new(1, sizeof *folder);
  folder->directory = arguments->directory;
  const char *config = dtd_result_folder_file(folder, "config.ini");
  dtd_config_read(&folder->settings, config, arguments->assignments,
                  arguments->count);
  check_training(folder, config);
  dtd_config_digest(folder->digest, &folder->settings);
  dtd_threads(folder->settings.threads);
  folder->model =
      dtd_model_read(dtd_result_folder_file(folder, "model.safetensors"),
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
  free(t);
  dtd_sampler_free(sampler);
  dtd_digits_free(&test);
  return images;
}

void dtd_result_folder_close(struct dtd_result_folder *folder) {
  if (!folder) return;
  dtd_model_free(folder->model);
  free(folder->command);
  free(folder);
}
