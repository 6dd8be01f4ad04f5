/* What opens the page of section 6.1: what it is about, the main findings, a
   sentence each, from the tables, and the methods. */
#ifndef DTD_REPORT_SUMMARY_H
#define DTD_REPORT_SUMMARY_H

#include <stdio.h>

#include "runs/report_folder.h"

/* Needs metrics.tsv, claims.tsv, sentences.tsv and table1.tsv. */
void dtd_report_summary(FILE *page, struct dtd_report_folder *folder);

/* The main metrics as lines of text, for a terminal. */
void dtd_report_print(FILE *output, struct dtd_report_folder *folder);

#endif
