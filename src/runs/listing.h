/* Prints what is registered, for the option --list of every program. */
#ifndef DTD_LISTING_H
#define DTD_LISTING_H

#include <stdio.h>

/* argp's key and entry of the option. */
enum { DTD_LIST = 'l' };
#define DTD_LIST_OPTION                                                        \
  {                                                                            \
    "list", DTD_LIST, NULL, 0,                                                 \
        "List the methods, relevance models, rules and settings", 0            \
  }

/* Methods, relevance models, rules and optimisers with their descriptions and
   sources, then every setting with its default. */
void dtd_list_everything(FILE *output);

#endif
