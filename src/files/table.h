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

/* Writes one row. `format` has one word a column, checked by the compiler: %s a
   string, %d an int, %f a number with 7 significant digits, %g one with all 17;
   a value that is not finite becomes NA, and a tab or newline in a string a
   blank. */
void dtd_table_row(FILE *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same in steps, for rows that end in as many numbers as a list has: the
   first cells, then numbers as %f writes them, then the end of the row. */
void dtd_row_begin(FILE *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void dtd_row_number(FILE *table, double value);
void dtd_row_end(FILE *table);

/* Ends the table and gives it its name; see dtd_output_commit. */
void dtd_table_close(FILE *table);

#endif
