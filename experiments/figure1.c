/* The paper's Fig. 1: four explanations of functions of two inputs, as arrows.

   The functions, and what the figure shows, stand in figure1_functions.h. */

#include "base/arguments.h"
#include "base/memory.h"
#include "base/die.h"
#include "figure1_functions.h"
#include "runs/listing.h"
#include "explain/plane_tables.h"

enum { FUNCTIONS = sizeof functions / sizeof *functions };

static const char *directory, *rule = "w^2";
static int side = 12;
static const struct dtd_option options[] = {
    {"out", 'o', "DIR", "Where the tables go; made when it is missing",
     .text = &directory, .as = "--out DIR", .missing = "is missing",
     .to_do = "see --help"},
    {"grid", 'g', "N", "Arrows a side, 2 to 64 (12)", .number = &side,
     .least = 2, .most = 64},
    {"rule", 'r', "NAME",
     "Deep Taylor's rule, with the domain it is made for (w^2)", .text = &rule},
    {0}};
static const struct dtd_words none = {.surplus = "not an option",
                                      .instead = "see --help"};
static const struct argp about = {
    .children = dtd_list_option,
    .doc = "Explains functions of two inputs, the paper's Fig. 1.\v"
           "The functions stand in experiments/figure1_functions.h. Writes "
           "DIR/figure1.tsv (arrows), figure1-contours.tsv and "
           "figure1-functions.tsv, for scripts/plot.sh DIR.",
};

/* The rule, with the domain that it is made for. */
static struct dtd_explanation_settings settings_for_rule(void) {
  struct dtd_explanation_settings s = {.first_rule = dtd_rule_find(rule),
                                       .upper_rule = dtd_rule_find("z+"),
                                       .low = LOW,
                                       .high = HIGH};
  if (s.first_rule->domain == DTD_ANY_INPUT) s.low = -1000, s.high = 1000;
  if (s.first_rule->domain == DTD_NONNEGATIVE_INPUT) s.low = 0;
  return s;
}

int main(int argc, char **argv) {
  dtd_arguments_read(&about, options, &none, argc, argv);
  struct dtd_explanation_settings settings = settings_for_rule();

  char *command = dtd_command_line(argc, argv), digest[17];
  dtd_plane_digest(digest, functions, FUNCTIONS);
  struct dtd_provenance from = {command, digest, 0};
  struct dtd_plane_tables *tables = dtd_plane_tables_open(directory, &from);
  for (int n = 0; n < FUNCTIONS; n++)
    dtd_plane_tables_add(tables, &functions[n], &settings, side, LOW, HIGH);
  dtd_plane_tables_close(tables);
  dtd_free(command);
  return DTD_OK;
}
