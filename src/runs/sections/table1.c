/* Table 1: for each property and method the paper's cell beside the measured
   one. */
#include <string.h>

#include "evaluate/table1.h"
#include "files/html.h"
#include "files/rounded.h"
#include "runs/report_names.h"
#include "runs/report_section.h"
#include "runs/reported_roots.h"

static const char *title_of(const char *property) {
  for (const struct dtd_quantity *p = dtd_table1_properties; p->name; p++)
    if (!strcmp(p->name, property)) return p->title;
  return property;
}

static void write_head(FILE *page, const struct dtd_reported *methods) {
  dtd_html(page, "<thead><tr><th rowspan=\"2\" scope=\"col\">Property <small>"
                 "what is measured, tolerance</small></th>\n");
  for (int m = 0; m < methods->count; m++)
    dtd_html(page,
             "<th colspan=\"2\" scope=\"colgroup\" class=\"paper\">%s</th>\n",
             dtd_subject_title(methods->name[m]).text);
  dtd_html(page, "</tr><tr>\n");
  for (int m = 0; m < methods->count; m++)
    dtd_html(page, "<th scope=\"col\" class=\"paper\">Paper</th>"
                   "<th scope=\"col\">Measured</th>\n");
  dtd_html(page, "</tr></thead><tbody>\n");
}

static void write_property(FILE *page, const struct dtd_table *t, int first) {
  const char *property = dtd_table_text(t, first, "property");
  char below[256];
  snprintf(below, sizeof below, "%s; tolerance %s",
           dtd_table_text(t, first, "quantity"),
           dtd_rounded_choice(dtd_table_value(t, first, "tolerance")).text);
  dtd_html_row_open(page, title_of(property), below);
}

/* A cell that was measured by a quantity of its own names it: the min-max
   model's rule is judged apart from its fit. */
static void write_cell(FILE *page, const struct dtd_table *t, int row,
                       const char *usual) {
  const char *agrees = dtd_table_text(t, row, "agrees");
  const char *quantity = dtd_table_text(t, row, "quantity");
  bool differs = !strcmp(agrees, "no"), own = strcmp(quantity, usual) != 0;
  dtd_html(page,
           "<td class=\"paper\">%s</td><td class=\"%s\">%s%s <small>%s%s%s"
           "</small></td>\n",
           dtd_table_text(t, row, "paper"),
           differs ? "number differs" : "number",
           dtd_table_text(t, row, "measured"),
           differs                  ? "\u00a0✗ differs"
           : !strcmp(agrees, "yes") ? "\u00a0✓"
                                    : "",
           dtd_rounded(dtd_table_value(t, row, "value")).text, own ? ", " : "",
           own ? quantity : "");
}

static void write_table1(FILE *page, struct dtd_report_folder *folder) {
  const struct dtd_table *t = dtd_report_table(folder, "table1.tsv");
  struct dtd_reported methods = dtd_reported_methods(t, "method");
  struct dtd_reported properties = dtd_reported_names(t, "property");
  dtd_html_table_open(
      page, "table1", "matrix",
      "Table 1 of the paper, each cell beside what was measured here. “Yes” "
      "means that the number below it is at most the tolerance. “Up to the "
      "fit”: the rule keeps all relevance that it is given, but the relevance "
      "model does not predict it exactly. ✓ agrees with the paper, ✗ "
      "differs.%s",
      dtd_left_out_text(dtd_report_table(folder, "roots.tsv")).text);
  write_head(page, &methods);
  for (int p = 0; p < properties.count; p++) {
    int first = dtd_table_find(t, 0, "property", properties.name[p], NULL);
    const char *usual = dtd_table_text(t, first, "quantity");
    write_property(page, t, first);
    for (int m = 0; m < methods.count; m++) {
      int row = dtd_table_find(t, 0, "property", properties.name[p], "method",
                               methods.name[m], NULL);
      if (row >= 0)
        write_cell(page, t, row, usual);
      else
        dtd_html(page, "<td class=\"paper\">–</td><td>–</td>\n");
    }
    dtd_html(page, "</tr>\n");
  }
  dtd_html(page, "</tbody>\n");
  dtd_html_table_close(page);
}

const struct dtd_report_section dtd_section_table1 = {
    .id = "table-1",
    .title = "Table 1, measured",
    .file = "table1.tsv",
    .written = "build/bin/evaluate",
    .write = write_table1,
};
