/* How well the network and its relevance models do on test pairs, and how they
   came there. */
#include <string.h>

#include "evaluate/metric.h"
#include "files/html.h"
#include "files/rounded.h"
#include "runs/report_names.h"
#include "runs/report_section.h"

static void write_row(FILE *page, const struct dtd_table *t, int row) {
  const char *subject = dtd_table_text(t, row, "subject");
  const char *metric = dtd_table_text(t, row, "metric");
  const struct dtd_metric *known = dtd_metric_find(subject, metric);
  char title[2 * DTD_MOST_TITLE + 4];
  if (known && known->subject == DTD_OF_NETWORK)
    snprintf(title, sizeof title, "%s", known->title);
  else
    snprintf(title, sizeof title, "%s: %s", dtd_subject_title(subject).text,
             dtd_metric_title(subject, metric).text);
  dtd_html_row_open(page, title, known ? known->meaning : "");
  dtd_html(page,
           "<td class=\"number\">%s</td><td class=\"number\">%s</td></tr>\n",
           dtd_rounded_estimate(dtd_table_value(t, row, "value"),
                                dtd_table_value(t, row, "low"),
                                dtd_table_value(t, row, "high"))
               .text,
           dtd_table_text(t, row, "n"));
}

/* What a column counts as dead: "dead2" in a layer, "minmax_dead" and
   "minmax_dead_pools" in a relevance model; empty for other columns. */
static struct dtd_title counted_dead(const char *column) {
  struct dtd_title counted = {""};
  char model[DTD_MOST_TITLE];
  const char *end = strstr(column, "_dead");
  if (!strncmp(column, "dead", 4))
    snprintf(counted.text, sizeof counted.text, "units of detection layer %s",
             column + 4);
  if (!end) return counted;
  snprintf(model, sizeof model, "%.*s", (int)(end - column), column);
  snprintf(counted.text, sizeof counted.text, "%.99s: %s",
           dtd_subject_title(model).text,
           strcmp(end, "_dead") ? "whole pools" : "units");
  return counted;
}

/* The last row of training.tsv, as far as it counts what is dead. */
static void write_dead(FILE *page, struct dtd_report_folder *folder) {
  const struct dtd_table *t = dtd_report_table(folder, "training.tsv");
  int written = 0;
  for (int column = 0; t && t->rows && column < t->columns; column++) {
    struct dtd_title counted = counted_dead(t->name[column]);
    if (!*counted.text) continue;
    if (written++)
      dtd_html(page, ", ");
    else
      dtd_html(page, "<p>Never on in the last evaluation during training: ");
    dtd_html(page, "%s (%s)", counted.text,
             dtd_table_cell(t, t->rows - 1, column));
  }
  if (written) dtd_html(page, ".</p>\n");
}

static void write_training(FILE *page, struct dtd_report_folder *folder) {
  const struct dtd_table *t = dtd_report_table(folder, "metrics.tsv");
  dtd_html_table_open(page, "network-table", "",
                      "The network and its relevance models on test pairs.");
  dtd_html_table_head(page, (const char *const[]){"Quantity",
                                                  "Value [95\u00a0% interval]",
                                                  "Pairs", NULL});
  dtd_html(page, "<tbody>\n");
  for (int row = 0; row < t->rows; row++)
    if (!dtd_reported_method(dtd_table_text(t, row, "subject")))
      write_row(page, t, row);
  dtd_html(page, "</tbody>\n");
  dtd_html_table_close(page);
  write_dead(page, folder);
}

const struct dtd_report_section dtd_section_training = {
    .id = "training",
    .title = "Training",
    .file = "metrics.tsv",
    .figure = "training",
    .description = "Four panels over the iterations: squared error, test "
                   "accuracy, the fit of the relevance model, and the share of "
                   "active units. The table below holds where they end.",
    .caption = "Squared error on training and test pairs, accuracy on test "
               "pairs, the fit of the min–max relevance model, and the share "
               "of units that are on for at least one test pair.",
    .write = write_training,
};
