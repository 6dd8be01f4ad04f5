/* Tests onnx.c on files of every kind, whole, cut short and damaged. */
#include "base/test.h"
#include "files/onnx.h"

#include "base/rng.h"
#include "base/test_faults.h"
#include "files/onnx_writer.h"
#include "files/wire.h"

TEST_GROUP(test_folder_new, test_folder_free)

TEST_OWNS(onnx)
TEST_OWNS(wire)
#define read_onnx(...) own_onnx(dtd_onnx_read(__VA_ARGS__))

/* ---- files, field by field ---- */

/* Fields of ONNX's schema: of a model, a graph, and what lies in it. */
enum { VERSION = 1, GRAPH = 7, OPSET = 8, FUNCTION = 25 };
enum { NODE = 1, INITIALISER = 5, INPUT = 11, OUTPUT = 12, SPARSE = 15 };
enum { NODE_INPUT = 1, NODE_OUTPUT = 2, TYPE = 4, ATTRIBUTE = 5, DOMAIN = 7 };
enum { ATTRIBUTE_NAME = 1, INT = 3, TEXT = 4, TENSOR = 5, OF = 20 };
enum { SIZE = 1, ELEMENT = 2, SEGMENT = 3, FLOATS = 4, INT32S = 5, INT64S = 7 };
enum { NAME = 8, RAW = 9, EXTERNAL = 13, LOCATION = 14 };
enum { FUNCTION_NAME = 1, FUNCTION_DOMAIN = 10 };

static void put_opset(struct dtd_wire *wire, const char *domain, int opset) {
  dtd_wire_begin(wire, OPSET);
  if (domain) dtd_wire_text(wire, 1, domain);
  dtd_wire_whole(wire, 2, opset);
  dtd_wire_end(wire);
}

/* x (or y), a value of the graph, of a size that is not said. */
static void put_value(struct dtd_wire *wire, int field, const char *name) {
  dtd_wire_begin(wire, field);
  dtd_wire_text(wire, 1, name);
  dtd_wire_end(wire);
}

static void begin_node(struct dtd_wire *wire, const char *type,
                       const char *input, const char *output) {
  dtd_wire_begin(wire, NODE);
  dtd_wire_text(wire, NODE_INPUT, input);
  dtd_wire_text(wire, NODE_OUTPUT, output);
  dtd_wire_text(wire, TYPE, type);
}

static void put_node(struct dtd_wire *wire, const char *type, const char *input,
                     const char *output) {
  begin_node(wire, type, input, output);
  dtd_wire_end(wire);
}

/* A model whose graph is open. */
static struct dtd_wire *begin_graph(void) {
  struct dtd_wire *wire = own_wire(dtd_wire_new());
  dtd_wire_whole(wire, VERSION, 8);
  put_opset(wire, NULL, 13);
  dtd_wire_begin(wire, GRAPH);
  return wire;
}

/* y = Relu(x) besides. */
static struct dtd_wire *begin_model(void) {
  struct dtd_wire *wire = begin_graph();
  put_value(wire, INPUT, "x");
  put_value(wire, OUTPUT, "y");
  put_node(wire, "Relu", "x", "y");
  return wire;
}

static const char *put(const struct dtd_wire *wire) {
  size_t size;
  const void *bytes = dtd_wire_contents(&size, wire);
  return test_put("x.onnx", bytes, size);
}

static const char *end_model(struct dtd_wire *wire) {
  dtd_wire_end(wire);
  return put(wire);
}

/* Asserts one line that names the file, what is wrong and what to do. */
#define assert_refused(wire, words, to_do)                                     \
  do {                                                                         \
    const char *path_of_refused = end_model(wire);                             \
    assert_dies(1, words, dtd_onnx_read(path_of_refused));                     \
    assert_dies(1, "x.onnx: ", dtd_onnx_read(path_of_refused));                \
    assert_dies(1, " (" to_do, dtd_onnx_read(path_of_refused));                \
  } while (0)

/* ---- what is read ---- */

