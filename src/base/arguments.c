/* Parses a program's command line with argp; every mistake ends in one line. */
#include "base/arguments.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/version.h"

enum { MOST_OPTIONS = 16 }; /* of a program */
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

/* ---- what most programs take ---- */

struct reading {
  const struct dtd_option *options;
  const struct dtd_words *expected;
  struct dtd_texts words;
};

static void append(struct dtd_texts *texts, char *text) {
  *(char **)dtd_append(NULL, &texts->text, &texts->count, sizeof text) = text;
}

static void take_option(const struct dtd_option *option, char *value) {
  if (option->text) *option->text = value;
  if (option->texts) append(option->texts, value);
  if (option->given) *option->given = true;
  if (option->number) {
    char name[64];
    snprintf(name, sizeof name, "--%s", option->name);
    *option->number =
        dtd_argument_number(value, name, option->least, option->most);
  }
  if (option->print) {
    option->print(stdout);
    dtd_arguments_end();
  }
}

static void check_all_given(const struct reading *reading) {
  const struct dtd_words *words = reading->expected;
  if (words->as && !reading->words.count)
    dtd_die(DTD_USAGE, words->as, words->to_do, "%s", words->missing);
  for (const struct dtd_option *o = reading->options; o->name; o++)
    if (o->as && !*o->text)
      dtd_die(DTD_USAGE, o->as, o->to_do, "%s", o->missing);
}

static error_t take(int key, char *value, struct argp_state *state) {
  struct reading *reading = state->input;
  const struct dtd_words *words = reading->expected;
  const struct dtd_option *option = reading->options;
  if (key == ARGP_KEY_ARG) {
    if (words->surplus && reading->words.count == words->most)
      dtd_die(DTD_USAGE, value, words->instead, "%s", words->surplus);
    append(&reading->words, value);
    return 0;
  }
  if (key == ARGP_KEY_END) {
    check_all_given(reading);
    return 0;
  }
  while (option->name && option->key != key) option++;
  if (!option->name) return ARGP_ERR_UNKNOWN;
  take_option(option, value);
  return 0;
}

struct dtd_texts dtd_arguments_read(const struct argp *about,
                                    const struct dtd_option *own,
                                    const struct dtd_words *words, int argc,
                                    char **argv) {
  struct argp_option described[MOST_OPTIONS + 1] = {{0}};
  struct reading reading = {.options = own, .expected = words};
  struct argp parser = *about;
  for (int n = 0; own[n].name && n < MOST_OPTIONS; n++)
    described[n] = (struct argp_option){.name = own[n].name,
                                        .key = own[n].key,
                                        .arg = own[n].argument,
                                        .doc = own[n].meaning};
  parser.options = described;
  parser.parser = take;
  dtd_arguments_parse(&parser, argc, argv, &reading);
  return reading.words;
}
