/* Parses a program's command line with argp; every mistake ends in one line. */
#include "base/arguments.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/version.h"

enum { HELP = '?', VERSION = 'V', USAGE = 256 };

static const struct argp_option options[] = {
    {"help", HELP, NULL, 0, "Give this help list", -1},
    {"usage", USAGE, NULL, 0, "Give a short usage message", 0},
    {"version", VERSION, NULL, 0, "Print program version", -1},
    {0}};

/* argp says nothing on mistakes as long as ARGP_NO_ERRS is set, but then it
   gives no help either. */
static void give_help(struct argp_state *state, unsigned flags) {
  state->flags &= ~(unsigned)ARGP_NO_ERRS;
  argp_state_help(state, state->out_stream, flags);
}

/* getopt stands behind the word it could not use, unless more letters follow
   in that word. */
static _Noreturn void die_misused(const struct argp_state *state) {
  const char *word = state->argv[state->next - 1];
  if (*word != '-' && state->next < state->argc)
    word = state->argv[state->next];
  dtd_die(DTD_USAGE, word, "see --help",
          "no such option, or its argument is missing or unwanted");
}

static error_t parse(int key, char *value, struct argp_state *state) {
  (void)value;
  switch (key) {
  case ARGP_KEY_INIT:
    state->child_inputs[0] = state->input;
    return 0;
  case HELP:
    give_help(state, ARGP_HELP_STD_HELP);
    return 0;
  case USAGE:
    give_help(state, ARGP_HELP_USAGE | ARGP_HELP_EXIT_OK);
    return 0;
  case VERSION:
    printf("%s %s (%s)\n", state->name, DTD_VERSION, dtd_source_revision());
    exit(DTD_OK);
  case ARGP_KEY_ERROR:
    die_misused(state);
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

void dtd_arguments_parse(const struct argp *parser, int argc, char **argv,
                         void *input) {
  const struct argp_child children[] = {{parser, 0, NULL, 0}, {0}};
  const struct argp whole = {options, parse, NULL, NULL, children, NULL, NULL};
  dtd_program(argv[0]);
  argp_parse(&whole, argc, argv, ARGP_IN_ORDER | ARGP_NO_HELP | ARGP_NO_ERRS,
             NULL, input);
}

bool dtd_argument_text(const struct dtd_text_option *own, int key,
                       const char *value) {
  while (own->text && own->key != key) own++;
  if (own->text) *own->text = value;
  return own->text;
}

void dtd_arguments_end(void) {
  exit(DTD_OK);
}

int dtd_argument_number(const char *value, const char *option, int least,
                        int most) {
  char *end, hint[64];
  errno = 0;
  long number = strtol(value, &end, 10);
  snprintf(hint, sizeof hint, "give a number from %d to %d", least, most);
  if (end == value || *end || errno || number < least || number > most)
    dtd_die(DTD_USAGE, option, hint, "%s is not such a number", value);
  return (int)number;
}
