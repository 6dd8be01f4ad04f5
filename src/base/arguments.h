/* Parses a program's command line with argp; every mistake ends in one line. */
#ifndef DTD_ARGUMENTS_H
#define DTD_ARGUMENTS_H

#include <argp.h>
#include <stdbool.h>
#include <stdio.h>

/* Names the program after argv[0] and runs argp_parse in the order of the
   words; `input` goes to the parser. --help, --usage and --version are
   understood besides and exit with 0. Dies (usage), naming the word, on an
   unknown option and on one with an argument too many or too few. */
void dtd_arguments_parse(const struct argp *parser, int argc, char **argv,
                         void *input);

/* ---- what most programs take ---- */

/* Texts in the order in which they were given; `text` is released with
   dtd_free(). */
struct dtd_texts {
  int count;
  char **text;
};

/* An option as argp describes it, and where its argument goes: to one of the
   pointers. The name null ends a list of them. */
struct dtd_option {
  const char *name;
  int key;
  const char *argument, *meaning;
  const char **text;
  struct dtd_texts *texts; /* it may be repeated */
  int *number, least, most;
  bool *given;
  void (*print)(FILE *output); /* instead of all else; then the program ends */
  /* Without this text, the program dies (usage) of "AS: MISSING (TO_DO)". */
  const char *as, *missing, *to_do;
};

/* The words that are no options: as many as there are, or `most`. */
struct dtd_words {
  const char *as, *missing, *to_do; /* as above; null where there may be none */
  int most;
  const char *surplus, *instead; /* dies of "WORD: SURPLUS (INSTEAD)" */
};

/* Takes options and words, as dtd_arguments_parse does; `about` has what --help
   says. Returns the words. */
struct dtd_texts dtd_arguments_read(const struct argp *about,
                                    const struct dtd_option *options,
                                    const struct dtd_words *words, int argc,
                                    char **argv);

/* Ends the program with 0, for options that only print something. */
_Noreturn void dtd_arguments_end(void);

/* The whole number that `value` spells. Dies (usage), naming `option`, when it
   spells none from `least` to `most`. */
int dtd_argument_number(const char *value, const char *option, int least,
                        int most);

#endif
