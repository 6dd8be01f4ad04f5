/* The audit of the roots that the rules stand for, a row a rule and layer. */
#include <string.h>

#include "evaluate/root_audit.h"
#include "files/html.h"
#include "files/html_table.h"
#include "files/rounded.h"
#include "runs/report_names.h"
#include "runs/report_section.h"

/* Whether two rows are of one rule and layer. */
static bool same_roots(const struct dtd_table *t, int a, int b) {
  return !strcmp(dtd_table_text(t, a, "rule"), dtd_table_text(t, b, "rule")) &&
         !strcmp(dtd_table_text(t, a, "layer"), dtd_table_text(t, b, "layer"));
}

/* "z^B, pixels" or "z^+, layer 2", with the number of roots. */
static void write_head(FILE *page, const struct dtd_table *t, int row) {
  const char *rule = dtd_table_text(t, row, "rule");
  const char *layer = dtd_table_text(t, row, "layer");
  char title[DTD_MOST_TITLE + 32], below[64];
  snprintf(title, sizeof title, "%s, %s%s", dtd_rule_title(rule).text,
           strcmp(layer, "1") ? "layer " : "pixels",
           strcmp(layer, "1") ? layer : "");
  snprintf(below, sizeof below, "%s roots", dtd_table_text(t, row, "units"));
  dtd_html_row_open(page, title, below);
}

static void write_cell(FILE *page, const struct dtd_table *t, int first,
                       const char *quantity) {
  for (int row = first; row < t->rows; row++)
    if (same_roots(t, first, row) &&
        !strcmp(dtd_table_text(t, row, "quantity"), quantity)) {
      dtd_html_estimate(page, dtd_table_value(t, row, "value"),
                        dtd_table_value(t, row, "low"),
                        dtd_table_value(t, row, "high"));
      return;
    }
  dtd_html_dash(page);
}

static void write_row(FILE *page, const struct dtd_table *t, int first) {
  write_head(page, t, first);
  for (int q = 0; q < DTD_AUDIT_ROWS; q++)
    if (dtd_audit_quantities[q].heading)
      write_cell(page, t, first, dtd_audit_quantities[q].is.name);
  dtd_html(page, "</tr>\n");
}

static void write_audit(FILE *page, struct dtd_report_folder *folder) {
  const struct dtd_table *t = dtd_report_table(folder, "audit.tsv");
  dtd_html_table_open(
      page, "audit-table", "matrix compact",
      "Every unit with relevance has a root of its own, where its rule expands "
      "it. Values with 95 %% intervals over %s pairs with one target. The rule "
      "that the explanations use is z^B on the pixels and z^+ above.",
      t->rows ? dtd_table_text(t, 0, "pairs") : "no");
  dtd_html(page, "<thead><tr>\n<th scope=\"col\">Rule</th>\n");
  for (int q = 0; q < DTD_AUDIT_ROWS; q++)
    if (dtd_audit_quantities[q].heading)
      dtd_html(page, "<th scope=\"col\">%s <small>%s</small></th>\n",
               dtd_audit_quantities[q].is.title,
               dtd_audit_quantities[q].is.meaning);
  dtd_html(page, "</tr></thead><tbody>\n");
  for (int row = 0; row < t->rows; row++) {
    int first = 0;
    while (!same_roots(t, first, row)) first++;
    if (first == row) write_row(page, t, row);
  }
  dtd_html(page, "</tbody>\n");
  dtd_html_table_close(page);
}

const struct dtd_report_section dtd_section_audit = {
    .id = "audit",
    .title = "The roots that the rules stand for",
    .file = "audit.tsv",
    .introduction =
        "A deep Taylor rule decomposes every unit at a root of its own. This "
        "is exact within the layer; through the whole network it holds as far "
        "as nothing else changes between x and that root. The audit visits the "
        "roots and looks.",
    .figure = "audit",
    .description = "Three panels, a line a rule and layer: share of roots in "
                   "the domain and in the linear region of x, score at the "
                   "roots, and drift of what is held constant. The table below "
                   "holds the figures.",
    .caption = "Where the roots lie and what holds there: the share in the "
               "domain and in x’s linear region, f at the root relative to "
               "f(x), and how far what section 5.2 holds constant drifts.",
    .write = write_audit,
};
