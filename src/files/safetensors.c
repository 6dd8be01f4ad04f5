/* Reads and writes named tensors in the safetensors format. */
#include "files/safetensors.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/output.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ &&
                   sizeof(float) == 4 && sizeof(double) == 8,
               "values are copied as they are in the file");

enum { MOST_TENSORS = 256, MOST_HEADER = 100000000, DATA_UNIT = 64 };

static const char *get_another =
    "get a complete file, or train the model again";

#define refuse(path, ...) dtd_die(DTD_FAILURE, path, get_another, __VA_ARGS__)

struct tensor {
  char *name;
  enum dtd_dtype dtype;
  int dimensions; /* 1 or 2; others are kept only to be checked */
  size_t rows, columns;
  size_t begin, size; /* bytes in the data section */
  void *values;
};

struct dtd_tensors {
  char *path;
  struct tensor tensor[MOST_TENSORS];
  int count;
  cJSON *metadata; /* an object of strings, or null */
};

static size_t element_size(enum dtd_dtype dtype) {
  return dtype == DTD_F32 ? 4 : 8;
}

static const char *dtype_name(enum dtd_dtype dtype) {
  return dtype == DTD_F32 ? "F32" : "F64";
}

static const struct tensor *find(const struct dtd_tensors *tensors,
                                 const char *name) {
  for (int n = 0; n < tensors->count; n++)
    if (!strcmp(tensors->tensor[n].name, name)) return &tensors->tensor[n];
  return NULL;
}

/* cJSON's memory, under the mark of its owner; as it dies when memory is short,
   no result of cJSON is null. */
static const struct dtd_tensors *json_owner;
static void *json_memory(size_t size) {
  return dtd_new_beside(json_owner, size, 1);
}

static void use_json(const struct dtd_tensors *owner) {
  cJSON_InitHooks(&(cJSON_Hooks){json_memory, dtd_free});
  json_owner = owner;
}

struct dtd_tensors *dtd_tensors_new(void) {
  struct dtd_tensors *tensors = dtd_new(1, sizeof *tensors);
  tensors->path = dtd_copy_text("tensors");
  return tensors;
}

void dtd_tensors_free(struct dtd_tensors *tensors) {
  if (!tensors) return;
  for (int n = 0; n < tensors->count; n++) {
    dtd_free(tensors->tensor[n].name);
    dtd_free(tensors->tensor[n].values);
  }
  cJSON_Delete(tensors->metadata);
  dtd_free(tensors->path);
  dtd_free(tensors);
}

/* A place for one more tensor; dies when its name is taken. */
static struct tensor *append(struct dtd_tensors *tensors, const char *name) {
  if (find(tensors, name)) refuse(tensors->path, "names tensor %s twice", name);
  if (tensors->count == MOST_TENSORS)
    refuse(tensors->path, "has more than %d tensors", MOST_TENSORS);
  struct tensor *t = &tensors->tensor[tensors->count++];
  t->name = dtd_new_beside(tensors, strlen(name) + 1, 1);
  strcpy(t->name, name);
  return t;
}

/* ---- building and writing ---- */

void dtd_tensors_add(struct dtd_tensors *tensors, const char *name,
                     enum dtd_dtype dtype, const void *values, size_t rows,
                     size_t columns) {
  size_t count = rows * (columns ? columns : 1);
  struct tensor *t = append(tensors, name);
  t->dtype = dtype;
  t->dimensions = columns ? 2 : 1;
  t->rows = rows;
  t->columns = columns;
  t->size = count * element_size(dtype);
  t->values = dtd_new_beside(tensors, t->size, 1);
  if (count) memcpy(t->values, values, t->size);
}

void dtd_tensors_add_metadata(struct dtd_tensors *tensors, const char *key,
                              const char *value) {
  use_json(tensors);
  if (!tensors->metadata) tensors->metadata = cJSON_CreateObject();
  if (dtd_tensors_metadata(tensors, key))
    dtd_die(DTD_FAILURE, tensors->path, NULL, "metadata %s is there twice",
            key);
  cJSON_AddStringToObject(tensors->metadata, key, value);
}

