/* Expands a sweep file into the configurations of its runs. */
#include <stdio.h>

#include "base/arguments.h"
#include "base/memory.h"
#include "base/die.h"
#include "files/ini_file.h"
#include "runs/listing.h"
#include "base/rng.h"
#include "runs/sweep.h"

static const char *output;
static int threads = 1;
static const struct dtd_option options[] = {
    {"out", 'o', "DIR",
     "Write DIR/RUN/config.ini for each run, and DIR/runs.tsv",
     .text = &output},
    {"threads", 't', "N",
     "Threads that each run computes with, 0 for as many as processors (1)",
     .number = &threads, .least = 0, .most = 1024},
    {0}};
static const struct dtd_words expected = {
    .as = "FILE",
    .missing = "no sweep file is given",
    .to_do = "see --help",
    .most = 1,
    .surplus = "is one word too many",
    .instead = "give one sweep file; see --help"};
static const struct argp about = {
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
  struct dtd_texts words =
      dtd_arguments_read(&about, options, &expected, argc, argv);
  struct dtd_sweep *sweep = dtd_sweep_read(words.text[0], threads);
  if (output) {
    char *text = dtd_ini_text(words.text[0]), digest[17];
    char *command = dtd_command_line(argc, argv);
    snprintf(digest, sizeof digest, "%016llx",
             (unsigned long long)dtd_hash(text));
    struct dtd_provenance from = {command, digest, 0};
    dtd_sweep_write(output, sweep, &from);
    dtd_free(text);
    dtd_free(command);
  }
  for (int n = 0; n < sweep->runs; n++) puts(sweep->run[n].name);
  dtd_sweep_free(sweep);
  dtd_free(words.text);
  return DTD_OK;
}
