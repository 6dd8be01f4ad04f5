/* Writes tables of a page: a caption, heads and cells, in frames that scroll.

   Text is escaped as html.h says. Numbers of a cell are rounded as rounded.h
   does; NAN becomes a dash. */
#ifndef DTD_HTML_TABLE_H
#define DTD_HTML_TABLE_H

#include <stdio.h>

/* Opens a table called `id`, of the style sheet's class `kind`; `caption` is a
   printf format of text. */
void dtd_html_table_open(FILE *page, const char *id, const char *kind,
                         const char *caption, ...)
    __attribute__((format(printf, 4, 5)));

/* The head, a text a column; `texts` ends with null. */
void dtd_html_table_head(FILE *page, const char *const *texts);

/* Opens a row with its head, with more in small letters below; "" for none. */
void dtd_html_row_open(FILE *page, const char *title, const char *below);

/* A group of rows, across all columns; it ends with </tbody>. */
void dtd_html_group_open(FILE *page, const char *title, int columns);

void dtd_html_number(FILE *page, double x);

/* A value with its interval below it. */
void dtd_html_estimate(FILE *page, double x, double low, double high);

/* A cell that has nothing to say. */
void dtd_html_dash(FILE *page);

void dtd_html_table_close(FILE *page);

#endif
