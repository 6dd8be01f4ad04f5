/* Tests protobuf.c on messages of ONNX's schema. */
#include "base/test.h"
#include "files/protobuf.h"

#include <onnx.pb-c.h>

#include "base/test_folder.h"

TEST_GROUP(test_folder_new, test_folder_free)

static void assert_refused(const char *bytes, size_t size, const char *words) {
  const char *path = test_put("x.onnx", bytes, size);
  assert_dies(1, words,
              dtd_protobuf_read(path, &onnx__model_proto__descriptor, "ONNX"));
}

TEST(what_is_no_such_file_is_refused) {
  assert_refused("", 0, "x.onnx: is empty");
  assert_refused("\x89PNG\r\n\x1a\n", 8, "x.onnx: is no ONNX file");
  assert_refused("version https", 13, "x.onnx: is no ONNX file");
}
