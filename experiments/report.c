/* Writes the report of a result folder: one page of its tables and figures. */
#include <stdio.h>

#include "base/arguments.h"
#include "base/die.h"
#include "base/memory.h"
#include "runs/listing.h"
#include "runs/report.h"

static const struct dtd_option options[] = {
    {"figures", 'f', NULL,
     "List the figures, their tables and what writes these",
     .print = dtd_figures_print},
    {0}};
static const struct dtd_words expected = {
    .as = "DIR",
    .missing = "no result folder is given",
    .to_do = "give one that evaluate or photos has written to",
    .most = 1,
    .surplus = "takes one folder at a time",
    .instead = "see --help"};
static const struct argp about = {
    .args_doc = "DIR",
    .children = dtd_list_option,
    .doc = "Writes DIR/report.html from the tables and figures of a result "
           "folder, or DIR/ilsvrc.html where they are of photos, and prints "
           "the main findings.\v"
           "The page is one file: figures inline as SVG, no script, nothing "
           "fetched. What evaluate writes and its figures must be there; "
           "training and its settings, the audit, Fig. 1 and the floor are "
           "shown when they are. A figure that is older than its tables, or "
           "holds anything that could run or fetch, is refused. A page newer "
           "than all it shows is kept.",
};

int main(int argc, char **argv) {
  struct dtd_texts words =
      dtd_arguments_read(&about, options, &expected, argc, argv);
  const char *directory = words.text[0];
  struct dtd_report_folder *folder = dtd_report_folder_open(directory);
  const struct dtd_report_page *page = dtd_report_page_of(folder);
  if (dtd_report_write(folder, page, "/proc/self/exe"))
    printf("  %s/%s\n", directory, page->file);
  else
    puts("report is up to date");
  putchar('\n');
  page->print(stdout, folder);
  dtd_report_folder_free(folder);
  dtd_free(words.text);
  return DTD_OK;
}
