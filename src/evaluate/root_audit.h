/* Audits the root points of deep Taylor rules inside a trained network.

   A rule decomposes each detection unit at a root of its own (see unit_root.h).
   Within the layer this is exact. In a deep network the relevance of unit j in
   pool k is (section 5.2)

       R_j(x) = x_j c_k d_k,    c_k = |{x_j}|_q / |{x_j}|_1,
       d_k = sum_l w_kl^+ R_l / (sum_k' x_k' w_k'l^+),

   and to call c_k d_k constant is to assume that the rest of the network does
   not change between x and the root. Sixt and Landgraf (2022, "A Rigorous Study
   of the Deep Taylor Decomposition") found that roots often leave the linear
   region of x. For every unit with R_j > 0 the audit computes the layers from
   this one up at the unit's root, and compares:

   | quantity             | of each root                                      |
   |----------------------|---------------------------------------------------|
   | in_domain            | within the domain of the layer's inputs, not of   |
   |                      | the rule: the pixels' box, or x >= 0 above        |
   | same_region_layer    | every other unit of the layer is on or off as at x|
   | same_region_network  | and every unit of the layers above                |
   | flipped_layer        | share of the layer's other units that differ      |
   | flipped_network      | the same, with the layers above                   |
   | f_ratio              | f(root) / f(x)                                    |
   | c_drift, d_drift     | |c_k(root) - c_k(x)| / c_k(x), and of d_k         |
   | conserved            | c_k d_k (root) / c_k d_k (x)                      |
   | overshoot            | distance of the worst input from the domain       |
   | distance             | |x - root|_2                                      |

   Unit j itself is left out of the regions: it is at zero at its root by
   construction. With q = 1, c_k is 1 everywhere. An empty pool has c_k = 1, the
   limit on the way to it, where j alone is on. In the top layer d_k is 1 and
   x_k is f. A unit whose line holds no root counts as outside domain and region
   and has no part in the other quantities. Layers above are explained by 5.2
   with the z+-rule.

   `conserved` is what 5.2 rests on: at the root x_j = 0, so the derivative of
   R_j there is c_k(root) d_k(root) w_ij, and a Taylor decomposition of R_j that
   did not take c_k d_k as constant would conserve `conserved` R_j.

   | paper           | C                    | shape           |
   |-----------------|----------------------|-----------------|
   | x_i of a layer  | x                    | (pairs, inputs) |
   | w_kl^+          | excitation           | (outputs, upper units) |
*/
#ifndef DTD_ROOT_AUDIT_H
#define DTD_ROOT_AUDIT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "evaluate/estimate.h"
#include "evaluate/quantity.h"
#include "network/network.h"
#include "relevance/rule.h"
#include "files/table.h"

/* One unit's root. Numbers are NAN when there is none. */
struct dtd_audited_root {
  int unit;
  double R_j;                                 /* the unit's relevance at x */
  double step;                                /* t of unit_root.h */
  double in_domain, same_layer, same_network; /* 1 or 0 */
  double flipped_layer, flipped_network;
  double f_ratio, c_drift, d_drift, conserved, overshoot, distance;
};

/* What an audit reports: a statistic over pairs with its 95 % interval. Shares,
   flipped_* and conserved are taken over all units of all pairs (conserved
   weighs them by R_j); medians and quartiles are the median over pairs of each
   pair's, its quartiles being Tukey's hinges (1977). */
struct dtd_audit_row {
  const char *rule, *quantity; /* "zB", "f_ratio_median" */
  int layer;                   /* 0 reads the input */
  long units;                  /* roots audited */
  struct dtd_estimate estimate;
};
enum { DTD_AUDIT_ROWS = 14 }; /* of one rule on one layer */

/* How many roots of a pair become one number, or numerator and denominator. */
enum dtd_audit_reduction {
  DTD_SHARE,
  DTD_BY_RELEVANCE,
  DTD_LOW_QUARTILE,
  DTD_MEDIAN,
  DTD_HIGH_QUARTILE
};

struct dtd_audit_quantity {
  struct dtd_quantity is;
  const char *heading; /* in short tables; null when it is left out of them */
  size_t value;        /* the offset of a double in struct dtd_audited_root */
  enum dtd_audit_reduction reduction;
};

/* The quantity of each row. */
extern const struct dtd_audit_quantity dtd_audit_quantities[DTD_AUDIT_ROWS];

/* ---- create ---- */

struct dtd_root_auditor; /* one layer of a network, one rule, and scratch */

/* Of layer `layer` (0 reads the input) of `network`, borrowed. low and high are
   the domain of its inputs: of pixels, or 0 and INFINITY above. Dies when there
   is no such layer or the rule has no direction. */
struct dtd_root_auditor *dtd_root_auditor_new(const struct dtd_network *network,
                                              int layer,
                                              const struct dtd_rule *rule,
                                              float low, float high);

/* ---- compute ---- */

/* Audits all units with R_j > 0 for one input of the layer; returns how many
   entries of `found` (room for all units) it filled. */
int dtd_audit_example(struct dtd_audited_root *found /* (units) */,
                      struct dtd_root_auditor *auditor,
                      const float *x /* (inputs of the layer) */);

/* Audits `pairs` inputs of the whole network and fills DTD_AUDIT_ROWS rows. */
void dtd_root_audit(struct dtd_audit_row *rows,
                    struct dtd_root_auditor *auditor,
                    const float *images /* (pairs, network's inputs) */,
                    int pairs, int resamples, uint64_t seed);

/* Audits every registered rule with a direction on the first layer, whose
   domain is [low, high], and `upper_rule` on the layers above. The *count rows
   are the caller's: release with dtd_free(). */
struct dtd_audit_row *
dtd_audit_network(int *count, const struct dtd_network *network,
                  const struct dtd_rule *upper_rule, float low, float high,
                  const float *images, int pairs, int resamples, uint64_t seed);

/* ---- report ---- */

/* The table audit.tsv, a row a row; layers are counted from 1. */
void dtd_audit_write(const char *path, const struct dtd_audit_row *rows,
                     int count, const struct dtd_provenance *from);

/* The main columns in short, one line a rule and layer. */
void dtd_audit_print(FILE *output, const struct dtd_audit_row *rows, int count);

/* ---- free ---- */

void dtd_root_auditor_free(struct dtd_root_auditor *auditor);

#endif
