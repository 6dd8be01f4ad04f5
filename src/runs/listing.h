/* The option --list of every program, which prints what is registered. */
#ifndef DTD_LISTING_H
#define DTD_LISTING_H

#include "base/arguments.h"
#include <stdio.h>

/* The children of a program's parser: --list prints and exits with 0. */
extern const struct argp_child dtd_list_option[];

/* Methods, relevance models, rules, composites and optimisers with their
   descriptions and sources, then every setting with its default. */
void dtd_list_everything(FILE *output);

#endif
