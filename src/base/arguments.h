/* Parses a program's command line with argp; every mistake ends in one line. */
#ifndef DTD_ARGUMENTS_H
#define DTD_ARGUMENTS_H

#include <argp.h>

/* Names the program after argv[0] and runs argp_parse in the order of the
   words; `input` goes to the parser. --help, --usage and --version are
   understood besides and exit with 0. Dies (usage), naming the word, on an
   unknown option and on one with an argument too many or too few. */
void dtd_arguments_parse(const struct argp *parser, int argc, char **argv,
                         void *input);

/* The whole number that `value` spells. Dies (usage), naming `option`, when it
   spells none from `least` to `most`. */
int dtd_argument_number(const char *value, const char *option, int least,
                        int most);

#endif
