/* Tests what is known of each node's inputs, and which rules that refuses. */
#include "relevance/graph_domains.h"

#include "base/test.h"
#include "network/test_graph.h"

TEST_GROUP(test_folder_new, test_folder_free)
TEST_OWNS(graph_domains)

static const float low[] = {-1, -2, -3}, high[] = {1, 2, 3};
static const struct dtd_box pixels = {3, low, high};

static struct dtd_box box_of(int channels, const float *l, const float *h) {
  return (struct dtd_box){channels, l, h};
}

static struct dtd_graph_domains *domains_of(const struct dtd_graph *graph,
                                            struct dtd_box box) {
  return own_graph_domains(dtd_graph_domains_new(graph, box));
}

/* Convolutions behind the input, a Relu, pools, a convolution and an Add; "s"
   has no negative weights. */
static struct dtd_graph *mixed_graph(void) {
  return GRAPH("input x N 3 6 6", "Identity x > i", "tensor v 4 3 3 3",
               "Conv i v > a pads=1,1,1,1", "Relu a > r",
               "MaxPool r > m kernel_shape=2,2 strides=2,2", "LRN m > n size=3",
               "tensor w 4 4 1 1", "Conv n w > c", "Conv c w > e",
               "Add c n > d", "Conv d w > g", "Relu d > h",
               "Concat h n > k axis=1", "tensor p 4 8 1 1 > 0", "Conv k p > s",
               "Conv s w > t",
               "AveragePool x > q "
               "kernel_shape=2,2 strides=2,2",
               "tensor u 4 3 1 1", "Conv q u > z", "Add t z > j",
               "Add j g > y0", "Add y0 e > y", "output y");
}

static bool nonnegative(const struct dtd_graph_domains *domains,
                        const struct dtd_graph *graph, const char *name) {
  return domains->at[node_called(graph, name)].nonnegative;
}

TEST(signs_are_followed) {
  struct dtd_graph *graph = mixed_graph();
  struct dtd_graph_domains *d = domains_of(graph, pixels);
  const char *const never[] = {"r", "m", "n", "h", "k", "s"};
  const char *const perhaps[] = {"i", "a", "c", "d", "g", "t", "q", "z", "y"};
  for (size_t k = 0; k < sizeof never / sizeof *never; k++)
    assert_true(nonnegative(d, graph, never[k]));
  for (size_t k = 0; k < sizeof perhaps / sizeof *perhaps; k++)
    assert_false(nonnegative(d, graph, perhaps[k]));
  const float zeros[] = {0, 0, 0};
  d = domains_of(graph, box_of(3, zeros, high));
  assert_true(nonnegative(d, graph, "i"));
  assert_true(nonnegative(d, graph, "q"));
  assert_false(nonnegative(d, graph, "a"));
  d = domains_of(graph, box_of(0, NULL, NULL));
  assert_false(nonnegative(d, graph, "i"));
}

/* What is said never to be negative is not. */
TEST(signs_hold) {
  struct dtd_graph *graph = mixed_graph();
  struct dtd_graph_domains *d = domains_of(graph, pixels);
  const struct dtd_graph_values *values =
      values_for(graph, random_numbers(4 * 108, -1, 1, 3, "test/x"), 4);
  for (int n = 0; n < graph->nodes; n++) {
    const float *at = values->at[n];
    for (long i = 0;
         d->at[n].nonnegative && i < dtd_maps_size(graph->node[n].out) * 4; i++)
      assert_true(at[i] >= 0);
  }
}

TEST(pixels_are_followed) {
  struct dtd_graph *graph = mixed_graph();
  struct dtd_graph_domains *d = domains_of(graph, pixels);
  assert_true(d->at[node_called(graph, "i")].of_pixels);
  assert_true(d->at[node_called(graph, "q")].of_pixels);
  assert_false(d->at[node_called(graph, "a")].of_pixels);
  assert_false(d->at[node_called(graph, "j")].of_pixels);
}

