/* Compares variants of an experiment over their seeds: a table of intervals. */
#include <stdio.h>

#include "base/arguments.h"
#include "runs/compared_verdicts.h"
#include "runs/comparison.h"
#include "base/die.h"
#include "runs/listing.h"
#include "base/memory.h"

static const char *output, *across, *baseline;
static struct dtd_texts patterns;
static bool mixed;
static const struct dtd_option options[] = {
    {"out", 'o', "DIR", "Where compare.tsv goes; made when it is missing",
     .text = &output, .as = "--out",
     .missing = "no folder for the table is given",
     .to_do = "give --out DIR; see --help"},
    {"across", 'a', "WHAT",
     "What the variants are: settings, methods or models (models where all "
     "runs have the same settings and several relevance models, else settings)",
     .text = &across},
    {"baseline", 'b', "VARIANT",
     "What the others are compared with (the first variant)",
     .text = &baseline},
    {"metric", 'm', "SUBJECT:METRIC",
     "Compare these metrics, a shell pattern; may be repeated (the network's "
     "mse and accuracy, *:rms, target_share of the paper's methods, "
     "deep-taylor*:floor_share)",
     .texts = &patterns},
    {"mixed", 'x', NULL,
     "Compare what was evaluated on other data, with other settings of "
     "[evaluation], or, across methods, on fewer pairs",
     .given = &mixed},
    {0}};
static const struct dtd_words expected = {
    .as = "DIR",
    .missing = "no result folder is given",
    .to_do = "give some that evaluate has been run on"};
static const struct argp about = {
    .args_doc = "DIR...",
    .children = dtd_list_option,
    .doc = "Compares variants of an experiment over their seeds.\v"
           "Each DIR holds one evaluated run, or a sweep's runs. Runs with "
           "the same settings but for training.seed are one variant. --across "
           "methods compares the methods of each run instead (--baseline "
           "sensitivity), --across models its relevance models (--baseline "
           "minmax), the metrics of deep-taylor-NAME being those of NAME: all "
           "on one network and the same pairs. Where settings differ too, "
           "variants are called SETTINGS,NAME. compare.tsv has a row a metric "
           "and variant: mean over the seeds with Student's 95 % interval; "
           "and the mean difference from the baseline, runs of one seed "
           "paired, with its interval, the p-value of a sign-flip permutation "
           "test (exact up to 16 pairs) and Holm's over all these "
           "differences. With n pairs no p is below 2^(1 - n): 5 seeds are "
           "enough for intervals, 6 for p < 0.05. compare-claims.tsv says in "
           "how many of a variant's runs each of the paper's sentences and "
           "claims holds. scripts/plot.sh DIR compare draws it.",
};

int main(int argc, char **argv) {
  struct dtd_texts words =
      dtd_arguments_read(&about, options, &expected, argc, argv);
  struct dtd_compared_runs *runs =
      dtd_compared_runs_read(words.text, words.count, mixed);
  if (across) dtd_compare_across(runs, dtd_across_find(across, "--across"));
  struct dtd_comparison *comparison = dtd_comparison_new(
      runs, baseline, patterns.count ? patterns.text : dtd_usual_metrics,
      patterns.count ? patterns.count : DTD_USUAL_METRICS, 1);

  char *command = dtd_command_line(argc, argv), digest[17];
  dtd_compared_runs_digest(digest, runs);
  struct dtd_provenance from = {command, digest, 1};
  dtd_comparison_write(output, comparison, &from);
  dtd_comparison_print(stdout, comparison);
  struct dtd_compared_verdicts *verdicts = dtd_compared_verdicts_new(runs);
  dtd_compared_verdicts_write(output, verdicts, runs, &from);
  dtd_compared_verdicts_print(stdout, verdicts, runs);

  dtd_compared_verdicts_free(verdicts);
  dtd_comparison_free(comparison);
  dtd_compared_runs_free(runs);
  dtd_free(words.text);
  dtd_free(patterns.text);
  dtd_free(command);
  return DTD_OK;
}
