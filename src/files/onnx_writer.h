/* Writes ONNX files, node by node.

   The parts of a network come in any order, except that nodes come behind those
   that they read, as the format demands. A node is put, then its attributes.
   Names are the caller's: each value (input, tensor, output of a node) has its
   own. */
#ifndef DTD_ONNX_WRITER_H
#define DTD_ONNX_WRITER_H

#include <stdint.h>

enum { DTD_ONNX_WRITER_OPSET = 13 };

struct dtd_onnx_writer;

/* ---- create ---- */

/* `name` is the network's, `producer` the program that writes it. */
struct dtd_onnx_writer *dtd_onnx_writer_new(const char *name,
                                            const char *producer,
                                            const char *version);

/* ---- what the network is given, holds and gives ---- */

/* Float32; -1 is a size that is free. */
void dtd_onnx_put_input(struct dtd_onnx_writer *writer, const char *name,
                        const int64_t *size /* (dimensions) */, int dimensions);
void dtd_onnx_put_output(struct dtd_onnx_writer *writer, const char *name,
                         const int64_t *size /* (dimensions) */,
                         int dimensions);

void dtd_onnx_put_floats(struct dtd_onnx_writer *writer, const char *name,
                         const float *values,
                         const int64_t *size /* (dimensions) */,
                         int dimensions);
void dtd_onnx_put_whole(struct dtd_onnx_writer *writer, const char *name,
                        const int64_t *values,
                        const int64_t *size /* (dimensions) */, int dimensions);

/* Text for people, which changes nothing. */
void dtd_onnx_put_metadata(struct dtd_onnx_writer *writer, const char *key,
                           const char *value);

/* ---- nodes ---- */

/* One output, which also names the node. */
void dtd_onnx_put_node(struct dtd_onnx_writer *writer, const char *type,
                       const char *output, const char *const *input,
                       int inputs);

/* Attributes of the node that was put last, before anything else is. */
void dtd_onnx_put_int(struct dtd_onnx_writer *writer, const char *name,
                      int64_t value);
void dtd_onnx_put_float(struct dtd_onnx_writer *writer, const char *name,
                        float value);
void dtd_onnx_put_text(struct dtd_onnx_writer *writer, const char *name,
                       const char *value);
void dtd_onnx_put_ints(struct dtd_onnx_writer *writer, const char *name,
                       const int64_t *values, int count);
void dtd_onnx_put_attribute_floats(struct dtd_onnx_writer *writer,
                                   const char *name, const float *values,
                                   const int64_t *size /* (dimensions) */,
                                   int dimensions);
void dtd_onnx_put_attribute_whole(struct dtd_onnx_writer *writer,
                                  const char *name, const int64_t *values,
                                  const int64_t *size /* (dimensions) */,
                                  int dimensions);

/* ---- end ---- */

/* Writes the file, whole or not at all, and frees the writer. */
void dtd_onnx_writer_save(struct dtd_onnx_writer *writer, const char *path);

void dtd_onnx_writer_free(struct dtd_onnx_writer *writer);

#endif
