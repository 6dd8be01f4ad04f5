/* The paper's Fig. 1: four explanations of functions of two inputs, as arrows.

   The functions, and what the figure shows, stand in figure1_functions.h. */

#include "base/arguments.h"
#include "base/memory.h"
#include "base/die.h"
#include "figure1_functions.h"
#include "runs/listing.h"
#include "explain/plane_tables.h"

enum { FUNCTIONS = sizeof functions / sizeof *functions };

struct arguments {
  const char *directory, *rule;
  int side;
};

static error_t parse(int key, char *value, struct argp_state *state) {
  struct arguments *a = state->input;
  const struct dtd_text_option texts[] = {
      {'o', &a->directory}, {'r', &a->rule}, {0}};
  if (dtd_argument_text(texts, key, value)) return 0;
  switch (key) {
  case 'g':
    a->side = dtd_argument_number(value, "--grid", 2, 64);
    return 0;
  case ARGP_KEY_ARG:
    dtd_die(DTD_USAGE, value, "see --help", "not an option");
    return 0;
  case ARGP_KEY_END:
    if (!a->directory)
      dtd_die(DTD_USAGE, "--out DIR", "see --help", "is missing");
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
    {0}};
static const struct argp parser = {
    .options = options,
    .parser = parse,
    .children = dtd_list_option,
    .doc = "Explains functions of two inputs, the paper's Fig. 1.\v"
           "The functions stand in experiments/figure1_functions.h. Writes "
           "DIR/figure1.tsv (arrows), figure1-contours.tsv and "
           "figure1-functions.tsv, for scripts/plot.sh DIR.",
};

/* The rule, with the domain that it is made for. */
static struct dtd_explanation_settings settings_for(const char *rule) {
  struct dtd_explanation_settings s = {.first_rule = dtd_rule_find(rule),
                                       .upper_rule = dtd_rule_find("z+"),
                                       .low = LOW,
                                       .high = HIGH};
  if (s.first_rule->domain == DTD_ANY_INPUT) s.low = -1000, s.high = 1000;
  if (s.first_rule->domain == DTD_NONNEGATIVE_INPUT) s.low = 0;
  return s;
}

int main(int argc, char **argv) {
  struct arguments arguments = {.rule = "w^2", .side = 12};
  dtd_arguments_parse(&parser, argc, argv, &arguments);
  struct dtd_explanation_settings settings = settings_for(arguments.rule);

  char *command = dtd_command_line(argc, argv), digest[17];
  dtd_plane_digest(digest, functions, FUNCTIONS);
  struct dtd_provenance from = {command, digest, 0};
  struct dtd_plane_tables *tables =
      dtd_plane_tables_open(arguments.directory, &from);
  for (int n = 0; n < FUNCTIONS; n++)
    dtd_plane_tables_add(tables, &functions[n], &settings, arguments.side, LOW,
                         HIGH);
  dtd_plane_tables_close(tables);
  dtd_free(command);
  return DTD_OK;
}
