/* What an evaluation leaves for comparisons, written and read back.

   Beside metrics.tsv stands evaluation.ini, written last: the settings that its
   numbers were measured with, what a command line changed included, below lines
   that say what a comparison has to know:

     # format: 1
     # config: the digest of these settings, as in metrics.tsv
     # data: a hash of the test digits, wherever they lay

   A folder without it, or of another format, was evaluated by another version:
   its numbers may mean something else, and it is refused. */
#ifndef DTD_EVALUATION_RECORD_H
#define DTD_EVALUATION_RECORD_H

#include <stdbool.h>

#include "runs/config.h"
#include "files/table_reader.h"

/* ---- write ---- */

/* Writes DIR/evaluation.ini; `test` are the digits that pairs were drawn from.
 */
void dtd_evaluation_record_write(const char *directory,
                                 const struct dtd_settings *settings,
                                 const struct dtd_digits *test);

/* ---- read ---- */

struct dtd_evaluation_record {
  char *directory;
  char digest[17], data[17];
  struct dtd_settings settings;
  struct dtd_table *metrics; /* subject metric set value low high n */
  char *path;                /* of metrics.tsv */
};

/* Dies (failure), naming the folder or file, when it has not been evaluated, or
   by another version, or its two files do not belong together. */
struct dtd_evaluation_record *dtd_evaluation_record_read(const char *directory);

/* Whether the folder has been evaluated with settings of that digest. */
bool dtd_evaluation_record_is(const char *directory, const char *digest);

void dtd_evaluation_record_free(struct dtd_evaluation_record *evaluated);

#endif
