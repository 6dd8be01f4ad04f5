/* Writes the detection-pooling network as a graph of ONNX nodes. */
#include "network/network_export.h"

#include <math.h>
#include <stdio.h>

enum { MOST_NAME = 32 };

struct export {
  struct dtd_onnx_writer *writer;
  int number;            /* of the layer, from 1 */
  char value[MOST_NAME]; /* what the next node reads */
};

static const char score[] = "f";
static const char axis[] = "pool_axis"; /* of (N, pools, units of a pool) */

static void name_part(char *name, const struct export *export,
                      const char *part) {
  snprintf(name, MOST_NAME, "%s%d", part, export->number);
}

/* A node that reads the latest value, and more[0 .. others - 1]. */
static void put_node(struct export *export, const char *type,
                     const char *output, const char *const *more, int others) {
  const char *input[3] = {export->value};
  for (int n = 0; n < others; n++) input[n + 1] = more[n];
  dtd_onnx_put_node(export->writer, type, output, input, others + 1);
  snprintf(export->value, MOST_NAME, "%s", output);
}

static void put_detection(struct export *export,
                          const struct dtd_layer *layer) {
  char w[MOST_NAME], b[MOST_NAME], output[MOST_NAME];
  int64_t size[] = {layer->shape.inputs, layer->shape.units};
  name_part(w, export, "w");
  name_part(b, export, "b");
  name_part(output, export, "detection");
  dtd_onnx_put_floats(export->writer, w, layer->w, size, 2);
  dtd_onnx_put_floats(export->writer, b, layer->b, size + 1, 1);
  put_node(export, "Gemm", output, (const char *[]){w, b}, 2);
}

static void put_reshape(struct export *export, const int64_t *shape,
                        int dimensions) {
  char name[MOST_NAME], output[MOST_NAME];
  name_part(name, export, "shape");
  name_part(output, export, "pools");
  dtd_onnx_put_whole(export->writer, name, shape, (int64_t[]){dimensions}, 1);
  put_node(export, "Reshape", output, (const char *[]){name}, 1);
}

/* A 0 stands for the size that is there, of the batch. */
static void put_pooling(struct export *export,
                        const struct dtd_layer_shape *shape,
                        const char *output) {
  int64_t pools = dtd_layer_outputs(shape), pool = shape->pool;
  if (shape->norm == 1) {
    put_reshape(export, (int64_t[]){0, pools, pool}, 3);
    put_node(export, "ReduceSum", output, (const char *[]){axis}, 1);
    dtd_onnx_put_int(export->writer, "keepdims", 0);
  } else {
    char greatest[MOST_NAME];
    name_part(greatest, export, "greatest");
    put_reshape(export, (int64_t[]){0, 1, pools, pool}, 4);
    put_node(export, "MaxPool", greatest, NULL, 0);
    dtd_onnx_put_ints(export->writer, "kernel_shape", (int64_t[]){1, pool}, 2);
    dtd_onnx_put_ints(export->writer, "strides", (int64_t[]){1, pool}, 2);
    put_node(export, "Flatten", output, NULL, 0);
  }
}

static void put_layer(struct export *export, const struct dtd_layer *layer,
                      bool last) {
  char rectified[MOST_NAME], pooled[MOST_NAME];
  bool pools = layer->shape.pool > 1;
  name_part(rectified, export, "relu");
  name_part(pooled, export, "pooled");
  put_detection(export, layer);
  put_node(export, "Relu", last && !pools ? score : rectified, NULL, 0);
  if (pools) put_pooling(export, &layer->shape, last ? score : pooled);
}

int dtd_network_export_hindrance(const struct dtd_network *network) {
  for (int n = 0; n < network->depth; n++) {
    const struct dtd_layer_shape *shape = &network->layer[n].shape;
    if (shape->pool > 1 && shape->norm != 1 && !isinf(shape->norm))
      return n + 1;
  }
  return 0;
}

void dtd_network_export(struct dtd_onnx_writer *writer,
                        const struct dtd_network *network, const char *input) {
  struct export export = {.writer = writer};
  snprintf(export.value, MOST_NAME, "%s", input);
  for (int n = 0; n < network->depth; n++)
    if (network->layer[n].shape.pool > 1 && network->layer[n].shape.norm == 1) {
      dtd_onnx_put_whole(writer, axis, (int64_t[]){2}, (int64_t[]){1}, 1);
      break;
    }
  for (int n = 0; n < network->depth; n++) {
    export.number = n + 1;
    put_layer(&export, &network->layer[n], n + 1 == network->depth);
  }
  dtd_onnx_put_output(writer, score, (int64_t[]){-1, 1}, 2);
}
