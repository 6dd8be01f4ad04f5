/* A section of the report: its words, its figure, and what writes its table.

   To add a section: a const struct dtd_report_section in a file of sections/,
   and one line in sections/registry.h. A section is shown when its file or its
   figure is in the result folder. */
#ifndef DTD_REPORT_SECTION_H
#define DTD_REPORT_SECTION_H

#include <stdbool.h>
#include <stdio.h>

#include "runs/report_folder.h"

struct dtd_report_section {
  const char *id;      /* "table-1", for links */
  const char *title;   /* "Table 1, measured" */
  const char *in;      /* part of the folder, "floor/"; null for all */
  const char *file;    /* what `write` reads first, "table1.tsv", or null */
  const char *beside;  /* another file that it reads, or null */
  const char *written; /* both by this command; null when they are optional */
  const char *introduction; /* a paragraph before the rest, or null */
  const char *figure;       /* of dtd_figures, or null */
  bool required;            /* the figure, in every report */
  const char *description;  /* of the figure, in words */
  const char *caption;      /* of the figure */
  /* Writes what stands below the figure, when the file is there; or null. */
  void (*write)(FILE *page, struct dtd_report_folder *folder);
};

/* The cell of a row: the column `value` with the interval of low and high; a
   dash where the row is -1. */
void dtd_report_cell(FILE *page, const struct dtd_table *table, int row,
                     const char *value);

/* The last cell of a claim's row: "holds" or whatever its verdict is. */
void dtd_report_verdict(FILE *page, const char *verdict);

/* In the order of the page of section 6.1, and of section 6.2; ended by null.
 */
extern const struct dtd_report_section *const dtd_report_sections[];
extern const struct dtd_report_section *const dtd_photo_sections[];

#endif