static cJSON *describe(const struct tensor *t, size_t begin) {
  double shape[] = {(double)t->rows, (double)t->columns};
  double offsets[] = {(double)begin, (double)(begin + t->size)};
  cJSON *entry = cJSON_CreateObject();
  cJSON_AddStringToObject(entry, "dtype", dtype_name(t->dtype));
  cJSON_AddItemToObject(entry, "shape",
                        cJSON_CreateDoubleArray(shape, t->dimensions));
  cJSON_AddItemToObject(entry, "data_offsets",
                        cJSON_CreateDoubleArray(offsets, 2));
  return entry;
}

/* The header as text, its tensors in the order of `stored`; release with
   cJSON_free. */
static char *header_text(const struct dtd_tensors *tensors,
                         const struct tensor *const *stored) {
  use_json(NULL);
  cJSON *header = cJSON_CreateObject();
  if (tensors->metadata)
    cJSON_AddItemToObject(header, "__metadata__",
                          cJSON_Duplicate(tensors->metadata, 1));
  size_t begin = 0;
  for (int n = 0; n < tensors->count; n++) {
    cJSON_AddItemToObject(header, stored[n]->name, describe(stored[n], begin));
    begin += stored[n]->size;
  }
  char *text = cJSON_PrintUnformatted(header);
  cJSON_Delete(header);
  return text;
}

/* The wider type first, so that every tensor begins at a multiple of its
   element size. */
static void order_for_storage(const struct tensor **stored,
                              const struct dtd_tensors *tensors) {
  static const enum dtd_dtype wider_first[] = {DTD_F64, DTD_F32};
  for (int i = 0; i < 2; i++)
    for (int n = 0; n < tensors->count; n++)
      if (tensors->tensor[n].dtype == wider_first[i])
        *stored++ = &tensors->tensor[n];
}

void dtd_tensors_write(const struct dtd_tensors *tensors, const char *path) {
  const struct tensor *stored[MOST_TENSORS];
  order_for_storage(stored, tensors);
  char *text = header_text(tensors, stored);
  size_t length = strlen(text);
  size_t padding = (DATA_UNIT - (8 + length) % DATA_UNIT) % DATA_UNIT;
  uint64_t header_length = length + padding;
  FILE *output = dtd_output_open(path);
  dtd_output_write(output, &header_length, sizeof header_length);
  dtd_output_write(output, text, length);
  fprintf(output, "%*s", (int)padding, "");
  for (int n = 0; n < tensors->count; n++)
    dtd_output_write(output, stored[n]->values, stored[n]->size);
  dtd_output_commit(output);
  cJSON_free(text);
}

/* ---- reading ---- */

static _Noreturn void die_bad(const struct dtd_tensors *tensors,
                              const char *name, const char *problem) {
  refuse(tensors->path, "tensor %s %s", name, problem);
}

/* Entry `index` of a JSON array as a whole number that a double holds exactly;
   negative when it is none. */
static double whole_number(const cJSON *array, int index) {
  const cJSON *item = cJSON_GetArrayItem(array, index);
  if (!cJSON_IsNumber(item) || item->valuedouble > 0x1p53 ||
      item->valuedouble != floor(item->valuedouble))
    return -1;
  return item->valuedouble;
}

static void read_dtype(struct tensor *t, const struct dtd_tensors *tensors,
                       const cJSON *entry) {
  const char *dtype =
      cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(entry, "dtype"));
  if (dtype && !strcmp(dtype, "F32"))
    t->dtype = DTD_F32;
  else if (dtype && !strcmp(dtype, "F64"))
    t->dtype = DTD_F64;
  else
    dtd_die(DTD_FAILURE, tensors->path, "save it as float32",
            "tensor %s has dtype %s, neither F32 nor F64", t->name,
            dtype ? dtype : "missing");
}

