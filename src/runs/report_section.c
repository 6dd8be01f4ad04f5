/* A section of the report: its words, its figure, and what writes its table. */
#include "runs/report_section.h"

#include <math.h>
#include <string.h>

#include "files/html.h"

#define DTD_REPORT_SECTION(name) extern const struct dtd_report_section name;
#include "runs/sections/registry.h"
#undef DTD_REPORT_SECTION

#define DTD_REPORT_SECTION(name) &name,
const struct dtd_report_section *const dtd_report_sections[] = {
#include "runs/sections/registry.h"
    NULL};

void dtd_report_cell(FILE *page, const struct dtd_table *t, int row,
                     const char *value) {
  if (row < 0)
    dtd_html_estimate(page, NAN, NAN, NAN);
  else
    dtd_html_estimate(page, dtd_table_value(t, row, value),
                      dtd_table_value(t, row, "low"),
                      dtd_table_value(t, row, "high"));
}

void dtd_report_verdict(FILE *page, const char *verdict) {
  const char *format = "<td class=\"verdict\">? <em>%s</em></td></tr>\n";
  if (!strcmp(verdict, "holds"))
    format = "<td class=\"verdict\">✓ %s</td></tr>\n";
  if (!strcmp(verdict, "does not hold"))
    format = "<td class=\"verdict\">✗ <strong>%s</strong></td></tr>\n";
  dtd_html(page, format, verdict);
}
