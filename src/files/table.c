/* Writes tidy TSV tables that open with their provenance. */
#include "files/table.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "base/die.h"
#include "linear/blas.h"
#include "base/memory.h"
#include "base/output.h"
#include "base/version.h"

/* Whether a shell would read the word as anything but itself. */
static bool needs_quotes(const char *word) {
  static const char *const plain = "abcdefghijklmnopqrstuvwxyz"
                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "0123456789_-+./,:=@%";
  return !*word || word[strspn(word, plain)];
}

char *dtd_command_line(int argc, char **argv) {
  size_t size = 1;
  for (int n = 0; n < argc; n++) size += 4 * strlen(argv[n]) + 3;
  char *line = dtd_new(size, 1), *at = line;
  for (int n = 0; n < argc; n++) {
    bool quoted = needs_quotes(argv[n]);
    if (n) *at++ = ' ';
    if (quoted) *at++ = '\'';
    for (const char *c = argv[n]; *c; c++) {
      if (*c == '\'') { /* ends the quotes, adds one, opens them again */
        memcpy(at, "'\\'", 3);
        at += 3;
      }
      *at++ = *c;
    }
    if (quoted) *at++ = '\'';
  }
  return line;
}

/* Tabs and newlines inside would break the line. */
static void put_string(FILE *table, const char *text) {
  for (; *text; text++)
    fputc(*text == '\t' || *text == '\n' || *text == '\r' ? ' ' : *text, table);
}

static void put_fact(FILE *table, const char *key, const char *value) {
  fprintf(table, "# %s: ", key);
  put_string(table, value);
  fputc('\n', table);
}

FILE *dtd_table_open(const char *path, const struct dtd_provenance *from,
                     const char *columns) {
  FILE *table = dtd_output_open(path);
  put_fact(table, "command", from->command);
  put_fact(table, "config", from->config_digest);
  fprintf(table, "# seed: %" PRIu64 "\n", from->seed);
  put_fact(table, "source", dtd_source_revision());
  put_fact(table, "blas", dtd_blas_configuration());
  for (const char *c = columns; *c; c++) fputc(*c == ' ' ? '\t' : *c, table);
  fputc('\n', table);
  return table;
}

static void put_number(FILE *table, double value, int digits) {
  if (isfinite(value))
    fprintf(table, "%.*g", digits, value);
  else
    fputs("NA", table);
}

static void put_cells(FILE *table, const char *format, va_list values) {
  for (const char *f = format; *f; f++) {
    if (*f == ' ') fputc('\t', table);
    if (*f == ' ' || *f == '%') continue;
    switch (*f) {
    case 's':
      put_string(table, va_arg(values, const char *));
      break;
    case 'd':
      fprintf(table, "%d", va_arg(values, int));
      break;
    case 'f':
      put_number(table, va_arg(values, double), 7);
      break;
    case 'g':
      put_number(table, va_arg(values, double), 17);
      break;
    default:
      dtd_die(DTD_FAILURE, "table", NULL, "unknown column format %c", *f);
    }
  }
}

void dtd_table_row(FILE *table, const char *format, ...) {
  va_list values;
  va_start(values, format);
  put_cells(table, format, values);
  va_end(values);
  dtd_row_end(table);
}

void dtd_row_begin(FILE *table, const char *format, ...) {
  va_list values;
  va_start(values, format);
  put_cells(table, format, values);
  va_end(values);
}

void dtd_row_number(FILE *table, double value) {
  fputc('\t', table);
  put_number(table, value, 7);
}

void dtd_row_end(FILE *table) {
  fputc('\n', table);
}

void dtd_table_close(FILE *table) {
  dtd_output_commit(table);
}
