/* The nearest roots that Taylor decomposition starts from, and how many of them
   are certified. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "evaluate/root_table.h"
#include "files/html.h"
#include "files/rounded.h"
#include "runs/report_section.h"

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The values (rows) of a column that are numbers, sorted; returns how many. */
static int sorted_values(double *values, const struct dtd_table *t,
                         const char *column) {
  int count = 0;
  for (int row = 0; row < t->rows; row++) {
    double value = dtd_table_value(t, row, column);
    if (!isnan(value)) values[count++] = value;
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

static void write_quantity(FILE *page, const struct dtd_table *t,
                           const struct dtd_quantity *quantity) {
  double *values = dtd_new((size_t)t->rows, sizeof *values);
  int count = sorted_values(values, t, quantity->name);
  if (count) {
    dtd_html_row_open(page, quantity->title, quantity->meaning);
    dtd_html(page,
             "<td class=\"number\">%s</td><td class=\"number\">%s to %s</td>"
             "<td class=\"number\">%s to %s</td></tr>\n",
             at(values, count, 0.5).text, at(values, count, 0.25).text,
             at(values, count, 0.75).text, dtd_rounded(values[0]).text,
             dtd_rounded(values[count - 1]).text);
  }
  dtd_free(values);
}

static void write_roots(FILE *page, struct dtd_report_folder *folder) {
  const struct dtd_table *t = dtd_report_table(folder, "roots.tsv");
  int certified = 0;
  for (int row = 0; row < t->rows; row++)
    certified += dtd_table_value(t, row, "certified") == 1;
  double share = t->rows ? (double)certified / t->rows : NAN;
  dtd_html_table_open(
      page, "roots-table", "",
      "The nearest-root search: %d of %d roots (%s) are certified, that is, "
      "they fulfil the conditions of a nearest point with f at a tenth of "
      "f(x).%s",
      certified, t->rows, dtd_rounded_share(share, NAN, NAN, 0).text,
      certified < t->rows ? " The others are the best that the search found; "
                            "all are used."
                          : "");
  dtd_html_table_head(page,
                      (const char *const[]){"Quantity", "Median", "Middle half",
                                            "Least and greatest", NULL});
  dtd_html(page, "<tbody>\n");
  for (const struct dtd_root_quantity *q = dtd_root_quantities; q->is.name; q++)
    write_quantity(page, t, &q->is);
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
