/* Writes the report of a result folder: one page of its tables and figures. */
#include <stdio.h>
#include <stdlib.h>

#include "base/arguments.h"
#include "base/die.h"
#include "runs/listing.h"
#include "runs/report.h"
#include "runs/report_summary.h"

static error_t parse(int key, char *value, struct argp_state *state) {
  const char **directory = state->input;
  switch (key) {
  case 'f':
    dtd_figures_print(stdout);
    exit(DTD_OK);
  case ARGP_KEY_ARG:
    if (*directory)
      dtd_die(DTD_USAGE, value, "see --help", "takes one folder at a time");
    *directory = value;
    return 0;
  case ARGP_KEY_END:
    if (!*directory)
      dtd_die(DTD_USAGE, "DIR", "give one that evaluate has been run on",
              "no result folder is given");
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

static const struct argp_option options[] = {
    {"figures", 'f', NULL, 0,
     "List the figures, their tables and what writes these", 0},
    {0}};
static const struct argp parser = {
    .options = options,
    .parser = parse,
    .args_doc = "DIR",
    .children = dtd_list_option,
    .doc = "Writes DIR/report.html from the tables and figures of a result "
           "folder, and prints the main metrics.\v"
           "The page is one file: figures inline as SVG, no script, nothing "
           "fetched. What evaluate writes and its figures must be there; "
           "training and its settings, the audit, Fig. 1 and the floor are "
           "shown when they are. A figure that is older than its tables, or "
           "holds anything that could run or fetch, is refused. A page newer "
           "than all it shows is kept.",
};

int main(int argc, char **argv) {
  const char *directory = NULL;
  dtd_arguments_parse(&parser, argc, argv, &directory);
  struct dtd_report_folder *folder = dtd_report_folder_open(directory);
  bool written = dtd_report_write(folder, "/proc/self/exe");
  printf(written ? "  %s/report.html\n" : "report is up to date\n", directory);
  putchar('\n');
  dtd_report_print(stdout, folder);
  dtd_report_folder_free(folder);
  return DTD_OK;
}
