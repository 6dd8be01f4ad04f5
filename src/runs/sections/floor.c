/* What the diffuse floor of the heatmaps comes from: a comparison of shorter
   trainings, a row a variant, with the metrics of each subject side by side. */
#include <string.h>

#include "files/html.h"
#include "files/html_table.h"
#include "runs/report_names.h"
#include "runs/report_section.h"

static const char file[] = "floor/compare.tsv";

static bool is(const struct dtd_table *t, int row, const char *column,
               const char *word) {
  return !strcmp(dtd_table_text(t, row, column), word);
}

/* The metrics of a subject. */
static struct dtd_reported metrics_of(const struct dtd_table *t,
                                      const char *subject) {
  struct dtd_reported metrics = {0};
  for (int row = 0; row < t->rows; row++)
    if (is(t, row, "subject", subject))
      dtd_reported_add(&metrics, dtd_table_text(t, row, "metric"));
  return metrics;
}

static void write_head(FILE *page, const struct dtd_table *t,
                       const struct dtd_reported *subjects) {
  dtd_html(page, "<thead><tr><th rowspan=\"2\" scope=\"col\">Training</th>\n");
  for (int s = 0; s < subjects->count; s++)
    dtd_html(page,
             "<th colspan=\"%d\" scope=\"colgroup\" class=\"paper\">%s</th>\n",
             metrics_of(t, subjects->name[s]).count,
             dtd_subject_title(subjects->name[s]).text);
  dtd_html(page, "</tr><tr>\n");
  for (int s = 0; s < subjects->count; s++) {
    struct dtd_reported metrics = metrics_of(t, subjects->name[s]);
    for (int m = 0; m < metrics.count; m++)
      dtd_html(page, "<th scope=\"col\">%s</th>\n",
               dtd_metric_title(subjects->name[s], metrics.name[m]).text);
  }
  dtd_html(page, "</tr></thead><tbody>\n");
}

static void write_cell(FILE *page, const struct dtd_table *t,
                       const char *subject, const char *metric,
                       const char *variant) {
  for (int row = 0; row < t->rows; row++)
    if (is(t, row, "subject", subject) && is(t, row, "metric", metric) &&
        is(t, row, "variant", variant)) {
      dtd_html_estimate(page, dtd_table_value(t, row, "mean"),
                        dtd_table_value(t, row, "low"),
                        dtd_table_value(t, row, "high"));
      return;
    }
  dtd_html_dash(page);
}

static void write_floor(FILE *page, struct dtd_report_folder *folder) {
  const struct dtd_table *t = dtd_report_table(folder, file);
  struct dtd_reported subjects = dtd_reported_names(t, "subject");
  struct dtd_reported variants = dtd_reported_names(t, "variant");
  dtd_html_table_open(
      page, "floor-table", "matrix compact",
      "Shorter trainings, all else equal, that differ from the usual one in "
      "what their names say: means over seeds, with 95 %% intervals where "
      "there are several.");
  write_head(page, t, &subjects);
  for (int v = 0; v < variants.count; v++) {
    dtd_html_row_open(page, variants.name[v], "");
    for (int s = 0; s < subjects.count; s++) {
      struct dtd_reported metrics = metrics_of(t, subjects.name[s]);
      for (int m = 0; m < metrics.count; m++)
        write_cell(page, t, subjects.name[s], metrics.name[m],
                   variants.name[v]);
    }
    dtd_html(page, "</tr>\n");
  }
  dtd_html(page, "</tbody>\n");
  dtd_html_table_close(page);
}

const struct dtd_report_section dtd_section_floor = {
    .id = "floor",
    .title = "The floor of the heatmaps",
    .in = "floor/",
    .file = "compare.tsv",
    .introduction =
        "Deep Taylor heatmaps stand on a diffuse floor: black pixels earn "
        "relevance through weights that training left as they were drawn. "
        "Short trainings show what raises it.",
    .figure = "compare",
    .description = "Test error, share of relevance on the target’s half and "
                   "share of the floor, a panel each, for trainings that "
                   "differ in length, learning rate or deviation of the "
                   "initial weights. The table below holds the figures.",
    .caption = "What one change to the training does: to the share on the "
               "target’s half, of all relevance and of what stands above the "
               "floor, and to the share of the floor.",
    .write = write_floor,
};
