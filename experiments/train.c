/* Trains the network and its relevance models by a configuration file. */

#include "base/arguments.h"
#include "base/memory.h"
#include "base/die.h"
#include "runs/listing.h"
#include "runs/training_run.h"

static error_t parse(int key, char *value, struct argp_state *state) {
  struct dtd_training_run_request *request = state->input;
  switch (key) {
  case 'o':
    request->directory = value;
    return 0;
  case 'r':
    request->resume = true;
    return 0;
  case ARGP_KEY_ARG:
    if (state->arg_num == 0)
      request->config = value;
    else
      request->assignments[request->assignment_count++] = value;
    return 0;
  case ARGP_KEY_END:
    if (!request->config)
      dtd_die(DTD_USAGE, "CONFIG.ini", "try experiments/quick.ini; see --help",
              "no configuration is given");
    if (!request->directory)
      dtd_die(DTD_USAGE, "--out", "give --out DIR; see --help",
              "no folder for the results is given");
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

static const struct argp_option options[] = {
    {"out", 'o', "DIR", 0, "Where the results go; made when it is missing", 0},
    {"resume", 'r', NULL, 0,
     "Continue from DIR/checkpoint.safetensors, if there is one, as if "
     "training had never stopped",
     0},
    {0}};
static const struct argp parser = {
    .options = options,
    .parser = parse,
    .args_doc = "CONFIG.ini [section.key=value ...]",
    .children = dtd_list_option,
    .doc = "Trains a detection-pooling network and, beside it, its relevance "
           "models.\v"
           "Writes DIR/config.ini, model.safetensors and training.tsv, and a "
           "checkpoint at intervals. Ctrl-C stops after writing one; --resume "
           "goes on from there. A folder that holds the finished model of the "
           "same configuration is left as it is. A CONFIG.ini that opens with "
           "include = OTHER.ini builds on that file. Every section.key with "
           "its range and default: --list.",
};

int main(int argc, char **argv) {
  struct dtd_training_run_request request = {
      .argc = argc,
      .argv = argv,
      .assignments = dtd_new((size_t)argc, sizeof *request.assignments)};
  dtd_arguments_parse(&parser, argc, argv, &request);
  enum dtd_status status = dtd_training_run(&request);
  dtd_free(request.assignments);
  return status;
}
