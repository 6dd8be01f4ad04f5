/* Tests window_node.c. */
#include "base/test.h"
#include "network/window_node.h"

#include "network/test_graph.h"

TEST_GROUP(test_folder_new, test_folder_free)

static void check_size(const char *pool, int rows, int columns) {
  struct dtd_graph *graph = GRAPH("input x N 1 10 7", pool, "output y");
  assert_int_equal(graph->node[1].out.rows, rows);
  assert_int_equal(graph->node[1].out.columns, columns);
}

TEST(sizes_are_those_of_onnx) {
  check_size("MaxPool x > y kernel_shape=3,3", 8, 5);
  check_size("MaxPool x > y kernel_shape=3,3 strides=2,2", 4, 3);
  check_size("MaxPool x > y kernel_shape=3,3 strides=2,2 ceil_mode=1", 5, 3);
  check_size("MaxPool x > y kernel_shape=3,3 dilations=2,2", 6, 3);
  check_size("MaxPool x > y kernel_shape=3,3 pads=1,0,1,0", 10, 5);
  check_size("MaxPool x > y kernel_shape=3,2 strides=2,3 auto_pad=SAME_UPPER",
             5, 3);
  check_size("MaxPool x > y kernel_shape=3,2 strides=2,3 auto_pad=VALID", 4, 2);
  /* A last window that would begin in the padding is none. */
  check_size("MaxPool x > y kernel_shape=2,2 strides=3,3 ceil_mode=1 "
             "pads=0,0,2,2",
             4, 3);
}

TEST(padding_of_same_goes_to_a_side) {
  struct dtd_graph *upper = GRAPH(
      "input x N 1 6 6", "MaxPool x > y kernel_shape=2,2 auto_pad=SAME_UPPER",
      "output y N 1 6 6");
  struct dtd_graph *lower = GRAPH(
      "input x N 1 6 6", "MaxPool x > y kernel_shape=2,2 auto_pad=SAME_LOWER",
      "output y N 1 6 6");
  const int at_end[] = {0, 0, 1, 1}, at_start[] = {1, 1, 0, 0};
  assert_memory_equal(upper->node[1].window.pad, at_end, sizeof at_end);
  assert_memory_equal(lower->node[1].window.pad, at_start, sizeof at_start);
}
