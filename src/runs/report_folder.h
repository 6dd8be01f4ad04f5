/* What a result folder holds for its report, and whether it is all there.

   Files are named from the result folder: "claims.tsv", "floor/compare.tsv". */
#ifndef DTD_REPORT_FOLDER_H
#define DTD_REPORT_FOLDER_H

#include <stdbool.h>

#include "files/table_reader.h"
#include "runs/figures.h"

struct dtd_report_file {
  char *path;
  struct dtd_table *table; /* null unless it has been read as one */
};

struct dtd_report_folder {
  const char *directory; /* borrowed */
  int files;
  struct dtd_report_file *file; /* (files): those that were asked for */
};

struct dtd_report_folder *dtd_report_folder_open(const char *directory);

/* DIR/NAME, of a printf format; it belongs to the folder. */
const char *dtd_report_path(struct dtd_report_folder *folder, const char *name,
                            ...) __attribute__((format(printf, 2, 3)));

/* The table, which belongs to the folder; null when it is not there. Dies
   (failure), naming the file, when it is no table. */
const struct dtd_table *dtd_report_table(struct dtd_report_folder *folder,
                                         const char *name);

/* Dies (failure), saying what writes it, when a file is not there. */
void dtd_report_need(const char *path, const char *written);

/* Dies (failure), saying what to run, when the tables of a figure are in the
   folder but it is not drawn, or is older than one of them; where it is
   `required`, also when a table is missing. `in` is the part of the folder that
   holds both, "" for all of it or "floor/". */
void dtd_report_check_figure(struct dtd_report_folder *folder,
                             const struct dtd_figure *figure, const char *in,
                             bool required);

/* Whether `path` is there, and newer than `than` or alone. */
bool dtd_report_is_newer(const char *path, const char *than);

void dtd_report_folder_free(struct dtd_report_folder *folder);

#endif
