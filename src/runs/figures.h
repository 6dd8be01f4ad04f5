/* Every figure: the tables it is drawn from, and what writes them. */
#ifndef DTD_FIGURES_H
#define DTD_FIGURES_H

#include <stdio.h>

enum { DTD_MOST_FIGURE_TABLES = 4 };

struct dtd_figure {
  const char *name;    /* drawn by plots/NAME.gp as figures/NAME.svg */
  const char *written; /* by this command */
  const char *table[DTD_MOST_FIGURE_TABLES + 1]; /* ended by null */
};

/* Ended by a null name. */
extern const struct dtd_figure dtd_figures[];

/* Null when there is none of that name. */
const struct dtd_figure *dtd_figure_find(const char *name);

/* A line a figure, for scripts: name, tables parted by blanks, command, parted
   by tabs. */
void dtd_figures_print(FILE *output);

#endif
