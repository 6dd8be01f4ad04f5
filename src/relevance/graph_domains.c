/* What is known of the inputs of each node of a graph: which rules fit there.
 */
#include "relevance/graph_domains.h"

#include <stdio.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"

/* ---- bounds ---- */

static void take_bounds(struct dtd_node_domain *domain, int channels) {
  domain->channels = channels;
  domain->low = dtd_new(2 * (size_t)channels, sizeof *domain->low);
  domain->high = domain->low + channels;
}

/* The bounds of the same elements in other channels, each of which may have
   elements of several. */
static void rearrange(struct dtd_node_domain *to,
                      const struct dtd_node_domain *from,
                      const struct dtd_node *node) {
  if (!from->low) return;
  long elements = dtd_maps_size(node->out);
  long span = elements / from->channels, own = elements / node->out.channels;
  take_bounds(to, node->out.channels);
  for (long i = 0; i < elements; i++) {
    float low = from->low[i / span], high = from->high[i / span];
    float *own_low = &to->low[i / own], *own_high = &to->high[i / own];
    bool first = i % own == 0;
    if (first || low < *own_low) *own_low = low;
    if (first || high > *own_high) *own_high = high;
  }
}

static void check_box(const struct dtd_graph *graph, struct dtd_box box) {
  if (box.channels != graph->node[0].out.channels)
    dtd_die(DTD_USAGE, graph->path, NULL,
            "bounds for %d channels, but the network's input has %d",
            box.channels, graph->node[0].out.channels);
  for (int c = 0; c < box.channels; c++)
    if (!(box.low[c] <= box.high[c]))
      dtd_die(DTD_USAGE, graph->path, NULL,
              "no input lies between the bounds of channel %d, from %g to %g",
              c, (double)box.low[c], (double)box.high[c]);
}

/* ---- what a node computes ---- */

static bool none_negative(const float *of, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (!(of[i] >= 0)) return false;
  return true;
}

static void read_input(struct dtd_node_domain *domain,
                       const struct dtd_graph *graph, struct dtd_box box) {
  domain->of_pixels = true;
  if (!box.low) return;
  check_box(graph, box);
  size_t channels = (size_t)box.channels;
  domain->nonnegative = none_negative(box.low, channels);
  take_bounds(domain, box.channels);
  memcpy(domain->low, box.low, channels * sizeof *box.low);
  memcpy(domain->high, box.high, channels * sizeof *box.high);
}

static void read_node(struct dtd_graph_domains *domains, int n,
                      const struct dtd_node *node) {
  struct dtd_node_domain *domain = &domains->at[n];
  *domain = (struct dtd_node_domain){.of_pixels = true, .nonnegative = true};
  for (int i = 0; i < node->inputs; i++) {
    domain->of_pixels &= domains->at[node->input[i]].of_pixels;
    domain->nonnegative &= domains->at[node->input[i]].nonnegative;
  }
  if (node->kind->rectifies) domain->nonnegative = true;
  if (node->kind->weighted) {
    domain->of_pixels = false;
    domain->nonnegative = domain->nonnegative &&
                          none_negative(node->values, node->value_count) &&
                          none_negative(node->bias, (size_t)node->out.channels);
  }
  if (node->kind->unchanged)
    rearrange(domain, &domains->at[node->input[0]], node);
}

struct dtd_graph_domains *dtd_graph_domains_new(const struct dtd_graph *graph,
                                                struct dtd_box box) {
  struct dtd_graph_domains *domains = dtd_new(1, sizeof *domains);
  domains->nodes = graph->nodes;
  domains->at = dtd_new((size_t)graph->nodes, sizeof *domains->at);
  read_input(&domains->at[0], graph, box);
  for (int n = 1; n < graph->nodes; n++) read_node(domains, n, &graph->node[n]);
  return domains;
}

struct dtd_box dtd_graph_box(const struct dtd_graph_domains *domains,
                             const struct dtd_node *node) {
  const struct dtd_node_domain *reads = &domains->at[node->input[0]];
  return (struct dtd_box){reads->channels, reads->low, reads->high};
}

void dtd_graph_domains_free(struct dtd_graph_domains *domains) {
  if (!domains) return;
  for (int n = 0; n < domains->nodes; n++) dtd_free(domains->at[n].low);
  dtd_free(domains->at);
  dtd_free(domains);
}

/* ---- does a rule fit? ---- */

/* `below` is the node that is read. */
static void check_bounds(const struct dtd_graph_domains *domains,
                         const struct dtd_graph *graph, int below,
                         const char *where) {
  const struct dtd_node_domain *reads = &domains->at[below];
  if (!reads->of_pixels)
    dtd_die(DTD_USAGE, where, "z+ is the paper's choice above pixels",
            "the rule needs inputs between two bounds, but those from node %s "
            "have no upper one",
            graph->node[below].name);
  if (!domains->at[0].low)
    dtd_die(DTD_USAGE, where, "give the least and the greatest input",
            "the rule needs inputs between two bounds, which are not known");
  if (!reads->low)
    dtd_die(DTD_USAGE, where, "take another rule there",
            "the rule needs inputs between two bounds, which are known of the "
            "network's own, but not of those from node %s",
            graph->node[below].name);
  for (int c = 0; c < reads->channels; c++)
    if (!(reads->low[c] <= 0 && reads->high[c] >= 0))
      dtd_die(
          DTD_USAGE, where, "give bounds that hold 0, or centre the inputs",
          "between %g and %g, the bounds of channel %d, there need not be a "
          "root",
          (double)reads->low[c], (double)reads->high[c], c);
}

static _Noreturn void refuse_negative(const struct dtd_graph_domains *domains,
                                      const struct dtd_graph *graph, int below,
                                      const char *where) {
  if (domains->at[below].of_pixels)
    dtd_die(DTD_USAGE, where, "zB is the paper's choice for pixels",
            "the rule is meant for inputs >= 0, but the network's own may be "
            "negative");
  dtd_die(DTD_USAGE, where, "alpha-beta(1) is z+ for inputs of either sign",
          "the rule is meant for inputs >= 0, but those from node %s may be "
          "negative, with no Relu behind it",
          graph->node[below].name);
}

void dtd_graph_domains_check(const struct dtd_graph_domains *domains,
                             const struct dtd_graph *graph, int n,
                             const struct dtd_rule *rule) {
  char where[256];
  int below = graph->node[n].input[0];
  snprintf(where, sizeof where, "node %s, rule %s", graph->node[n].name,
           rule->name);
  if (rule->domain == DTD_BOX_INPUT) check_bounds(domains, graph, below, where);
  if (rule->domain == DTD_NONNEGATIVE_INPUT && !domains->at[below].nonnegative)
    refuse_negative(domains, graph, below, where);
}
