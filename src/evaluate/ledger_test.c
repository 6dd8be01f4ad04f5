/* Tests that the books of relevance close, and what they book, on examples
   worked out by hand. */

#include "base/test.h"
#include "evaluate/ledger.h"
#include "relevance/test_models.h"
#include "network/test_network.h"

TEST_OWNS(decomposition)

enum { INPUTS = 12, CAPACITY = 5 };

static const struct dtd_layer_shape two_layers[] = {LAYER(INPUTS, 8, 2),
                                                    LAYER(4, 6, 6)};

/* A decomposition of a batch of random images, with all that it needs. */
struct scene {
  struct dtd_network *network;
  struct dtd_relevance_model *minmax; /* or null */
  struct dtd_decomposition *d;
  struct dtd_activations *act;
  float x[CAPACITY * INPUTS];
};

static struct scene scene_new(struct dtd_network *network, bool with_minmax,
                              const char *first_rule) {
  struct scene s = {.network = network};
  struct dtd_rng rng = dtd_rng_open(3, "test/images", 0);
  fill_random(s.x, CAPACITY * INPUTS, -0.5, 1.5, &rng);
  if (with_minmax)
    s.minmax = random_model("minmax", network, 0, CAPACITY, 5, 0.3, 0.3);
  s.d = own_decomposition(
      dtd_decomposition_new(network, s.minmax, dtd_rule_find(first_rule),
                            dtd_rule_find("z+"), -0.5F, 1.5F, CAPACITY));
  s.act = new_activations(network, CAPACITY);
  return s;
}

static void explain(struct scene *s) {
  dtd_forward(s->act, s->network, dtd_rows(s->x, CAPACITY));
  dtd_decompose(s->d, s->act, 0);
}

static void assert_rounded(double found, double wanted) {
  if (!(fabs(found - wanted) <= 1e-5 * (1 + fabs(wanted))))
    fail_msg("%.9g, wanted %.9g", found, wanted);
}

/* The last entry of a layer: the balance of the layer. */
static double standing_at(const struct dtd_ledger_entry *entries, int count,
                          const char *layer) {
  for (int i = count - 1; i >= 0; i--)
    if (!strcmp(entries[i].layer, layer)) return entries[i].relevance;
  fail_msg("no entry of %s", layer);
  return NAN;
}

/* The change booked under a cause at a layer. */
static double booked(const struct dtd_ledger_entry *entries, int count,
                     const char *layer, const char *cause) {
  for (int i = 0; i < count; i++)
    if (!strcmp(entries[i].layer, layer) && !strcmp(entries[i].cause, cause))
      return entries[i].change;
  fail_msg("%s books no %s", layer, cause);
  return NAN;
}

/* Every balance is the one before plus the change, to the last bit. */
static void assert_closes(const struct dtd_ledger_entry *entries, int count) {
  assert_string_equal(entries[0].layer, "f");
  assert_true(entries[0].change == 0);
  for (int i = 1; i < count; i++)
    assert_true(entries[i].relevance ==
                entries[i - 1].relevance + entries[i].change);
}

TEST(the_books_close_and_show_the_sums_of_layers) {
  for (int with_minmax = 0; with_minmax < 2; with_minmax++) {
    struct scene s =
        scene_new(random_network(two_layers, 2, 1), with_minmax, "zB");
    explain(&s);
    for (int n = 0; n < CAPACITY; n++) {
      struct dtd_ledger_entry e[DTD_MOST_ENTRIES];
      int count = dtd_ledger_of_decomposition(e, s.d, s.act, n);
      assert_int_equal(count, 9);
      assert_closes(e, count);
      assert_rounded(e[0].relevance, dtd_score(s.act)[n]);
      assert_rounded(standing_at(e, count, "R_l"),
                     sum_of(s.d->R_j[1] + n * 6, 6));
      assert_rounded(standing_at(e, count, "R_k"),
                     sum_of(s.d->R_i[1] + n * 4, 4));
      assert_rounded(standing_at(e, count, "R_j"),
                     sum_of(s.d->R_j[0] + n * 8, 8));
      assert_rounded(standing_at(e, count, "R_p"),
                     sum_of(s.d->R_i[0] + n * INPUTS, INPUTS));
    }
  }
}

TEST(training_free_loses_nothing_but_rounding) {
  struct scene s = scene_new(random_network(two_layers, 2, 1), false, "zB");
  explain(&s);
  double score = 0;
  for (int n = 0; n < CAPACITY; n++) {
    struct dtd_ledger_entry e[DTD_MOST_ENTRIES];
    int count = dtd_ledger_of_decomposition(e, s.d, s.act, n);
    score += e[0].relevance;
    for (int i = 1; i < count; i++) {
      assert_true(fabs(e[i].change) <= 1e-6 * e[0].relevance);
      if (strcmp(e[i].cause, "rounding")) assert_true(e[i].change == 0);
    }
  }
  assert_true(score > 0); /* there was something to lose */
}

/* One pool is given a relevance that none of its units answers: all of its
   weights are so negative that y_j = 0. The rest of the misfit is the fit's. */
