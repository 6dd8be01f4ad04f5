/* One training run in its folder: fresh, resumed, or found finished.

   Files of DIR:

   | file                   | what it holds                                   |
   |------------------------|-------------------------------------------------|
   | config.ini             | the resolved configuration                      |
   | training.tsv           | one row an evaluation, written at each          |
   | checkpoint.safetensors | the state of an unfinished run                  |
   | model.safetensors      | the trained model; there when a run is finished |
*/
#ifndef DTD_TRAINING_RUN_H
#define DTD_TRAINING_RUN_H

#include <stdbool.h>

#include "base/die.h"

struct dtd_training_run_request {
  int argc;
  char **argv;        /* for provenance */
  const char *config; /* path of the configuration */
  char **assignments; /* "section.key=value" */
  int assignment_count;
  const char *directory;
  bool resume;
};

/* Trains to the end, or until a signal stops the run after a checkpoint;
   returns DTD_OK in both cases. A folder that holds the finished model of the
   same configuration is left as it is. Dies (usage) when the folder holds
   results of another configuration, or an unfinished run that `resume` does not
   ask for. */
enum dtd_status
dtd_training_run(const struct dtd_training_run_request *request);

#endif
