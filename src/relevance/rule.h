/* A relevance rule sends the relevance of detection units to their inputs.

   Section 4: decomposing R_j = max(0, sum_i x_i w_ij + b_j), up to a factor, at
   the root x - t v_j that the search direction v_j leads to gives

       R_i = sum_j  q_ij / (sum_i' q_i'j)  R_j,      q_ij = w_ij v_ij .

   Every rule here writes q as a few terms, each a function of the input times a
   function of the weight,

       q_ij = sum_t  u_t(x_i) p_t(w_ij),

   so one engine, propagator.h, runs them all, on any storage of the weights (n
   the example):

       N_nj = sum_t (u_t(X) P_t)_nj       S = R_j / N
       R_ni = sum_t u_t(x_ni) (S P_t')_ni .

   The research rules need three things more, each declared where it is needed.
   Terms may form two groups g, each normalised by itself and weighted:
   relevance then is sum_g c_g (its shares by q_g). A group without any q is
   left out and the weights of the others are scaled to sum to 1, so that
   nothing is lost. A rule may have one parameter, which a configuration gives
   in parentheses: "gamma(0.25)". And its denominator may be kept away from 0.

   R_j = 0 sends nothing for any N. With b <= 0 the denominators of z+ and zB
   are at least x_j, so neither is stabilised: an epsilon would break
   conservation by its own size. A positive bias of a foreign network joins the
   denominator as max(0, b_j), as in section 6.2, where the rule says so, and a
   negative one is left out, which keeps the rule conservative; a rule whose
   source says otherwise says how.

   | paper          | C                     | shape            |
   |----------------|-----------------------|------------------|
   | u_t(x_i)       | term[t].factor        | scalar           |
   | p_t(w_ij)      | term[t].part          | scalar           |
   | v_ij           | direction             | scalar           |
   | l, h           | low, high             | scalars          |
   | c_g            | weight                | scalar           |

   To add a rule: one file in rules/ that defines a const struct dtd_rule, and
   one line in rules/registry.h. */
#ifndef DTD_RULE_H
#define DTD_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "linear/contributions.h"

enum dtd_domain {
  DTD_ANY_INPUT,         /* x in R^d */
  DTD_NONNEGATIVE_INPUT, /* x >= 0 */
  DTD_BOX_INPUT,         /* low <= x <= high, low <= 0 <= high */
};

/* The one number that a rule may leave open. */
struct dtd_rule_parameter {
  const char *name; /* "alpha"; null when there is none */
  double value;     /* the default, unless the rule's name gives another */
  double least, greatest; /* of what it may be, ends included */
};

struct dtd_rule {
  const char *name;        /* as in configs: "zB" */
  const char *description; /* one line */
  const char *source;      /* where it is defined */
  enum dtd_domain domain;
  bool conservative;        /* sum_i R_i = sum_j R_j when b <= 0 */
  bool positive;            /* R_i >= 0 when R_j >= 0 */
  bool bias_in_denominator; /* max(0, b_j) joins group 0's (6.2) */
  /* What joins it instead, where the source says so; null for max(0, b_j). */
  float (*bias)(float b, float parameter);
  bool stabilised; /* N + sign(N) parameter takes the place of N */
  struct dtd_rule_parameter parameter;
  float (*weight)(int group, float parameter); /* c_g; null for 1 */
  bool shifts_inputs; /* u_t(x) = x - o_t and sum_t p_t(w) = w */
  int terms;
  struct dtd_term term[DTD_MOST_TERMS];
  /* v_ij: the root that the rule stands for lies at x - t v_j; null when the
     rule stands for none. */
  double (*direction)(double x, double w, double low, double high);
};

/* ---- the registry ---- */

/* Every registered rule, ended by null. */
extern const struct dtd_rule *const dtd_rules[];

/* The rule called `name`, "z+" or "gamma(0.25)"; without parentheses the
   parameter is at its default. The same name always gives the same pointer.
   Dies (usage), listing the rules that exist or what the parameter may be. */
const struct dtd_rule *dtd_rule_find(const char *name);

/* The same, but null where that dies. */
const struct dtd_rule *dtd_rule_named(const char *name);

/* ---- inspect ---- */

/* How many groups its terms form. */
int dtd_rule_groups(const struct dtd_rule *rule);

/* c_g. */
float dtd_rule_weight(const struct dtd_rule *rule, int group);

/* What b_j adds to the denominator of group 0. */
float dtd_rule_bias(const struct dtd_rule *rule, float b);

/* "w^2, z+, gamma(0 to 1e+06)": what names there may be. */
void dtd_rule_describe_names(char *text, size_t size);

#endif
