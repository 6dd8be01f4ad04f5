/* Shows how far a run has come, and lets a signal stop it. */
#include "runs/progress.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/seconds.h"
#include "base/text.h"

static const double REDRAW = 0.1;  /* seconds between redraws on a terminal */
static const double REPORT = 15;   /* seconds between plain lines */
static const double MEMORY = 0.99; /* of the recent means, a step */

struct dtd_progress {
  int terminal;
  int drawn;    /* a line stands on the terminal */
  double shown; /* time of the last line */
  double start; /* time from which the speed is measured */
  long start_iteration;
  double error, learner_error; /* recent means */
  long counted;                /* iterations in them */
};

/* The last column stays free, since some terminals wrap there. */
static size_t terminal_width(void) {
  struct winsize size;
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || size.ws_col == 0) return 79;
  return (size_t)size.ws_col - 1;
}

/* ---- the line ---- */

void dtd_progress_duration(char *text, size_t size, double seconds) {
  bool known = seconds < 365 * 86400.0;
  long s = known ? lround(fmax(seconds, 0)) : 0;
  if (!known)
    snprintf(text, size, "over a year");
  else if (s < 60)
    snprintf(text, size, "%ld s", s);
  else if (s < 3600)
    snprintf(text, size, "%ld min %02ld s", s / 60, s % 60);
  else
    snprintf(text, size, "%ld h %02ld min", s / 3600, s % 3600 / 60);
}

void dtd_progress_line(char *line, size_t width, long iteration,
                       long iterations, double speed, double error,
                       const char *learner, double learner_error) {
  struct dtd_text *text = dtd_text_open();
  char left[32];
  fprintf(text->stream, "%ld/%ld  %.0f %%", iteration, iterations,
          floor(100 * (double)iteration / (double)iterations));
  if (speed > 0) {
    dtd_progress_duration(left, sizeof left,
                          (double)(iterations - iteration) / speed);
    fprintf(text->stream, "  %.0f steps/s  %s left", speed, left);
  }
  if (!isnan(error)) fprintf(text->stream, "  error %.4g", error);
  if (learner && !isnan(learner_error))
    fprintf(text->stream, "  %.32s %.4g", learner, learner_error);
  char *whole = dtd_text_close(text);
  snprintf(line, width + 1, "%s", whole);
  dtd_free(whole);
}

/* ---- training ---- */

struct dtd_progress *dtd_progress_new(void) {
  struct dtd_progress *progress = dtd_new(1, sizeof *progress);
  progress->terminal = isatty(STDERR_FILENO);
  progress->start_iteration = -1;
  return progress;
}

/* Exponential means that start as plain ones. */
static void remember(struct dtd_progress *progress,
                     const struct dtd_trainer *trainer) {
  progress->counted++;
  double weight = fmax(1 / (double)progress->counted, 1 - MEMORY);
  progress->error +=
      weight * (dtd_trainer_recent_error(trainer) - progress->error);
  if (trainer->learners)
    progress->learner_error +=
        weight * (dtd_trainer_recent_learner_error(trainer, 0) -
                  progress->learner_error);
}

static void show(struct dtd_progress *progress,
                 const struct dtd_trainer *trainer, double time) {
  char line[512];
  double passed = time - progress->start;
  long steps = trainer->iteration - progress->start_iteration;
  size_t width = progress->terminal ? terminal_width() : 200;
  dtd_progress_line(line, width < sizeof line ? width : sizeof line - 1,
                    trainer->iteration, trainer->settings.iterations,
                    passed > 0.5 ? (double)steps / passed : 0, progress->error,
                    trainer->learners ? trainer->learner[0].name : NULL,
                    progress->learner_error);
  fprintf(stderr, progress->terminal ? "\r%s\033[K" : "%s\n", line);
  progress->drawn = progress->terminal;
  progress->shown = time;
}

void dtd_progress_training(void *self, const struct dtd_trainer *trainer) {
  struct dtd_progress *progress = self;
  double time = dtd_seconds();
  int last = trainer->iteration == trainer->settings.iterations;
  remember(progress, trainer);
  if (progress->start_iteration < 0) {
    progress->start = progress->shown = time;
    progress->start_iteration = trainer->iteration;
  }
  if (last || time - progress->shown >= (progress->terminal ? REDRAW : REPORT))
    show(progress, trainer, time);
}

void dtd_progress_break(struct dtd_progress *progress) {
  if (progress->drawn) fputc('\n', stderr);
  progress->drawn = false;
}

void dtd_progress_free(struct dtd_progress *progress) {
  if (!progress) return;
  dtd_progress_break(progress);
  dtd_free(progress);
}

/* ---- counted tasks ---- */

void dtd_progress_counted(const char *task, int done, int of) {
  char line[256];
  if (isatty(STDERR_FILENO)) {
    snprintf(line, sizeof line, "explaining: %s %d/%d", task, done, of);
    size_t width = terminal_width();
    if (width < sizeof line) line[width] = 0;
    fprintf(stderr, "\r%s\033[K%s", line, done == of ? "\n" : "");
  } else if (done == of) {
    fprintf(stderr, "explaining: %s %d\n", task, of);
  }
}

/* ---- signals ---- */

static volatile sig_atomic_t stop;

static void request_stop(int signal_number) {
  (void)signal_number;
  stop = 1;
  signal(SIGINT, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
}

const volatile sig_atomic_t *dtd_stop_on_signals(void) {
  signal(SIGINT, request_stop);
  signal(SIGTERM, request_stop);
  return &stop;
}
