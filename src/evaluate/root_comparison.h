/* Compares nearest-root solvers on the same images: the configured one, the
   best of its random restarts, and NLopt.

   | contender | how it searches                                          |
   |-----------|----------------------------------------------------------|
   | chosen    | with the settings as they are                            |
   | restarts  | the multiplier solver from N points shaken at random     |
   | nlopt     | the reference, one example at a time                     | */
#ifndef DTD_ROOT_COMPARISON_H
#define DTD_ROOT_COMPARISON_H

#include <stdio.h>

#include "explain/explained_network.h"
#include "files/table.h"

enum dtd_contender { DTD_CHOSEN, DTD_RESTARTS, DTD_REFERENCE, DTD_CONTENDERS };

struct dtd_contender_result {
  struct dtd_root *root;             /* (count) */
  double *positive, *negative, *sum; /* (count): relevance, Eq. 5 */
  double seconds;                    /* for all */
};

struct dtd_root_comparison {
  int count;
  struct dtd_contender_result by[DTD_CONTENDERS];
};

/* Searches the roots of `count` images (count, inputs). */
struct dtd_root_comparison *dtd_root_comparison_new(
    const struct dtd_network *network, const float *images, int count,
    const struct dtd_explanation_settings *settings, int restarts);

/* The share of images whose root is at most 1.01 times as far as the other
   contender's. */
double dtd_root_share_within(const struct dtd_contender_result *a,
                             const struct dtd_contender_result *b, int count);

/* One row an image and contender. */
void dtd_root_comparison_write(const char *path,
                               const struct dtd_root_comparison *comparison,
                               const struct dtd_provenance *from);

/* One row a contender. */
void dtd_root_comparison_print(FILE *output,
                               const struct dtd_root_comparison *comparison);

void dtd_root_comparison_free(struct dtd_root_comparison *comparison);

#endif
