/* Says claim by claim whether what the paper states holds for this model.

   A claim of section 6.1 becomes a statistic of an evaluation and a threshold,
   chosen from what the sentence means and not from what was measured; claims.c
   says why beside each. The statistic is a metric of one method, less the
   claim's centre, or, where two methods are compared, the mean over the same
   examples of the one's metric minus the other's. With [low, high] its 95 %
   interval and t the threshold,

   | side         | holds           | does not hold         | else      |
   |--------------|-----------------|-----------------------|-----------|
   | DTD_AT_LEAST | low >= t        | high < t              | undecided |
   | DTD_AT_MOST  | high <= t       | low > t               | undecided |
   | DTD_WITHIN   | -t <= low and   | high < -t or low > t  | undecided |
   |              | high <= t       |                       |           |

   The last is an equivalence test: to be similar, two things must be shown to
   differ by less than a margin; not to be shown different is not enough. */
#ifndef DTD_CLAIMS_H
#define DTD_CLAIMS_H

#include <stdio.h>

#include "evaluate/evaluation.h"

enum dtd_claim_side { DTD_AT_LEAST, DTD_AT_MOST, DTD_WITHIN };

struct dtd_claim {
  const char *name;
  const char *statement;        /* the paper's, in our words */
  const char *subject, *metric; /* the result it is judged by */
  const char *against;          /* a method to compare with, or null */
  enum dtd_claim_side side;
  double threshold; /* of DTD_WITHIN: the margin, > 0 */
  double centre;    /* subtracted from the metric first */
};

/* The statements of section 6.1, ended by a null name. */
extern const struct dtd_claim dtd_claims[];

/* The claim's statistic; all NAN when the evaluation does not have it. */
struct dtd_estimate dtd_claim_estimate(const struct dtd_claim *claim,
                                       const struct dtd_evaluation *evaluation);

/* "holds", "does not hold" or "undecided"; undecided without an interval or
   with fewer than six observations, too few for any test at 95 %. */
const char *dtd_verdict(const struct dtd_claim *claim,
                        struct dtd_estimate estimate);

/* Writes what is compared with the threshold, such as "target_share of taylor
   at least", into text (size). */
void dtd_claim_statistic(char *text, size_t size,
                         const struct dtd_claim *claim);

/* All claims with their verdicts as aligned lines of at most 100 columns. */
void dtd_claims_print(FILE *output, const struct dtd_evaluation *evaluation);

#endif