TEST(a_plain_model_is_read) {
  struct dtd_onnx *onnx = read_onnx(end_model(begin_model()));
  assert_int_equal(onnx->opset, 13);
  assert_int_equal(onnx->nodes, 1);
  assert_string_equal(onnx->node[0].name, "y"); /* for it has no other */
  assert_int_equal(onnx->input[0].dimensions, -1);
  assert_int_equal(onnx->tensors, 0);
  assert_null(dtd_onnx_find(onnx, "x"));
  assert_null(dtd_onnx_metadata(onnx, "seed"));
}

static void begin_tensor(struct dtd_wire *wire, const char *name, int element,
                         int count) {
  dtd_wire_begin(wire, INITIALISER);
  dtd_wire_text(wire, NAME, name);
  dtd_wire_whole(wire, ELEMENT, element);
  dtd_wire_whole(wire, SIZE, count);
}

TEST(values_are_read_raw_or_listed) {
  struct dtd_wire *wire = begin_model();
  begin_tensor(wire, "listed", 1, 2);
  dtd_wire_bytes(wire, FLOATS, (float[]){1.5f, -2}, 8);
  dtd_wire_end(wire);
  begin_tensor(wire, "raw", 1, 2);
  dtd_wire_bytes(wire, RAW, (float[]){3, -0.0f}, 8);
  dtd_wire_end(wire);
  begin_tensor(wire, "narrow", 6, 2);
  dtd_wire_bytes(wire, RAW, (int32_t[]){-1, 70000}, 8);
  dtd_wire_end(wire);
  begin_tensor(wire, "narrow listed", 6, 1);
  dtd_wire_whole(wire, INT32S, -7);
  dtd_wire_end(wire);
  begin_tensor(wire, "wide listed", 7, 2);
  dtd_wire_whole(wire, INT64S, INT64_MIN);
  dtd_wire_whole(wire, INT64S, 5);
  dtd_wire_end(wire);
  begin_tensor(wire, "none", 7, 0);
  dtd_wire_end(wire);
  begin_tensor(wire, "no floats", 1, 0);
  dtd_wire_bytes(wire, RAW, "", 0);
  dtd_wire_end(wire);
  struct dtd_onnx *onnx = read_onnx(end_model(wire));
  assert_int_equal(onnx->tensors, 7);
  assert_memory_equal(dtd_onnx_find(onnx, "listed")->floats,
                      ((float[]){1.5f, -2}), 8);
  assert_memory_equal(dtd_onnx_find(onnx, "raw")->floats, ((float[]){3, -0.0f}),
                      8);
  assert_memory_equal(dtd_onnx_find(onnx, "narrow")->whole,
                      ((int64_t[]){-1, 70000}), 16);
  assert_null(dtd_onnx_find(onnx, "narrow")->floats);
  assert_int_equal(dtd_onnx_find(onnx, "narrow listed")->whole[0], -7);
  assert_true(dtd_onnx_find(onnx, "wide listed")->whole[0] == INT64_MIN);
  assert_non_null(dtd_onnx_find(onnx, "none")->whole);
  assert_int_equal(dtd_onnx_find(onnx, "none")->count, 0);
  assert_non_null(dtd_onnx_find(onnx, "no floats")->floats);
}

/* Python's IR version 3 lists weights among the inputs. */
TEST(initialisers_are_no_inputs) {
  struct dtd_wire *wire = begin_model();
  put_value(wire, INPUT, "w");
  put_value(wire, INPUT, "x2");
  begin_tensor(wire, "w", 1, 0);
  dtd_wire_end(wire);
  struct dtd_onnx *onnx = read_onnx(end_model(wire));
  assert_int_equal(onnx->inputs, 2);
  assert_string_equal(onnx->input[0].name, "x");
  assert_string_equal(onnx->input[1].name, "x2");
}

/* Other domains may be imported, and functions be there, without a use; what
   does not know zero from nothing leaves it out. */