/* Where a map becomes elements of a vector, each has the map's bounds. */
TEST(bounds_follow_elements) {
  struct dtd_graph *graph =
      GRAPH("input x N 3 2 2", "Flatten x > f", "tensor w 12 5",
            "MatMul f w > y", "output y");
  struct dtd_graph_domains *d = domains_of(graph, pixels);
  struct dtd_box box = dtd_graph_box(d, &graph->node[node_called(graph, "y")]);
  assert_int_equal(box.channels, 12);
  for (int i = 0; i < 12; i++) {
    assert_true(box.low[i] == low[i / 4]);
    assert_true(box.high[i] == high[i / 4]);
  }
  graph = GRAPH("input x N 3", "whole s 4 = 0 1 1 3", "Reshape x s > r",
                "tensor w 2 1 1 1", "Conv r w > y", "output y");
  box = dtd_graph_box(domains_of(graph, pixels),
                      &graph->node[node_called(graph, "y")]);
  assert_int_equal(box.channels, 1);
  assert_true(box.low[0] == -3 && box.high[0] == 3);
}

/* ---- refusals ---- */

static void check(const struct dtd_graph *graph, struct dtd_box box,
                  const char *node, const char *rule) {
  dtd_graph_domains_check(domains_of(graph, box), graph,
                          node_called(graph, node), dtd_rule_find(rule));
}

TEST(rules_fit_where_they_are_meant_for) {
  struct dtd_graph *graph = mixed_graph();
  const float zeros[] = {0, 0, 0};
  check(graph, pixels, "a", "zB");
  check(graph, pixels, "c", "z+");
  check(graph, pixels, "s", "z+");
  check(graph, pixels, "t", "gamma");
  check(graph, box_of(3, zeros, high), "z", "z+");
  for (int r = 0; dtd_rules[r]; r++)
    if (dtd_rules[r]->domain == DTD_ANY_INPUT)
      check(graph, pixels, "e", dtd_rules[r]->name);
}

TEST(rules_are_refused_where_they_are_not) {
  struct dtd_graph *graph = mixed_graph();
  const float above[] = {1, -2, -3};
  assert_dies(DTD_USAGE,
              "node a, rule z+: the rule is meant for inputs >= 0, but the "
              "network's own may be negative (zB",
              check(graph, pixels, "a", "z+"));
  assert_dies(DTD_USAGE,
              "node e, rule z+: the rule is meant for inputs >= 0, but those "
              "from node c may be negative, with no Relu behind it",
              check(graph, pixels, "e", "z+"));
  assert_dies(DTD_USAGE, "from node d", check(graph, pixels, "g", "gamma"));
  assert_dies(DTD_USAGE,
              "node c, rule zB: the rule needs inputs between two bounds, but "
              "those from node n have no upper one (z+",
              check(graph, pixels, "c", "zB"));
  assert_dies(DTD_USAGE,
              "which are known of the network's own, but not of those from "
              "node q",
              check(graph, pixels, "z", "zB"));
  assert_dies(DTD_USAGE, "give the least and the greatest input",
              check(graph, box_of(0, NULL, NULL), "a", "zB"));
  assert_dies(DTD_USAGE,
              "between 1 and 1, the bounds of channel 0, there need not be a "
              "root",
              check(graph, box_of(3, above, high), "a", "zB"));
}

TEST(impossible_boxes_are_refused) {
  struct dtd_graph *graph = mixed_graph();
  const float nan[] = {-1, NAN, -1};
  assert_dies(DTD_USAGE, "bounds for 2 channels, but the network's input has 3",
              domains_of(graph, box_of(2, low, high)));
  assert_dies(DTD_USAGE,
              "no input lies between the bounds of channel 0, from 1 to -1",
              domains_of(graph, box_of(3, high, low)));
  assert_dies(DTD_USAGE, "channel 1", domains_of(graph, box_of(3, nan, high)));
}
