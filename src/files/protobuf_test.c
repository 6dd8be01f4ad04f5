/* Tests protobuf.c on messages of ONNX's schema. */
#include "base/test.h"
#include "files/protobuf.h"

#include <onnx.pb-c.h>

#include "base/test_folder.h"
#include "files/wire.h"

TEST_GROUP(test_folder_new, test_folder_free)

TEST_OWNS(wire)

/* Fields of ONNX's schema. */
enum { VERSION = 1, PRODUCER = 2, GRAPH = 7, NODE = 1, ATTRIBUTE = 5 };
enum { NAME = 1, TEXT = 4, TENSOR = 5, INNER_GRAPH = 6, INTS = 8, TEXTS = 9 };
enum { SIZE = 1, FLOATS = 4, RAW = 9, UNKNOWN = 1000 };

static const char *put(const struct dtd_wire *wire) {
  size_t size;
  const void *bytes = dtd_wire_contents(&size, wire);
  return test_put("x.onnx", bytes, size);
}

static Onnx__ModelProto *read_model(const char *path) {
  return (Onnx__ModelProto *)dtd_protobuf_read(
      path, &onnx__model_proto__descriptor, "ONNX");
}

static void release_model(void *model) {
  dtd_protobuf_free(model);
}

static Onnx__ModelProto *own_model(Onnx__ModelProto *model) {
  return test_owns(model, release_model);
}

static void assert_refused(const void *bytes, size_t size, const char *words) {
  const char *path = test_put("x.onnx", bytes, size);
  assert_dies(1, words, read_model(path));
  assert_dies(1, "x.onnx: ", read_model(path));
}

/* A model with one node, or deeper, that is still open. */
static struct dtd_wire *begin_node(void) {
  struct dtd_wire *wire = own_wire(dtd_wire_new());
  dtd_wire_whole(wire, VERSION, 8);
  dtd_wire_begin(wire, GRAPH);
  dtd_wire_begin(wire, NODE);
  return wire;
}

static const char *end_node(struct dtd_wire *wire) {
  dtd_wire_end(wire);
  dtd_wire_end(wire);
  return put(wire);
}

/* ---- what is read ---- */

TEST(arrays_of_bytes_take_their_places) {
  struct dtd_wire *wire = begin_node();
  dtd_wire_begin(wire, ATTRIBUTE);
  dtd_wire_bytes(wire, TEXT, "one\0two", 7);
  dtd_wire_bytes(wire, TEXTS, "", 0);
  dtd_wire_bytes(wire, TEXTS, "three", 5);
  dtd_wire_begin(wire, TENSOR);
  dtd_wire_bytes(wire, RAW, "\1\2\3\4\5\6\7\10", 8);
  dtd_wire_end(wire);
  dtd_wire_end(wire);
  Onnx__ModelProto *model = own_model(read_model(end_node(wire)));
  const Onnx__AttributeProto *read = model->graph->node[0]->attribute[0];
  assert_true(read->has_s);
  assert_int_equal(read->s.len, 7);
  assert_memory_equal(read->s.data, "one\0two", 7);
  assert_int_equal(read->n_strings, 2);
  assert_int_equal(read->strings[0].len, 0);
  assert_int_equal(read->strings[1].len, 5);
  assert_memory_equal(read->strings[1].data, "three", 5);
  assert_int_equal(read->t->raw_data.len, 8);
  assert_int_equal(read->t->raw_data.data[7], 8);
  assert_int_equal((uintptr_t)read->t->raw_data.data % 64, 0);
}

TEST(numbers_may_be_packed_or_not) {
  struct dtd_wire *wire = begin_node();
  dtd_wire_begin(wire, ATTRIBUTE);
  dtd_wire_text(wire, NAME, "a");
  dtd_wire_whole(wire, INTS, 300);
  dtd_wire_bytes(wire, INTS, "\1\xac\2", 3);
  dtd_wire_begin(wire, TENSOR);
  dtd_wire_float(wire, FLOATS, 2.5f);
  dtd_wire_bytes(wire, FLOATS, (float[]){-1, 3}, 8);
  dtd_wire_whole(wire, SIZE, -1);
  dtd_wire_end(wire);
  dtd_wire_end(wire);
  Onnx__ModelProto *model = own_model(read_model(end_node(wire)));
  const Onnx__AttributeProto *read = model->graph->node[0]->attribute[0];
  assert_string_equal(read->name, "a");
  assert_int_equal(read->n_ints, 3);
  assert_memory_equal(read->ints, ((int64_t[]){300, 1, 300}), 24);
  assert_int_equal(read->t->n_float_data, 3);
  assert_memory_equal(read->t->float_data, ((float[]){2.5f, -1, 3}), 12);
  assert_int_equal(read->t->dims[0], -1);
}

TEST(unknown_fields_are_left_out) {
  static const char many[10000];
  struct dtd_wire *wire = own_wire(dtd_wire_new());
  dtd_wire_whole(wire, VERSION, 8);
  dtd_wire_whole(wire, UNKNOWN, -1);
  dtd_wire_float(wire, UNKNOWN, 1);
  dtd_wire_bytes(wire, UNKNOWN, many, sizeof many);
  dtd_wire_key(wire, UNKNOWN, DTD_EIGHT_BYTES);
  dtd_wire_append(wire, "12345678", 8);
  dtd_wire_text(wire, PRODUCER, "somebody");
  Onnx__ModelProto *model = own_model(read_model(put(wire)));
  assert_int_equal(model->ir_version, 8);
  assert_string_equal(model->producer_name, "somebody");
  assert_int_equal(model->base.n_unknown_fields, 0);
}

