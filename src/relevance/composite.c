/* A composite says which rule each node with weights has, by kind and place. */
#include "relevance/composite.h"

#include <stdio.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/registry.h"

/* ---- the presets ---- */

#define FIELD "Kohlbrenner et al. 2020; Anders et al. 2021 (zennit)"

static const struct row {
  const char *name, *description, *source;
  const char *rule[DTD_PLACES];
} rows[] = {
    {"deep-taylor",
     "zB where the input is read, z+ above",
     "Montavon et al. 2017, section 6.2",
     {[DTD_FIRST] = "zB", [DTD_CONVOLUTION] = "z+", [DTD_DENSE_NODE] = "z+"}},
    {"epsilon-plus",
     "z+ in convolutions, epsilon in matrices",
     FIELD,
     {[DTD_CONVOLUTION] = "z+",
      [DTD_DENSE_NODE] = "epsilon(1e-06)",
      [DTD_SIGNED] = "alpha-beta(1)"}},
    {"epsilon-plus-flat",
     "the same, but flat where the input is read",
     FIELD,
     {[DTD_FIRST] = "flat",
      [DTD_CONVOLUTION] = "z+",
      [DTD_DENSE_NODE] = "epsilon(1e-06)",
      [DTD_SIGNED] = "alpha-beta(1)"}},
    {"epsilon-alpha2-beta1",
     "alpha-beta(2) in convolutions, epsilon in matrices",
     FIELD,
     {[DTD_CONVOLUTION] = "alpha-beta(2)",
      [DTD_DENSE_NODE] = "epsilon(1e-06)"}},
    {"epsilon-alpha2-beta1-flat",
     "the same, but flat where the input is read",
     FIELD,
     {[DTD_FIRST] = "flat",
      [DTD_CONVOLUTION] = "alpha-beta(2)",
      [DTD_DENSE_NODE] = "epsilon(1e-06)"}},
    {"epsilon-gamma-box",
     "zB at the input, gamma in convolutions, epsilon in matrices",
     FIELD,
     {[DTD_FIRST] = "zB",
      [DTD_CONVOLUTION] = "gamma",
      [DTD_DENSE_NODE] = "epsilon(1e-06)"}},
};
enum { ROWS = sizeof rows / sizeof *rows };

static const char *row_name(int n) {
  return n < ROWS ? rows[n].name : NULL;
}

int dtd_composites(void) {
  return ROWS;
}

struct dtd_composite dtd_composite_at(int index) {
  const struct row *row = &rows[index];
  struct dtd_composite composite = {.name = row->name,
                                    .description = row->description,
                                    .source = row->source};
  for (int p = 0; p < DTD_PLACES; p++)
    if (row->rule[p]) composite.rule[p] = dtd_rule_find(row->rule[p]);
  return composite;
}

struct dtd_composite dtd_composite_find(const char *name) {
  return dtd_composite_at(dtd_registry_find("composite", name, row_name));
}

/* ---- other rules ---- */

static const char *const places[DTD_PLACES] = {[DTD_FIRST] = "first",
                                               [DTD_CONVOLUTION] =
                                                   "convolution",
                                               [DTD_DENSE_NODE] = "dense",
                                               [DTD_SIGNED] = "signed"};

const char *dtd_place_name(enum dtd_place place) {
  return places[place];
}

/* The rule that the node of that name has of its own, or a new one. */
static struct dtd_own_rule *own_rule(struct dtd_composite *composite,
                                     const char *node) {
  for (int i = 0; i < composite->owns; i++)
    if (!strcmp(composite->own[i].node, node)) return &composite->own[i];
  if (strlen(node) >= DTD_MOST_NODE_NAME)
    dtd_die(DTD_USAGE, node, NULL, "the name is longer than %d bytes",
            DTD_MOST_NODE_NAME - 1);
  if (composite->owns == DTD_MOST_OWN_RULES)
    dtd_die(DTD_USAGE, node, "give rules by place",
            "more than %d nodes have a rule of their own", DTD_MOST_OWN_RULES);
  struct dtd_own_rule *own = &composite->own[composite->owns++];
  strcpy(own->node, node);
  return own;
}

