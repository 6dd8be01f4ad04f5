/* Parses a program's command line with argp; every mistake ends in one line. */
#ifndef DTD_ARGUMENTS_H
#define DTD_ARGUMENTS_H

#include <argp.h>
#include <stdbool.h>

/* Names the program after argv[0] and runs argp_parse in the order of the
   words; `input` goes to the parser. --help, --usage and --version are
   understood besides and exit with 0. Dies (usage), naming the word, on an
   unknown option and on one with an argument too many or too few. */
void dtd_arguments_parse(const struct argp *parser, int argc, char **argv,
                         void *input);

/* An option whose argument is kept as it is, in *text. */
struct dtd_text_option {
  int key;
  const char **text;
};

/* Whether `key` is that of one of the options, whose text is then `value`; the
   list ends with a null text. */
bool dtd_argument_text(const struct dtd_text_option *options, int key,
                       const char *value);

/* Ends the program with 0, for options that only print something. */
_Noreturn void dtd_arguments_end(void);

/* The whole number that `value` spells. Dies (usage), naming `option`, when it
   spells none from `least` to `most`. */
int dtd_argument_number(const char *value, const char *option, int least,
                        int most);

#endif
