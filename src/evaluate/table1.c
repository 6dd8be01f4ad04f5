/* Table 1 of the paper, measured: each cell a number against a tolerance. */
#include "evaluate/table1.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Relative rounding error of a sum of 1568 floats: some 1e-7, worst case 1e-4
   of a term, so 1e-5 for the whole with room to spare. */
static const double EXACT = 1e-5;
/* Negative relevance below one part in a hundred comes from the solver's
   tolerance; the paper's own footnote allows for an approximation. */
static const double POSITIVE = 0.01;
/* A change of one part in a hundred cannot be seen in a heatmap, and is what a
   root solver's tolerances leave undetermined in a convex problem. */
static const double UNIQUE = 0.01;
/* A decomposition costs a few products as large as a forward pass's; a search
   costs hundreds of passes. 100 lies between by an order of magnitude. */
static const double FAST = 100;

enum property {
  CONSERVES,
  IS_POSITIVE,
  IS_CONSISTENT,
  IS_UNIQUE,
  NEEDS_NO_TRAINING,
  IS_FAST,
  PROPERTIES
};
const struct dtd_quantity dtd_table1_properties[] = {
    [CONSERVES] = {"conservative", "Conservative",
                   "The pixels’ relevances sum to f(x)."},
    [IS_POSITIVE] = {"positive", "Positive",
                     "No pixel has negative relevance."},
    [IS_CONSISTENT] = {"consistent", "Consistent",
                       "It is conservative and positive."},
    [IS_UNIQUE] = {"unique", "Unique solution",
                   "The heatmap is the same when what the method leaves open "
                   "is chosen anew."},
    [NEEDS_NO_TRAINING] = {"training-free", "Training-free",
                           "No relevance model has to be trained."},
    [IS_FAST] = {"fast", "Fast computation",
                 "A heatmap costs a few forward passes."},
    [PROPERTIES] = {0}};

static const char *const yes = "Yes", *const no = "No",
                         *const by_fit = "Yes, up to the fit",
                         *const unknown = "not measured";

static const struct {
  const char *method, *answer[PROPERTIES];
} paper[] = {
    {"sensitivity", {"No", "Yes", "No", "Yes", "Yes", "Yes"}},
    {"taylor", {"No", "Yes", "No", "No", "Yes", "No"}},
    {"deep-taylor-minmax",
     {"Yes, up to the fit", "Yes", "Yes, up to the fit", "No", "No", "Yes"}},
    {"deep-taylor-free", {"Yes", "Yes", "Yes", "Yes", "Yes", "Yes"}},
};
enum { METHODS = sizeof paper / sizeof *paper };

static double value_of(const struct dtd_evaluation *e, const char *subject,
                       const char *metric) {
  const struct dtd_result *result = dtd_result_find(e, subject, metric);
  return result ? result->estimate.value : NAN;
}

/* The pairs that a number of the method is not made of. */
static struct dtd_left_out left_out(const struct dtd_table1_cell *c,
                                    enum property property,
                                    const struct dtd_evaluation *e) {
  if (property == NEEDS_NO_TRAINING || property == IS_FAST)
    return (struct dtd_left_out){0};
  return dtd_left_out(e, c->method,
                      property == IS_UNIQUE ? DTD_SET_ONE_TARGET
                                            : DTD_SET_INDEPENDENT);
}

static void decide(struct dtd_table1_cell *c, const char *quantity,
                   double value, double tolerance, const char *when_within) {
  c->quantity = quantity;
  c->value = value;
  c->tolerance = tolerance;
  c->measured = isnan(value) ? unknown : value <= tolerance ? when_within : no;
}

/* Either the whole sum is conserved, or what the rule was given is. */
static void decide_conservative(struct dtd_table1_cell *c, double error,
                                double by_rule) {
  if (error > EXACT && by_rule <= EXACT)
    decide(c, "largest relative error of sum_p R_p to sum_j R_j", by_rule,
           EXACT, by_fit);
  else
    decide(c, "largest relative error of sum_p R_p to f", error, EXACT, yes);
}

/* The numbers for one cell, each over its tolerance where two are joined. */
static void measure_cell(struct dtd_table1_cell *c, enum property property,
                         const struct dtd_evaluation *e) {
  double error = value_of(e, c->method, "error_max");
  double by_rule = value_of(e, c->method, "rule_error_max");
  double negative = value_of(e, c->method, "negative_share");
  double forward = value_of(e, "network", "seconds");
  switch (property) {
  case CONSERVES:
    decide_conservative(c, error, by_rule);
    break;
  case IS_POSITIVE:
    decide(c, "share of negative relevance", negative, POSITIVE, yes);
    break;
  case IS_CONSISTENT: {
    decide_conservative(c, error, by_rule);
    double conserved = c->value / EXACT, positive = negative / POSITIVE;
    double worse = positive > conserved ? positive : conserved;
    if (isnan(negative)) worse = NAN;
    decide(c, "the worse of both, over its tolerance", worse, 1, c->measured);
    break;
  }
  case IS_UNIQUE:
    decide(c, "mean relative change of a heatmap when found again",
           value_of(e, c->method, "arbitrary_change"), UNIQUE, yes);
    break;
  case NEEDS_NO_TRAINING:
    decide(c, "relevance models to train",
           dtd_method_is_trained(dtd_method_find(c->method)), 0, yes);
    break;
  case IS_FAST:
    decide(c, "forward passes a heatmap",
           value_of(e, c->method, "seconds") / forward, FAST, yes);
    break;
  case PROPERTIES:
    break;
  }
}

int dtd_table1(struct dtd_table1_cell *cells, const struct dtd_evaluation *e) {
  int count = 0;
  for (int property = 0; property < PROPERTIES; property++)
    for (int m = 0; m < METHODS; m++) {
      if (!dtd_result_find(e, paper[m].method, "seconds")) continue;
      struct dtd_table1_cell *c = &cells[count++];
      *c = (struct dtd_table1_cell){.property =
                                        dtd_table1_properties[property].name,
                                    .method = paper[m].method,
                                    .paper = paper[m].answer[property]};
      measure_cell(c, (enum property)property, e);
      c->left_out = left_out(c, (enum property)property, e);
      c->agrees = c->measured == unknown          ? "NA"
                  : strcmp(c->paper, c->measured) ? "no"
                                                  : "yes";
    }
  return count;
}

void dtd_table1_print(FILE *output, const struct dtd_evaluation *e) {
  struct dtd_table1_cell cells[DTD_TABLE1_CELLS];
  int count = dtd_table1(cells, e), at = 0, columns = count / PROPERTIES;
  fprintf(output, "%-13s", "Table 1");
  for (int m = 0; m < METHODS; m++)
    if (dtd_result_find(e, paper[m].method, "seconds"))
      fprintf(output, " %-20s", paper[m].method);
  for (; at < count; at++) {
    const struct dtd_table1_cell *c = &cells[at];
    char text[64], *differs = strcmp(c->agrees, "no") ? "" : " (paper: ";
    if (at % columns == 0) fprintf(output, "\n%-13s", c->property);
    snprintf(text, sizeof text, "%s%s%s%s", c->measured, differs,
             *differs ? c->paper : "", *differs ? ")" : "");
    fprintf(output, " %-20s", text);
  }
  fputc('\n', output);
  dtd_left_out_print(output, e);
}
