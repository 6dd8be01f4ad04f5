/* The tables of functions of two inputs and their explanations (Fig. 1). */
#include "explain/plane_tables.h"

#include <stdio.h>

#include "base/memory.h"
#include "base/output.h"
#include "explain/vector_field.h"

enum { CONTOUR_SIDE = 160 };

struct dtd_plane_tables {
  FILE *functions, *arrows, *contours;
};

static FILE *open_table(const char *directory, const char *name,
                        const struct dtd_provenance *from,
                        const char *columns) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s.tsv", directory, name);
  return dtd_table_open(path, from, columns);
}

static void write_explanations(const char *directory,
                               const struct dtd_provenance *from) {
  FILE *table = open_table(directory, "figure1-explanations", from,
                           "explanation title own_scale by_rule");
  const struct dtd_field_explanation *e = dtd_field_explanations;
  for (; e->name; e++)
    dtd_table_row(table, "%s %s %d %d", e->name, e->title, e->own_scale,
                  e->by_rule);
  dtd_table_close(table);
}

struct dtd_plane_tables *
dtd_plane_tables_open(const char *directory,
                      const struct dtd_provenance *from) {
  struct dtd_plane_tables *tables = dtd_new(1, sizeof *tables);
  dtd_output_directory(directory);
  write_explanations(directory, from);
  tables->functions = open_table(directory, "figure1-functions", from,
                                 "function formula natural_sum low high rule");
  tables->arrows = open_table(directory, "figure1", from,
                              "function explanation x1 x2 f r1 r2");
  tables->contours =
      open_table(directory, "figure1-contours", from, "function x1 x2 f");
  return tables;
}

static void write_arrows(FILE *table, const char *name,
                         struct dtd_explainer *explainer, int side, float low,
                         float high) {
  int count = side * side;
  float *x = dtd_plane_grid_new(side, low, high);
  float *R = dtd_new(3 * (size_t)count, sizeof *R), *f = R + 2 * (size_t)count;
  for (int e = 0; dtd_field_explanations[e].name; e++) {
    const char *explanation = dtd_field_explanations[e].name;
    if (!dtd_field_exists(explainer->network, explanation)) continue;
    dtd_vector_field(R, f, explainer, explanation, x, count);
    for (int n = 0; n < count; n++)
      dtd_table_row(table, "%s %s %f %f %f %f %f", name, explanation,
                    (double)x[2 * n], (double)x[2 * n + 1], (double)f[n],
                    (double)R[2 * n], (double)R[2 * n + 1]);
  }
  dtd_free(x);
  dtd_free(R);
}

static void write_contours(FILE *table, const char *name,
                           struct dtd_explainer *explainer, float low,
                           float high) {
  float *x = dtd_plane_grid_new(CONTOUR_SIDE, low, high);
  int count = CONTOUR_SIDE * CONTOUR_SIDE;
  dtd_forward(explainer->act, explainer->network, dtd_rows(x, count));
  for (int n = 0; n < count; n++) {
    dtd_table_row(table, "%s %f %f %f", name, (double)x[2 * n],
                  (double)x[2 * n + 1], (double)dtd_score(explainer->act)[n]);
    if (n % CONTOUR_SIDE == CONTOUR_SIDE - 1) fputc('\n', table);
  }
  dtd_free(x);
}

void dtd_plane_tables_add(struct dtd_plane_tables *tables,
                          const struct dtd_plane_function *function,
                          const struct dtd_explanation_settings *settings,
                          int side, float low, float high) {
  struct dtd_network *network = dtd_plane_network_new(function);
  struct dtd_explainer *explainer =
      dtd_explainer_new(network, NULL, settings, CONTOUR_SIDE * CONTOUR_SIDE);
  char *formula = dtd_plane_formula(function);
  if (settings->low > low) low = settings->low;
  dtd_table_row(tables->functions, "%s %s %d %f %f %s", function->name, formula,
                dtd_is_natural_sum(network), (double)low, (double)high,
                settings->first_rule->name);
  write_arrows(tables->arrows, function->name, explainer, side, low, high);
  write_contours(tables->contours, function->name, explainer, low,
                 high + (high - low) / 8);
  dtd_free(formula);
  dtd_explainer_free(explainer);
  dtd_network_free(network);
}

void dtd_plane_tables_close(struct dtd_plane_tables *tables) {
  dtd_table_close(tables->functions);
  dtd_table_close(tables->arrows);
  dtd_table_close(tables->contours);
  dtd_free(tables);
}
