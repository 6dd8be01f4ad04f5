/* Explains test pairs with every method and writes tables and heatmaps. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "checkpoint.h"
#include "claims.h"
#include "config.h"
#include "die.h"
#include "evaluation_tables.h"
#include "listing.h"
#include "mat.h"
#include "model.h"
#include "progress.h"
#include "table1.h"
#include "uniqueness.h"

enum { BATCH = 250 }; /* images explained at a time */

struct arguments {
  const char *directory;
  char **assignments;
  int count;
};

static error_t parse(int key, char *value, struct argp_state *state) {
  struct arguments *arguments = state->input;
  switch (key) {
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

static const struct argp_option options[] = {DTD_LIST_OPTION, {0}};
static const struct argp parser = {
    options,
    parse,
    "DIR [section.key=value ...]",
    "Explains test pairs with every method and measures the heatmaps.\v"
    "Reads DIR/model.safetensors and DIR/config.ini, as train writes them; "
    "settings of [explanation] and [evaluation] may be changed here. Writes "
    "DIR/metrics.tsv, examples.tsv, histogram.tsv, flipping.tsv, "
    "randomisation.tsv, claims.tsv, table1.tsv, ledger.tsv, roots.tsv, "
    "gallery.tsv and DIR/heatmaps/*.npy. Every section.key with its range and "
    "default: --list.",
    NULL,
    NULL,
    NULL};

int main(int argc, char **argv) {
  struct arguments arguments = {
      .assignments = calloc((size_t)argc, sizeof *arguments.assignments)};
  dtd_arguments_parse(&parser, argc, argv, &arguments);

  struct dtd_settings settings;
  char path[4096], digest[17];
  snprintf(path, sizeof path, "%s/config.ini", arguments.directory);
  dtd_config_read(&settings, path, arguments.assignments, arguments.count);
  dtd_config_digest(digest, &settings);
  dtd_threads(settings.threads);
  snprintf(path, sizeof path, "%s/model.safetensors", arguments.directory);
  struct dtd_model *model = dtd_model_read(path, &settings.explanation, BATCH);

  struct dtd_digits training = dtd_digits_read(settings.directory, DTD_TRAIN);
  struct dtd_digits test = dtd_digits_read(settings.directory, DTD_TEST);
  struct dtd_evaluation *evaluation =
      dtd_evaluate(model->explainer, &test, &training, &settings.pairs,
                   &settings.evaluation, dtd_progress_counted);

  struct dtd_uniqueness_settings again = dtd_uniqueness_defaults();
  dtd_uniqueness_measure(evaluation, model->explainer, &training, &settings,
                         &again);

  char *command = dtd_command_line(argc, argv);
  struct dtd_provenance from = {command, digest, settings.seed};
  dtd_evaluation_write(arguments.directory, evaluation, &from);
  dtd_claims_print(stdout, evaluation);
  dtd_table1_print(stdout, evaluation);

  dtd_evaluation_free(evaluation);
  dtd_digits_free(&training);
  dtd_digits_free(&test);
  dtd_model_free(model);
  free(command);
  free(arguments.assignments);
  return DTD_OK;
}
