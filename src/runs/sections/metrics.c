/* Every metric of every method, grouped by what it asks of a heatmap. */
#include <string.h>

#include "evaluate/metric.h"
#include "files/html.h"
#include "runs/report_names.h"
#include "runs/report_section.h"

static int find(const struct dtd_table *t, const char *method,
                const char *metric) {
  return dtd_table_find(t, 0, "subject", method, "metric", metric, NULL);
}

/* How many pairs are behind a metric, and the methods that have fewer. */
static void write_head(FILE *page, const struct dtd_table *t,
                       const char *metric, const char *title,
                       const char *meaning,
                       const struct dtd_reported *methods) {
  double n[DTD_MOST_REPORTED], most = 0;
  for (int m = 0; m < methods->count; m++) {
    int row = find(t, methods->name[m], metric);
    n[m] = row < 0 ? 0 : dtd_table_value(t, row, "n");
    if (n[m] > most) most = n[m];
  }
  dtd_html(page, "<tr><th scope=\"row\">%s <small>%s<br>", title, meaning);
  dtd_html(page, "<span class=\"whole\">n = %d</span>", (int)most);
  const char *before = "; ";
  for (int m = 0; m < methods->count; m++) {
    if (n[m] <= 0 || n[m] >= most) continue;
    dtd_html(page, "%s%s\u00a0%d", before, methods->name[m], (int)n[m]);
    before = ", ";
  }
  dtd_html(page, "</small></th>\n");
}

/* The metrics of one group, in the order of the registry; those that this
   version does not know are in a group of their own, the last. */
static void write_group(FILE *page, const struct dtd_table *t, int group,
                        const struct dtd_reported *metrics,
                        const struct dtd_reported *methods) {
  bool any = false, known = group < DTD_METRIC_GROUPS;
  for (int n = 0; known ? dtd_metrics[n].name != NULL : n < metrics->count;
       n++) {
    const struct dtd_metric *m = &dtd_metrics[known ? n : 0];
    const char *name = known ? m->name : metrics->name[n];
    if (known ? (int)m->group != group || m->subject < DTD_OF_METHOD ||
                    !dtd_reported_has(metrics, name)
              : dtd_metric_find(methods->name[0], name) != NULL)
      continue;
    if (!any)
      dtd_html_group_open(page, known ? dtd_metric_groups[group] : "Others",
                          methods->count + 1);
    any = true;
    write_head(page, t, name, known ? m->title : name, known ? m->meaning : "",
               methods);
    for (int i = 0; i < methods->count; i++)
      dtd_report_cell(page, t, find(t, methods->name[i], name), "value");
    dtd_html(page, "</tr>\n");
  }
  if (any) dtd_html(page, "</tbody>\n");
}

static void write_metrics(FILE *page, struct dtd_report_folder *folder) {
  const struct dtd_table *t = dtd_report_table(folder, "metrics.tsv");
  struct dtd_reported methods = dtd_reported_methods(t, "subject");
  struct dtd_reported metrics = {0};
  for (int row = 0; row < t->rows; row++)
    if (dtd_reported_method(dtd_table_text(t, row, "subject")))
      dtd_reported_add(&metrics, dtd_table_text(t, row, "metric"));
  dtd_html_table_open(
      page, "metrics-table", "matrix",
      "Every metric with its 95 %% bootstrap interval over pairs. n counts the "
      "pairs behind it, and says which method has fewer. A dash: it makes no "
      "sense there. The controls explain nothing; a metric that does not tell "
      "them from a method says nothing about it.");
  const char *heads[DTD_MOST_REPORTED + 2] = {"Metric"};
  struct dtd_title title[DTD_MOST_REPORTED];
  for (int m = 0; m < methods.count; m++) {
    title[m] = dtd_subject_title(methods.name[m]);
    heads[m + 1] = title[m].text;
  }
  dtd_html_table_head(page, heads);
  for (int group = 0; group <= DTD_METRIC_GROUPS; group++)
    write_group(page, t, group, &metrics, &methods);
  dtd_html_table_close(page);
}

const struct dtd_report_section dtd_section_metrics = {
    .id = "metrics",
    .title = "All metrics",
    .file = "metrics.tsv",
    .written = "build/bin/evaluate",
    .write = write_metrics,
};
