/* A network graph, as explanation methods see it (section 6.2).

   f is the score z_c of one class c: the one that is asked for, or the greatest
   of the example. Examples are walked by threads side by side, each with its
   own values; one alone is walked by all. No result depends on either. A walk
   takes as many examples at a time as keeps its values small: one of a large
   network. */
#ifndef DTD_EXPLAINED_GRAPH_H
#define DTD_EXPLAINED_GRAPH_H

#include "explain/explainer.h"
#include "network/graph.h"
#include "relevance/composite.h"
#include "relevance/graph_decomposition.h"

enum { DTD_GREATEST_CLASS = -1 };

/* Whether the method is deep Taylor decomposition as graphs have it, which
   needs a composite: the training-free one. */
bool dtd_decomposes_graphs(const struct dtd_method *method);

/* Explains a graph, borrowed. `box` is that of its own input; methods see an
   input as `shape`, which has the same elements, so that a vector can be a
   picture. Its capacity is what the threads in use can take, but no more than
   `most` examples need. Without a composite (null) nothing is decomposed; with
   one, dies (usage) when a rule is not meant for what its node reads. */
struct dtd_explainer *dtd_explainer_of_graph(
    const struct dtd_graph *graph, const struct dtd_composite *composite,
    struct dtd_box box, struct dtd_maps shape,
    const struct dtd_explanation_settings *settings, int most);

/* Explains that class of every example from now on, or DTD_GREATEST_CLASS. */
void dtd_explainer_choose(struct dtd_explainer *explainer, int class);

/* ---- inspect: of example n of the most recent batch ---- */

/* The class that was explained. */
int dtd_explainer_class(const struct dtd_explainer *explainer, int n);

/* z (outputs), the scores of all classes. */
const float *dtd_explainer_scores(const struct dtd_explainer *explainer, int n);

/* Whether it was decomposed, and what a node of the graph then did. */
bool dtd_explainer_has_ledger(const struct dtd_explainer *explainer);
struct dtd_node_entry dtd_explainer_entry(const struct dtd_explainer *explainer,
                                          int node, int n);

#endif
