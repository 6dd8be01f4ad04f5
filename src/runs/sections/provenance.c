/* What made the results: the configuration, and what each table says of itself.
 */
#include <string.h>

#include "base/input.h"
#include "base/memory.h"
#include "files/html.h"
#include "runs/report_section.h"

static void write_settings(FILE *page, struct dtd_report_folder *folder) {
  char *text = dtd_input_text(dtd_report_path(folder, "config.ini"));
  dtd_html(page, "<pre>");
  dtd_html_verbatim(page, text);
  dtd_html(page, "</pre>\n");
  dtd_free(text);
}

const struct dtd_report_section dtd_section_settings = {
    .id = "settings",
    .title = "Settings",
    .file = "config.ini",
    .introduction = "The configuration of this run; what is not listed has its "
                    "default.",
    .write = write_settings,
};

static bool same_facts(const struct dtd_table *a, const struct dtd_table *b) {
  bool same = a->facts == b->facts;
  for (int n = 0; same && n < a->facts; n++)
    same = !strcmp(a->fact[n], b->fact[n]);
  return same;
}

/* The lines that tables open with, where they are not those of the table
   before. */
static void write_provenance(FILE *page, struct dtd_report_folder *folder) {
  static const char *const name[] = {"training.tsv", "metrics.tsv", "audit.tsv",
                                     "floor/compare.tsv", "figure1.tsv"};
  const struct dtd_table *before = NULL;
  dtd_html(page, "<pre>");
  for (size_t n = 0; n < sizeof name / sizeof *name; n++) {
    const struct dtd_table *table = dtd_report_table(folder, name[n]);
    if (!table || (before && same_facts(table, before))) continue;
    before = table;
    dtd_html_verbatim(page, name[n]);
    for (int i = 0; i < table->facts; i++) {
      dtd_html(page, "\n");
      dtd_html_verbatim(page, table->fact[i] + strspn(table->fact[i], "# "));
    }
    dtd_html(page, "\n\n");
  }
  dtd_html(page, "</pre>\n");
}

const struct dtd_report_section dtd_section_provenance = {
    .id = "provenance",
    .title = "Provenance",
    .file = "metrics.tsv",
    .introduction = "What made each table, so that it can be made again.",
    .write = write_provenance,
};
