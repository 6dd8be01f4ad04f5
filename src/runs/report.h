/* The report of a result folder: one page of its tables and figures.

   DIR/report.html holds everything that it shows: drawings inline, no script,
   nothing fetched. Its frame is report.html beside this file, in which {{NAME}}
   stands for what is written; the sections are those of report_section.h. */
#ifndef DTD_REPORT_H
#define DTD_REPORT_H

#include <stdbool.h>

#include "runs/report_folder.h"

/* Writes DIR/report.html, unless it is newer than `program` and all that it
   shows; says whether it was written. Dies (failure), naming the file and what
   to run, when something is missing or a figure is older than its tables. */
bool dtd_report_write(struct dtd_report_folder *folder, const char *program);

#endif
