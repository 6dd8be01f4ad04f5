/* Shows how far a run has come, and lets a signal stop it.

   On a terminal one line is redrawn in place; elsewhere plain lines come at
   intervals. All of it goes to standard error. */
#ifndef DTD_PROGRESS_H
#define DTD_PROGRESS_H

#include <signal.h>
#include <stddef.h>

#include "network/trainer.h"

/* ---- training ---- */

struct dtd_progress; /* the time of the last line, and recent means */

struct dtd_progress *dtd_progress_new(void);

/* For dtd_training_hooks: `self` is the progress. Cheap enough for every
   iteration. */
void dtd_progress_training(void *self, const struct dtd_trainer *trainer);

/* Ends the line that stands on a terminal, before something else is printed. */
void dtd_progress_break(struct dtd_progress *progress);

/* The same, and frees. */
void dtd_progress_free(struct dtd_progress *progress);

/* The line itself: "12000/300000  4 %  812 steps/s  5 min 55 s left  error 310
   minmax 62", cut to `width` characters. `speed` is in steps a second, 0 when
   not yet known. An error that is NAN is left out. */
void dtd_progress_line(char *line, size_t width, long iteration,
                       long iterations, double speed, double error,
                       const char *learner, double learner_error);

/* "45 s", "3 min 20 s", "1 h 05 min"; "over a year" for all that is longer. */
void dtd_progress_duration(char *text, size_t size, double seconds);

/* ---- counted tasks ---- */

/* "explaining: taylor 120/200", for dtd_evaluate. */
void dtd_progress_counted(const char *task, int done, int of);

/* ---- signals ---- */

/* From now on SIGINT and SIGTERM set the flag that is returned; a second one
   of either ends the program at once. */
const volatile sig_atomic_t *dtd_stop_on_signals(void);

#endif
