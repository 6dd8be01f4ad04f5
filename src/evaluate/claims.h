/* Says sentence by sentence whether what the paper states holds for this model.

   A sentence of section 6.1 becomes one or more claims: one for each thing it
   says, of each method it says it of. Where the verdict may hang on how the
   sentence is read, there is a claim for every reading, so that nothing depends
   on one choice of statistic; readings that fail stay. A claim is a statistic
   of an evaluation and a threshold, chosen from what the sentence means and not
   from what was measured; claims.c says why beside each. The statistic is a
   metric of one method, less the claim's centre, or, where two methods are
   compared, the mean over the same examples of the one's metric minus the
   other's. With [low, high] its 95 % interval and t the threshold,

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
  const char *statement; /* the paper's, in our words */
  const char *reading;   /* "by share of the half"; null if there is but one */
  const char *subject, *metric; /* the result it is judged by */
  const char *against;          /* a method to compare with, or null */
  enum dtd_claim_side side;
  double threshold; /* of DTD_WITHIN: the margin, > 0 */
  double centre;    /* subtracted from the metric first */
};

struct dtd_sentence {
  const char *name;
  const char *quote;              /* the paper's words */
  const struct dtd_claim *claims; /* ended by a null name */
};

/* What section 6.1 says, in its order, and what section 2 says of f = 0; ended
   by a null name. */
extern const struct dtd_sentence dtd_sentences[];

/* The claim of that name, or null. */
const struct dtd_claim *dtd_claim_find(const char *name);

/* The claim's statistic; all NAN when the evaluation does not have it. */
struct dtd_estimate dtd_claim_estimate(const struct dtd_claim *claim,
                                       const struct dtd_evaluation *evaluation);

/* How many pairs took no part in it, because a root of the subject or of what
   it is compared with is not certified. */
int dtd_claim_left_out(const struct dtd_claim *claim,
                       const struct dtd_evaluation *evaluation);

/* "holds", "does not hold" or "undecided"; undecided without an interval or
   with fewer than six observations, too few for any test at 95 %. */
const char *dtd_verdict(const struct dtd_claim *claim,
                        struct dtd_estimate estimate);

struct dtd_judged_claim {
  struct dtd_estimate estimate;
  const char *verdict;
};

enum { DTD_MOST_CLAIMS = 32 }; /* of a sentence */

/* What becomes of a sentence's claims, each and together. */
struct dtd_sentence_verdict {
  int claims, hold, fail; /* the others are undecided */
  const char *verdict; /* "holds" if all do, "does not hold" or "undecided" if
                          all are, else "holds in part" */
  struct dtd_judged_claim judged[DTD_MOST_CLAIMS]; /* (claims) */
  char readings[512]; /* "by share of the half: does not hold; ...", or "" */
};

struct dtd_sentence_verdict
dtd_sentence_judge(const struct dtd_sentence *sentence,
                   const struct dtd_evaluation *evaluation);

/* Writes what is compared with the threshold, such as "target_share of taylor
   at least", into text (size). */
void dtd_claim_statistic(char *text, size_t size,
                         const struct dtd_claim *claim);

/* All sentences with their claims and verdicts, in lines of at most 100
 * columns.
 */
void dtd_claims_print(FILE *output, const struct dtd_evaluation *evaluation);

#endif
