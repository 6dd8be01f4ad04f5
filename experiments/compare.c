/* Compares variants of an experiment over their seeds: a table of intervals. */
#include <stdio.h>

#include "base/arguments.h"
#include "runs/comparison.h"
#include "base/die.h"
#include "runs/listing.h"
#include "base/memory.h"

struct arguments {
  const char *output, *baseline, *across;
  bool mixed;
  char **directory, **pattern; /* as many as there are words */
  int directories, patterns;
};

static error_t parse(int key, char *value, struct argp_state *state) {
  struct arguments *a = state->input;
  const struct dtd_text_option texts[] = {
      {'o', &a->output}, {'b', &a->baseline}, {'a', &a->across}, {0}};
  if (dtd_argument_text(texts, key, value)) return 0;
  switch (key) {
  case ARGP_KEY_INIT:
    a->directory = dtd_new((size_t)state->argc, sizeof(char *));
    a->pattern = dtd_new((size_t)state->argc, sizeof(char *));
    return 0;
  case 'm':
    a->pattern[a->patterns++] = value;
    return 0;
  case 'x':
    a->mixed = true;
    return 0;
  case ARGP_KEY_ARG:
    a->directory[a->directories++] = value;
    return 0;
  case ARGP_KEY_END:
    if (!a->directories)
      dtd_die(DTD_USAGE, "DIR", "give some that evaluate has been run on",
              "no result folder is given");
    if (!a->output)
      dtd_die(DTD_USAGE, "--out", "give --out DIR; see --help",
              "no folder for the table is given");
    return 0;
  default:
    return ARGP_ERR_UNKNOWN;
  }
}

static const struct argp_option options[] = {
    {"out", 'o', "DIR", 0, "Where compare.tsv goes; made when it is missing",
     0},
    {"across", 'a', "WHAT", 0,
     "What the variants are: settings, methods or models (models where all "
     "runs have the same settings and several relevance models, else settings)",
     0},
    {"baseline", 'b', "VARIANT", 0,
     "What the others are compared with (the first variant)", 0},
    {"metric", 'm', "SUBJECT:METRIC", 0,
     "Compare these metrics, a shell pattern; may be repeated (the network's "
     "mse and accuracy, *:rms, target_share of the paper's methods, "
     "deep-taylor*:floor_share)",
     0},
    {"mixed", 'x', NULL, 0,
     "Compare what was evaluated on other data, with other settings of "
     "[evaluation], or, across methods, on fewer pairs",
     0},
    {0}};
static const struct argp parser = {
    .options = options,
    .parser = parse,
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
           "enough for intervals, 6 for p < 0.05. scripts/plot.sh DIR compare "
           "draws it.",
};

int main(int argc, char **argv) {
  struct arguments arguments = {0};
  dtd_arguments_parse(&parser, argc, argv, &arguments);
  struct dtd_compared_runs *runs = dtd_compared_runs_read(
      arguments.directory, arguments.directories, arguments.mixed);
  bool given = arguments.patterns > 0;
  if (arguments.across)
    dtd_compare_across(runs, dtd_across_find(arguments.across, "--across"));
  struct dtd_comparison *comparison = dtd_comparison_new(
      runs, arguments.baseline, given ? arguments.pattern : dtd_usual_metrics,
      given ? arguments.patterns : DTD_USUAL_METRICS, 1);

  char *command = dtd_command_line(argc, argv), digest[17];
  dtd_compared_runs_digest(digest, runs);
  struct dtd_provenance from = {command, digest, 1};
  dtd_comparison_write(arguments.output, comparison, &from);
  dtd_comparison_print(stdout, comparison);

  dtd_comparison_free(comparison);
  dtd_compared_runs_free(runs);
  dtd_free(arguments.directory);
  dtd_free(arguments.pattern);
  dtd_free(command);
  return DTD_OK;
}