TEST(what_changes_nothing_is_allowed) {
  struct dtd_wire *wire = begin_graph();
  put_value(wire, INPUT, "x");
  dtd_wire_begin(wire, NODE);
  dtd_wire_text(wire, NODE_INPUT, "x");
  dtd_wire_text(wire, NODE_OUTPUT, "y");
  dtd_wire_text(wire, NODE_OUTPUT, "");
  dtd_wire_text(wire, NODE_OUTPUT, "");
  dtd_wire_text(wire, TYPE, "Dropout");
  dtd_wire_text(wire, DOMAIN, "ai.onnx");
  dtd_wire_begin(wire, ATTRIBUTE);
  dtd_wire_text(wire, ATTRIBUTE_NAME, "axis");
  dtd_wire_whole(wire, OF, 2);
  dtd_wire_end(wire);
  dtd_wire_end(wire);
  dtd_wire_end(wire);
  put_opset(wire, "com.microsoft", 1);
  dtd_wire_begin(wire, FUNCTION);
  dtd_wire_text(wire, FUNCTION_NAME, "Relu");
  dtd_wire_text(wire, FUNCTION_DOMAIN, "com.microsoft");
  dtd_wire_end(wire);
  struct dtd_onnx *onnx = read_onnx(put(wire));
  assert_int_equal(onnx->opset, 13);
  assert_int_equal(onnx->node[0].outputs, 3);
  assert_int_equal(dtd_onnx_int(onnx, &onnx->node[0], "axis", 4), 0);
}

/* Writes a network with a little of everything and metadata behind it. */
static const char *write_network(bool with_metadata) {
  static const float w[6] = {1, -2, 3.5f, -0.0f, 1e-40f, 6};
  struct dtd_onnx_writer *writer = dtd_onnx_writer_new("network", "test", "1");
  dtd_onnx_put_input(writer, "x", (int64_t[]){-1, 2}, 2);
  dtd_onnx_put_output(writer, "f", (int64_t[]){-1, 1}, 2);
  dtd_onnx_put_floats(writer, "w", w, (int64_t[]){3, 2}, 2);
  dtd_onnx_put_whole(writer, "axes", (int64_t[]){1}, (int64_t[]){1}, 1);
  dtd_onnx_put_node(writer, "Constant", "c", NULL, 0);
  dtd_onnx_put_attribute_floats(writer, "value", w, (int64_t[]){3}, 1);
  dtd_onnx_put_node(writer, "Gemm", "z", (const char *[]){"x", "w", "c"}, 3);
  dtd_onnx_put_int(writer, "transB", 1);
  dtd_onnx_put_float(writer, "alpha", 0.5f);
  dtd_onnx_put_text(writer, "comment", "none");
  dtd_onnx_put_node(writer, "ReduceSum", "f", (const char *[]){"z", "axes"}, 2);
  dtd_onnx_put_ints(writer, "more", (int64_t[]){1, 300}, 2);
  if (with_metadata) dtd_onnx_put_metadata(writer, "digest", "0a1b");
  dtd_onnx_writer_save(writer, test_path("network.onnx"));
  return test_path("network.onnx");
}

TEST(attributes_have_types_and_defaults) {
  struct dtd_onnx *onnx = read_onnx(write_network(false));
  const struct dtd_onnx_node *gemm = &onnx->node[1];
  const int64_t *ints = (const int64_t *)1;
  assert_int_equal(dtd_onnx_int(onnx, gemm, "transB", 7), 1);
  assert_int_equal(dtd_onnx_int(onnx, gemm, "transA", 7), 7);
  assert_true(dtd_onnx_float(onnx, gemm, "alpha", 1) == 0.5);
  assert_true(dtd_onnx_float(onnx, gemm, "beta", 1.25) == 1.25);
  assert_string_equal(dtd_onnx_text(onnx, gemm, "comment", "x"), "none");
  assert_string_equal(dtd_onnx_text(onnx, gemm, "auto_pad", "x"), "x");
  assert_int_equal(dtd_onnx_ints(&ints, onnx, gemm, "pads"), 0);
  assert_null(ints);
  assert_null(dtd_onnx_attribute_tensor(onnx, gemm, "value"));
  assert_dies(1, "attribute alpha of node z (Gemm) is not a whole number",
              dtd_onnx_int(onnx, gemm, "alpha", 1));
  assert_dies(1,
              "network.onnx: attribute transB of node z (Gemm) is not a "
              "float",
              dtd_onnx_float(onnx, gemm, "transB", 1));
  assert_dies(1, "is not a text", dtd_onnx_text(onnx, gemm, "alpha", ""));
  assert_dies(1, "is not a list of", dtd_onnx_ints(&ints, onnx, gemm, "alpha"));
  assert_dies(1, "is not a tensor",
              dtd_onnx_attribute_tensor(onnx, gemm, "alpha"));
}

