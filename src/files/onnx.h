/* Reads ONNX files: nodes, their attributes, and constant tensors, as they
   stand.

   What nodes mean is network/'s matter; here a file is checked to be ONNX,
   whole, of an opset that is known, and its tensors to have the sizes that they
   say, before memory is taken for them. Everything is borrowed from the file's
   object and lives as long.

   https://github.com/onnx/onnx/blob/main/docs/IR.md */
#ifndef DTD_ONNX_H
#define DTD_ONNX_H

#include <stddef.h>
#include <stdint.h>

enum { DTD_ONNX_MOST_DIMENSIONS = 8 };

/* A constant: of float32, or of int64 (int32 is widened). */
struct dtd_onnx_tensor {
  const char *name;
  int dimensions;
  int64_t size[DTD_ONNX_MOST_DIMENSIONS];
  size_t count;         /* of elements */
  const float *floats;  /* null unless float32 */
  const int64_t *whole; /* null unless of whole numbers */
};

/* What the network is given, or gives. */
struct dtd_onnx_value {
  const char *name;
  int dimensions;                         /* -1 when the file does not say */
  int64_t size[DTD_ONNX_MOST_DIMENSIONS]; /* -1 where it is free (the batch) */
};

struct dtd_onnx_attributes; /* of one node */

struct dtd_onnx_node {
  const char *name; /* or, where the file has none, that of its first output */
  const char *type; /* "Conv" */
  int inputs, outputs;
  const char *const *input; /* names; "" for one that is left out */
  const char *const *output;
  const struct dtd_onnx_attributes *attributes;
};

struct dtd_onnx {
  const char *path;
  int opset;
  int nodes;
  const struct dtd_onnx_node *node;
  int tensors; /* initialisers */
  const struct dtd_onnx_tensor *tensor;
  int inputs; /* without those that are initialisers */
  const struct dtd_onnx_value *input;
  int outputs;
  const struct dtd_onnx_value *output;
};

/* ---- create ---- */

/* Dies, naming the file, when it is no ONNX, truncated, of an opset before 7,
   keeps its tensors in other files, or holds tensors of a type or size that is
   not read (saying what to do); when a node is of another domain than ONNX's
   own, or a name is given to two values. Values are not NaN or infinite, every
   node has a type and an output, and no name holds a zero byte. What is there
   for training alone is not looked at. */
struct dtd_onnx *dtd_onnx_read(const char *path);

/* ---- inspect ---- */

/* The initialiser of that name, or null. */
const struct dtd_onnx_tensor *dtd_onnx_find(const struct dtd_onnx *onnx,
                                            const char *name);

/* The metadata's text of that key, or null. */
const char *dtd_onnx_metadata(const struct dtd_onnx *onnx, const char *key);

/* Attributes of a node; what is not there has the default. They die, naming
   file, node and attribute, when it has another type. */
int64_t dtd_onnx_int(const struct dtd_onnx *onnx,
                     const struct dtd_onnx_node *node, const char *name,
                     int64_t otherwise);
double dtd_onnx_float(const struct dtd_onnx *onnx,
                      const struct dtd_onnx_node *node, const char *name,
                      double otherwise);
const char *dtd_onnx_text(const struct dtd_onnx *onnx,
                          const struct dtd_onnx_node *node, const char *name,
                          const char *otherwise);
/* Sets *values; returns their number, 0 when it is not there. */
int dtd_onnx_ints(const int64_t **values, const struct dtd_onnx *onnx,
                  const struct dtd_onnx_node *node, const char *name);
/* Null when it is not there. */
const struct dtd_onnx_tensor *
dtd_onnx_attribute_tensor(const struct dtd_onnx *onnx,
                          const struct dtd_onnx_node *node, const char *name);

/* ---- free ---- */

void dtd_onnx_free(struct dtd_onnx *onnx);

#endif
