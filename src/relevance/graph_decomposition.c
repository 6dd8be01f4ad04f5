/* Deep Taylor decomposition of a graph: relevance walks from z_c to the input.
 */
#include "relevance/graph_decomposition.h"

#include <string.h>

#include "base/memory.h"
#include "linear/wide_sum.h"

/* ---- create ---- */

/* What each walker has of its own. */
static struct dtd_graph_decomposition *
new_walker(const struct dtd_graph *graph,
           struct dtd_map_propagator **propagator, int capacity) {
  struct dtd_graph_decomposition *d = dtd_new(1, sizeof *d);
  size_t nodes = (size_t)graph->nodes, batch = (size_t)capacity;
  d->graph = graph;
  d->propagator = propagator;
  d->capacity = capacity;
  d->scratch =
      dtd_map_scratch_new((const struct dtd_map_propagator *const *)propagator,
                          graph->nodes, capacity);
  d->descent = dtd_descent_new(graph, capacity);
  d->ledger = dtd_new(nodes * batch, sizeof *d->ledger);
  d->kept = dtd_new(batch, sizeof *d->kept);
  return d;
}

struct dtd_graph_decomposition *
dtd_graph_decomposition_new(const struct dtd_graph *graph,
                            const struct dtd_composite *composite,
                            struct dtd_box box, int capacity) {
  size_t nodes = (size_t)graph->nodes;
  struct dtd_graph_domains *domains = dtd_graph_domains_new(graph, box);
  const struct dtd_rule **rule = dtd_new(nodes, sizeof *rule);
  struct dtd_map_propagator **propagator = dtd_new(nodes, sizeof *propagator);
  dtd_composite_rules(rule, composite, graph, domains);
  for (int n = 0; n < graph->nodes; n++) {
    const struct dtd_node *node = &graph->node[n];
    if (rule[n])
      propagator[n] = dtd_map_propagator_new(rule[n], node->weights, node->bias,
                                             node->out.channels,
                                             dtd_graph_box(domains, node));
  }
  dtd_free(rule);
  dtd_graph_domains_free(domains);
  struct dtd_graph_decomposition *d = new_walker(graph, propagator, capacity);
  d->owns_propagators = true;
  return d;
}

struct dtd_graph_decomposition *
dtd_graph_decomposition_beside(const struct dtd_graph_decomposition *of,
                               int capacity) {
  return new_walker(of->graph, of->propagator, capacity);
}

void dtd_graph_decomposition_free(struct dtd_graph_decomposition *d) {
  if (!d) return;
  if (d->owns_propagators) {
    for (int n = 0; n < d->graph->nodes; n++)
      dtd_map_propagator_free(d->propagator[n]);
    dtd_free(d->propagator);
  }
  dtd_map_scratch_free(d->scratch);
  dtd_descent_free(d->descent);
  dtd_free(d->ledger);
  dtd_free(d->kept);
  dtd_free(d);
}

/* ---- the ledger ---- */

static struct dtd_node_entry *
entries_of(const struct dtd_graph_decomposition *d, int node) {
  return d->ledger + (long)node * d->capacity;
}

/* Books what a node, which was given entry->entered, handed to its inputs and
   kept. What it handed is what enters there, added to what others hand. */
static void book(const struct dtd_graph_decomposition *d, int n,
                 float *const *to, const float *from, const double *kept,
                 int batch) {
  const struct dtd_node *node = &d->graph->node[n];
  struct dtd_node_entry *own = entries_of(d, n);
  for (int b = 0; b < batch; b++) {
    own[b].kept = kept ? kept[b] : 0;
    own[b].lost = own[b].entered - own[b].kept;
  }
  for (int i = 0; i < node->inputs; i++) {
    struct dtd_node_entry *below = entries_of(d, node->input[i]);
    long size = dtd_maps_size(node->in[i]);
    for (int b = 0; b < batch; b++) {
      double sum =
          to[i] == from ? own[b].entered : dtd_wide_sum(to[i] + b * size, size);
      own[b].lost -= sum;
      below[b].entered += sum;
    }
  }
}

struct dtd_node_entry dtd_graph_entry(const struct dtd_graph_decomposition *d,
                                      int node, int example) {
  return entries_of(d, node)[example];
}

/* ---- the walk ---- */

static void hand_down(void *self, float *const *to, const float *from, int n,
                      const struct dtd_graph_values *values) {
  const struct dtd_graph_decomposition *d = self;
  const struct dtd_node *node = &d->graph->node[n];
  double *kept = d->propagator[n] ? d->kept : NULL;
  if (d->propagator[n])
    dtd_map_propagate(to[0], kept, d->propagator[n], d->scratch,
                      values->in[n][0], values->at[n], from, values->batch);
  else
    node->kind->relevance(to, node, values->in[n], values->at[n], from,
                          values->batch);
  book(d, n, to, from, kept, values->batch);
}

void dtd_graph_decompose(float *R_p, struct dtd_graph_decomposition *d,
                         const struct dtd_graph_values *values,
                         const float *R) {
  int batch = values->batch, top = d->graph->output;
  size_t entries = (size_t)d->graph->nodes * (size_t)d->capacity;
  memset(d->ledger, 0, entries * sizeof *d->ledger);
  long outputs = dtd_graph_outputs(d->graph);
  for (int b = 0; b < batch; b++)
    entries_of(d, top)[b].entered = dtd_wide_sum(R + b * outputs, outputs);
  dtd_graph_descend(R_p, d->descent, d->graph, values, R, hand_down, d);
}

/* ---- inspect ---- */

const struct dtd_rule *dtd_graph_rule(const struct dtd_graph_decomposition *d,
                                      int node) {
  return d->propagator[node] ? dtd_map_propagator_rule(d->propagator[node])
                             : NULL;
}
