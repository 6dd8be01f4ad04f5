/* Tests graph_listing.c. */
#include "base/test.h"
#include "network/graph_listing.h"

#include "network/test_graph.h"

TEST_GROUP(test_folder_new, test_folder_free)

static struct dtd_graph *listed;

static void print(FILE *stream) {
  dtd_graph_list(stream, listed);
}

TEST(a_network_is_listed) {
  listed =
      GRAPH("input pixels N 1 4 4", "tensor w 2 1 3 3", "tensor b 2",
            "Conv pixels w b > a", "Relu a > r", "Flatten r > f",
            "tensor v 8 3", "MatMul f v > y", "Softmax y > p", "output p N 3");
  const char *text = printed_by(print), *line = strchr(text, '\n') + 1;
  assert_non_null(strstr(text, ": 4 nodes, 44 parameters, 200 operations an "
                               "example, a Softmax at the end\n"));
  assert_string_equal(
      line,
      "node  type                output            parameters     operations  "
      "reads             name\n"
      "   0  Input               1 x 4 x 4                  0              0  "
      "                  pixels\n"
      "   1  Conv                2 x 2 x 2                 20            144  "
      "0                 a\n"
      "   2  Relu                2 x 2 x 2                  0              8  "
      "1                 r\n"
      "   3  Flatten             8                          0              0  "
      "2                 f\n"
      "   4  MatMul              3                         24             48  "
      "3                 y\n");
}
