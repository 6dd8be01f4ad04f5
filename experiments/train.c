/* Trains the network and its relevance models by a configuration file. */

#include "base/arguments.h"
#include "linear/blas.h"
#include "base/memory.h"
#include "base/die.h"
#include "runs/listing.h"
#include "runs/training_run.h"

static const char *directory;
static bool resume;
static const struct dtd_option options[] = {
    {"out", 'o', "DIR", "Where the results go; made when it is missing",
     .text = &directory, .as = "--out",
     .missing = "no folder for the results is given",
     .to_do = "give --out DIR; see --help"},
    {"resume", 'r', NULL,
     "Continue from DIR/checkpoint.safetensors, if there is one, as if "
     "training had never stopped",
     .given = &resume},
    {0}};
static const struct dtd_words expected = {
    .as = "CONFIG.ini",
    .missing = "no configuration is given",
    .to_do = "try experiments/quick.ini; see --help"};
static const struct argp about = {
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
  dtd_blas_settle_core(argv);
  struct dtd_texts words =
      dtd_arguments_read(&about, options, &expected, argc, argv);
  struct dtd_training_run_request request = {.argc = argc,
                                             .argv = argv,
                                             .config = words.text[0],
                                             .assignments = words.text + 1,
                                             .assignment_count =
                                                 words.count - 1,
                                             .directory = directory,
                                             .resume = resume};
  enum dtd_status status = dtd_training_run(&request);
  dtd_free(words.text);
  return status;
}