TEST(googlenet_is_read) {
  const char *path = "../shared/ilsvrc/googlenet.onnx";
  if (access(path, R_OK)) {
    print_message("googlenet_is_read: no %s\n", path);
    skip();
  }
  struct dtd_onnx *onnx = read_onnx(path);
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

/* ---- models that are refused ---- */

TEST(opsets_that_are_not_known_are_refused) {
  const struct {
    const char *domain;
    int opset;
    const char *words;
  } cases[] = {
      {NULL, 6, "has opset 6, and 7 is the oldest that is read (convert it"},
      {"ai.onnx", 1, "has opset 1, and 7 is the oldest"},
      {"com.microsoft", 13, "does not say which opset it uses (export"},
      {NULL, 0, "does not say which opset"},
      {NULL, -3, "has the impossible opset -3"},
      {NULL, 1001, "has the impossible opset 1001"},
  };
  for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
    struct dtd_wire *wire = own_wire(dtd_wire_new());
    put_opset(wire, cases[n].domain, cases[n].opset);
    dtd_wire_begin(wire, GRAPH);
    put_node(wire, "Relu", "x", "y");
    const char *path = end_model(wire);
    assert_dies(1, cases[n].words, dtd_onnx_read(path));
  }
  struct dtd_wire *wire = own_wire(dtd_wire_new());
  put_opset(wire, NULL, 13);
  put_opset(wire, "ai.onnx", 12);
  dtd_wire_begin(wire, GRAPH);
  assert_refused(wire, "names its opset twice", "export");
}

TEST(models_without_their_parts_are_refused) {
  struct dtd_wire *wire = own_wire(dtd_wire_new());
  put_opset(wire, NULL, 13);
  assert_dies(1, "holds no graph (export", dtd_onnx_read(put(wire)));
  assert_refused(begin_graph(), "holds no nodes", "export");
  wire = begin_model();
  dtd_wire_begin(wire, NODE);
  dtd_wire_text(wire, NODE_OUTPUT, "z");
  dtd_wire_end(wire);
  assert_refused(wire, "node 2 has no type", "export");
  wire = begin_model();
  dtd_wire_begin(wire, NODE);
  dtd_wire_text(wire, TYPE, "Relu");
  dtd_wire_end(wire);
  assert_refused(wire, "node 2, a Relu, has no output", "export");
  wire = begin_model();
  put_value(wire, INPUT, "");
  assert_refused(wire, "an input or output has no name", "export");
  wire = begin_model();
  begin_tensor(wire, "", 1, 0);
  dtd_wire_end(wire);
  assert_refused(wire, "tensor 1 has no name", "export");
}

TEST(what_is_beyond_the_standard_is_refused) {
  struct dtd_wire *wire = begin_model();
  begin_node(wire, "FusedConv", "y", "z");
  dtd_wire_text(wire, DOMAIN, "com.microsoft");
  dtd_wire_end(wire);
  assert_refused(wire, "node 2 is a FusedConv of domain com.microsoft",
                 "export the network with ONNX's own operators alone");
  wire = begin_model();
  dtd_wire_begin(wire, SPARSE);
  dtd_wire_end(wire);
  assert_refused(wire, "holds sparse tensors", "save");
  wire = begin_model();
  dtd_wire_end(wire);
  dtd_wire_begin(wire, FUNCTION);
  dtd_wire_text(wire, FUNCTION_NAME, "Relu");
  assert_refused(wire, "defines the operator Relu anew",
                 "save the network with its functions inlined");
}