/* Fills shape and offsets from the header, each checked by itself. */
static void read_entry(struct dtd_tensors *tensors, const cJSON *entry,
                       size_t data_size) {
  struct tensor *t = append(tensors, entry->string);
  read_dtype(t, tensors, entry);
  const cJSON *shape = cJSON_GetObjectItemCaseSensitive(entry, "shape");
  const cJSON *offsets =
      cJSON_GetObjectItemCaseSensitive(entry, "data_offsets");
  if (!cJSON_IsArray(shape) || !cJSON_IsArray(offsets) ||
      cJSON_GetArraySize(offsets) != 2)
    die_bad(tensors, t->name, "has no proper shape and data_offsets");
  double count = 1, sizes[2] = {1, 0};
  t->dimensions = cJSON_GetArraySize(shape);
  for (int d = 0; d < t->dimensions; d++) {
    double length = whole_number(shape, d);
    if (length < 0) die_bad(tensors, t->name, "has an impossible shape");
    if (d < 2) sizes[d] = length;
    count *= length;
  }
  double begin = whole_number(offsets, 0), end = whole_number(offsets, 1);
  if (begin < 0 || end < begin)
    die_bad(tensors, t->name, "has impossible offsets");
  if (end > (double)data_size)
    refuse(tensors->path,
           "truncated: tensor %s ends at byte %.0f of the data, which has %zu",
           t->name, end, data_size);
  if (end - begin != count * (double)element_size(t->dtype))
    die_bad(tensors, t->name, "has offsets that do not fit shape and dtype");
  t->rows = (size_t)sizes[0];
  t->columns = (size_t)sizes[1];
  t->begin = (size_t)begin;
  t->size = (size_t)(end - begin);
}

static int by_begin(const void *left, const void *right) {
  const struct tensor *a = left, *b = right;
  if (a->begin != b->begin) return a->begin < b->begin ? -1 : 1;
  return (a->size > b->size) - (a->size < b->size);
}

/* Sorted by offset, the tensors must fill the data without gap or overlap. */
static void check_layout(struct dtd_tensors *tensors, size_t data_size) {
  size_t at = 0;
  qsort(tensors->tensor, (size_t)tensors->count, sizeof *tensors->tensor,
        by_begin);
  for (int n = 0; n < tensors->count; n++) {
    const struct tensor *t = &tensors->tensor[n];
    if (t->begin < at) die_bad(tensors, t->name, "overlaps the one before it");
    if (t->begin > at)
      die_bad(tensors, t->name, "leaves a gap after the one before it");
    at += t->size;
  }
  if (at != data_size)
    refuse(tensors->path, "has %zu bytes of data that no tensor claims",
           data_size - at);
}

static void check_finite(const struct dtd_tensors *tensors,
                         const struct tensor *t) {
  size_t count = t->size / element_size(t->dtype);
  for (size_t i = 0; i < count; i++) {
    double value = t->dtype == DTD_F32 ? (double)((const float *)t->values)[i]
                                       : ((const double *)t->values)[i];
    if (!isfinite(value))
      dtd_die(DTD_FAILURE, tensors->path,
              "train again with smaller learning rates",
              "tensor %s holds %g at element %zu", t->name, value, i);
  }
}

/* The header, parsed; what is left of the input is the data. */
static cJSON *read_header(struct dtd_input *input) {
  uint64_t length;
  dtd_input_take(input, &length, sizeof length);
  if (length > MOST_HEADER || length > input->left)
    refuse(input->path,
           "is truncated or no safetensors file: a header of %" PRIu64
           " bytes where %zu are left",
           length, input->left);
  char *text = dtd_new((size_t)length + 1, 1);
  const char *end = text;
  dtd_input_take(input, text, (size_t)length);
  cJSON *header = cJSON_ParseWithLengthOpts(text, (size_t)length, &end, 0);
  if (!header || *text != '{' || end + strspn(end, " ") != text + length)
    refuse(input->path, "its header is not JSON from byte %zu on",
           (size_t)(end - text));
  dtd_free(text);
  return header;
}

