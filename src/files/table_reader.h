/* Reads the TSV tables that table.h writes: provenance, names, cells. */
#ifndef DTD_TABLE_READER_H
#define DTD_TABLE_READER_H

#include <stdbool.h>

struct dtd_table {
  const char *path; /* borrowed */
  int rows, columns;
  char **name; /* (columns) */
  char **cell; /* (rows, columns) */
  int facts;
  char **fact; /* (facts): the lines "# key: value" */
  char *text;  /* what all of these point into */
};

/* Lines may end as Windows ends them, behind a byte order mark. Dies (failure),
   naming the file, when it cannot be read, has no line of names or a row of
   another number of cells. `path` is borrowed for as long as the table lives.
 */
struct dtd_table *dtd_table_read(const char *path);

/* The value in the line `# key: value`; null when there is none. */
const char *dtd_table_fact(const struct dtd_table *table, const char *key);

/* The index of a column; dies (failure) when there is none of that name. */
int dtd_table_column(const struct dtd_table *table, const char *name);

const char *dtd_table_cell(const struct dtd_table *table, int row, int column);

/* The cell as a number, NAN where it is NA; dies (failure) on other words. */
double dtd_table_number(const struct dtd_table *table, int row, int column);

/* The same, of the column called `name`. */
const char *dtd_table_text(const struct dtd_table *table, int row,
                           const char *name);
double dtd_table_value(const struct dtd_table *table, int row,
                       const char *name);

/* Whether it is anything but NA. */
bool dtd_table_has(const struct dtd_table *table, int row, const char *name);

/* The first row, from row `from` on, in which columns have given texts: pairs
   of name and text, ended by a null pointer. -1 when there is none. */
int dtd_table_find(const struct dtd_table *table, int from, ...)
    __attribute__((sentinel));

void dtd_table_free(struct dtd_table *table);

#endif