TEST(names_must_differ) {
  struct dtd_wire *wire = begin_model();
  put_node(wire, "Relu", "x", "y");
  assert_refused(wire, "two values have the name y", "export");
  wire = begin_model();
  put_node(wire, "Relu", "y", "x");
  assert_refused(wire, "two values have the name x", "export");
  wire = begin_model();
  begin_tensor(wire, "y", 1, 0);
  dtd_wire_end(wire);
  assert_refused(wire, "two values have the name y", "export");
  wire = begin_model();
  for (int n = 0; n < 2; n++) {
    begin_tensor(wire, "w", 1, 0);
    dtd_wire_end(wire);
  }
  assert_refused(wire, "two values have the name w", "export");
}

static void put_attribute(struct dtd_wire *wire, const char *name, int type) {
  dtd_wire_begin(wire, ATTRIBUTE);
  if (name) dtd_wire_text(wire, ATTRIBUTE_NAME, name);
  dtd_wire_whole(wire, OF, type);
  dtd_wire_end(wire);
}

TEST(attributes_that_say_nothing_are_refused) {
  struct dtd_wire *wire = begin_model();
  begin_node(wire, "Relu", "y", "z");
  put_attribute(wire, "axis", 2);
  put_attribute(wire, "axis", 2);
  dtd_wire_end(wire);
  assert_refused(wire, "node z has attribute axis twice", "export");
  wire = begin_model();
  begin_node(wire, "Relu", "y", "z");
  put_attribute(wire, NULL, 2);
  dtd_wire_end(wire);
  assert_refused(wire, "an attribute of node z has no name", "export");
  wire = begin_model();
  begin_node(wire, "Constant", "y", "z");
  put_attribute(wire, "value", 4);
  dtd_wire_end(wire);
  assert_refused(wire, "attribute value of node z has no tensor", "export");
  wire = begin_model();
  begin_node(wire, "Relu", "y", "z");
  dtd_wire_begin(wire, ATTRIBUTE);
  dtd_wire_text(wire, ATTRIBUTE_NAME, "mode");
  dtd_wire_whole(wire, OF, 3);
  dtd_wire_bytes(wire, TEXT, "a\0b", 3);
  dtd_wire_end(wire);
  dtd_wire_end(wire);
  assert_refused(wire, "attribute mode of node z holds a zero byte", "export");
  wire = begin_model();
  begin_node(wire, "Relu", "y", "z");
  char name[16];
  for (int n = 0; n < 65; n++) {
    snprintf(name, sizeof name, "a%d", n);
    put_attribute(wire, name, 2);
  }
  dtd_wire_end(wire);
  assert_refused(wire, "node 2, a Relu, has more than 64 attributes", "export");
}

/* ---- tensors that are refused ---- */

TEST(elements_of_other_types_are_refused) {
  const struct {
    int type;
    const char *words;
  } cases[] = {
      {10, "tensor w is float16; only float32 is read, and int32 or int64"},
      {16, "tensor w is bfloat16"},
      {11, "tensor w is float64"},
      {3, "tensor w is int8"},
      {2, "tensor w is uint8"},
      {8, "tensor w is string"},
      {0, "tensor w is undefined"},
      {-1, "tensor w is of a type that is not known"},
      {17, "tensor w is of a type that is not known"},
  };
  for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
    struct dtd_wire *wire = begin_model();
    begin_tensor(wire, "w", cases[n].type, 1);
    dtd_wire_bytes(wire, RAW, "12345678", 8);
    dtd_wire_end(wire);
    assert_refused(wire, cases[n].words, "convert the network to float32");
  }
}

