/* Writes ONNX files, node by node.

   The graph stays open until the file is written, and so does the node that was
   put last; metadata stand behind the graph. Fields have the numbers of
   https://github.com/onnx/onnx/blob/main/onnx/onnx.proto. */
#include "files/onnx_writer.h"

#include <stdbool.h>
#include <stdio.h>

#include "base/memory.h"
#include "base/output.h"
#include "files/wire.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && sizeof(float) == 4,
               "values are copied as they are in the file");

enum { IR_VERSION = 8 }; /* the first that goes with opset 13 is 7 */

/* Fields of the messages that are written. */
enum { MODEL_IR_VERSION = 1, MODEL_PRODUCER = 2, MODEL_PRODUCER_VERSION = 3 };
enum { MODEL_GRAPH = 7, MODEL_OPSET = 8, MODEL_METADATA = 14 };
enum { OPSET_VERSION = 2 };
enum { METADATA_KEY = 1, METADATA_VALUE = 2 };
enum { GRAPH_NODE = 1, GRAPH_NAME = 2, GRAPH_TENSOR = 5 };
enum { GRAPH_INPUT = 11, GRAPH_OUTPUT = 12 };
enum { NODE_INPUT = 1, NODE_OUTPUT = 2, NODE_NAME = 3, NODE_TYPE = 4 };
enum { NODE_ATTRIBUTE = 5 };
enum { VALUE_NAME = 1, VALUE_TYPE = 2, TYPE_TENSOR = 1 };
enum { VALUE_ELEMENT = 1, VALUE_SHAPE = 2, SHAPE_DIMENSION = 1 };
enum { DIMENSION_SIZE = 1, DIMENSION_NAME = 2 };
enum { TENSOR_SIZE = 1, TENSOR_ELEMENT = 2, TENSOR_NAME = 8, TENSOR_RAW = 9 };
enum { ATTRIBUTE_NAME = 1, ATTRIBUTE_FLOAT = 2, ATTRIBUTE_INT = 3 };
enum { ATTRIBUTE_TEXT = 4, ATTRIBUTE_TENSOR = 5, ATTRIBUTE_INTS = 8 };
enum { ATTRIBUTE_TYPE = 20 };

/* Values of ATTRIBUTE_TYPE, then of elements. */
enum { OF_FLOAT = 1, OF_INT = 2, OF_TEXT = 3, OF_TENSOR = 4, OF_INTS = 7 };
enum { FLOAT32 = 1, INT64 = 7 };

struct dtd_onnx_writer {
  struct dtd_wire *model, *metadata;
  bool in_node;
};

struct dtd_onnx_writer *dtd_onnx_writer_new(const char *name,
                                            const char *producer,
                                            const char *version) {
  struct dtd_onnx_writer *writer = dtd_new(1, sizeof *writer);
  struct dtd_wire *model = writer->model = dtd_wire_new();
  writer->metadata = dtd_wire_new();
  dtd_wire_whole(model, MODEL_IR_VERSION, IR_VERSION);
  dtd_wire_text(model, MODEL_PRODUCER, producer);
  dtd_wire_text(model, MODEL_PRODUCER_VERSION, version);
  dtd_wire_begin(model, MODEL_OPSET);
  dtd_wire_whole(model, OPSET_VERSION, DTD_ONNX_WRITER_OPSET);
  dtd_wire_end(model);
  dtd_wire_begin(model, MODEL_GRAPH);
  dtd_wire_text(model, GRAPH_NAME, name);
  return writer;
}

/* Ends the node that was put last; what comes is the graph's. */
static struct dtd_wire *graph_of(struct dtd_onnx_writer *writer) {
  if (writer->in_node) dtd_wire_end(writer->model);
  writer->in_node = false;
  return writer->model;
}

/* ---- what the network is given, holds and gives ---- */

static void put_dimension(struct dtd_wire *wire, int64_t size, int number) {
  char name[32] = "N";
  if (number) snprintf(name, sizeof name, "free_%d", number);
  dtd_wire_begin(wire, SHAPE_DIMENSION);
  if (size < 0)
    dtd_wire_text(wire, DIMENSION_NAME, name);
  else
    dtd_wire_whole(wire, DIMENSION_SIZE, size);
  dtd_wire_end(wire);
}

static void put_value(struct dtd_onnx_writer *writer, int field,
                      const char *name, const int64_t *size, int dimensions) {
  struct dtd_wire *wire = graph_of(writer);
  dtd_wire_begin(wire, field);
  dtd_wire_text(wire, VALUE_NAME, name);
  dtd_wire_begin(wire, VALUE_TYPE);
  dtd_wire_begin(wire, TYPE_TENSOR);
  dtd_wire_whole(wire, VALUE_ELEMENT, FLOAT32);
  dtd_wire_begin(wire, VALUE_SHAPE);
  for (int d = 0; d < dimensions; d++) put_dimension(wire, size[d], d);
  for (int open = 0; open < 4; open++) dtd_wire_end(wire);
}

void dtd_onnx_put_input(struct dtd_onnx_writer *writer, const char *name,
                        const int64_t *size, int dimensions) {
  put_value(writer, GRAPH_INPUT, name, size, dimensions);
}

void dtd_onnx_put_output(struct dtd_onnx_writer *writer, const char *name,
                         const int64_t *size, int dimensions) {
  put_value(writer, GRAPH_OUTPUT, name, size, dimensions);
}

