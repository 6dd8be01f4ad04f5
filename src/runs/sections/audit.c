/* The audit of the roots that the rules stand for, a row a rule and layer. */
#include <string.h>

#include "evaluate/root_audit.h"
#include "files/html.h"
#include "files/rounded.h"
#include "runs/report_names.h"
#include "runs/report_section.h"

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

static void write_row(FILE *page, const struct dtd_table *t, const char *rule,
                      const char *layer) {
  for (int q = 0; q < DTD_AUDIT_ROWS; q++)
    if (dtd_audit_quantities[q].heading)
      dtd_report_cell(page, t,
                      dtd_table_find(t, 0, "rule", rule, "layer", layer,
                                     "quantity",
                                     dtd_audit_quantities[q].is.name, NULL),
                      "value");
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
    const char *rule = dtd_table_text(t, row, "rule");
    const char *layer = dtd_table_text(t, row, "layer");
    if (dtd_table_find(t, 0, "rule", rule, "layer", layer, NULL) < row)
      continue;
    write_head(page, t, row);
    write_row(page, t, rule, layer);
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
        "roots and compares.",
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
