/* Audits the roots that deep Taylor rules stand for, unit by unit. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>

#include "config.h"
#include "die.h"
#include "listing.h"
#include "mat.h"
#include "memory.h"
#include "model.h"
#include "root_audit.h"

struct arguments {
  const char *directory;
  char **assignments;
  int count, pairs;
};

static error_t parse(int key, char *value, struct argp_state *state) {
  struct arguments *arguments = state->input;
  char *end;
  switch (key) {
  case DTD_LIST:
    dtd_list_everything(stdout);
    exit(DTD_OK);
  case 'n':
    arguments->pairs = (int)strtol(value, &end, 10);
    if (*end || arguments->pairs < 1 || arguments->pairs > 10000)
      argp_error(state, "--pairs: %s: not a number from 1 to 10000", value);
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
    {"pairs", 'n', "N", 0, "Test pairs to audit, one target each (100)", 0},
    DTD_LIST_OPTION,
    {0}};
static const struct argp parser = {
    options,
    parse,
    "DIR [section.key=value ...]",
    "Visits the root of every relevant unit: is it in the domain, in x's "
    "linear "
    "region, what is f there?\v"
    "Reads DIR/model.safetensors and DIR/config.ini, as train writes them. "
    "Audits every rule with a root on the first layer, explanation.upper_rule "
    "above. Writes DIR/audit.tsv and prints it in short.",
    NULL,
    NULL,
    NULL};

/* The first one-target test pairs that evaluate explains. */
static float *draw(const struct dtd_settings *settings, int pairs) {
  struct dtd_digits test = dtd_digits_read(settings->directory, DTD_TEST);
  struct dtd_pair_settings own = settings->pairs;
  own.seed = settings->evaluation.seed;
  own.translation = 0;
  own.mode = DTD_ONE_TARGET;
  own.stream = "pairs/test-one-target";
  struct dtd_sampler *sampler = dtd_sampler_new(&test, &own);
  float *images = dtd_new((size_t)pairs * DTD_PAIR_PIXELS, sizeof *images);
  float *t = dtd_new((size_t)pairs, sizeof *t);
  dtd_pairs_draw(images, t, NULL, sampler, 0, pairs);
  free(t);
  dtd_sampler_free(sampler);
  dtd_digits_free(&test);
  return images;
}

int main(int argc, char **argv) {
  struct arguments arguments = {
      .assignments = calloc((size_t)argc, sizeof *arguments.assignments),
      .pairs = 100};
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
  const struct dtd_explanation_settings *own = &model->explainer->settings;
  float *images = draw(&settings, arguments.pairs);
  int count;
  struct dtd_audit_row *rows = dtd_audit_network(
      &count, model->network, own->upper_rule, own->low, own->high, images,
      arguments.pairs, settings.evaluation.bootstrap, settings.evaluation.seed);

  char *command = dtd_command_line(argc, argv);
  struct dtd_provenance from = {command, digest, settings.evaluation.seed};
  snprintf(path, sizeof path, "%s/audit.tsv", arguments.directory);
  dtd_audit_write(path, rows, count, &from);
  dtd_audit_print(stdout, rows, count);

  free(command);
  free(rows);
  free(images);
  dtd_model_free(model);
  free(arguments.assignments);
  return DTD_OK;
}