TEST(tensors_in_other_files_are_refused) {
  struct dtd_wire *wire = begin_model();
  begin_tensor(wire, "w", 1, 1);
  dtd_wire_whole(wire, LOCATION, 1);
  dtd_wire_end(wire);
  assert_refused(wire, "keeps tensor w in another file",
                 "save the network with everything in one file");
  wire = begin_model();
  begin_tensor(wire, "w", 1, 1);
  dtd_wire_begin(wire, EXTERNAL);
  dtd_wire_text(wire, 1, "location");
  dtd_wire_text(wire, 2, "weights.bin");
  dtd_wire_end(wire);
  dtd_wire_end(wire);
  assert_refused(wire, "keeps tensor w in another file", "save");
  wire = begin_model();
  begin_tensor(wire, "w", 1, 1);
  dtd_wire_begin(wire, SEGMENT);
  dtd_wire_end(wire);
  dtd_wire_end(wire);
  assert_refused(wire, "holds tensor w in segments", "save");
}

/* A tensor of these sizes with 8 bytes of values. */
static struct dtd_wire *put_sizes(const int64_t *size, int dimensions) {
  struct dtd_wire *wire = begin_model();
  dtd_wire_begin(wire, INITIALISER);
  dtd_wire_text(wire, NAME, "w");
  dtd_wire_whole(wire, ELEMENT, 1);
  for (int d = 0; d < dimensions; d++) dtd_wire_whole(wire, SIZE, size[d]);
  dtd_wire_bytes(wire, RAW, (float[]){1, 2}, 8);
  dtd_wire_end(wire);
  return wire;
}

TEST(sizes_that_the_values_do_not_have_are_refused) {
  const struct {
    int64_t size[9];
    int dimensions;
    const char *words;
  } cases[] = {
      {{3}, 1, "tensor w has 8 bytes of values, not the 12 of its size"},
      {{1, 1}, 2, "has 8 bytes of values, not the 4 of its size"},
      {{0}, 1, "not the 0 of its size"},
      {{2, 0}, 2, "not the 0 of its size"},
      {{0}, 0, "not the 4 of its size"},
      {{-2}, 1, "tensor w has an impossible size"},
      {{-1, -2}, 2, "tensor w has an impossible size"},
      {{INT64_MIN}, 1, "tensor w has an impossible size"},
      {{1 << 16, 1 << 16}, 2, "tensor w has an impossible size"},
      {{(1ll << 62) + 2}, 1, "tensor w has an impossible size"},
      {{1ll << 32, 1ll << 32, 2}, 3, "tensor w has an impossible size"},
      {{2, 1ll << 62, 0}, 3, "tensor w has an impossible size"},
      {{2, 1, 1, 1, 1, 1, 1, 1, 1}, 9, "has 9 dimensions, more than 8"},
  };
  for (size_t n = 0; n < sizeof cases / sizeof *cases; n++)
    assert_refused(put_sizes(cases[n].size, cases[n].dimensions),
                   cases[n].words, "export");
  read_onnx(end_model(put_sizes((int64_t[]){2, 1, 1, 1, 1, 1, 1, 1}, 8)));
}

TEST(values_that_stand_twice_or_elsewhere_are_refused) {
  struct dtd_wire *wire = begin_model();
  begin_tensor(wire, "w", 1, 1);
  dtd_wire_float(wire, FLOATS, 1);
  dtd_wire_bytes(wire, RAW, (float[]){1}, 4);
  dtd_wire_end(wire);
  assert_refused(wire, "tensor w holds its values twice", "export");
  wire = begin_model();
  begin_tensor(wire, "w", 7, 1);
  dtd_wire_float(wire, FLOATS, 1);
  dtd_wire_end(wire);
  assert_refused(wire, "tensor w has 0 bytes of values, not the 8", "export");
}

