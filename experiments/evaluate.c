/* Explains test pairs with every method and writes tables and heatmaps. */
#include <stdio.h>

#include "base/arguments.h"
#include "base/memory.h"
#include "evaluate/claims.h"
#include "base/die.h"
#include "runs/evaluation_record.h"
#include "evaluate/evaluation_tables.h"
#include "runs/listing.h"
#include "runs/progress.h"
#include "runs/result_folder.h"
#include "evaluate/table1.h"
#include "evaluate/uniqueness.h"

static const struct dtd_option options[] = {{0}};
static const struct argp about = {
    .args_doc = "DIR [section.key=value ...]",
    .children = dtd_list_option,
    .doc = "Explains test pairs with every method and measures the heatmaps.\v"
           "Reads DIR/model.safetensors and DIR/config.ini, as train writes "
           "them; settings of [explanation] and [evaluation] may be changed "
           "here. A DIR with model.safetensors alone, say from PyTorch, is "
           "evaluated as well. Writes DIR/metrics.tsv, examples.tsv, "
           "histogram.tsv, flipping.tsv, randomisation.tsv, claims.tsv, "
           "table1.tsv, ledger.tsv, roots.tsv, gallery.tsv, "
           "DIR/heatmaps/*.npy and evaluation.ini, the settings of all that. "
           "Every section.key with its range and default: --list.",
};

/* Dies where a method is named in the settings but its relevance model is
   missing. */
static void check_methods(const struct dtd_settings *settings,
                          const struct dtd_explainer *explainer) {
  bool named = dtd_methods_are_listed(settings->evaluation.skip);
  for (int n = 0; dtd_methods[n]; n++) {
    const struct dtd_method *method = dtd_methods[n];
    if (settings->evaluation.skip[n] || dtd_explainer_offers(explainer, method))
      continue;
    if (named && dtd_method_is_trained(method))
      dtd_die(DTD_USAGE, method->name, "train it with relevance.models",
              "the model holds no relevance model %s", method->model->name);
    if (method->of_paper)
      dtd_warn(method->name, "train one, or use deep-taylor-free",
               "left out: the model has no min-max relevance model");
  }
}

int main(int argc, char **argv) {
  struct dtd_texts words =
      dtd_arguments_read(&about, options, &dtd_folder_words, argc, argv);
  struct dtd_result_folder *folder =
      dtd_result_folder_open(&words, argc, argv, DTD_AT_A_TIME);
  const struct dtd_settings *settings = &folder->settings;
  struct dtd_explainer *explainer = folder->model->explainer;

  check_methods(settings, explainer);
  struct dtd_digits training = dtd_digits_read(settings->directory, DTD_TRAIN);
  struct dtd_digits test = dtd_digits_read(settings->directory, DTD_TEST);
  struct dtd_evaluation *evaluation =
      dtd_evaluate(explainer, &test, &training, &settings->pairs,
                   &settings->evaluation, dtd_progress_counted);
  struct dtd_uniqueness_settings again = dtd_uniqueness_defaults();
  again.pairs = settings->pairs;
  again.training = settings->training;
  again.rate = settings->minmax_rate;
  again.deviation = settings->minmax_deviation;
  again.top_down_deviation = settings->minmax_top_down_deviation;
  again.seed = settings->seed;
  dtd_uniqueness_measure(evaluation, explainer, &training, &again);

  struct dtd_provenance from = dtd_result_folder_provenance(folder);
  dtd_evaluation_write(folder->directory, evaluation, &from);
  dtd_evaluation_record_write(folder->directory, settings, &test);
  dtd_claims_print(stdout, evaluation);
  dtd_table1_print(stdout, evaluation);

  dtd_evaluation_free(evaluation);
  dtd_digits_free(&training);
  dtd_digits_free(&test);
  dtd_result_folder_close(folder);
  dtd_free(words.text);
  return DTD_OK;
}
