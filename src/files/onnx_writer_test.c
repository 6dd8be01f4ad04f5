/* Tests onnx_writer.c by reading back, through protobuf-c and ONNX's schema,
   what it has written. */
#include "base/test.h"
#include "files/onnx_writer.h"

#include <onnx.pb-c.h>

#include "base/test_folder.h"
#include "files/onnx.h"
#include "files/protobuf.h"

TEST_GROUP(test_folder_new, test_folder_free)

TEST_OWNS(onnx)

static const float w[6] = {1, -2, 3.5f, -0.0f, 1e-40f, 6};

static const char *write_all(void) {
  struct dtd_onnx_writer *writer =
      dtd_onnx_writer_new("network", "test", "1.2");
  dtd_onnx_put_metadata(writer, "digest", "0a1b");
  dtd_onnx_put_input(writer, "x", (int64_t[]){-1, 2}, 2);
  dtd_onnx_put_floats(writer, "w", w, (int64_t[]){3, 2}, 2);
  dtd_onnx_put_node(writer, "Gemm", "z", (const char *[]){"x", "w"}, 2);
  dtd_onnx_put_int(writer, "transB", 1);
  dtd_onnx_put_int(writer, "least", INT64_MIN);
  dtd_onnx_put_float(writer, "alpha", 0.5f);
  dtd_onnx_put_text(writer, "auto_pad", "NOTSET");
  dtd_onnx_put_ints(writer, "pads", (int64_t[]){0, -1, 300}, 3);
  dtd_onnx_put_attribute_floats(writer, "value", w + 4, (int64_t[]){2}, 1);
  dtd_onnx_put_whole(writer, "axes", (int64_t[]){-1}, (int64_t[]){1}, 1);
  dtd_onnx_put_node(writer, "ReduceSum", "f", (const char *[]){"z", "axes"}, 2);
  dtd_onnx_put_attribute_whole(writer, "shape", (int64_t[]){7}, NULL, 0);
  dtd_onnx_put_output(writer, "f", (int64_t[]){-1, -1, 1}, 3);
  dtd_onnx_put_metadata(writer, "revision", "");
  dtd_onnx_writer_save(writer, test_path("network.onnx"));
  return test_path("network.onnx");
}

TEST(a_network_is_read_back) {
  struct dtd_onnx *onnx = own_onnx(dtd_onnx_read(write_all()));
  assert_int_equal(onnx->opset, DTD_ONNX_WRITER_OPSET);
  assert_int_equal(onnx->nodes, 2);
  assert_int_equal(onnx->tensors, 2);
  assert_int_equal(onnx->inputs, 1);
  assert_string_equal(onnx->input[0].name, "x");
  assert_int_equal(onnx->input[0].dimensions, 2);
  assert_int_equal(onnx->input[0].size[0], -1);
  assert_int_equal(onnx->input[0].size[1], 2);
  assert_int_equal(onnx->outputs, 1);
  assert_string_equal(onnx->output[0].name, "f");
  assert_int_equal(onnx->output[0].dimensions, 3);
  assert_int_equal(onnx->output[0].size[2], 1);
  assert_string_equal(dtd_onnx_metadata(onnx, "digest"), "0a1b");
  assert_string_equal(dtd_onnx_metadata(onnx, "revision"), "");
  assert_null(dtd_onnx_metadata(onnx, "seed"));
  const struct dtd_onnx_tensor *tensor = dtd_onnx_find(onnx, "w");
  assert_int_equal(tensor->dimensions, 2);
  assert_int_equal(tensor->size[0], 3);
  assert_int_equal(tensor->count, 6);
  assert_null(tensor->whole);
  assert_memory_equal(tensor->floats, w, sizeof w);
  assert_int_equal(dtd_onnx_find(onnx, "axes")->whole[0], -1);
  assert_null(dtd_onnx_find(onnx, "z"));
}

TEST(nodes_are_read_back) {
  struct dtd_onnx *onnx = own_onnx(dtd_onnx_read(write_all()));
  const struct dtd_onnx_node *gemm = &onnx->node[0], *sum = &onnx->node[1];
  assert_string_equal(gemm->type, "Gemm");
  assert_string_equal(gemm->name, "z");
  assert_int_equal(gemm->inputs, 2);
  assert_string_equal(gemm->input[1], "w");
  assert_int_equal(gemm->outputs, 1);
  assert_string_equal(gemm->output[0], "z");
  assert_int_equal(dtd_onnx_int(onnx, gemm, "transB", 0), 1);
  assert_int_equal(dtd_onnx_int(onnx, gemm, "least", 0), INT64_MIN);
  assert_true(dtd_onnx_float(onnx, gemm, "alpha", 1) == 0.5);
  assert_string_equal(dtd_onnx_text(onnx, gemm, "auto_pad", ""), "NOTSET");
  const int64_t *pads;
  assert_int_equal(dtd_onnx_ints(&pads, onnx, gemm, "pads"), 3);
  assert_memory_equal(pads, ((int64_t[]){0, -1, 300}), 24);
  const struct dtd_onnx_tensor *value =
      dtd_onnx_attribute_tensor(onnx, gemm, "value");
  assert_int_equal(value->dimensions, 1);
  assert_memory_equal(value->floats, w + 4, 8);
  const struct dtd_onnx_tensor *shape =
      dtd_onnx_attribute_tensor(onnx, sum, "shape");
  assert_int_equal(shape->dimensions, 0);
  assert_int_equal(shape->count, 1);
  assert_int_equal(shape->whole[0], 7);
  assert_string_equal(sum->input[1], "axes");
  assert_int_equal(dtd_onnx_int(onnx, sum, "keepdims", 1), 1);
}

/* What other readers want and ours does not look at. */
TEST(who_wrote_it_is_said) {
  Onnx__ModelProto *model = (Onnx__ModelProto *)dtd_protobuf_read(
      write_all(), &onnx__model_proto__descriptor, "ONNX");
  assert_int_equal(model->ir_version, 8);
  assert_string_equal(model->producer_name, "test");
  assert_string_equal(model->producer_version, "1.2");
  assert_string_equal(model->graph->name, "network");
  assert_string_equal(model->graph->node[0]->name, "z");
  const Onnx__TypeProto *type = model->graph->output[0]->type;
  assert_int_equal(type->tensor_type->elem_type, 1);
  assert_string_equal(type->tensor_type->shape->dim[0]->dim_param, "N");
  assert_string_equal(type->tensor_type->shape->dim[1]->dim_param, "free_1");
  for (size_t n = 0; n < model->graph->n_node; n++)
    assert_null(model->graph->node[n]->domain);
  assert_int_equal(model->base.n_unknown_fields, 0);
  assert_int_equal(model->graph->base.n_unknown_fields, 0);
  dtd_protobuf_free(&model->base);
}
