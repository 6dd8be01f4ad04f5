/* Audits the root points of deep Taylor rules, unit by unit. */

#include "base/arguments.h"
#include "base/memory.h"
#include "base/die.h"
#include "runs/listing.h"
#include "runs/result_folder.h"
#include "evaluate/root_audit.h"

static int pairs = 100;
static const struct dtd_option options[] = {
    {"pairs", 'n', "N", "Test pairs to audit, one target each (100)",
     .number = &pairs, .least = 1, .most = 10000},
    {0}};
static const struct argp about = {
    .args_doc = "DIR [section.key=value ...]",
    .children = dtd_list_option,
    .doc = "Compares the root of every relevant unit with x: its domain, its "
           "linear region, and f there.\v"
           "Reads DIR/model.safetensors and DIR/config.ini, as train writes "
           "them. Audits every rule with a root on the first layer, and "
           "explanation.upper_rule above. Writes DIR/audit.tsv and prints its "
           "main columns.",
};

int main(int argc, char **argv) {
  struct dtd_texts words =
      dtd_arguments_read(&about, options, &dtd_folder_words, argc, argv);
  struct dtd_result_folder *folder =
      dtd_result_folder_open(&words, argc, argv, 1);
  const struct dtd_evaluation_settings *evaluation =
      &folder->settings.evaluation;
  const struct dtd_explanation_settings *own =
      &folder->model->explainer->settings;
  float *images = dtd_result_folder_pairs(folder, pairs);
  int count;
  struct dtd_audit_row *rows = dtd_audit_network(
      &count, folder->model->network, own->upper_rule, own->low, own->high,
      images, pairs, evaluation->bootstrap, evaluation->seed);

  struct dtd_provenance from = dtd_result_folder_provenance(folder);
  dtd_audit_write(dtd_result_folder_file(folder, "audit.tsv"), rows, count,
                  &from);
  dtd_audit_print(stdout, rows, count);

  dtd_free(rows);
  dtd_free(images);
  dtd_result_folder_close(folder);
  dtd_free(words.text);
  return DTD_OK;
}
