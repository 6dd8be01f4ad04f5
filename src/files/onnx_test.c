/* Tests onnx.c. */
#include "base/test.h"
#include "files/onnx.h"

#include "base/test_folder.h"

TEST_GROUP(test_folder_new, test_folder_free)

TEST_OWNS(onnx)

TEST(googlenet_is_read) {
  const char *path = "../shared/ilsvrc/googlenet.onnx";
  if (access(path, R_OK)) {
    print_message("googlenet_is_read: no %s\n", path);
    skip();
  }
  struct dtd_onnx *onnx = own_onnx(dtd_onnx_read(path));
  assert_int_equal(onnx->nodes, 143);
  assert_int_equal(onnx->inputs, 1);
  assert_string_equal(onnx->input[0].name, "data_0");
  size_t parameters = 0;
  for (int n = 0; n < onnx->tensors; n++)
    if (onnx->tensor[n].floats) parameters += onnx->tensor[n].count;
  assert_int_equal(parameters, 6998552);
  const struct dtd_onnx_node *conv = &onnx->node[0];
  const int64_t *pads;
  assert_string_equal(conv->type, "Conv");
  assert_int_equal(dtd_onnx_ints(&pads, onnx, conv, "pads"), 4);
  assert_int_equal(pads[3], 3);
  assert_int_equal(dtd_onnx_int(onnx, conv, "group", 1), 1);
  const struct dtd_onnx_tensor *w = dtd_onnx_find(onnx, conv->input[1]);
  assert_int_equal(w->dimensions, 4);
  assert_int_equal(w->size[0], 64);
}
