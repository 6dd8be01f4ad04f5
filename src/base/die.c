/* Every failure ends here: one line that a program prints before it exits, or
   that a handler catches. */
#include "base/die.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *program = "dtd";
static dtd_error_handler *program_handler;
static _Thread_local dtd_error_handler *thread_handler;

void dtd_program(const char *name) {
  const char *slash = strrchr(name, '/');
  program = slash ? slash + 1 : name;
}

dtd_error_handler *dtd_set_error_handler(dtd_error_handler *handler) {
  dtd_error_handler *before = program_handler;
  program_handler = handler;
  return before;
}

dtd_error_handler *dtd_set_thread_handler(dtd_error_handler *handler) {
  dtd_error_handler *before = thread_handler;
  thread_handler = handler;
  return before;
}

/* Quoted names and file contents may hold newlines or worse: one line it is. */
static void make_plain(char *text) {
  for (; *text; text++)
    if ((unsigned char)*text < ' ' || *text == 127) *text = ' ';
}

static void describe(struct dtd_error *error, const char *what,
                     const char *to_do, const char *why, va_list arguments) {
  snprintf(error->what, sizeof error->what, "%s", what);
  snprintf(error->to_do, sizeof error->to_do, "%s", to_do ? to_do : "");
  vsnprintf(error->why, sizeof error->why, why, arguments);
  make_plain(error->what);
  make_plain(error->to_do);
  make_plain(error->why);
  snprintf(error->message, sizeof error->message, "%.200s: %s: %s%s%s%s",
           program, error->what, error->why, to_do ? " (" : "", error->to_do,
           to_do ? ")" : "");
}

static void print(const struct dtd_error *error) {
  fflush(stdout);
  fprintf(stderr, "%s\n", error->message);
}

void dtd_raise(const struct dtd_error *error) {
  if (thread_handler) thread_handler(error);
  if (program_handler) program_handler(error);
  print(error);
  exit(error->status);
}

void dtd_die(enum dtd_status status, const char *what, const char *to_do,
             const char *why, ...) {
  struct dtd_error error = {.status = status};
  va_list arguments;
  va_start(arguments, why);
  describe(&error, what, to_do, why, arguments);
  va_end(arguments);
  dtd_raise(&error);
}

void dtd_warn(const char *what, const char *to_do, const char *why, ...) {
  struct dtd_error warning;
  va_list arguments;
  va_start(arguments, why);
  describe(&warning, what, to_do, why, arguments);
  va_end(arguments);
  print(&warning);
}
