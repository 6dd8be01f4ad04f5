/* Tests every kind of node: node.c and nodes/. */
#include "base/test.h"
#include "network/node.h"

TEST(declarations_are_whole) {
  for (int n = 0; dtd_node_kinds[n]; n++) {
    const struct dtd_node_kind *kind = dtd_node_kinds[n];
    assert_true(*kind->name && *kind->description);
    assert_true(kind->create && kind->forward && kind->backward);
    assert_true(kind->weighted == !kind->relevance);
    assert_true(!kind->unchanged || kind->in_place);
    assert_true(!kind->most_inputs || kind->least_inputs <= kind->most_inputs);
    assert_ptr_equal(dtd_node_kind_find(kind->name), kind);
  }
  assert_null(dtd_node_kind_find("Sigmoid"));
  assert_null(dtd_node_kind_find("Input"));
}