void dtd_composite_set(struct dtd_composite *composite, const char *name,
                       const char *rule) {
  const struct dtd_rule *found = dtd_rule_find(rule);
  for (int p = 0; p < DTD_PLACES; p++)
    if (!strcmp(name, places[p])) {
      composite->rule[p] = found;
      return;
    }
  own_rule(composite, name)->rule = found;
}

/* "NAME=RULE": a rule has no = in its name, a node may. */
static void read_word(struct dtd_composite *composite, char *word) {
  char *equals = strrchr(word, '=');
  if (!equals)
    dtd_die(DTD_USAGE, word, "write PLACE=RULE or NODE=RULE",
            "only the first word names a composite");
  *equals = 0;
  if (equals == word || !equals[1])
    dtd_die(DTD_USAGE, *word ? word : equals + 1,
            "write PLACE=RULE or NODE=RULE", "one side of = is empty");
  dtd_composite_set(composite, word, equals + 1);
}

struct dtd_composite dtd_composite_read(const char *text) {
  static const char blanks[] = " \t\r\n";
  char *copy = dtd_copy_text(text), *rest = copy, *word;
  word = strtok_r(copy, blanks, &rest);
  bool named = word && !strchr(word, '=');
  struct dtd_composite composite =
      named ? dtd_composite_find(word) : dtd_composite_at(0);
  if (named) word = strtok_r(NULL, blanks, &rest);
  for (; word; word = strtok_r(NULL, blanks, &rest))
    read_word(&composite, word);
  dtd_free(copy);
  return composite;
}

/* ---- the rule of a node ---- */

static const struct dtd_rule *
rule_by_place(const struct dtd_composite *composite,
              const struct dtd_graph *graph,
              const struct dtd_graph_domains *domains, int n) {
  const struct dtd_node *node = &graph->node[n];
  const struct dtd_node_domain *reads = &domains->at[node->input[0]];
  bool convolution = node->window.kernel[0] > 0;
  const struct dtd_rule *rule =
      composite->rule[convolution ? DTD_CONVOLUTION : DTD_DENSE_NODE];
  if (reads->of_pixels && composite->rule[DTD_FIRST])
    rule = composite->rule[DTD_FIRST];
  if (rule->domain == DTD_NONNEGATIVE_INPUT && !reads->nonnegative &&
      composite->rule[DTD_SIGNED])
    rule = composite->rule[DTD_SIGNED];
  return rule;
}

/* The node with weights of that name; dies when there is none. */
static int node_called(const struct dtd_graph *graph, const char *name) {
  bool found = false;
  for (int n = 0; n < graph->nodes; n++) {
    if (strcmp(graph->node[n].name, name)) continue;
    if (graph->node[n].kind->weighted) return n;
    found = true;
  }
  dtd_die(DTD_USAGE, name, "--list prints the nodes of a network",
          found ? "the node has no weights, so that it needs no rule (%s)"
                : "there is no node of that name (%s)",
          graph->path);
}

void dtd_composite_rules(const struct dtd_rule **rule,
                         const struct dtd_composite *composite,
                         const struct dtd_graph *graph,
                         const struct dtd_graph_domains *domains) {
  for (int n = 0; n < graph->nodes; n++)
    rule[n] = graph->node[n].kind->weighted
                  ? rule_by_place(composite, graph, domains, n)
                  : NULL;
  for (int i = 0; i < composite->owns; i++)
    rule[node_called(graph, composite->own[i].node)] = composite->own[i].rule;
  for (int n = 0; n < graph->nodes; n++)
    if (rule[n]) dtd_graph_domains_check(domains, graph, n, rule[n]);
}
