/* Writes HTML: the one place where text becomes part of a page.

   Text is what a table, a setting or a descriptor says. It reaches a page by
   dtd_html alone, which escapes it, so that no text is taken for markup. */
#ifndef DTD_HTML_H
#define DTD_HTML_H

#include <stdio.h>

/* Writes `format`, which is HTML, with what its conversions stand for: %s is
   text, %d a number, %% a percent sign; there are no others. Between tags the
   symbols in a text are set as the paper sets them, R_p and z^B with a small p
   below and a small B above; inside a tag a text is the value of an attribute
   and stands as it is. */
void dtd_html(FILE *page, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes text as it is, for <pre>. */
void dtd_html_verbatim(FILE *page, const char *text);

/* ---- tables ---- */

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

void dtd_html_table_close(FILE *page);

#endif