/* ---- what is refused ---- */

TEST(what_is_no_such_file_is_refused) {
  assert_refused("", 0, "x.onnx: is empty");
  assert_refused("\x89PNG\r\n\x1a\n", 8, "x.onnx: is no ONNX file");
  assert_refused("version https", 13, "(give a file in ONNX format)");
  assert_refused("\n", 1, "x.onnx: is no ONNX file");
  assert_refused("", 1, "x.onnx: is no ONNX file");
  assert_dies(1, "is not a regular file", read_model(test_folder));
  assert_dies(1, "cannot open: No such file", read_model("/no/such.onnx"));
}

TEST(damage_is_named_with_its_place) {
  const struct {
    const char *bytes;
    size_t size;
    const char *words;
  } cases[] = {
      {"\x08\x08\x12\x05ok", 6,
       "before byte 4: producer_name needs 5 bytes where 2 are left"},
      {"\x08\x08\x12\xff\xff\xff\xff\x0f", 8, "needs 4294967295 bytes where 0"},
      {"\x08\x08\x12", 3, "before byte 3: a number does not end"},
      {"\x08\xff", 2, "before byte 2: a number does not end"},
      {"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\1", 12,
       "before byte 11: a number does not end"},
      {"\x08\x08\x12\x82\x80\x80\x80\x80\x00ok", 11, "a number does not end"},
      {"\x08\x08\x15xxxx", 7, "producer_name has wire type 5"},
      {"\x08\x08\x38\x01", 4, "graph has wire type 0"},
      {"\x08\x08\x0a\x00", 4, "ir_version has wire type 2"},
      {"\x08\x08\x13", 3, "before byte 3: no field begins like this"},
      {"\x08\x08\x17", 3, "no field begins like this"},
      {"\x08\x08\x02\x00", 4, "no field begins like this"},
      {"\x08\x08\xff\xff\xff\xff\x7f", 7, "no field begins like this"},
      {"\x08\x08\xc5\x3exyz", 7, "an unknown field needs 4 bytes where 3"},
      {"\x08\x08\x12\x03n\0n", 7, "producer_name holds a zero byte"},
      /* the node would end behind its graph */
      {"\x08\x08\x3a\x03\x0a\x02xx", 8, "node needs 2 bytes where 1 are left"},
      {"\x08\x08\x3a\x01\x0a\x00", 6, "before byte 5: a number does not end"},
  };
  for (size_t n = 0; n < sizeof cases / sizeof *cases; n++)
    assert_refused(cases[n].bytes, cases[n].size, cases[n].words);
}

/* What lies in what is packed is left to protobuf-c. */
TEST(what_protobuf_c_refuses_is_refused) {
  struct dtd_wire *wire = begin_node();
  dtd_wire_begin(wire, ATTRIBUTE);
  dtd_wire_begin(wire, TENSOR);
  dtd_wire_bytes(wire, FLOATS, "abcde", 5);
  dtd_wire_end(wire);
  dtd_wire_end(wire);
  const char *path = end_node(wire);
  assert_dies(1, "x.onnx: damaged: protobuf-c cannot", read_model(path));
}

TEST(what_may_stand_once_must) {
  struct dtd_wire *wire = begin_node();
  dtd_wire_end(wire);
  dtd_wire_end(wire);
  dtd_wire_begin(wire, GRAPH);
  dtd_wire_end(wire);
  assert_dies(1, "graph is there twice", read_model(put(wire)));
  wire = begin_node();
  dtd_wire_begin(wire, ATTRIBUTE);
  dtd_wire_text(wire, TEXT, "a");
  dtd_wire_text(wire, TEXT, "b");
  dtd_wire_end(wire);
  const char *path = end_node(wire);
  assert_dies(1, "s is there twice", read_model(path));
}

static const char *put_depth(int depth) {
  struct dtd_wire *wire = begin_node();
  for (int n = 0; n < depth; n++) {
    dtd_wire_begin(wire, ATTRIBUTE);
    dtd_wire_begin(wire, INNER_GRAPH);
    dtd_wire_begin(wire, NODE);
  }
  for (int n = 0; n < 3 * depth; n++) dtd_wire_end(wire);
  return end_node(wire);
}

TEST(depth_is_bounded) {
  own_model(read_model(put_depth(20)));
  assert_dies(1, "more than 64 messages lie in each other",
              read_model(put_depth(21)));
  assert_dies(1, "more than 64 messages", read_model(put_depth(2000)));
}

TEST(the_number_of_fields_is_bounded) {
  struct dtd_wire *wire = own_wire(dtd_wire_new());
  for (int n = 0; n < 1 << 19; n++) dtd_wire_whole(wire, VERSION, 8);
  own_model(read_model(put(wire)));
  dtd_wire_whole(wire, UNKNOWN, 8);
  assert_dies(1, "has more than 524288 fields (give a smaller network)",
              read_model(put(wire)));
}
