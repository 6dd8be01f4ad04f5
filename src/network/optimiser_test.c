/* Tests every optimiser against the published updates, in plain double loops.
 */
#include "base/test.h"
#include "network/optimiser.h"

#include "network/test_optimiser.h"
#include "network/test_network.h"

TEST_OWNS(optimiser)

static const struct dtd_layer_shape shape[] = {LAYER(9, 12, 3),
                                               LAYER(4, 10, 10)};
static const struct dtd_optimiser_settings some = {.momentum = 0.8,
                                                   .beta1 = 0.85,
                                                   .beta2 = 0.99,
                                                   .epsilon = 1e-3,
                                                   .weight_decay = 3};

/* Calls `visit` for each registered optimiser that has a step of its own. */
static void for_each(void (*visit)(const struct dtd_optimiser_settings *)) {
  int visited = 0;
  for (int n = 0; dtd_optimisers[n]; n++) {
    struct dtd_optimiser_settings settings = some;
    settings.kind = dtd_optimisers[n];
    if (dtd_optimiser_in_place(&settings)) continue;
    visit(&settings);
    visited++;
  }
  assert_true(visited >= 2);
}

static void fill_gradient(struct dtd_optimiser *optimiser,
                          struct dtd_rng *rng) {
  struct dtd_network *gradient = optimiser->gradient;
  fill_random(gradient->parameters, gradient->parameter_count, -2, 2, rng);
}

/* Fifty steps with changing gradients and a falling rate. */
static void equals_the_twin(const struct dtd_optimiser_settings *settings) {
  struct dtd_network *net = random_network(shape, 2, 4);
  struct dtd_optimiser *optimiser =
      own_optimiser(dtd_optimiser_new(settings, net));
  struct plain_optimiser twin = plain_optimiser_new(net);
  struct dtd_rng rng = dtd_rng_open(3, "test/optimiser", 0);
  for (long t = 1; t <= 50; t++) {
    double rate = 0.02 * (1 - (double)t / 100);
    fill_gradient(optimiser, &rng);
    plain_optimiser_step(&twin, net, optimiser->gradient->parameters, settings,
                         rate, t);
    dtd_optimiser_step(net, optimiser, rate, t);
    assert_close(net->parameters, twin.theta, net->parameter_count, 1e-5);
  }
}

TEST(steps_are_the_published_ones) {
  for_each(equals_the_twin);
}

/* Every registry entry says what it is, and either leaves steps to the network
   or has one, with a name for each thing it remembers. */
TEST(declarations_are_whole) {
  for (int n = 0; dtd_optimisers[n]; n++) {
    const struct dtd_optimiser_kind *kind = dtd_optimisers[n];
    assert_true(*kind->name && *kind->description && *kind->source);
    assert_true(kind->in_place == !kind->step);
    assert_in_range(kind->moments, 0, kind->in_place ? 0 : DTD_MOST_MOMENTS);
    for (int m = 0; m < DTD_MOST_MOMENTS; m++)
      assert_true((kind->moment_name[m] != NULL) == (m < kind->moments));
    for (int other = 0; other < n; other++)
      assert_string_not_equal(kind->name, dtd_optimisers[other]->name);
  }
}

static const struct dtd_optimiser_kind *kind_of(const char *name) {
  for (int n = 0; dtd_optimisers[n]; n++)
    if (!strcmp(dtd_optimisers[n]->name, name)) return dtd_optimisers[n];
  fail_msg("no optimiser %s", name);
  return NULL;
}

/* One weight from 0, after `steps` with gradient g. */
static double moved(const struct dtd_optimiser_settings *settings, float g,
                    double rate, long steps) {
  const struct dtd_layer_shape one[] = {LAYER(1, 1, 1)};
  struct dtd_network *net = new_network(one, 1);
  struct dtd_optimiser *optimiser =
      own_optimiser(dtd_optimiser_new(settings, net));
  for (long t = 1; t <= steps; t++) {
    optimiser->gradient->layer[0].w[0] = g;
    dtd_optimiser_step(net, optimiser, rate, t);
  }
  return net->layer[0].w[0];
}

/* Bias correction makes Adam's steps under a constant gradient as large as the
   rate from the first on, for any size of the gradient (Kingma & Ba, 2.1). */
TEST(adam_moves_by_its_rate) {
  struct dtd_optimiser_settings adam = {
      .kind = kind_of("adam"), .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8};
  const float gradients[] = {1e-4f, -0.5f, 3, -1e6f};
  for (int i = 0; i < 4; i++)
    for (long steps = 1; steps <= 100; steps += 33) {
      double wanted = (gradients[i] > 0 ? -1e-3 : 1e-3) * steps;
      double found = moved(&adam, gradients[i], 1e-3, steps);
      assert_true(fabs(found / wanted - 1) < 2e-4);
    }
}

/* Under a constant gradient, w_T = -rate g sum_t (1 - mu^t) / (1 - mu). */
TEST(momentum_comes_to_its_final_speed) {
  struct dtd_optimiser_settings momentum = {.kind = kind_of("momentum"),
                                            .momentum = 0.75};
  for (long steps = 1; steps <= 64; steps *= 2) {
    double sum = 0;
    for (long t = 1; t <= steps; t++) sum += (1 - pow(0.75, t)) / (1 - 0.75);
    double found = moved(&momentum, 2, 0.01, steps);
    assert_true(fabs(found / (-0.01 * 2 * sum) - 1) < 1e-5);
  }
}

/* A gradient of 0 moves nothing, however many steps it lasts. */
static void rests(const struct dtd_optimiser_settings *settings) {
  assert_true(moved(settings, 0, 1, 10) == 0);
}

TEST(without_a_gradient_all_rest) {
  for_each(rests);
}
