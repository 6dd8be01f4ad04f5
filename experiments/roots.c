/* Compares the nearest-root solvers: one table, and a row an example. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>

#include "checkpoint.h"
#include "config.h"
#include "die.h"
#include "mat.h"
#include "memory.h"
#include "model.h"
#include "root_comparison.h"

struct arguments {
  const char *directory;
  char **assignments;
  int count, restarts;
};

static error_t parse(int key, char *value, struct argp_state *state) {
  struct arguments *arguments = state->input;
  switch (key) {
  case 'n':
    arguments->restarts = atoi(value);
    if (arguments->restarts < 1 || arguments->restarts > 1000)
      argp_error(state, "%s: use 1 to 1000 restarts", value);
    return 0;
  case ARGP_KEY_ARG:
    if (state->arg_num == 0)
      arguments->directory = value;
    else
      arguments->assignments[arguments->count++] = value;
    return 0;
  case ARGP_KEY_NO_ARGS:
    argp_error(state, "which result folder? (one that train has written)");
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

static const struct argp_option options[] = {
    {"restarts", 'n', "N", 0, "Random restarts to compare with (20)", 0}, {0}};
static const struct argp parser = {
    options,
    parse,
    "DIR [section.key=value ...]",
    "Compares the nearest-root solvers.\v"
    "Searches the roots of the first evaluation.roots one-target test pairs "
    "with the configured solver, from random restarts, and with NLopt. Reads "
    "DIR/model.safetensors and DIR/config.ini; writes "
    "DIR/roots-comparison.tsv and prints a summary.",
    NULL,
    NULL,
    NULL};

int main(int argc, char **argv) {
  struct arguments arguments = {
      .assignments = calloc((size_t)argc, sizeof *arguments.assignments),
      .restarts = 20};
  dtd_program(argv[0]);
  argp_err_exit_status = DTD_USAGE;
  argp_parse(&parser, argc, argv, ARGP_IN_ORDER, NULL, &arguments);

  struct dtd_settings settings;
  char path[4096], digest[17];
  snprintf(path, sizeof path, "%s/config.ini", arguments.directory);
  dtd_config_read(&settings, path, arguments.assignments, arguments.count);
  dtd_config_digest(digest, &settings);
  dtd_threads(settings.threads);
  snprintf(path, sizeof path, "%s/model.safetensors", arguments.directory);
  struct dtd_model *model = dtd_model_read(path, &settings.explanation, 1);
  struct dtd_digits test = dtd_digits_read(settings.directory, DTD_TEST);
  int count = settings.evaluation.roots;
  float *images = dtd_new((size_t)count * DTD_PAIR_PIXELS, sizeof *images);
  float *t = dtd_new((size_t)count, sizeof *t);
  struct dtd_pair_settings pairs = settings.pairs;
  pairs.seed = settings.evaluation.seed;
  pairs.translation = 0;
  pairs.mode = DTD_ONE_TARGET;
  pairs.stream = "pairs/test-one-target";
  struct dtd_sampler *sampler = dtd_sampler_new(&test, &pairs);
  dtd_pairs_draw(images, t, NULL, sampler, 0, count);
  struct dtd_root_comparison *comparison =
      dtd_root_comparison_new(model->network, images, count,
                              &model->explainer->settings, arguments.restarts);

  char *command = dtd_command_line(argc, argv);
  struct dtd_provenance from = {command, digest, settings.seed};
  snprintf(path, sizeof path, "%s/roots-comparison.tsv", arguments.directory);
  dtd_root_comparison_write(path, comparison, &from);
  dtd_root_comparison_print(stdout, comparison);

  dtd_root_comparison_free(comparison);
  dtd_sampler_free(sampler);
  dtd_digits_free(&test);
  dtd_model_free(model);
  free(images);
  free(t);
  free(command);
  free(arguments.assignments);
  return DTD_OK;
}
