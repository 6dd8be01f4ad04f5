/* The sentences of section 6.1, claim by claim: what was measured, what was
 * needed, the verdict.
 */
#include <string.h>

#include "evaluate/claims.h"
#include "files/html.h"
#include "files/rounded.h"
#include "runs/report_names.h"
#include "runs/report_section.h"
#include "runs/reported_roots.h"

/* "Slope − 1: Deep Taylor (min–max)" */
static void write_head(FILE *page, const struct dtd_claim *claim,
                       const char *statement, const char *statistic) {
  char text[640], centre[64] = "", against[DTD_MOST_TITLE + 8] = "";
  if (claim && claim->centre != 0)
    snprintf(centre, sizeof centre, " − %.40s",
             dtd_rounded_choice(claim->centre).text);
  if (claim && claim->against)
    snprintf(against, sizeof against, " less %s",
             dtd_subject_title(claim->against).text);
  if (claim)
    snprintf(text, sizeof text, "%s%s: %s%s",
             dtd_metric_title(claim->subject, claim->metric).text, centre,
             dtd_subject_title(claim->subject).text, against);
  dtd_html_row_open(page, dtd_capital(statement).text,
                    claim ? text : statistic);
}

static void write_needed(FILE *page, const struct dtd_claim *claim,
                         double threshold) {
  static const char *const sign[] = {[DTD_AT_LEAST] = "≥\u00a0",
                                     [DTD_AT_MOST] = "≤\u00a0",
                                     [DTD_WITHIN] = "±"};
  dtd_html(page, "<td class=\"number whole\">%s%s</td>\n",
           claim ? sign[claim->side] : "", dtd_rounded_choice(threshold).text);
}

/* The paper's words, then what becomes of them. */
static void open_sentence(FILE *page, const struct dtd_table *sentences,
                          int row) {
  int hold = (int)dtd_table_value(sentences, row, "hold");
  int claims = (int)dtd_table_value(sentences, row, "claims");
  dtd_html(page,
           "<tbody><tr><th class=\"group\" colspan=\"4\" scope=\"rowgroup\">"
           "<span>“%s” <small>%s",
           dtd_table_text(sentences, row, "quote"),
           dtd_capital(dtd_table_text(sentences, row, "verdict")).text);
  if (claims > 1) dtd_html(page, ": %d of %d claims", hold, claims);
  if (dtd_table_has(sentences, row, "readings"))
    dtd_html(page, ". By reading: %s",
             dtd_table_text(sentences, row, "readings"));
  dtd_html(page, ".</small></span></th></tr>\n");
}

static void write_claim(FILE *page, const struct dtd_table *t, int row) {
  const struct dtd_claim *claim =
      dtd_claim_find(dtd_table_text(t, row, "claim"));
  write_head(page, claim, dtd_table_text(t, row, "statement"),
             dtd_table_text(t, row, "statistic"));
  dtd_report_cell(page, t, row, "value");
  write_needed(page, claim, dtd_table_value(t, row, "threshold"));
  dtd_report_verdict(page, dtd_table_text(t, row, "verdict"));
}

static void write_claims(FILE *page, struct dtd_report_folder *folder) {
  const struct dtd_table *claims = dtd_report_table(folder, "claims.tsv");
  const struct dtd_table *sentences = dtd_report_table(folder, "sentences.tsv");
  dtd_html_table_open(
      page, "claims-table", "stacked",
      "What section 6.1 says, in its order. A sentence is split into claims, "
      "and into readings where the verdict may depend on the statistic. A "
      "claim holds when its whole 95 %% interval lies on the claimed side of "
      "the threshold, does not hold when the whole interval lies on the other, "
      "and is undecided in between. The claims are in our words; the "
      "thresholds are ours.%s",
      dtd_left_out_text(dtd_report_table(folder, "roots.tsv")).text);
  dtd_html_table_head(
      page, (const char *const[]){"Claim, and the statistic that judges it",
                                  "Value [95\u00a0% interval]", "Needed",
                                  "Verdict", NULL});
  for (int s = 0; s < sentences->rows; s++) {
    const char *name = dtd_table_text(sentences, s, "sentence");
    open_sentence(page, sentences, s);
    for (int row = -1;
         (row = dtd_table_find(claims, row + 1, "sentence", name, NULL)) >= 0;)
      write_claim(page, claims, row);
    dtd_html(page, "</tbody>\n");
  }
  dtd_html_table_close(page);
}

const struct dtd_report_section dtd_section_claims = {
    .id = "claims",
    .title = "What section 6.1 says",
    .file = "claims.tsv",
    .beside = "sentences.tsv",
    .written = "build/bin/evaluate",
    .write = write_claims,
};
