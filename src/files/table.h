/* Writes tidy TSV tables that open with their provenance.

   A table starts with `# key: value` lines, then one line of column names, then
   one row an observation; gnuplot, R and pandas read it as it is. */
#ifndef DTD_TABLE_H
#define DTD_TABLE_H

#include <stdint.h>
#include <stdio.h>

/* Where a table's numbers come from; all strings are borrowed. The source
   revision and the BLAS configuration are added by dtd_table_open. */
struct dtd_provenance {
  const char *command;       /* the command line as typed */
  const char *config_digest; /* 16 hexadecimal digits of the resolved config */
  uint64_t seed;
};

/* argv joined by blanks, each argument that a shell would not take as it is in
   single quotes; release with dtd_free(). */
char *dtd_command_line(int argc, char **argv);

/* Opens PATH (see output.h), writes provenance and the header line. `columns`
   are the names separated by single blanks. */
FILE *dtd_table_open(const char *path, const struct dtd_provenance *from,
                     const char *columns);

/* Writes one row. `format` has one letter a column: s a string, d an int, f a
   float or double with 7 significant digits, g a double with all 17; a value
   that is not finite becomes NA, and a tab or newline in a string a blank. */
void dtd_table_row(FILE *table, const char *format, ...);

/* Ends the table and gives it its name; see dtd_output_commit. */
void dtd_table_close(FILE *table);

#endif
