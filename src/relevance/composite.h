/* A composite says which rule each node with weights has, by kind and place.

   Names are the field's (Kohlbrenner et al. 2020; zennit): "epsilon-plus" has
   epsilon in dense layers and z+ in convolutions; "...-flat" has flat in the
   first layer, and "zB-..." the zB-rule there. "deep-taylor" is section 6.2's:
   zB where pixels are read, z+ above. A configuration can give single nodes
   another rule by name.

   To add a composite: one row of composite.c. */
#ifndef DTD_COMPOSITE_H
#define DTD_COMPOSITE_H

#include "network/graph.h"
#include "relevance/rule.h"

enum { DTD_MOST_OWN_RULES = 64 };

struct dtd_composite {
  const char *name, *description, *source;
  const struct dtd_rule *first;       /* where the input is read */
  const struct dtd_rule *convolution; /* of convolutions above */
  const struct dtd_rule *dense;       /* of matrices above */
  /* Nodes that have a rule of their own. */
  int owns;
  struct {
    const char *node; /* its name */
    const struct dtd_rule *rule;
  } own[DTD_MOST_OWN_RULES];
};

/* The presets: how many, and number `index`. */
int dtd_composites(void);
struct dtd_composite dtd_composite_at(int index);

/* The preset called `name`; dies (usage), listing them. */
struct dtd_composite dtd_composite_find(const char *name);

/* The rule of a node with weights. */
const struct dtd_rule *dtd_composite_rule(const struct dtd_composite *composite,
                                          const struct dtd_graph *graph,
                                          int node);

#endif
