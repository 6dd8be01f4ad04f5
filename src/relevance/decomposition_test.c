/* Tests the walk down the stack against plain double loops of 5.2. */

#include "base/test.h"
#include "relevance/decomposition.h"
#include "network/test_network.h"
#include "relevance/test_reference.h"

TEST_OWNS(decomposition)

enum { BATCH = 5 };

static const struct stack {
  int depth;
  struct dtd_layer_shape layer[3];
} stacks[] = {
    {1, {LAYER(12, 6, 6)}},
    {2, {LAYER(12, 8, 4), LAYER(2, 5, 5)}},
    {3, {LAYER_NORM(9, 12, 3, 2), LAYER(4, 8, 2), LAYER(4, 10, 10)}},
    {2, {LAYER_NORM(12, 8, 4, INFINITY), LAYER_NORM(2, 6, 6, 3)}},
    {3,
     {LAYER_NORM(9, 12, 3, 1.5f), LAYER_NORM(4, 8, 2, INFINITY),
      LAYER_NORM(4, 10, 10, INFINITY)}},
    {2, {LAYER(1568, 400, 4), LAYER(100, 400, 400)}},
};
enum { STACKS = sizeof stacks / sizeof *stacks };

/* One batch through one stack with `first` in its first layer: heatmaps equal
   the reference's, conserve f and have no negative pixel. */
static void check_stack(const struct stack *s, const struct dtd_rule *first,
                        uint64_t stream) {
  float low = first->domain == DTD_NONNEGATIVE_INPUT ? 0 : -0.5f;
  struct dtd_network *net = random_network(s->layer, s->depth, 3);
  struct dtd_reference *reference = new_reference(net);
  int inputs = net->layer[0].shape.inputs, explained = 0;
  struct dtd_activations *act = new_activations(net, BATCH);
  struct dtd_decomposition *d = own_decomposition(dtd_decomposition_new(
      net, NULL, first, dtd_rule_find("z+"), low, 1.5f, BATCH));
  struct dtd_rng rng = dtd_rng_open(6, "test/decomposition", stream);
  float *x = new_random(BATCH * inputs, low, 1.5, &rng);
  dtd_forward(act, net, dtd_rows(x, BATCH));
  dtd_decompose(d, act, 0);
  for (int n = 0; n < BATCH; n++) {
    double f = reference_score(reference, x + n * inputs);
    dtd_reference_decompose(reference, NULL, first->name, low, 1.5);
    const float *R_p = d->R_i[0] + n * inputs;
    assert_close(R_p, reference->layer[0].R_i, inputs, 1e-5);
    for (int p = 0; p < inputs; p++) assert_true(R_p[p] >= 0);
    assert_near(sum_of(R_p, inputs), f, 1e-5 * f);
    explained += f > 0;
  }
  assert_true(explained > 0);
}

TEST(decomposition_equals_plain_loops) {
  const char *rules[] = {"w^2", "z+", "zB"};
  for (int s = 0; s < STACKS; s++)
    for (int r = 0; r < 3; r++)
      check_stack(&stacks[s], dtd_rule_find(rules[r]), s);
}

/* Every conservative rule below, every one made for activations above:
   relevance that another rule, such as w^2, sends to a pool that is off has
   nowhere to go (hence 5.2: "all layers ... using the z+-rule, except for the
   first"). */
TEST(every_conservative_pair_of_rules_conserves) {
  const struct stack *s = &stacks[2];
  struct dtd_network *net = random_network(s->layer, s->depth, 3);
  struct dtd_activations *act = new_activations(net, BATCH);
  float *x = random_numbers(BATCH * 9, 0, 1.5, 6, "test/rules");
  dtd_forward(act, net, dtd_rows(x, BATCH));
  for (int first = 0; dtd_rules[first]; first++)
    for (int upper = 0; dtd_rules[upper]; upper++) {
      const struct dtd_rule *a = dtd_rules[first], *b = dtd_rules[upper];
      if (!a->conservative || !b->conservative ||
          b->domain != DTD_NONNEGATIVE_INPUT)
        continue;
      struct dtd_decomposition *d = own_decomposition(
          dtd_decomposition_new(net, NULL, a, b, 0, 1.5f, BATCH));
      dtd_decompose(d, act, 0);
      for (int n = 0; n < BATCH; n++) {
        double f = dtd_score(act)[n];
        assert_near(sum_of(d->R_i[0] + n * 9, 9), f, 2e-5 * f);
      }
    }
}

/* Half of the biases above 0, as foreign networks and unconstrained ones have
   them: they keep a share, so that heatmaps hold less than f. */
TEST(positive_biases_keep_their_share) {
  for (int s = 0; s < STACKS - 1; s++) {
    struct dtd_network *net =
        random_network(stacks[s].layer, stacks[s].depth, 3);
    struct dtd_rng rng = dtd_rng_open(9, "test/positive", s);
    for (int n = 0; n < net->depth; n++)
      fill_random(net->layer[n].b, net->layer[n].shape.units, -0.3, 0.3, &rng);
    struct dtd_reference *reference = new_reference(net);
    int inputs = net->layer[0].shape.inputs, less = 0;
    struct dtd_activations *act = new_activations(net, 1);
    struct dtd_decomposition *d = own_decomposition(dtd_decomposition_new(
        net, NULL, dtd_rule_find("zB"), dtd_rule_find("z+"), -0.5f, 1.5f, 1));
    for (int n = 0; n < BATCH; n++) {
      float x[12];
      fill_random(x, inputs, -0.5, 1.5, &rng);
      double f = reference_score(reference, x);
      dtd_reference_decompose(reference, NULL, "zB", -0.5, 1.5);
      dtd_forward(act, net, dtd_rows(x, 1));
      dtd_decompose(d, act, 0);
      assert_close(d->R_i[0], reference->layer[0].R_i, inputs, 1e-5);
      double sum = sum_of(d->R_i[0], inputs);
      assert_true(sum <= f * (1 + 1e-5));
      less += sum < 0.99 * f;
    }
    assert_true(less > 0);
  }
}

TEST(no_score_gives_an_empty_heatmap) {
  struct dtd_network *net = new_network(stacks[1].layer, 2);
  struct dtd_activations *act = new_activations(net, 1);
  struct dtd_decomposition *d = own_decomposition(dtd_decomposition_new(
      net, NULL, dtd_rule_find("zB"), dtd_rule_find("z+"), -0.5f, 1.5f, 1));
  float x[12] = {1, 0.5f};
  dtd_forward(act, net, dtd_rows(x, 1)); /* all weights are 0 */
  dtd_decompose(d, act, 0);
  for (int p = 0; p < 12; p++) assert_true(d->R_i[0][p] == 0);
}