TEST(a_dead_pool_and_the_fit_are_told_apart) {
  struct scene s = scene_new(random_network(two_layers, 2, 1), true, "zB");
  for (int j = 0; j < 2; j++) s.minmax->top_down_bias[j] = -1000;
  explain(&s);
  double all_dead = 0;
  for (int n = 0; n < CAPACITY; n++) {
    struct dtd_ledger_entry e[DTD_MOST_ENTRIES];
    int count = dtd_ledger_of_decomposition(e, s.d, s.act, n);
    double dead = 0, fit = 0; /* pool by pool, two units each */
    for (int k = 0; k < 4; k++) {
      double R_k = s.d->R_i[1][n * 4 + k];
      double y = sum_of(s.d->R_j[0] + n * 8 + 2 * k, 2);
      if (y > 0)
        fit += y - R_k;
      else
        dead -= R_k;
      if (k == 0) assert_true(y == 0);
    }
    assert_rounded(booked(e, count, "R_j", "dead pool"), dead);
    assert_rounded(booked(e, count, "R_j", "model fit"), fit);
    all_dead -= dead;
  }
  assert_true(all_dead > 0);
}

/* One unit below, one above, x = (1, 2), w = (3, -1), b = 1, then x 2 with bias
   4: z+ divides by 3 + 1, so of R_j = x_j = 3 - 2 + 1 = 2 it keeps 1/4, and
   above by 4 + 4, so of f = 2 x 2 + 4 = 8 it keeps 4. */
TEST(a_positive_bias_keeps_what_section_6_2_says) {
  const struct dtd_layer_shape shape[] = {LAYER(2, 1, 1), LAYER(1, 1, 1)};
  struct dtd_network *network = new_network(shape, 2);
  network->layer[0].w[0] = 3, network->layer[0].w[1] = -1;
  network->layer[0].b[0] = 1;
  network->layer[1].w[0] = 2, network->layer[1].b[0] = 4;
  struct dtd_decomposition *d = own_decomposition(dtd_decomposition_new(
      network, NULL, dtd_rule_find("z+"), dtd_rule_find("z+"), 0, 3, 1));
  struct dtd_activations *act = new_activations(network, 1);
  const float x[] = {1, 2};
  dtd_forward(act, network, dtd_rows(x, 1));
  dtd_decompose(d, act, 0);
  struct dtd_ledger_entry e[DTD_MOST_ENTRIES];
  int count = dtd_ledger_of_decomposition(e, d, act, 0);
  assert_closes(e, count);
  assert_rounded(e[0].relevance, 8);
  assert_rounded(booked(e, count, "R_k", "positive bias"), -4);
  assert_rounded(booked(e, count, "R_k", "rounding"), 0);
  assert_rounded(booked(e, count, "R_p", "positive bias"), -1);
  assert_rounded(booked(e, count, "R_p", "rounding"), 0);
  assert_rounded(standing_at(e, count, "R_p"), 3);
  assert_rounded(d->R_i[0][0], 3);
}

TEST(another_depth_names_its_layers_by_number) {
  const struct dtd_layer_shape shape[] = {LAYER(INPUTS, 8, 2), LAYER(4, 6, 2),
                                          LAYER(3, 4, 4)};
  struct scene s = scene_new(random_network(shape, 3, 2), false, "zB");
  explain(&s);
  struct dtd_ledger_entry e[DTD_MOST_ENTRIES];
  int count = dtd_ledger_of_decomposition(e, s.d, s.act, 0);
  const char *const names[] = {"R_detection3", "R_pooled2",    "R_detection2",
                               "R_pooled1",    "R_detection1", "R_p"};
  assert_int_equal(count, 13);
  for (int i = 1; i < count; i++)
    assert_string_equal(e[i].layer, names[(i - 1) / 2]);
  assert_closes(e, count);
}

TEST(a_sum_without_layers_is_booked_against_its_root) {
  struct dtd_ledger_entry e[DTD_MOST_ENTRIES];
  struct dtd_root root = {.f = 90, .f_root = 9};
  int count = dtd_ledger_of_sum(e, 90, 55, &root);
  assert_int_equal(count, 3);
  assert_closes(e, count);
  assert_rounded(booked(e, count, "R_p", "left at the root"), -9);
  assert_rounded(booked(e, count, "R_p", "second-order terms"), -26);
  count = dtd_ledger_of_sum(e, 90, 1800, NULL);
  assert_int_equal(count, 2);
  assert_closes(e, count);
  assert_rounded(booked(e, count, "R_p", "not redistributed"), 1710);
}

TEST(a_mean_closes_as_its_ledgers_do) {
  struct dtd_ledger_entry all[3 * DTD_MOST_ENTRIES], mean[DTD_MOST_ENTRIES];
  struct dtd_root root = {.f_root = 3};
  const double scores[] = {10, 20, 60}, sums[] = {4, 20, 30};
  int rows = 0;
  for (int n = 0; n < 3; n++)
    rows = dtd_ledger_of_sum(all + n * rows, scores[n], sums[n], &root);
  dtd_ledger_mean(mean, all, 3, rows);
  assert_closes(mean, rows);
  assert_rounded(mean[0].relevance, 30);
  assert_rounded(booked(mean, rows, "R_p", "left at the root"), -3);
  assert_rounded(mean[rows - 1].relevance, 18);
}
