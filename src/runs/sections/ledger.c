/* The ledger of relevance: what each step of an explanation loses or makes.

   Rows of ledger.tsv whose example is "mean" are means over all pairs; the
   others are the pairs of the heatmaps. */
#include <math.h>
#include <string.h>

#include "files/html.h"
#include "files/rounded.h"
#include "runs/report_names.h"
#include "runs/report_section.h"

/* The largest change of the step and cause of `mean`, a row, in one pair. */
static double largest(const struct dtd_table *t, int mean) {
  double largest = 0;
  for (int row = -1;
       (row = dtd_table_find(t, row + 1, "method",
                             dtd_table_text(t, mean, "method"), "layer",
                             dtd_table_text(t, mean, "layer"), "cause",
                             dtd_table_text(t, mean, "cause"), NULL)) >= 0;)
    if (strcmp(dtd_table_text(t, row, "example"), "mean"))
      largest = fmax(largest, fabs(dtd_table_value(t, row, "change")));
  return largest;
}

/* The row of a mean: the step from one layer to the next, and its cause. */
static bool write_step(FILE *page, const struct dtd_table *t, int row,
                       double score, const char *from, const char *to) {
  double change = dtd_table_value(t, row, "change"), most = largest(t, row);
  if (change == 0 && most == 0) return false;
  char step[256];
  snprintf(step, sizeof step, "%s → %s, %s", from, to,
           dtd_table_text(t, row, "cause"));
  dtd_html_row_open(page, step, "");
  dtd_html(page,
           "<td class=\"number\">%s\u00a0%%</td><td class=\"number\">%s\u00a0%%"
           "</td>",
           dtd_rounded(100 * change / score).text,
           dtd_rounded_to(100 * dtd_table_value(t, row, "relevance") / score, 1)
               .text);
  dtd_html_number(page, most);
  dtd_html(page, "</tr>\n");
  return true;
}

static void write_method(FILE *page, const struct dtd_table *t,
                         const char *method) {
  int row = dtd_table_find(t, 0, "method", method, "example", "mean", "cause",
                           "score", NULL);
  double score = row < 0 ? 0 : dtd_table_value(t, row, "relevance");
  if (score == 0) return;
  const char *from = "", *to = dtd_table_text(t, row, "layer");
  bool any = false;
  dtd_html_group_open(page, dtd_subject_title(method).text, 4);
  while ((row = dtd_table_find(t, row + 1, "method", method, "example", "mean",
                               NULL)) >= 0) {
    const char *layer = dtd_table_text(t, row, "layer");
    if (strcmp(layer, to)) from = to, to = layer;
    any |= write_step(page, t, row, score, from, to);
  }
  if (!any)
    dtd_html(page, "<tr><td colspan=\"4\">nothing is lost or made</td></tr>\n");
  dtd_html(page, "</tbody>\n");
}

static void write_ledger(FILE *page, struct dtd_report_folder *folder) {
  const struct dtd_table *t = dtd_report_table(folder, "ledger.tsv");
  struct dtd_reported methods = dtd_reported_methods(t, "method");
  struct dtd_reported examples = dtd_reported_names(t, "example");
  dtd_html_table_open(
      page, "ledger-table", "",
      "Where relevance is lost or made on its way from f to the pixels: the "
      "mean over the pairs that every method has explained, relative to the "
      "mean of f, and the largest change, in units of f, in one of the %d "
      "pairs of the heatmaps. Causes that took nothing are left out.",
      examples.count - 1);
  dtd_html_table_head(page,
                      (const char *const[]){"Step and cause", "Mean change",
                                            "Mean afterwards",
                                            "Largest in one pair", NULL});
  for (int m = 0; m < methods.count; m++)
    if (!dtd_reported_method(methods.name[m])->control)
      write_method(page, t, methods.name[m]);
  dtd_html_table_close(page);
}

const struct dtd_report_section dtd_section_ledger = {
    .id = "ledger",
    .title = "Where relevance is lost",
    .file = "ledger.tsv",
    .introduction =
        "An explanation hands f down to the pixels; each step may keep all of "
        "it or not. The ledger says which step lost how much, and why.",
    .figure = "ledger",
    .description = "For each method, how much of the score is left after each "
                   "step towards the pixels. The table below holds the same "
                   "figures.",
    .caption =
        "What is left of f after each step, and what took the rest. Bars "
        "are means over the pairs that every method explained, dots the "
        "pairs of the heatmaps above.",
    .write = write_ledger,
};