TEST(values_that_are_no_numbers_are_refused) {
  const float wrong[] = {NAN, -NAN, INFINITY, -INFINITY};
  const char *words[] = {"nan", "nan", "inf", "-inf"};
  for (int n = 0; n < 4; n++)
    for (int at = 0; at < 19; at++) {
      float values[19] = {0};
      char said[64];
      for (int i = 0; i < 19; i++) values[i] = i % 2 ? -3e38f : 1e-45f;
      values[at] = wrong[n];
      struct dtd_wire *wire = begin_model();
      begin_tensor(wire, "w", 1, 19);
      dtd_wire_bytes(wire, RAW, values, sizeof values);
      dtd_wire_end(wire);
      snprintf(said, sizeof said, "%s at element %d (", words[n], at);
      const char *path = end_model(wire);
      assert_dies(1, said, dtd_onnx_read(path));
    }
  struct dtd_wire *wire = begin_model();
  begin_node(wire, "Constant", "y", "z");
  dtd_wire_begin(wire, ATTRIBUTE);
  dtd_wire_text(wire, ATTRIBUTE_NAME, "value");
  dtd_wire_whole(wire, OF, 4);
  dtd_wire_begin(wire, TENSOR);
  dtd_wire_whole(wire, ELEMENT, 1);
  dtd_wire_bytes(wire, FLOATS, &wrong[2], 4);
  for (int open = 0; open < 3; open++) dtd_wire_end(wire);
  assert_refused(wire, "tensor z holds inf at element 0",
                 "train or export the network again");
}

/* ---- inputs and outputs ---- */

/* An input (first field: its kind of type) of one size. */
static struct dtd_wire *put_typed(int kind, int element, int64_t size,
                                  int dimensions) {
  struct dtd_wire *wire = begin_graph();
  put_node(wire, "Relu", "x", "y");
  dtd_wire_begin(wire, INPUT);
  dtd_wire_text(wire, 1, "x");
  dtd_wire_begin(wire, 2);
  dtd_wire_begin(wire, kind);
  if (kind == 1) {
    dtd_wire_whole(wire, 1, element);
    dtd_wire_begin(wire, 2);
    for (int d = 0; d < dimensions; d++) {
      dtd_wire_begin(wire, 1);
      dtd_wire_whole(wire, 1, size);
      dtd_wire_end(wire);
    }
    dtd_wire_end(wire);
  }
  for (int open = 0; open < 3; open++) dtd_wire_end(wire);
  return wire;
}

TEST(sizes_of_inputs_are_read) {
  struct dtd_onnx *onnx = read_onnx(end_model(put_typed(1, 1, 7, 8)));
  assert_int_equal(onnx->input[0].dimensions, 8);
  assert_int_equal(onnx->input[0].size[7], 7);
  for (int size = -1; size <= 0; size++) /* as some exporters say: free */
    assert_int_equal(
        read_onnx(end_model(put_typed(1, 1, size, 1)))->input[0].size[0], -1);
  assert_int_equal(
      read_onnx(end_model(put_typed(1, 0, 7, 0)))->input[0].dimensions, 0);
}

TEST(inputs_of_other_types_are_refused) {
  assert_refused(put_typed(1, 2, 7, 1), "x is uint8; only float32 is read",
                 "convert the network to float32");
  assert_refused(put_typed(1, 10, 7, 1), "x is float16", "convert");
  assert_refused(put_typed(4, 0, 0, 0), "x is no tensor", "give");
  assert_refused(put_typed(1, 1, 7, 9), "x has 9 dimensions, more than 8",
                 "export");
  assert_refused(put_typed(1, 1, 1ll << 31, 1), "x has an impossible size",
                 "export");
}

/* ---- files that are cut short or damaged ---- */

/* What read_all() reads. */
static const char *damaged;
static size_t checksum;

static void look_at_attributes(const struct dtd_onnx *onnx,
                               const struct dtd_onnx_node *node) {
  const int64_t *ints;
  checksum += (size_t)dtd_onnx_ints(&ints, onnx, node, "more");
  checksum += (size_t)dtd_onnx_int(onnx, node, "transB", 0);
  checksum += dtd_onnx_float(onnx, node, "alpha", 0) > 0;
  checksum += strlen(dtd_onnx_text(onnx, node, "comment", ""));
  const struct dtd_onnx_tensor *value =
      dtd_onnx_attribute_tensor(onnx, node, "value");
  if (value && value->floats)
    for (size_t i = 0; i < value->count; i++) checksum += value->floats[i] > 0;
}

