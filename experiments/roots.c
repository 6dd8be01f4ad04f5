/* Compares the nearest-root solvers: one table, and a row an example. */

#include "base/arguments.h"
#include "base/memory.h"
#include "base/die.h"
#include "runs/listing.h"
#include "runs/result_folder.h"
#include "evaluate/root_comparison.h"

static int restarts = 20;
static const struct dtd_option options[] = {
    {"restarts", 'n', "N", "Random restarts to compare with (20)",
     .number = &restarts, .least = 1, .most = 1000},
    {0}};
static const struct argp about = {
    .args_doc = "DIR [section.key=value ...]",
    .children = dtd_list_option,
    .doc = "Compares the nearest-root solvers.\v"
           "Searches the roots of the first evaluation.roots one-target test "
           "pairs with the configured solver, from random restarts, and with "
           "NLopt. Reads DIR/model.safetensors and DIR/config.ini; writes "
           "DIR/roots-comparison.tsv and prints a summary.",
};

int main(int argc, char **argv) {
  struct dtd_texts words =
      dtd_arguments_read(&about, options, &dtd_folder_words, argc, argv);
  struct dtd_result_folder *folder =
      dtd_result_folder_open(&words, argc, argv, 1);
  int count = folder->settings.evaluation.roots;
  float *images = dtd_result_folder_pairs(folder, count);
  struct dtd_root_comparison *comparison =
      dtd_root_comparison_new(folder->model->network, images, count,
                              &folder->model->explainer->settings, restarts);

  struct dtd_provenance from = dtd_result_folder_provenance(folder);
  dtd_root_comparison_write(
      dtd_result_folder_file(folder, "roots-comparison.tsv"), comparison,
      &from);
  dtd_root_comparison_print(stdout, comparison);

  dtd_root_comparison_free(comparison);
  dtd_free(images);
  dtd_result_folder_close(folder);
  dtd_free(words.text);
  return DTD_OK;
}
