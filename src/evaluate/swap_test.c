/* Tests swap.c on halves, on a linear network by hand, and on controls. */

#include "base/test.h"
#include "evaluate/swap.h"
#include "explain/test_explainer.h"

enum { P = DTD_PAIR_PIXELS };

static int at(int row, int column) {
  return row * DTD_PAIR_COLUMNS + column;
}

TEST(a_half_comes_from_either_half_of_another_image) {
  float x[P], y[P], swapped[P];
  for (int p = 0; p < P; p++) x[p] = (float)p, y[p] = (float)(-p - 1);
  for (int side = 0; side < 2; side++)
    for (int other = 0; other < 2; other++) {
      dtd_replace_half(swapped, x, side, y, other);
      for (int row = 0; row < 28; row++)
        for (int column = 0; column < 28; column++) {
          assert_true(swapped[at(row, 28 * side + column)] ==
                      y[at(row, 28 * other + column)]);
          assert_true(swapped[at(row, 28 * !side + column)] ==
                      x[at(row, 28 * !side + column)]);
        }
    }
}

/* f = max(0, x_a + x_b), a and b on the left half. White on a alone: f = 1, and
   zB's q_p = x_p + 1/2 gives all of it to a. Pairs 0 and 1 have their target on
   the left, white on a and on b: another distractor changes nothing, the other
   target everything. Pair 2 has its target on the right, which is not read, and
   its distractor on the left: another target changes nothing, and the black
   distractor of pair 0 leaves f = 0 and no heatmap. */
TEST(changes_of_a_network_that_reads_two_pixels) {
  enum { COUNT = 3 };
  const int a = at(10, 20), b = at(12, 4);
  struct dtd_layer_shape one = LAYER(P, 1, 1);
  struct dtd_network *net = new_network(&one, 1);
  net->layer[0].w[a] = net->layer[0].w[b] = 1;
  struct dtd_explainer *explainer = quick_explainer(net, NULL, COUNT);
  const struct dtd_method *method = dtd_method_find("deep-taylor-free");
  float *x = test_new(COUNT * P, sizeof *x), *R_p = test_new(COUNT * P, 4);
  const struct dtd_pair pair[COUNT] = {{.is_target = {true, false}},
                                       {.is_target = {true, false}},
                                       {.is_target = {false, true}}};
  for (int p = 0; p < COUNT * P; p++) x[p] = DTD_PIXEL_LOW;
  x[a] = x[P + b] = x[2 * P + a] = DTD_PIXEL_HIGH;
  dtd_explain(R_p, NULL, explainer, method, x, COUNT);
  struct dtd_swap swap[COUNT];
  dtd_swaps(swap, explainer, method, x, pair, R_p, COUNT, COUNT);
  assert_true(fabs(swap[0].distractor) < 1e-6);
  assert_true(fabs(swap[0].target - 1) < 1e-6 && fabs(swap[0].ratio) < 1e-6);
  /* the next target is on the right: what comes to the left is all black */
  assert_true(isnan(swap[1].target) && isnan(swap[1].ratio));
  assert_true(swap[2].target < 1e-6 && isnan(swap[2].distractor));
  dtd_swaps(swap, explainer, method, x, pair, R_p, 1, 1); /* no other pair */
  assert_true(isnan(swap[0].target) && isnan(swap[0].distractor));
}

/* The change from x, by the definition, when the digit that is a target (or is
   not) comes from y. */
static double change_by_hand(struct dtd_explainer *explainer,
                             const struct dtd_method *method, const float *x,
                             int side, const float *y, int other_side) {
  float z[P], R[P], S[P];
  double size_R = 0, size_S = 0, change = 0;
  for (int p = 0; p < P; p++) {
    int column = p % 56 - 28 * side;
    bool swapped = column >= 0 && column < 28;
    z[p] = swapped ? y[p / 56 * 56 + 28 * other_side + column] : x[p];
  }
  dtd_explain(R, NULL, explainer, method, x, 1);
  dtd_explain(S, NULL, explainer, method, z, 1);
  for (int p = 0; p < P; p++) {
    size_R += fabs((double)R[p]);
    size_S += fabs((double)S[p]);
  }
  for (int p = 0; p < P; p++)
    change += fabs((double)R[p] / size_R - (double)S[p] / size_S) / 2;
  return change;
}

TEST(swaps_are_those_of_the_definition) {
  enum { COUNT = 3, PAIRS = 4 };
  struct dtd_layer_shape shape[] = {LAYER(P, 8, 4), LAYER(2, 5, 5)};
  struct dtd_network *net = random_network(shape, 2, 4);
  struct dtd_explainer *explainer = quick_explainer(net, NULL, 5);
  float *x = random_numbers(PAIRS * P, -0.5, 1.5, 3, "test/swap");
  float *R_p = test_new(COUNT * P, sizeof *x);
  static const int side[PAIRS] = {0, 1, 1, 0}; /* of the target */
  struct dtd_pair pair[PAIRS];
  for (int n = 0; n < PAIRS; n++)
    pair[n] = (struct dtd_pair){.is_target = {!side[n], side[n]}};
  const char *const names[] = {"sensitivity", "deep-taylor-free", "constant"};
  for (int m = 0; m < 3; m++) {
    const struct dtd_method *method = dtd_method_find(names[m]);
    struct dtd_swap swap[COUNT];
    dtd_explain(R_p, NULL, explainer, method, x, COUNT);
    dtd_swaps(swap, explainer, method, x, pair, R_p, COUNT, PAIRS);
    for (int n = 0; n < COUNT; n++) {
      const float *here = x + (long)n * P, *next = here + P;
      double target =
          change_by_hand(explainer, method, here, side[n], next, side[n + 1]);
      double distractor =
          change_by_hand(explainer, method, here, !side[n], next, !side[n + 1]);
      /* batches of another size may round otherwise */
      assert_true(fabs(swap[n].target - target) < 1e-4 * target + 1e-7);
      assert_true(fabs(swap[n].distractor - distractor) <
                  1e-4 * distractor + 1e-7);
      if (m == 2) assert_true(swap[n].target < 1e-7); /* always the same */
      if (m < 2)
        assert_true(fabs(swap[n].ratio - distractor / target) < 1e-3 &&
                    target > 0 && distractor > 0);
    }
  }
}