/* Touches every byte of what has been read. */
static void read_all(void) {
  struct dtd_onnx *onnx = dtd_onnx_read(damaged);
  checksum = (size_t)onnx->opset;
  for (int n = 0; n < onnx->nodes; n++) {
    const struct dtd_onnx_node *node = &onnx->node[n];
    checksum += strlen(node->name) + strlen(node->type);
    for (int i = 0; i < node->inputs; i++) checksum += strlen(node->input[i]);
    for (int i = 0; i < node->outputs; i++) checksum += strlen(node->output[i]);
    look_at_attributes(onnx, node);
  }
  for (int n = 0; n < onnx->tensors; n++) {
    const struct dtd_onnx_tensor *t = &onnx->tensor[n];
    checksum += (size_t)(dtd_onnx_find(onnx, t->name) == t);
    for (int d = 0; d < t->dimensions; d++) checksum += (size_t)t->size[d];
    for (size_t i = 0; i < t->count; i++)
      checksum += t->floats ? t->floats[i] > 0 : t->whole[i] > 0;
  }
  for (int n = 0; n < onnx->inputs; n++)
    checksum += strlen(onnx->input[n].name);
  for (int n = 0; n < onnx->outputs; n++)
    checksum += strlen(onnx->output[n].name);
  dtd_onnx_free(onnx);
}

TEST(reading_without_memory_gives_all_back) {
  damaged = write_network(true);
  assert_survives_short_memory(read_all);
}

/* Asserts that a file is read, or refused in one line that says what to do. */
static bool is_read(const char *name, const void *bytes, size_t size) {
  remove(test_path(name)); /* faster than writing over it */
  damaged = test_put(name, bytes, size);
  if (fault_succeeds(read_all)) return true;
  assert_int_equal(fault_error.status, DTD_FAILURE);
  assert_non_null(strstr(fault_error.what, name));
  assert_true(*fault_error.to_do);
  return false;
}

/* Behind the graph stand metadata alone, which change nothing. */
TEST(no_file_is_read_that_was_cut_short) {
  size_t graph, size;
  test_get(&graph, write_network(false));
  char *bytes = test_get(&size, write_network(true));
  assert_true(is_read("cut.onnx", bytes, size));
  size_t whole = checksum;
  int accepted = 0;
  for (size_t n = 0; n < size; n++)
    if (is_read("cut.onnx", bytes, n)) {
      assert_int_equal(n, graph);
      assert_int_equal(checksum, whole);
      accepted++;
    }
  assert_int_equal(accepted, 1);
  print_message("%zu lengths\n", size);
}

enum { MUTATIONS = 5000 };

static size_t below(struct dtd_rng *rng, size_t limit) {
  return (size_t)(dtd_rng_uniform(rng) * (double)limit);
}

/* Changes some bytes, or takes some away, or writes some twice. */
static size_t mutate(char *mutant, const char *bytes, size_t size,
                     struct dtd_rng *rng) {
  size_t at = below(rng, size), part = below(rng, size - at),
         kind = below(rng, 4);
  memcpy(mutant, bytes, size);
  if (kind == 0 && part < size) {
    memmove(mutant + at, mutant + at + part, size - at - part);
    return size - part;
  }
  if (kind == 1) {
    memcpy(mutant + at + part, bytes + at, size - at);
    return size + part;
  }
  for (size_t n = below(rng, 4) + 1; n > 0; n--) {
    char *byte = &mutant[below(rng, size)];
    *byte =
        (char)(kind == 2 ? *byte ^ 1 << below(rng, 8) : (int)below(rng, 256));
  }
  return size;
}

TEST(damaged_files_are_read_or_refused) {
  size_t size;
  char *bytes = test_get(&size, write_network(true));
  char *mutant = test_new(2 * size, 1);
  struct dtd_rng rng = dtd_rng_open(1, "test/onnx", 0);
  int refused = 0;
  for (int n = 0; n < MUTATIONS; n++)
    refused +=
        !is_read("damaged.onnx", mutant, mutate(mutant, bytes, size, &rng));
  assert_true(refused > MUTATIONS / 4 && refused < MUTATIONS);
  print_message("%d of %d mutants refused\n", refused, MUTATIONS);
}
