/* Tests weighted_node.c. */
#include "base/test.h"
#include "network/weighted_node.h"

#include "network/test_graph.h"

TEST_GROUP(test_folder_new, test_folder_free)

#define NORMALISED                                                             \
  "tensor g 4 > 0", "tensor m 4", "tensor v 4 > 0", "tensor s 4"

/* Folded or not (what else reads a then keeps it apart), z is the same. */
TEST(folding_keeps_what_is_computed) {
  static const char *const below[] = {"Conv x w b > a", "Conv x w > a"};
  for (int n = 0; n < 2; n++) {
    struct dtd_graph *folded =
        GRAPH("input x N 3 5 5", "tensor w 4 3 2 2", "tensor b 4", NORMALISED,
              below[n], "BatchNormalization a g s m v > y", "output y N 4 4 4");
    struct dtd_graph *apart =
        GRAPH("input x N 3 5 5", "tensor w 4 3 2 2", "tensor b 4", NORMALISED,
              below[n], "Dropout a > d", "BatchNormalization d g s m v > y",
              "output y N 4 4 4");
    assert_int_equal(folded->nodes, 2);
    assert_int_equal(apart->nodes, 4);
    const float *x = random_numbers(75, -1, 1, 1, "x");
    assert_close_floats(dtd_graph_scores(folded, values_for(folded, x, 1)),
                        dtd_graph_scores(apart, values_for(apart, x, 1)), 64,
                        1e-6);
  }
}
