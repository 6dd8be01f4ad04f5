/* What opens the page of section 6.2: what it is about, what came out, and the
   two methods. */
#ifndef DTD_PHOTO_SUMMARY_H
#define DTD_PHOTO_SUMMARY_H

#include <stdio.h>

#include "runs/report_folder.h"

/* Needs networks.tsv and photos.tsv; photo-claims.tsv may be missing. */
void dtd_photo_summary(FILE *page, struct dtd_report_folder *folder);

/* A line a network and photo: class, probability, and what of f reaches the
   pixels. */
void dtd_photo_print(FILE *output, struct dtd_report_folder *folder);

#endif
