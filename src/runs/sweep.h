/* A sweep: many runs of one experiment, written down in one small file.

     [sweep]
     base = quick.ini            ; the configuration all runs start from
     seeds = 1 2 3..5            ; of training, 1 unless said
     metrics = network:mse *:rms ; what compare is told in the end, if anything:
     baseline = wide,minmax.learning_rate=1e-3,network.norm=1-1
     across = settings           ; its --metric, --baseline, --across and
     mixed = no                  ; --mixed, for other data or targets
     [set]                       ; what all runs share
     evaluation.roots = 4
     [vary]                      ; every combination of these values is run
     minmax.learning_rate = 1e-3 2e-3
     network.norm = 1,1 2,1      ; blanks part values, commas a value's list
     [variant wide]              ; settings that belong together, by a name
     network.detection = 800,400
     network.pool = 8,400

   Its runs are the Cartesian product of the bases (there may be several), the
   variants, the values of each key of [vary], and the seeds. A run is called
   after what tells it apart, "wide,minmax.learning_rate=1e-3,seed=2"; without
   its seed that is the name of its variant. Keys and values are those of
   config.h and are all examined, in every combination, before anything runs.
   Runs that differ in how they explain or evaluate alone share one training. */
#ifndef DTD_SWEEP_H
#define DTD_SWEEP_H

#include "runs/config.h"
#include "files/table.h"

struct dtd_sweep_run {
  char *name, *variant;
  char digest[17], training_digest[17];
  int training; /* the first run with the same training: perhaps itself */
  struct dtd_settings settings;
};

struct dtd_sweep {
  int runs;
  struct dtd_sweep_run *run;
  int options; /* of compare: "--metric=network:mse" */
  char **option;
};

enum { DTD_MOST_SWEEP_RUNS = 10000 };

/* Reads a sweep file and expands it; `base` paths start from its folder, and
   `threads` is what each run computes with. Dies, naming file and line where
   there is one, on unknown keys and bad values (usage), on settings that
   contradict each other, on no runs, too many, two that are the same, and a
   baseline that is none of several variants. */
struct dtd_sweep *dtd_sweep_read(const char *path, int threads);

/* Writes DIR/RUN/config.ini for each run, DIR/compare.options, one a line, and
   then DIR/runs.tsv, a row a run:
   run, variant, seed, config (the digest), training (the run that has the same
   training, the first of these). A folder that holds a run with other
   settings of training is refused (usage) before anything is written. */
void dtd_sweep_write(const char *directory, const struct dtd_sweep *sweep,
                     const struct dtd_provenance *from);

void dtd_sweep_free(struct dtd_sweep *sweep);

#endif
