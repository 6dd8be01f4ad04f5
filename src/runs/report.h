/* The report of a result folder: one page of its tables and figures.

   A page holds everything that it shows: drawings inline, no script, nothing
   fetched. Its frame is report.html beside this file, in which {{NAME}} stands
   for what is written. A page says which sections (report_section.h) it has and
   what opens it. */
#ifndef DTD_REPORT_H
#define DTD_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "runs/report_section.h"

struct dtd_report_page {
  const char *file;                                 /* "report.html" */
  const char *title;                                /* of the window */
  const struct dtd_report_section *const *sections; /* ended by null */
  void (*opening)(FILE *page); /* the heading and what the page is about */
  void (*summary)(FILE *page, struct dtd_report_folder *folder);
  void (*methods)(FILE *page, struct dtd_report_folder *folder);
  /* The main findings as lines of text, for a terminal. */
  void (*print)(FILE *output, struct dtd_report_folder *folder);
};

extern const struct dtd_report_page dtd_pairs_page;  /* section 6.1 */
extern const struct dtd_report_page dtd_photos_page; /* section 6.2 */

/* The page of what is in the folder: of photos where it holds their tables. */
const struct dtd_report_page *
dtd_report_page_of(struct dtd_report_folder *folder);

/* Writes the page, unless it is newer than `program` and all that it shows;
   says whether it was written. Dies (failure), naming the file and what to run,
   when something is missing or a figure is older than its tables. */
bool dtd_report_write(struct dtd_report_folder *folder,
                      const struct dtd_report_page *page, const char *program);

#endif
