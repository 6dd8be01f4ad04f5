/* Writes tables of a page: a caption, heads and cells, in frames that scroll.
 */
#include "files/html_table.h"

#include <stdarg.h>

#include "files/html.h"
#include "files/rounded.h"

void dtd_html_table_open(FILE *page, const char *id, const char *kind,
                         const char *caption, ...) {
  char text[1024];
  va_list values;
  va_start(values, caption);
  vsnprintf(text, sizeof text, caption, values);
  va_end(values);
  dtd_html(page,
           "<div class=\"table scroll\" role=\"region\" tabindex=\"0\" "
           "aria-labelledby=\"%s\">\n<table class=\"%s\"><caption id=\"%s\">"
           "<span>%s</span></caption>\n",
           id, kind, id, text);
}

void dtd_html_table_head(FILE *page, const char *const *texts) {
  dtd_html(page, "<thead><tr>\n");
  for (; *texts; texts++) dtd_html(page, "<th scope=\"col\">%s</th>\n", *texts);
  dtd_html(page, "</tr></thead>\n");
}

void dtd_html_row_open(FILE *page, const char *title, const char *below) {
  dtd_html(page, "<tr><th scope=\"row\">%s", title);
  if (*below) dtd_html(page, " <small>%s</small>", below);
  dtd_html(page, "</th>\n");
}

void dtd_html_group_open(FILE *page, const char *title, int columns) {
  dtd_html(page,
           "<tbody class=\"keep\"><tr><th scope=\"rowgroup\" class=\"group\" "
           "colspan=\"%d\"><span>%s</span></th></tr>\n",
           columns, title);
}

void dtd_html_number(FILE *page, double x) {
  dtd_html(page, "<td class=\"number\">%s</td>\n", dtd_rounded(x).text);
}

void dtd_html_estimate(FILE *page, double x, double low, double high) {
  struct dtd_rounded interval = dtd_rounded_interval(x, low, high);
  dtd_html(page, "<td class=\"number\">%s",
           dtd_rounded_value(x, low, high).text);
  if (*interval.text) dtd_html(page, " <small>%s</small>", interval.text);
  dtd_html(page, "</td>\n");
}

void dtd_html_dash(FILE *page) {
  dtd_html(page, "<td>%s</td>\n", "\u2013");
}

void dtd_html_table_close(FILE *page) {
  dtd_html(page, "</table></div>\n");
}
