/* What the diffuse floor of the heatmaps comes from: a comparison of shorter
   trainings, a row a variant, with the metrics of each subject side by side. */
#include "files/html.h"
#include "runs/report_names.h"
#include "runs/report_section.h"

/* The metrics of a subject. */
static struct dtd_reported metrics_of(const struct dtd_table *t,
                                      const char *subject) {
  struct dtd_reported metrics = {0};
  for (int row = -1;
       (row = dtd_table_find(t, row + 1, "subject", subject, NULL)) >= 0;)
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

static void write_variant(FILE *page, const struct dtd_table *t,
                          const char *variant,
                          const struct dtd_reported *subjects) {
  dtd_html_row_open(page, variant, "");
  for (int s = 0; s < subjects->count; s++) {
    struct dtd_reported metrics = metrics_of(t, subjects->name[s]);
    for (int m = 0; m < metrics.count; m++)
      dtd_report_cell(page, t,
                      dtd_table_find(t, 0, "subject", subjects->name[s],
                                     "metric", metrics.name[m], "variant",
                                     variant, NULL),
                      "mean");
  }
  dtd_html(page, "</tr>\n");
}

static void write_floor(FILE *page, struct dtd_report_folder *folder) {
  const struct dtd_table *t = dtd_report_table(folder, "floor/compare.tsv");
  struct dtd_reported subjects = dtd_reported_names(t, "subject");
  struct dtd_reported variants = dtd_reported_names(t, "variant");
  dtd_html_table_open(
      page, "floor-table", "matrix compact",
      "Shorter trainings, all else equal, that differ from the usual one in "
      "what their names say: means over seeds, with 95 %% intervals where "
      "there are several.");
  write_head(page, t, &subjects);
  for (int v = 0; v < variants.count; v++)
    write_variant(page, t, variants.name[v], &subjects);
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
