/* The table of nearest roots, roots.tsv: its quantities and its rows. */
#ifndef DTD_ROOT_TABLE_H
#define DTD_ROOT_TABLE_H

#include "evaluate/quantity.h"
#include "files/table.h"
#include "roots/root_problem.h"

struct dtd_root_quantity {
  struct dtd_quantity is;
  double (*of)(const struct dtd_root *root);
};

/* What is said of each root, in the order of the columns between f and
   certified, which the set follows; ended by a null name. */
extern const struct dtd_root_quantity dtd_root_quantities[];

/* The roots of the pairs of one set. */
struct dtd_root_rows {
  const char *set;
  const struct dtd_root *roots; /* (count) */
  int count;
};

/* Writes a row a root, set after set, to `path`. */
void dtd_root_table_write(const char *path, const struct dtd_root_rows *sets,
                          int count, const struct dtd_provenance *from);

#endif
