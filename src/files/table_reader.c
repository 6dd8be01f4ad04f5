/* Reads the TSV tables that table.h writes: provenance, names, cells. */
#include "files/table_reader.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/input.h"
#include "base/memory.h"

static int count_of(const char *text, char wanted) {
  int count = 0;
  for (; *text; text++) count += *text == wanted;
  return count;
}

/* Cuts a line into cells, in place. */
static void cut(char **cell, char *line) {
  for (char *part; (part = strsep(&line, "\t"));) *cell++ = part;
}

static void take_line(struct dtd_table *table, char *line, int number) {
  int columns = count_of(line, '\t') + 1;
  if (!table->name) {
    table->columns = columns;
    table->name = dtd_new((size_t)columns, sizeof *table->name);
    cut(table->name, line);
    return;
  }
  if (columns != table->columns)
    dtd_die(DTD_FAILURE, table->path, "have it written again",
            "line %d has %d cells, not %d", number, columns, table->columns);
  cut(dtd_append(table, &table->cell, &table->rows,
                 (size_t)columns * sizeof *table->cell),
      line);
}

static void take_fact(struct dtd_table *table, char *line) {
  *(char **)dtd_append(table, &table->fact, &table->facts,
                       sizeof *table->fact) = line;
}

struct dtd_table *dtd_table_read(const char *path) {
  struct dtd_table *table = dtd_new(1, sizeof *table);
  table->path = path;
  table->text = dtd_input_text(path);
  char *rest = table->text, *line;
  if (!strncmp(rest, "\xef\xbb\xbf", 3)) rest += 3; /* a byte order mark */
  for (int number = 1; (line = strsep(&rest, "\n")); number++) {
    size_t length = strlen(line);
    if (length && line[length - 1] == '\r') line[length - 1] = 0;
    if (*line == '#')
      take_fact(table, line);
    else if (*line)
      take_line(table, line, number);
  }
  if (!table->name)
    dtd_die(DTD_FAILURE, path, "give a table", "has no line of names");
  return table;
}

const char *dtd_table_fact(const struct dtd_table *table, const char *key) {
  size_t length = strlen(key);
  for (int n = 0; n < table->facts; n++) {
    const char *line = table->fact[n];
    if (!strncmp(line, "# ", 2) && !strncmp(line + 2, key, length) &&
        !strncmp(line + 2 + length, ": ", 2))
      return line + length + 4;
  }
  return NULL;
}

int dtd_table_column(const struct dtd_table *table, const char *name) {
  for (int n = 0; n < table->columns; n++)
    if (!strcmp(table->name[n], name)) return n;
  dtd_die(DTD_FAILURE, table->path, "have it written again", "has no column %s",
          name);
}

const char *dtd_table_cell(const struct dtd_table *table, int row, int column) {
  return table->cell[(long)row * table->columns + column];
}

double dtd_table_number(const struct dtd_table *table, int row, int column) {
  const char *text = dtd_table_cell(table, row, column);
  char *end;
  double number = strtod(text, &end);
  if (!strcmp(text, "NA")) return NAN;
  if (end == text || *end || !isfinite(number))
    dtd_die(DTD_FAILURE, table->path, "have it written again",
            "%s is \"%s\" in row %d, no number", table->name[column], text,
            row + 1);
  return number;
}

const char *dtd_table_text(const struct dtd_table *table, int row,
                           const char *name) {
  return dtd_table_cell(table, row, dtd_table_column(table, name));
}

double dtd_table_value(const struct dtd_table *table, int row,
                       const char *name) {
  return dtd_table_number(table, row, dtd_table_column(table, name));
}

bool dtd_table_has(const struct dtd_table *table, int row, const char *name) {
  return strcmp(dtd_table_text(table, row, name), "NA") != 0;
}

int dtd_table_find(const struct dtd_table *table, int from, ...) {
  for (int row = from; row < table->rows; row++) {
    bool found = true;
    va_list pairs;
    va_start(pairs, from);
    for (const char *name; found && (name = va_arg(pairs, const char *));)
      found = !strcmp(dtd_table_text(table, row, name),
                      va_arg(pairs, const char *));
    va_end(pairs);
    if (found) return row;
  }
  return -1;
}

void dtd_table_free(struct dtd_table *table) {
  if (!table) return;
  dtd_free(table->text);
  dtd_free(table->fact);
  dtd_free(table->name);
  dtd_free(table->cell);
  dtd_free(table);
}
