/* Reads and writes named tensors in the safetensors format.

   Layout (https://github.com/huggingface/safetensors): eight bytes of header
   length, little-endian; a JSON object that maps each name to dtype, shape and
   data_offsets, with string metadata under "__metadata__"; then the data. */
#ifndef DTD_SAFETENSORS_H
#define DTD_SAFETENSORS_H

#include <stddef.h>

enum dtd_dtype { DTD_F32, DTD_F64 };

/* One file's contents, whether read or about to be written. */
struct dtd_tensors;

/* ---- building and writing ---- */

struct dtd_tensors *dtd_tensors_new(void);

/* Adds a copy of `values` as a tensor of `dtype` with 1 or 2 dimensions:
   (rows, columns), or (rows) when columns is 0. Names must be unique. */
void dtd_tensors_add(struct dtd_tensors *tensors, const char *name,
                     enum dtd_dtype dtype, const void *values, size_t rows,
                     size_t columns);

void dtd_tensors_add_metadata(struct dtd_tensors *tensors, const char *key,
                              const char *value);

/* Writes everything, whole or not at all; the header is padded with spaces so
   that the data starts at a multiple of 64 bytes (8 is what others need), and
   F64 comes before F32, so that each tensor is aligned to its elements. */
void dtd_tensors_write(const struct dtd_tensors *tensors, const char *path);

/* ---- reading ---- */

/* Reads and checks a whole file. Dies, naming the file, when it is truncated,
   its header is longer than the file or 100 MB or is not JSON, it has more than
   256 tensors or the same name twice, a dtype other than F32 or F64 is used,
   offsets lie outside the data, overlap or leave gaps, or disagree with shape
   and dtype, or a value is not finite (naming the tensor). Tensors of other
   than 1 or 2 dimensions are read, but dtd_tensors_get refuses them. */
struct dtd_tensors *dtd_tensors_read(const char *path);

/* The values of tensor `name`, borrowed from `tensors`. Dies, naming file,
   tensor, and both shapes or types, when it is missing or different. */
const void *dtd_tensors_get(const struct dtd_tensors *tensors, const char *name,
                            enum dtd_dtype dtype, size_t rows, size_t columns);

/* Copies what dtd_tensors_get returns to `values`. */
void dtd_tensors_copy(void *values, const struct dtd_tensors *tensors,
                      const char *name, enum dtd_dtype dtype, size_t rows,
                      size_t columns);

/* Whether tensor `name` is there; when it is, sets its shape (columns is 0 for
   one dimension) if the pointers are not null. */
int dtd_tensors_find(const struct dtd_tensors *tensors, const char *name,
                     size_t *rows, size_t *columns);

/* The metadata value of `key`, borrowed, or null. */
const char *dtd_tensors_metadata(const struct dtd_tensors *tensors,
                                 const char *key);

/* The path it was read from, for messages; borrowed. */
const char *dtd_tensors_path(const struct dtd_tensors *tensors);

void dtd_tensors_free(struct dtd_tensors *tensors);

#endif
