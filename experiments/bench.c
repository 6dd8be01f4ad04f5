/* Times training, explanation and root search beside PyTorch and the machine's
   limits. */
#include <libgen.h>
#include <string.h>

#include "base/arguments.h"
#include "base/memory.h"
#include "bench/benchmark.h"
#include "base/die.h"
#include "runs/listing.h"
#include "bench/scaling.h"

struct arguments {
  struct dtd_folder_arguments folder;
  struct dtd_benchmark_request request;
  bool scaling;
};

static error_t parse(int key, char *value, struct argp_state *state) {
  struct arguments *arguments = state->input;
  struct dtd_benchmark_request *request = &arguments->request;
  const struct dtd_text_option texts[] = {{'o', &request->output},
                                          {'s', &request->scratch},
                                          {'t', &request->torch},
                                          {0}};
  if (dtd_argument_text(texts, key, value)) return 0;
  switch (key) {
  case 'c':
    arguments->scaling = true;
    return 0;
  case 'r':
    request->rounds = dtd_argument_number(value, "--rounds", 1, 1000);
    return 0;
  case ARGP_KEY_END:
    if (!request->output || (!request->scratch && !arguments->scaling))
      dtd_die(DTD_USAGE, "--out, --scratch", "or run scripts/bench.sh",
              "must be given");
    return dtd_folder_argument(&arguments->folder, key, value, state);
  default:
    return dtd_folder_argument(&arguments->folder, key, value, state);
  }
}

static const struct argp_option options[] = {
    {"out", 'o', "FILE", 0, "The table to write", 0},
    {"scratch", 's', "FOLDER", 0,
     "An existing folder for files that PyTorch reads", 0},
    {"torch", 't', "SCRIPT", 0, "Compare with PyTorch, by bench-torch.py", 0},
    {"scaling", 'c', NULL, 0, "Time other sizes instead, for how cost grows",
     0},
    {"rounds", 'r', "N", 0, "Times that each contender is run (15)", 0},
    {0}};
static const struct argp parser = {
    .options = options,
    .parser = parse,
    .args_doc = "DIR [section.key=value ...]",
    .children = dtd_list_option,
    .doc = "Times the library's jobs beside PyTorch's and the machine's own "
           "limits.\v"
           "Reads DIR/model.safetensors and DIR/config.ini; prints a table and "
           "writes it. scripts/bench.sh trains a model for it, passes all "
           "options and draws the figures.",
};

int main(int argc, char **argv) {
  struct arguments arguments = {
      .request = {.rounds = 15, .turn = DTD_USUAL_TURN}};
  dtd_arguments_parse(&parser, argc, argv, &arguments);
  struct dtd_benchmark_request *request = &arguments.request;
  char *self = strdup(argv[0]);
  request->programs = dirname(self);
  request->folder = dtd_result_folder_open(&arguments.folder, argc, argv,
                                           DTD_BENCHMARK_IMAGES);
  if (arguments.scaling)
    dtd_scaling(request->output, request->folder, request->rounds,
                request->turn);
  else
    dtd_benchmark(request);
  dtd_result_folder_close(request->folder);
  dtd_free(arguments.folder.assignments);
  dtd_free(self);
  return DTD_OK;
}
