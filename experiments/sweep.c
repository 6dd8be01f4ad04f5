/* Expands a sweep file into the configurations of its runs. */
#include <stdio.h>

#include "base/arguments.h"
#include "base/memory.h"
#include "base/die.h"
#include "files/ini_file.h"
#include "runs/listing.h"
#include "base/rng.h"
#include "runs/sweep.h"

struct arguments {
  const char *file, *output;
  int threads;
};

static error_t parse(int key, char *value, struct argp_state *state) {
  struct arguments *a = state->input;
  switch (key) {
  case 'o':
    a->output = value;
    return 0;
  case 't':
    a->threads = dtd_argument_number(value, "--threads", 0, 1024);
    return 0;
  case ARGP_KEY_ARG:
    if (state->arg_num)
      dtd_die(DTD_USAGE, value, "give one sweep file; see --help",
              "is one word too many");
    a->file = value;
    return 0;
  case ARGP_KEY_END:
    if (!a->file)
      dtd_die(DTD_USAGE, "FILE", "see --help", "no sweep file is given");
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

static const struct argp_option options[] = {
    {"out", 'o', "DIR", 0,
     "Write DIR/RUN/config.ini for each run, and DIR/runs.tsv", 0},
    {"threads", 't', "N", 0,
     "Threads that each run computes with, 0 for as many as processors (1)", 0},
    {0}};
static const struct argp parser = {
    .options = options,
    .parser = parse,
    .args_doc = "FILE",
    .children = dtd_list_option,
    .doc = "Examines a sweep file and lists its runs; scripts/sweep.sh runs "
           "them.\v"
           "A sweep file:\n"
           "  [sweep]\n"
           "  base = quick.ini            ; a configuration, from the file's "
           "folder\n"
           "  seeds = 1 2 3..5            ; of training (1)\n"
           "  metrics = network:mse *:rms ; compare's, as are baseline, "
           "across, mixed\n"
           "  [set]                       ; what all runs share\n"
           "  evaluation.roots = 4\n"
           "  [vary]                      ; every combination of values is "
           "run\n"
           "  minmax.learning_rate = 1e-3 2e-3\n"
           "  network.norm = 1,1 2,1      ; blanks part values, commas a "
           "list\n"
           "  [variant wide]              ; settings that belong together\n"
           "  network.detection = 800,400\n"
           "  network.pool = 8,400\n"
           "Its runs are the product of the bases (there may be several), the "
           "variants, the values of each varied key, and the seeds.",
};

int main(int argc, char **argv) {
  struct arguments arguments = {.threads = 1};
  dtd_arguments_parse(&parser, argc, argv, &arguments);
  struct dtd_sweep *sweep = dtd_sweep_read(arguments.file, arguments.threads);
  if (arguments.output) {
    char *text = dtd_ini_text(arguments.file), digest[17];
    char *command = dtd_command_line(argc, argv);
    snprintf(digest, sizeof digest, "%016llx",
             (unsigned long long)dtd_hash(text));
    struct dtd_provenance from = {command, digest, 0};
    dtd_sweep_write(arguments.output, sweep, &from);
    dtd_free(text);
    dtd_free(command);
  }
  for (int n = 0; n < sweep->runs; n++) puts(sweep->run[n].name);
  dtd_sweep_free(sweep);
  return DTD_OK;
}