/* A tensor's message, between its begin and its end. */
static void put_tensor(struct dtd_wire *wire, const char *name, int type,
                       const void *values, const int64_t *size,
                       int dimensions) {
  size_t count = 1;
  for (int d = 0; d < dimensions; d++) {
    dtd_wire_whole(wire, TENSOR_SIZE, size[d]);
    count *= (size_t)size[d];
  }
  dtd_wire_whole(wire, TENSOR_ELEMENT, type);
  if (name) dtd_wire_text(wire, TENSOR_NAME, name);
  dtd_wire_bytes(wire, TENSOR_RAW, values,
                 count * (type == FLOAT32 ? sizeof(float) : sizeof(int64_t)));
}

static void put_initialiser(struct dtd_onnx_writer *writer, const char *name,
                            int type, const void *values, const int64_t *size,
                            int dimensions) {
  struct dtd_wire *wire = graph_of(writer);
  dtd_wire_begin(wire, GRAPH_TENSOR);
  put_tensor(wire, name, type, values, size, dimensions);
  dtd_wire_end(wire);
}

void dtd_onnx_put_floats(struct dtd_onnx_writer *writer, const char *name,
                         const float *values, const int64_t *size,
                         int dimensions) {
  put_initialiser(writer, name, FLOAT32, values, size, dimensions);
}

void dtd_onnx_put_whole(struct dtd_onnx_writer *writer, const char *name,
                        const int64_t *values, const int64_t *size,
                        int dimensions) {
  put_initialiser(writer, name, INT64, values, size, dimensions);
}

void dtd_onnx_put_metadata(struct dtd_onnx_writer *writer, const char *key,
                           const char *value) {
  dtd_wire_begin(writer->metadata, MODEL_METADATA);
  dtd_wire_text(writer->metadata, METADATA_KEY, key);
  dtd_wire_text(writer->metadata, METADATA_VALUE, value);
  dtd_wire_end(writer->metadata);
}

/* ---- nodes ---- */

void dtd_onnx_put_node(struct dtd_onnx_writer *writer, const char *type,
                       const char *output, const char *const *input,
                       int inputs) {
  struct dtd_wire *wire = graph_of(writer);
  dtd_wire_begin(wire, GRAPH_NODE);
  writer->in_node = true;
  for (int n = 0; n < inputs; n++) dtd_wire_text(wire, NODE_INPUT, input[n]);
  dtd_wire_text(wire, NODE_OUTPUT, output);
  dtd_wire_text(wire, NODE_NAME, output);
  dtd_wire_text(wire, NODE_TYPE, type);
}

static struct dtd_wire *begin_attribute(struct dtd_onnx_writer *writer,
                                        const char *name, int type) {
  dtd_wire_begin(writer->model, NODE_ATTRIBUTE);
  dtd_wire_text(writer->model, ATTRIBUTE_NAME, name);
  dtd_wire_whole(writer->model, ATTRIBUTE_TYPE, type);
  return writer->model;
}

void dtd_onnx_put_int(struct dtd_onnx_writer *writer, const char *name,
                      int64_t value) {
  struct dtd_wire *wire = begin_attribute(writer, name, OF_INT);
  dtd_wire_whole(wire, ATTRIBUTE_INT, value);
  dtd_wire_end(wire);
}

void dtd_onnx_put_float(struct dtd_onnx_writer *writer, const char *name,
                        float value) {
  struct dtd_wire *wire = begin_attribute(writer, name, OF_FLOAT);
  dtd_wire_float(wire, ATTRIBUTE_FLOAT, value);
  dtd_wire_end(wire);
}

void dtd_onnx_put_text(struct dtd_onnx_writer *writer, const char *name,
                       const char *value) {
  struct dtd_wire *wire = begin_attribute(writer, name, OF_TEXT);
  dtd_wire_text(wire, ATTRIBUTE_TEXT, value);
  dtd_wire_end(wire);
}

void dtd_onnx_put_ints(struct dtd_onnx_writer *writer, const char *name,
                       const int64_t *values, int count) {
  struct dtd_wire *wire = begin_attribute(writer, name, OF_INTS);
  for (int n = 0; n < count; n++)
    dtd_wire_whole(wire, ATTRIBUTE_INTS, values[n]);
  dtd_wire_end(wire);
}

static void put_attribute_tensor(struct dtd_onnx_writer *writer,
                                 const char *name, int type, const void *values,
                                 const int64_t *size, int dimensions) {
  struct dtd_wire *wire = begin_attribute(writer, name, OF_TENSOR);
  dtd_wire_begin(wire, ATTRIBUTE_TENSOR);
  put_tensor(wire, NULL, type, values, size, dimensions);
  dtd_wire_end(wire);
  dtd_wire_end(wire);
}

void dtd_onnx_put_attribute_floats(struct dtd_onnx_writer *writer,
                                   const char *name, const float *values,
                                   const int64_t *size, int dimensions) {
  put_attribute_tensor(writer, name, FLOAT32, values, size, dimensions);
}

void dtd_onnx_put_attribute_whole(struct dtd_onnx_writer *writer,
                                  const char *name, const int64_t *values,
                                  const int64_t *size, int dimensions) {
  put_attribute_tensor(writer, name, INT64, values, size, dimensions);
}

/* ---- end ---- */

void dtd_onnx_writer_save(struct dtd_onnx_writer *writer, const char *path) {
  dtd_wire_end(graph_of(writer));
  FILE *output = dtd_output_open(path);
  size_t size;
  const void *model = dtd_wire_contents(&size, writer->model);
  dtd_output_write(output, model, size);
  const void *metadata = dtd_wire_contents(&size, writer->metadata);
  dtd_output_write(output, metadata, size);
  dtd_output_commit(output);
  dtd_onnx_writer_free(writer);
}

void dtd_onnx_writer_free(struct dtd_onnx_writer *writer) {
  if (!writer) return;
  dtd_wire_free(writer->model);
  dtd_wire_free(writer->metadata);
  dtd_free(writer);
}
