/* Tests which rule each node gets from a composite, and what texts say. */
#include "relevance/composite.h"

#include "base/test.h"
#include "network/test_graph.h"

TEST_GROUP(test_folder_new, test_folder_free)
TEST_OWNS(graph_domains)

static const float low[] = {-1, -1, -1}, high[] = {1, 1, 1};
static const struct dtd_box pixels = {3, low, high};

/* Two convolutions that read pixels, one behind a Relu, one that is not, a
   scaled map, and two matrices. */
static struct dtd_graph *small_graph(void) {
  return GRAPH("input x N 3 4 4", "tensor v 4 3 1 1", "Conv x v > one",
               "Relu one > r", "tensor w 4 4 1 1", "Conv r w > two",
               "Relu two > r2", "tensor s 4 > 0", "tensor b 4",
               "BatchNormalization r2 s b b s > three", "Relu three > r3",
               "Flatten r3 > f", "tensor m 64 5", "MatMul f m > four",
               "Relu four > r4", "tensor n 5 3", "MatMul r4 n > y", "output y");
}

/* The same with a convolution that reads what may be negative. */
static struct dtd_graph *signed_graph(void) {
  return GRAPH("input x N 3 4 4", "tensor v 4 3 1 1", "Conv x v > one",
               "tensor w 4 4 1 1", "Conv one w > two", "Relu two > r",
               "Flatten r > f", "tensor m 64 3", "MatMul f m > y", "output y");
}

static const char *rule_of(const char *text, const struct dtd_graph *graph,
                           const char *node) {
  const struct dtd_rule **rule = test_new((size_t)graph->nodes, sizeof *rule);
  struct dtd_composite composite = dtd_composite_read(text);
  struct dtd_graph_domains *domains =
      own_graph_domains(dtd_graph_domains_new(graph, pixels));
  dtd_composite_rules(rule, &composite, graph, domains);
  const struct dtd_rule *found = rule[node_called(graph, node)];
  return found ? found->name : "none";
}

#define assert_rule(text, graph, node, wanted)                                 \
  assert_string_equal(rule_of(text, graph, node), wanted)

TEST(presets_give_rules_by_kind_and_place) {
  struct dtd_graph *graph = small_graph();
  const struct {
    const char *text, *one, *two, *three, *four;
  } wanted[] = {
      {"", "zB", "z+", "z+", "z+"},
      {"deep-taylor", "zB", "z+", "z+", "z+"},
      {"epsilon-plus", "alpha-beta(1)", "z+", "z+", "epsilon(1e-06)"},
      {"epsilon-plus-flat", "flat", "z+", "z+", "epsilon(1e-06)"},
      {"epsilon-plus first=zB", "zB", "z+", "z+", "epsilon(1e-06)"},
      {"epsilon-alpha2-beta1", "alpha-beta", "alpha-beta", "alpha-beta",
       "epsilon(1e-06)"},
      {"epsilon-alpha2-beta1-flat", "flat", "alpha-beta", "alpha-beta",
       "epsilon(1e-06)"},
      {"epsilon-gamma-box", "zB", "gamma", "gamma", "epsilon(1e-06)"},
      {"first=w^2 dense=gamma(0.5)", "w^2", "z+", "z+", "gamma(0.5)"},
      {"epsilon-plus convolution=flat\n two=gamma\tfour=z+", "flat", "gamma",
       "flat", "z+"},
  };
  for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++) {
    assert_rule(wanted[k].text, graph, "one", wanted[k].one);
    assert_rule(wanted[k].text, graph, "two", wanted[k].two);
    assert_rule(wanted[k].text, graph, "three", wanted[k].three);
    assert_rule(wanted[k].text, graph, "four", wanted[k].four);
    assert_rule(wanted[k].text, graph, "r2", "none");
  }
}

/* Every preset is there under its name, with words and a source. */
TEST(presets_are_listed) {
  assert_true(dtd_composites() >= 5);
  assert_string_equal(dtd_composite_at(0).name, "deep-taylor");
  for (int k = 0; k < dtd_composites(); k++) {
    struct dtd_composite c = dtd_composite_at(k);
    assert_true(*c.description && *c.source);
    assert_string_equal(dtd_composite_find(c.name).name, c.name);
    assert_non_null(c.rule[DTD_CONVOLUTION]);
    assert_non_null(c.rule[DTD_DENSE_NODE]);
  }
  assert_dies(DTD_USAGE,
              "epsilon: there is no such composite (use one of deep-taylor, "
              "epsilon-plus, epsilon-plus-flat, epsilon-alpha2-beta1, "
              "epsilon-alpha2-beta1-flat, epsilon-gamma-box)",
              dtd_composite_find("epsilon"));
}