static void read_metadata(struct dtd_tensors *tensors, cJSON *header) {
  tensors->metadata =
      cJSON_DetachItemFromObjectCaseSensitive(header, "__metadata__");
  if (!tensors->metadata) return;
  if (!cJSON_IsObject(tensors->metadata))
    refuse(tensors->path, "its metadata is not an object");
  for (const cJSON *entry = tensors->metadata->child; entry;
       entry = entry->next)
    if (!cJSON_IsString(entry) ||
        cJSON_GetObjectItemCaseSensitive(tensors->metadata, entry->string) !=
            entry)
      refuse(tensors->path, "its metadata %s is not a string, or there twice",
             entry->string);
}

struct dtd_tensors *dtd_tensors_read(const char *path) {
  struct dtd_tensors *tensors = dtd_tensors_new();
  dtd_free(tensors->path);
  tensors->path = dtd_copy_text(path);
  use_json(tensors);
  struct dtd_input input = dtd_input_open(path);
  cJSON *header = read_header(&input);
  read_metadata(tensors, header);
  for (const cJSON *entry = header->child; entry; entry = entry->next)
    read_entry(tensors, entry, input.left);
  cJSON_Delete(header);
  check_layout(tensors, input.left);
  for (int n = 0; n < tensors->count; n++) {
    struct tensor *t = &tensors->tensor[n];
    t->values = dtd_new(t->size, 1);
    dtd_input_take(&input, t->values, t->size);
    check_finite(tensors, t);
  }
  dtd_input_close(&input);
  return tensors;
}

static void format_shape(char *text, size_t size, size_t rows, size_t columns) {
  if (columns)
    snprintf(text, size, "(%zu, %zu)", rows, columns);
  else
    snprintf(text, size, "(%zu)", rows);
}

const void *dtd_tensors_get(const struct dtd_tensors *tensors, const char *name,
                            enum dtd_dtype dtype, size_t rows, size_t columns) {
  const struct tensor *t = find(tensors, name);
  if (!t)
    dtd_die(DTD_FAILURE, tensors->path, "give a file with all tensors",
            "holds no tensor %s", name);
  char found[64], wanted[64];
  format_shape(found, sizeof found, t->rows, t->columns);
  format_shape(wanted, sizeof wanted, rows, columns);
  if (t->dimensions != (columns ? 2 : 1) || t->rows != rows ||
      t->columns != columns || t->dtype != dtype)
    dtd_die(DTD_FAILURE, tensors->path, "give a file that fits",
            "tensor %s is %s %s in %d dimensions, not %s %s", name,
            dtype_name(t->dtype), found, t->dimensions, dtype_name(dtype),
            wanted);
  return t->values;
}

void dtd_tensors_copy(void *values, const struct dtd_tensors *tensors,
                      const char *name, enum dtd_dtype dtype, size_t rows,
                      size_t columns) {
  const void *saved = dtd_tensors_get(tensors, name, dtype, rows, columns);
  size_t count = rows * (columns ? columns : 1);
  if (count) memcpy(values, saved, count * element_size(dtype));
}

int dtd_tensors_find(const struct dtd_tensors *tensors, const char *name,
                     size_t *rows, size_t *columns) {
  const struct tensor *t = find(tensors, name);
  if (t && rows) *rows = t->rows;
  if (t && columns) *columns = t->columns;
  return t != NULL;
}

const char *dtd_tensors_metadata(const struct dtd_tensors *tensors,
                                 const char *key) {
  return cJSON_GetStringValue(
      cJSON_GetObjectItemCaseSensitive(tensors->metadata, key));
}

const char *dtd_tensors_path(const struct dtd_tensors *tensors) {
  return tensors->path;
}
