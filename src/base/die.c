/* Every failure ends here: one line on standard error and an exit status. */
#include "base/die.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *program = "dtd";

void dtd_program(const char *name) {
  const char *slash = strrchr(name, '/');
  program = slash ? slash + 1 : name;
}

/* Quoted names and file contents may hold newlines or worse: one line it is. */
static void print_plain(const char *text) {
  for (; *text; text++)
    fputc((unsigned char)*text < ' ' || *text == 127 ? ' ' : *text, stderr);
}

static void print_line(const char *what, const char *to_do, const char *why,
                       va_list arguments) {
  char reason[2048];
  vsnprintf(reason, sizeof reason, why, arguments);
  fflush(stdout);
  fprintf(stderr, "%s: ", program);
  print_plain(what);
  fputs(": ", stderr);
  print_plain(reason);
  if (to_do) fprintf(stderr, " (%s)", to_do);
  fputc('\n', stderr);
}

void dtd_die(enum dtd_status status, const char *what, const char *to_do,
             const char *why, ...) {
  va_list arguments;
  va_start(arguments, why);
  print_line(what, to_do, why, arguments);
  va_end(arguments);
  exit(status);
}

void dtd_warn(const char *what, const char *to_do, const char *why, ...) {
  va_list arguments;
  va_start(arguments, why);
  print_line(what, to_do, why, arguments);
  va_end(arguments);
}
