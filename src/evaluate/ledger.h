/* The ledger of relevance: how much there is at each layer of an explanation,
   and where any is lost or made.

   A deep Taylor decomposition walks f, R_l, R_k, R_j, R_p. Each step carries
   the whole sum over or books what it does not under a cause:

   | step         | cause         | what is booked                             |
   |--------------|---------------|--------------------------------------------|
   | to R_l, R_j  | dead pool     | R_k of pools whose units are all off       |
   |              | model fit     | the rest, if the model is fitted to R_k    |
   |              | rounding      | the rest, if the model shares R_k out      |
   | to R_k, R_p  | positive bias | R_j max(0, b_j) / denominator (6.2)        |
   |              | rounding      | the rest, if the rule is conservative      |
   |              | rule          | the rest, if it is not                     |

   A method that does not walk has one step, from f to R_p:

   | cause              | what is booked                                       |
   |--------------------|------------------------------------------------------|
   | left at the root   | f(root), if the method found a root                  |
   | second-order terms | the rest of sum_p R_p - f(x) then                    |
   | not redistributed  | sum_p R_p - f(x), if it found none                   |

   Every entry's relevance is the one before it plus its change, to the last
   bit: the books close. */
#ifndef DTD_LEDGER_H
#define DTD_LEDGER_H

#include "relevance/decomposition.h"
#include "roots/nearest_root.h"

struct dtd_ledger_entry {
  char layer[32];    /* "f", "R_l", "R_k", "R_j", "R_p"; in stacks that are not
                        of two layers "R_detection3", "R_pooled2", ..., "R_p" */
  double relevance;  /* the balance after this entry */
  double change;     /* from the entry before; 0 in the first */
  const char *cause; /* "score" in the first */
};

enum { DTD_MOST_ENTRIES = 1 + 4 * DTD_MOST_LAYERS };

/* The entries of one example of the batch that `decomposition` has just
   explained; their number depends on the stack alone. */
int dtd_ledger_of_decomposition(
    struct dtd_ledger_entry *entries /* (DTD_MOST_ENTRIES) */,
    const struct dtd_decomposition *decomposition,
    const struct dtd_activations *act, int example);

/* The entries of an explanation without layers: score f, sum_p R_p, and the
   root it was made at, or null. */
int dtd_ledger_of_sum(struct dtd_ledger_entry *entries /* (DTD_MOST_ENTRIES) */,
                      double f, double sum, const struct dtd_root *root);

/* The mean of `count` ledgers of `entries` rows each, written one
   after the other; layers and causes are the first one's. */
void dtd_ledger_mean(struct dtd_ledger_entry *mean /* (entries) */,
                     const struct dtd_ledger_entry *ledgers, int count,
                     int entries);

#endif
