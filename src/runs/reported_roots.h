/* The nearest roots of a result folder, set by set: how many are certified.

   roots.tsv has the roots of one-target pairs and of independent ones, told
   apart by its column `set`; where it has no such column, all are of one-target
   pairs. */
#ifndef DTD_REPORTED_ROOTS_H
#define DTD_REPORTED_ROOTS_H

#include <stdbool.h>

#include "files/table_reader.h"

enum { DTD_MOST_ROOT_SETS = 2 };

struct dtd_reported_roots {
  int sets, roots, certified; /* of all sets together */
  struct {
    const char *name; /* "one-target" or "independent" */
    int roots, certified;
  } set[DTD_MOST_ROOT_SETS];
};

/* Of roots.tsv. Names belong to the table. */
struct dtd_reported_roots dtd_reported_roots(const struct dtd_table *table);

/* Whether a row is of that set of `roots`. */
bool dtd_reported_root_is_of(const struct dtd_table *table, int row,
                             const char *set);

/* A sentence, after a blank, on the pairs whose roots are not certified and
   that therefore are left out; empty when there are none, or no table. */
struct dtd_left_out_text {
  char text[256];
};
struct dtd_left_out_text dtd_left_out_text(const struct dtd_table *table);

#endif
