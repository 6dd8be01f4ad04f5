/* Says claim by claim whether what the paper states holds for this model. */
#include "claims.h"

#include <math.h>
#include <string.h>

#include "method.h"

const struct dtd_claim dtd_claims[] = {
    {"free-on-target",
     "training-free deep Taylor puts most relevance on the target digit",
     "deep-taylor-free", "target_share", DTD_AT_LEAST, 0.5},
    {"minmax-on-target",
     "min-max deep Taylor puts most relevance on the target digit",
     "deep-taylor-minmax", "target_share", DTD_AT_LEAST, 0.5},
    {"sensitivity-unbalanced",
     "sensitivity reacts strongly to some examples and weakly to others",
     "sensitivity", "variation", DTD_AT_LEAST, 0.3},
    {"free-balanced", "training-free deep Taylor is balanced between examples",
     "deep-taylor-free", "variation", DTD_AT_MOST, 0.3},
    {"sensitivity-on-border",
     "sensitivity puts relevance where there never is ink", "sensitivity",
     "black_share", DTD_AT_LEAST, 0.01},
    {"sensitivity-on-distractor",
     "sensitivity puts relevance on the distractor", "sensitivity",
     "distractor_share", DTD_AT_LEAST, 0.05},
    {"taylor-ignores-background",
     "nearest-root Taylor ignores pixels where there never is ink", "taylor",
     "black_share", DTD_AT_MOST, 0.01},
    {"taylor-on-distractor",
     "nearest-root Taylor still puts relevance on the distractor", "taylor",
     "distractor_share", DTD_AT_LEAST, 0.05},
    {"taylor-positive", "nearest-root Taylor is positive", "taylor",
     "negative_share", DTD_AT_MOST, 0.01},
    {"taylor-dissipates", "nearest-root Taylor dissipates relevance", "taylor",
     "ratio", DTD_AT_MOST, 0.9},
    {"minmax-near-conservative", "min-max deep Taylor is nearly conservative",
     "deep-taylor-minmax", "correlation", DTD_AT_LEAST, 0.95},
    {"minmax-slope",
     "its sums of relevance follow f one to one, within a tenth",
     "deep-taylor-minmax", "slope", DTD_AT_LEAST, 0.9},
    {"free-conservative", "training-free deep Taylor is fully conservative",
     "deep-taylor-free", "error_max", DTD_AT_MOST, 1e-5},
    {"minmax-positive", "min-max deep Taylor is positive", "deep-taylor-minmax",
     "negative_share", DTD_AT_MOST, 0},
    {"free-positive", "training-free deep Taylor is positive",
     "deep-taylor-free", "negative_share", DTD_AT_MOST, 0},
    {0},
};

const char *dtd_verdict(const struct dtd_claim *claim,
                        struct dtd_estimate estimate) {
  double low = estimate.low, high = estimate.high, wanted = claim->threshold;
  if (!(isfinite(low) && isfinite(high))) return "undecided";
  bool least = claim->side == DTD_AT_LEAST;
  if (least ? low >= wanted : high <= wanted) return "holds";
  if (least ? high < wanted : low > wanted) return "does not hold";
  return "undecided";
}

/* ---- Table 1 ---- */

static const double EXACT = 1e-5;    /* relative error of a sum in float */
static const double NEGATIVE = 0.01; /* share of negative relevance */
static const double FAST = 0.01;     /* seconds a heatmap */

/* The paper's Table 1, in the order of the columns below. */
enum property { CONSERVATIVE, POSITIVE, CONSISTENT, TRAINING_FREE, QUICK };
static const char *const property_names[] = {
    "conservative", "positive", "consistent", "training-free", "fast"};
static const char *const yes = "Yes", *const no = "No",
                         *const by_fit = "Yes, up to the fit";
static const struct {
  const char *method, *answer[5];
} paper[] = {
    {"sensitivity", {"No", "Yes", "No", "Yes", "Yes"}},
    {"taylor", {"No", "Yes", "No", "Yes", "No"}},
    {"deep-taylor-minmax",
     {"Yes, up to the fit", "Yes", "Yes, up to the fit", "No", "Yes"}},
    {"deep-taylor-free", {"Yes", "Yes", "Yes", "Yes", "Yes"}},
};

static double value_of(const struct dtd_evaluation *e, const char *method,
                       const char *metric) {
  const struct dtd_result *result = dtd_result_find(e, method, metric);
  return result ? result->estimate.value : NAN;
}

static struct dtd_table1_cell measure_cell(const struct dtd_evaluation *e,
                                           const char *method,
                                           enum property property) {
  struct dtd_table1_cell c = {.property = property_names[property],
                              .method = method};
  double error = value_of(e, method, "error_max");
  double by_rule = value_of(e, method, "rule_error_max");
  double negative = value_of(e, method, "negative_share");
  const char *sums = error <= EXACT ? yes : by_rule <= EXACT ? by_fit : no;
  switch (property) {
  case CONSERVATIVE:
    c.value = error, c.tolerance = EXACT, c.measured = sums;
    break;
  case POSITIVE:
    c.value = negative, c.tolerance = NEGATIVE;
    c.measured = negative <= NEGATIVE ? yes : no;
    break;
  case CONSISTENT:
    c.value = fmax(error, negative), c.tolerance = EXACT;
    c.measured = negative <= NEGATIVE ? sums : no;
    break;
  case TRAINING_FREE:
    c.value = dtd_method_find(method)->needs_minmax, c.tolerance = 0;
    c.measured = c.value > 0 ? no : yes;
    break;
  case QUICK:
    c.value = value_of(e, method, "seconds"), c.tolerance = FAST;
    c.measured = c.value <= FAST ? yes : no;
    break;
  }
  return c;
}

int dtd_table1(struct dtd_table1_cell *cells,
               const struct dtd_evaluation *evaluation) {
  int count = 0;
  for (int property = CONSERVATIVE; property <= QUICK; property++)
    for (size_t m = 0; m < sizeof paper / sizeof *paper; m++) {
      if (!dtd_result_find(evaluation, paper[m].method, "seconds")) continue;
      cells[count] =
          measure_cell(evaluation, paper[m].method, (enum property)property);
      cells[count++].paper = paper[m].answer[property];
    }
  return count;
}
