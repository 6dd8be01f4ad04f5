/* Says claim by claim whether what the paper states holds for this model.

   A claim compares one result of an evaluation with a threshold. It holds when
   the whole 95 % interval lies on the claimed side, does not hold when the
   whole interval lies on the other, and is undecided in between. */
#ifndef DTD_CLAIMS_H
#define DTD_CLAIMS_H

#include "evaluation.h"

struct dtd_claim {
  const char *name;
  const char *statement;        /* the paper's, in our words */
  const char *subject, *metric; /* the result it is judged by */
  enum { DTD_AT_LEAST, DTD_AT_MOST } side;
  double threshold;
};

/* The statements of section 6.1 that the metrics can judge; ended by a null
   name. */
extern const struct dtd_claim dtd_claims[];

/* "holds", "does not hold" or "undecided". */
const char *dtd_verdict(const struct dtd_claim *claim,
                        struct dtd_estimate estimate);

/* ---- Table 1 ---- */

/* One cell of the paper's Table 1 beside what was measured. */
struct dtd_table1_cell {
  const char *property, *method;
  const char *paper;    /* "Yes", "No", "Yes, up to the fit" */
  const char *measured; /* the same words */
  double value;         /* what decided */
  double tolerance;     /* the value above which the answer is No */
};

enum { DTD_TABLE1_CELLS = 20 };

/* Fills cells for the properties conservative, positive, consistent,
   training-free and fast of the paper's four methods, as far as they were
   evaluated; returns how many. */
int dtd_table1(struct dtd_table1_cell *cells /* (DTD_TABLE1_CELLS) */,
               const struct dtd_evaluation *evaluation);

#endif
