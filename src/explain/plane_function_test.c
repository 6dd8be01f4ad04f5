/* Tests that a table of units becomes the function that it spells. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/test.h"
#include "base/assert_dies.h"
#include "explain/plane_function.h"

/* The row of zeros in the middle is a unit that never fires. */
static const struct dtd_plane_function example = {
    "example",
    {{1, 0.5f, 0}, {0, 0, 0}, {-0.25f, -1, -1.5f}, {0, 1, -1}, {2, 0, 0}}};

TEST(the_network_computes_the_table) {
  struct dtd_network *network = dtd_plane_network_new(&example);
  struct dtd_activations *act = dtd_activations_new(network, 1);
  for (float x_1 = -3; x_1 <= 3; x_1 += 0.25f)
    for (float x_2 = -3; x_2 <= 3; x_2 += 0.25f) {
      const float x[] = {x_1, x_2};
      dtd_forward(act, network, x, 1);
      float f = fmaxf(0, x_1 + x_2 / 2) + fmaxf(0, -x_1 / 4 - x_2 - 1.5f) +
                fmaxf(0, x_2 - 1) + fmaxf(0, 2 * x_1);
      assert_true(dtd_score(act)[0] == f); /* binary fractions: no rounding */
    }
  dtd_activations_free(act);
  dtd_network_free(network);
}

static void assert_formula(const char *wanted,
                           const struct dtd_plane_function *function) {
  char *formula = dtd_plane_formula(function);
  assert_string_equal(formula, wanted);
  free(formula);
}

TEST(formulas_are_written_as_by_hand) {
  assert_formula("max(0, x_1 + 0.5 x_2) + max(0, -0.25 x_1 - x_2 - 1.5) + "
                 "max(0, x_2 - 1) + max(0, 2 x_1)",
                 &example);
  const struct dtd_plane_function minus = {"minus", {{-1, 0, 0}, {0, -3, -2}}};
  assert_formula("max(0, -x_1) + max(0, -3 x_2 - 2)", &minus);
}

TEST(digests_tell_functions_apart) {
  char one[17], same[17], other[17], both[17];
  struct dtd_plane_function two[] = {example, example};
  dtd_plane_digest(one, &example, 1);
  dtd_plane_digest(same, two, 1);
  dtd_plane_digest(both, two, 2);
  two[0].unit[3].b = -2;
  dtd_plane_digest(other, two, 1);
  assert_int_equal(strlen(one), 16);
  assert_string_equal(one, same);
  assert_string_not_equal(one, other);
  assert_string_not_equal(one, both);
}

TEST(bad_tables_are_refused) {
  const struct dtd_plane_function zero = {"zero", {{0, 0, -1}}},
                                  empty = {"empty", {{0, 0, 0}}},
                                  rootless = {"rootless",
                                              {{1, 0, 0}, {1, 1, 0.5f}}},
                                  broken = {"broken", {{1, NAN, 0}}};
  assert_dies(2, "zero: the function is zero everywhere",
              dtd_plane_network_new(&zero));
  assert_dies(2, "empty: the function is zero everywhere",
              dtd_plane_network_new(&empty));
  assert_dies(2, "function rootless, unit 2: with the positive bias 0.5",
              dtd_plane_network_new(&rootless));
  assert_dies(2, "function broken, unit 1: {1, nan, 0} (use finite numbers)",
              dtd_plane_network_new(&broken));
}
