/* The nearest roots that Taylor decomposition starts from, and how many of them
   are certified. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "evaluate/root_table.h"
#include "files/html.h"
#include "files/rounded.h"
#include "runs/report_section.h"
#include "runs/reported_roots.h"

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The values (rows) of a column that are numbers, of one set, sorted; returns
   how many. */
static int sorted_values(double *values, const struct dtd_table *t,
                         const char *column, const char *set) {
  int count = 0;
  for (int row = 0; row < t->rows; row++) {
    double value = dtd_table_value(t, row, column);
    if (!isnan(value) && dtd_reported_root_is_of(t, row, set))
      values[count++] = value;
  }
  qsort(values, (size_t)count, sizeof *values, by_size);
  return count;
}

/* A quantile: between order statistics, on a straight line. */
static struct dtd_rounded at(const double *sorted, int count, double share) {
  double place = share * (count - 1);
  int below = (int)place;
  if (below == count - 1) return dtd_rounded(sorted[below]);
  return dtd_rounded(sorted[below] +
                     (place - below) * (sorted[below + 1] - sorted[below]));
}

/* The three cells of one set: median, middle half, least and greatest. */
static void write_quantiles(FILE *page, const double *values, int count) {
  if (!count) {
    dtd_html(page, "<td>–</td><td>–</td><td>–</td>");
    return;
  }
  dtd_html(page,
           "<td class=\"number\">%s</td><td class=\"number\">%s to %s</td>"
           "<td class=\"number\">%s to %s</td>",
           at(values, count, 0.5).text, at(values, count, 0.25).text,
           at(values, count, 0.75).text, dtd_rounded(values[0]).text,
           dtd_rounded(values[count - 1]).text);
}

static void write_quantity(FILE *page, const struct dtd_table *t,
                           const struct dtd_reported_roots *roots,
                           const struct dtd_quantity *quantity) {
  double *values = dtd_new((size_t)t->rows, sizeof *values);
  dtd_html_row_open(page, quantity->title, quantity->meaning);
  for (int s = 0; s < roots->sets; s++) {
    int count = sorted_values(values, t, quantity->name, roots->set[s].name);
    write_quantiles(page, values, count);
  }
  dtd_html(page, "</tr>\n");
  dtd_free(values);
}

static void write_head(FILE *page, const struct dtd_reported_roots *roots) {
  dtd_html(page, "<thead><tr><th rowspan=\"2\" scope=\"col\">Quantity</th>");
  for (int s = 0; s < roots->sets; s++)
    dtd_html(page,
             "<th colspan=\"3\" scope=\"colgroup\">%s pairs: %d of %d "
             "certified</th>",
             roots->set[s].name, roots->set[s].certified, roots->set[s].roots);
  dtd_html(page, "</tr>\n<tr>");
  for (int s = 0; s < roots->sets; s++)
    dtd_html(page, "<th scope=\"col\">Median</th>"
                   "<th scope=\"col\">Middle half</th>"
                   "<th scope=\"col\">Least and greatest</th>");
  dtd_html(page, "</tr></thead>\n");
}

static void write_roots(FILE *page, struct dtd_report_folder *folder) {
  const struct dtd_table *t = dtd_report_table(folder, "roots.tsv");
  struct dtd_reported_roots roots = dtd_reported_roots(t);
  double share = roots.roots ? (double)roots.certified / roots.roots : NAN;
  dtd_html_table_open(
      page, "roots-table", "",
      "The nearest-root search: %d of %d roots (%s) are certified, that is, "
      "they fulfil the conditions of a nearest point with f at a tenth of "
      "f(x).%s",
      roots.certified, roots.roots, dtd_rounded_share(share, NAN, NAN, 0).text,
      roots.certified < roots.roots
          ? " The others are the best that the search found; their pairs take "
            "no part in metrics of Taylor decomposition, in Table 1 or in "
            "claims."
          : "");
  write_head(page, &roots);
  dtd_html(page, "<tbody>\n");
  for (const struct dtd_root_quantity *q = dtd_root_quantities; q->is.name; q++)
    write_quantity(page, t, &roots, &q->is);
  dtd_html(page, "</tbody>\n");
  dtd_html_table_close(page);
}

const struct dtd_report_section dtd_section_roots = {
    .id = "roots",
    .title = "Nearest roots",
    .file = "roots.tsv",
    .introduction =
        "Taylor decomposition expands f at the image nearest to x with f at "
        "most a tenth of f(x). Finding it is a search without a guarantee, so "
        "each answer is checked.",
    .write = write_roots,
};
