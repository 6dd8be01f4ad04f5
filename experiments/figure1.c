/* The paper's Fig. 1: four explanations of functions of two inputs, as arrows.

   The functions, and what to look for, stand in figure1_functions.h. */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>

#include "die.h"
#include "figure1_functions.h"
#include "listing.h"
#include "memory.h"
#include "natural_decomposition.h"
#include "output.h"
#include "plane_function.h"
#include "table.h"
#include "vector_field.h"

enum { FUNCTIONS = sizeof functions / sizeof *functions, CONTOUR_SIDE = 160 };

struct arguments {
  const char *directory, *rule;
  int side;
};

static error_t parse(int key, char *value, struct argp_state *state) {
  struct arguments *a = state->input;
  char *end;
  switch (key) {
  case DTD_LIST:
    dtd_list_everything(stdout);
    exit(DTD_OK);
  case 'o':
    a->directory = value;
    return 0;
  case 'r':
    a->rule = value;
    return 0;
  case 'g': {
    long side = strtol(value, &end, 10);
    if (end == value || *end || side < 2 || side > 64)
      argp_error(state, "--grid %s: not a number from 2 to 64", value);
    a->side = (int)side;
    return 0;
  }
  case ARGP_KEY_ARG:
    argp_error(state, "%s: not an option (see --help)", value);
    return 0;
  case ARGP_KEY_END:
    if (!a->directory) argp_error(state, "--out DIR is needed");
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

static const struct argp_option options[] = {
    {"out", 'o', "DIR", 0, "Where the tables go; made when it is missing", 0},
    {"grid", 'g', "N", 0, "Arrows a side, 2 to 64 (12)", 0},
    {"rule", 'r', "NAME", 0,
     "Deep Taylor's rule, with the domain it is made for (w^2)", 0},
    DTD_LIST_OPTION,
    {0}};
static const struct argp parser = {
    options,
    parse,
    NULL,
    "Explains functions of two inputs, the paper's Fig. 1.\vThe functions "
    "stand "
    "in experiments/figure1_functions.h. Writes DIR/figure1.tsv (arrows), "
    "figure1-contours.tsv and figure1-functions.tsv, for scripts/plot.sh DIR.",
    NULL,
    NULL,
    NULL};

/* The inputs that the rule, and the search for roots, may think of. */
static struct dtd_explanation_settings settings_for(const char *rule) {
  struct dtd_explanation_settings s = {.first_rule = dtd_rule_find(rule),
                                       .upper_rule = dtd_rule_find("z+"),
                                       .low = LOW,
                                       .high = HIGH};
  if (s.first_rule->domain == DTD_ANY_INPUT) s.low = -1000, s.high = 1000;
  if (s.first_rule->domain == DTD_NONNEGATIVE_INPUT) s.low = 0;
  return s;
}

struct tables {
  FILE *functions, *arrows, *contours;
};

static FILE *open_table(const char *directory, const char *name,
                        const struct dtd_provenance *from,
                        const char *columns) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s.tsv", directory, name);
  return dtd_table_open(path, from, columns);
}

static void write_arrows(FILE *table, const char *name,
                         struct dtd_explainer *explainer, int side, float low) {
  int count = side * side;
  float *x = dtd_plane_grid_new(side, low, HIGH);
  float *R = dtd_new(3 * (size_t)count, sizeof *R), *f = R + 2 * (size_t)count;
  for (int e = 0; dtd_field_explanations[e]; e++) {
    const char *explanation = dtd_field_explanations[e];
    if (!dtd_field_exists(explainer->network, explanation)) continue;
    dtd_vector_field(R, f, explainer, explanation, x, count);
    for (int n = 0; n < count; n++)
      dtd_table_row(table, "ssfffff", name, explanation, (double)x[2 * n],
                    (double)x[2 * n + 1], (double)f[n], (double)R[2 * n],
                    (double)R[2 * n + 1]);
  }
  free(x);
  free(R);
}

/* f alone, in rows ended by an empty line, as gnuplot's contours want it, and a
   little further than the last arrows reach. */
static void write_contours(FILE *table, const char *name,
                           struct dtd_explainer *explainer, float low) {
  float *x = dtd_plane_grid_new(CONTOUR_SIDE, low, HIGH + (HIGH - low) / 8);
  int count = CONTOUR_SIDE * CONTOUR_SIDE;
  dtd_forward(explainer->act, explainer->network, x, count);
  for (int n = 0; n < count; n++) {
    dtd_table_row(table, "sfff", name, (double)x[2 * n], (double)x[2 * n + 1],
                  (double)dtd_score(explainer->act)[n]);
    if (n % CONTOUR_SIDE == CONTOUR_SIDE - 1) fputc('\n', table);
  }
  free(x);
}

static void write_function(const struct tables *tables,
                           const struct dtd_plane_function *function,
                           const struct dtd_explanation_settings *settings,
                           int side) {
  struct dtd_network *network = dtd_plane_network_new(function);
  struct dtd_explainer *explainer =
      dtd_explainer_new(network, NULL, settings, CONTOUR_SIDE * CONTOUR_SIDE);
  float low = settings->low < LOW ? LOW : settings->low;
  char *formula = dtd_plane_formula(function);
  dtd_table_row(tables->functions, "ssdffs", function->name, formula,
                dtd_is_natural_sum(network), (double)low, (double)HIGH,
                settings->first_rule->name);
  write_arrows(tables->arrows, function->name, explainer, side, low);
  write_contours(tables->contours, function->name, explainer, low);
  free(formula);
  dtd_explainer_free(explainer);
  dtd_network_free(network);
}

int main(int argc, char **argv) {
  struct arguments arguments = {.rule = "w^2", .side = 12};
  dtd_program(argv[0]);
  argp_err_exit_status = DTD_USAGE;
  argp_parse(&parser, argc, argv, ARGP_IN_ORDER, NULL, &arguments);
  struct dtd_explanation_settings settings = settings_for(arguments.rule);

  char *command = dtd_command_line(argc, argv), digest[17];
  dtd_plane_digest(digest, functions, FUNCTIONS);
  struct dtd_provenance from = {command, digest, 0};
  const char *directory = arguments.directory;
  dtd_output_directory(directory);
  struct tables tables = {
      open_table(directory, "figure1-functions", &from,
                 "function formula natural_sum low high rule"),
      open_table(directory, "figure1", &from,
                 "function explanation x1 x2 f r1 r2"),
      open_table(directory, "figure1-contours", &from, "function x1 x2 f")};
  for (int n = 0; n < FUNCTIONS; n++)
    write_function(&tables, &functions[n], &settings, arguments.side);
  dtd_table_close(tables.functions);
  dtd_table_close(tables.arrows);
  dtd_table_close(tables.contours);
  free(command);
  return DTD_OK;
}
