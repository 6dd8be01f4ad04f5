/* A composite says which rule each node with weights has, by kind and place.

   Names are the field's (Kohlbrenner et al. 2020; zennit): "epsilon-plus" has
   epsilon in matrices and z+ in convolutions; "...-flat" has flat where the
   input is read. "deep-taylor" is section 6.2's: zB where pixels are read, z+
   above. A text gives any of its rules another,

       epsilon-plus first=zB inception_3a/1x1=gamma

   by place (below) or, for one node, by its name.

   | place       | nodes with weights                                      |
   |-------------|---------------------------------------------------------|
   | first       | that read the network's input, with no weights between  |
   | convolution | others that are convolutions or scaled maps             |
   | dense       | others, which are matrices                              |
   | signed      | where one of these would be a rule for inputs >= 0, and |
   |             | inputs may be negative (graph_domains.h)                |

   A composite that has no rule for "first" takes those of the next two there;
   one that has none for "signed" is refused by networks that need it.
   alpha-beta(1) is z+ for inputs of either sign, as zennit's ZPlus is.

   To add a composite: one row of composite.c. */
#ifndef DTD_COMPOSITE_H
#define DTD_COMPOSITE_H

#include "relevance/graph_domains.h"

enum { DTD_MOST_OWN_RULES = 256, DTD_MOST_NODE_NAME = 128 };

enum dtd_place {
  DTD_FIRST,
  DTD_CONVOLUTION,
  DTD_DENSE_NODE,
  DTD_SIGNED,
  DTD_PLACES
};

struct dtd_composite {
  const char *name, *description, *source;
  const struct dtd_rule *rule[DTD_PLACES]; /* null: none of its own */
  /* Nodes that have a rule of their own. */
  int owns;
  struct dtd_own_rule {
    char node[DTD_MOST_NODE_NAME]; /* its name */
    const struct dtd_rule *rule;
  } own[DTD_MOST_OWN_RULES];
};

/* ---- create ---- */

/* The presets: how many, and number `index`. */
int dtd_composites(void);
struct dtd_composite dtd_composite_at(int index);

/* The preset called `name`; dies (usage), listing them. */
struct dtd_composite dtd_composite_find(const char *name);

/* What a text says: a preset's name (without one, deep-taylor), then PLACE=RULE
   and NODE=RULE, with blanks between. Dies (usage) when it says anything else.
 */
struct dtd_composite dtd_composite_read(const char *text);

/* Lets a place, or else the node of that name, have the rule. Dies (usage) when
   there is no such rule. */
void dtd_composite_set(struct dtd_composite *composite, const char *name,
                       const char *rule);

/* ---- inspect ---- */

/* "first": its name in texts. */
const char *dtd_place_name(enum dtd_place place);

/* The rule of each node, null without weights. Dies (usage), naming the node,
   when a rule is not meant for what the node reads, or when no node with
   weights has a name that the composite gives a rule. */
void dtd_composite_rules(const struct dtd_rule **rule /* (nodes) */,
                         const struct dtd_composite *composite,
                         const struct dtd_graph *graph,
                         const struct dtd_graph_domains *domains);

#endif