TEST(inputs_of_either_sign_have_a_rule_of_their_own) {
  struct dtd_graph *graph = signed_graph();
  assert_rule("epsilon-plus", graph, "two", "alpha-beta(1)");
  assert_rule("epsilon-alpha2-beta1", graph, "two", "alpha-beta");
  assert_rule("signed=w^2", graph, "two", "w^2");
  assert_rule("signed=w^2", graph, "y", "z+");
  assert_rule("signed=w^2", graph, "one", "zB");
  assert_rule("two=flat", graph, "two", "flat");
  assert_dies(DTD_USAGE,
              "node two, rule z+: the rule is meant for inputs >= 0, but those "
              "from node one may be negative, with no Relu behind it "
              "(alpha-beta(1) is z+ for inputs of either sign)",
              rule_of("", graph, "two"));
  assert_dies(DTD_USAGE, "node two, rule z+",
              rule_of("epsilon-plus two=z+", graph, "two"));
  assert_dies(DTD_USAGE, "node two", rule_of("signed=z+", graph, "two"));
}

TEST(later_words_win) {
  struct dtd_graph *graph = small_graph();
  assert_rule("two=flat two=w^2", graph, "two", "w^2");
  assert_rule("first=flat one=w^2 first=epsilon", graph, "one", "w^2");
}

TEST(texts_that_say_something_else_are_refused) {
  struct dtd_graph *graph = small_graph();
  assert_dies(DTD_USAGE, "there is no such composite",
              dtd_composite_read("nothing"));
  assert_dies(DTD_USAGE, "epsilon-plus: only the first word names a composite",
              dtd_composite_read("two=flat epsilon-plus"));
  assert_dies(DTD_USAGE, "two: one side of = is empty",
              dtd_composite_read("two="));
  assert_dies(DTD_USAGE, "flat: one side of = is empty",
              dtd_composite_read("=flat"));
  assert_dies(DTD_USAGE, "one side of = is empty", dtd_composite_read("="));
  assert_dies(DTD_USAGE, "flit: there is no such rule",
              dtd_composite_read("two=flit"));
  assert_dies(DTD_USAGE, "gamma(-1)", dtd_composite_read("two=gamma(-1)"));
  assert_dies(DTD_USAGE, "five: there is no node of that name",
              rule_of("five=flat", graph, "two"));
  assert_dies(DTD_USAGE,
              "r2: the node has no weights, so that it needs no rule",
              rule_of("r2=flat", graph, "two"));
  assert_dies(DTD_USAGE, "node two, rule zB", rule_of("two=zB", graph, "two"));
}

TEST(too_much_is_refused) {
  static struct dtd_composite c;
  char name[DTD_MOST_NODE_NAME + 8];
  c = dtd_composite_at(0);
  for (int n = 0; n < DTD_MOST_OWN_RULES; n++) {
    snprintf(name, sizeof name, "node%d", n);
    dtd_composite_set(&c, name, "flat");
  }
  dtd_composite_set(&c, "node7", "z+"); /* is there */
  assert_int_equal(c.owns, DTD_MOST_OWN_RULES);
  assert_dies(DTD_USAGE, "more than 256 nodes have a rule of their own",
              dtd_composite_set(&c, "more", "flat"));
  c = dtd_composite_at(0);
  memset(name, 'x', sizeof name - 1);
  name[sizeof name - 1] = 0;
  assert_dies(DTD_USAGE, "longer than 127 bytes",
              dtd_composite_set(&c, name, "flat"));
}

TEST(places_have_names) {
  struct dtd_composite c = dtd_composite_at(0);
  for (int p = 0; p < DTD_PLACES; p++) {
    dtd_composite_set(&c, dtd_place_name((enum dtd_place)p), "flat");
    assert_string_equal(c.rule[p]->name, "flat");
  }
  assert_int_equal(c.owns, 0);
}
