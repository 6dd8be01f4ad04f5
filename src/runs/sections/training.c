/* How well the network and its relevance models do on test pairs, and how they
   came there. */
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
