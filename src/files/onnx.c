/* Reads ONNX files: nodes, their attributes, and constant tensors, as they
   stand. */
#include "files/onnx.h"

#include <limits.h>
#include <onnx.pb-c.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/text.h"
#include "files/protobuf.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && sizeof(float) == 4,
               "values are copied as they are in the file");

enum {
  LEAST_OPSET = 7,
  MOST_OPSET = 1000,    /* no file can mean more */
  MOST_ATTRIBUTES = 64, /* of one node, where ONNX has a dozen at most */
};

/* Types of tensors and attributes by their numbers in the format, so that a
   schema that is older than a file can do without their names. */
enum { FLOAT = 1, INT32 = 6, INT64 = 7 };
enum { OF_FLOAT = 1, OF_INT = 2, OF_TEXT = 3, OF_TENSOR = 4, OF_INTS = 7 };

struct attribute {
  const Onnx__AttributeProto *proto;
  char *text;                     /* null unless OF_TEXT */
  struct dtd_onnx_tensor *tensor; /* null unless OF_TENSOR */
};

struct dtd_onnx_attributes {
  int count;
  struct attribute *attribute;
};

struct model {
  struct dtd_onnx onnx; /* the first, so that one is the other */
  Onnx__ModelProto *proto;
  const struct dtd_onnx_tensor **by_name; /* initialisers, sorted */
  void **owned;                           /* what is not protobuf-c's */
  int owns;
};

static const char *export_again = "export the network again";

#define refuse(model, ...)                                                     \
  dtd_die(DTD_FAILURE, (model)->onnx.path, export_again, __VA_ARGS__)

#define refuse_but(model, to_do, ...)                                          \
  dtd_die(DTD_FAILURE, (model)->onnx.path, to_do, __VA_ARGS__)

/* Zeroed memory that lives as long as the model. */
static void *take(struct model *model, size_t count, size_t size) {
  void *memory = dtd_new(count, size);
  void **place =
      dtd_append(model, &model->owned, &model->owns, sizeof *model->owned);
  return *place = memory;
}

static const struct model *model_of(const struct dtd_onnx *onnx) {
  return (const struct model *)onnx;
}

static bool is_empty(const char *text) {
  return !text || !*text;
}

/* ---- tensors ---- */

static const char *type_name(int type) {
  static const char *const names[] = {
      [0] = "undefined",   [1] = "float32",  [2] = "uint8",
      [3] = "int8",        [4] = "uint16",   [5] = "int16",
      [6] = "int32",       [7] = "int64",    [8] = "string",
      [9] = "bool",        [10] = "float16", [11] = "float64",
      [12] = "uint32",     [13] = "uint64",  [14] = "complex64",
      [15] = "complex128", [16] = "bfloat16"};
  bool known = type >= 0 && type < (int)(sizeof names / sizeof *names);
  return known ? names[type] : "of a type that is not known";
}

/* The number of elements, whose bytes an address can count. */
static size_t count_elements(const struct model *model,
                             struct dtd_onnx_tensor *tensor,
                             const Onnx__TensorProto *proto) {
  if (proto->n_dims > DTD_ONNX_MOST_DIMENSIONS)
    refuse(model, "tensor %s has %zu dimensions, more than %d", tensor->name,
           proto->n_dims, DTD_ONNX_MOST_DIMENSIONS);
  size_t count = 1;
  tensor->dimensions = (int)proto->n_dims;
  for (int d = 0; d < tensor->dimensions; d++) {
    size_t size = (size_t)proto->dims[d]; /* huge when it is negative */
    if (size > INT_MAX || (size && count > INT_MAX / size))
      refuse(model, "tensor %s has an impossible size", tensor->name);
    tensor->size[d] = (int64_t)size;
    count *= size;
  }
  return count;
}

/* The values as the file holds them, `count` of `size` bytes each, either raw
   or listed. */
static const void *find_values(const struct model *model,
                               const struct dtd_onnx_tensor *tensor,
                               const Onnx__TensorProto *proto, size_t size,
                               const void *list, size_t listed) {
  size_t raw = proto->has_raw_data ? proto->raw_data.len : 0;
  if (raw && listed)
    refuse(model, "tensor %s holds its values twice", tensor->name);
  size_t bytes = raw ? raw : listed * size, wanted = tensor->count * size;
  if (bytes != wanted)
    refuse(model, "tensor %s has %zu bytes of values, not the %zu of its size",
           tensor->name, bytes, wanted);
  static const int64_t nothing;
  if (!wanted) return &nothing;
  return raw ? proto->raw_data.data : list;
}

static void check_finite(const struct model *model,
                         const struct dtd_onnx_tensor *tensor) {
  const float *value = tensor->floats;
  uint32_t worst = 0, infinite = 0x7f800000;
  for (size_t i = 0; i < tensor->count; i++) {
    uint32_t bits;
    memcpy(&bits, &value[i], sizeof bits);
    bits &= 0x7fffffff;
    worst = bits > worst ? bits : worst;
  }
  if (worst < infinite) return;
  size_t i = 0;
  while (value[i] - value[i] == 0) i++;
  refuse_but(model, "train or export the network again",
             "tensor %s holds %g at element %zu", tensor->name,
             (double)value[i], i);
}

static const int64_t *widen(struct model *model, const int32_t *values,
                            size_t count) {
  int64_t *wide = take(model, count, sizeof *wide);
  for (size_t i = 0; i < count; i++) wide[i] = values[i];
  return wide;
}

static void check_storage(const struct model *model,
                          const struct dtd_onnx_tensor *tensor,
                          const Onnx__TensorProto *proto) {
  if (proto->n_external_data || proto->data_location == 1)
    refuse_but(model, "save the network with everything in one file",
               "keeps tensor %s in another file", tensor->name);
  if (proto->segment)
    refuse_but(model, "save the network with whole tensors",
               "holds tensor %s in segments", tensor->name);
  int type = proto->data_type;
  if (type != FLOAT && type != INT32 && type != INT64)
    refuse_but(model, "convert the network to float32",
               "tensor %s is %s; only float32 is read, and int32 or int64 for "
               "sizes",
               tensor->name, type_name(type));
}

static void read_tensor(struct dtd_onnx_tensor *tensor, struct model *model,
                        const Onnx__TensorProto *proto, const char *name) {
  tensor->name = name;
  check_storage(model, tensor, proto);
  tensor->count = count_elements(model, tensor, proto);
  if (proto->data_type == FLOAT) {
    tensor->floats = find_values(model, tensor, proto, sizeof(float),
                                 proto->float_data, proto->n_float_data);
    check_finite(model, tensor);
  } else if (proto->data_type == INT32) {
    tensor->whole = widen(model,
                          find_values(model, tensor, proto, sizeof(int32_t),
                                      proto->int32_data, proto->n_int32_data),
                          tensor->count);
  } else {
    tensor->whole = find_values(model, tensor, proto, sizeof(int64_t),
                                proto->int64_data, proto->n_int64_data);
  }
}

static int by_name(const void *left, const void *right) {
  const struct dtd_onnx_tensor *const *a = left, *const *b = right;
  return strcmp((*a)->name, (*b)->name);
}

static void read_initialisers(struct model *model,
                              const Onnx__GraphProto *graph) {
  size_t count = graph->n_initializer;
  struct dtd_onnx_tensor *tensors = take(model, count, sizeof *tensors);
  model->by_name = take(model, count, sizeof(struct dtd_onnx_tensor *));
  if (graph->n_sparse_initializer)
    refuse_but(model, "save the network with dense tensors",
               "holds sparse tensors");
  for (size_t n = 0; n < count; n++) {
    if (is_empty(graph->initializer[n]->name))
      refuse(model, "tensor %zu has no name", n + 1);
    read_tensor(&tensors[n], model, graph->initializer[n],
                graph->initializer[n]->name);
    model->by_name[n] = &tensors[n];
  }
  qsort(model->by_name, count, sizeof(struct dtd_onnx_tensor *), by_name);
  model->onnx.tensors = (int)count;
  model->onnx.tensor = tensors;
}

const struct dtd_onnx_tensor *dtd_onnx_find(const struct dtd_onnx *onnx,
                                            const char *name) {
  struct dtd_onnx_tensor wanted = {.name = name}, *key = &wanted;
  struct dtd_onnx_tensor **found =
      bsearch(&key, model_of(onnx)->by_name, (size_t)onnx->tensors,
              sizeof(struct dtd_onnx_tensor *), by_name);
  return found ? *found : NULL;
}

/* ---- inputs and outputs ---- */

static void read_value(struct dtd_onnx_value *value, const struct model *model,
                       const Onnx__ValueInfoProto *proto) {
  if (is_empty(proto->name)) refuse(model, "an input or output has no name");
  value->name = proto->name;
  value->dimensions = -1;
  const Onnx__TypeProto *type = proto->type;
  if (!type || type->value_case == ONNX__TYPE_PROTO__VALUE__NOT_SET) return;
  if (type->value_case != ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE)
    refuse_but(model, "give a network of tensors alone", "%s is no tensor",
               value->name);
  int element = type->tensor_type->elem_type;
  if (element && element != FLOAT)
    refuse_but(model, "convert the network to float32",
               "%s is %s; only float32 is read", value->name,
               type_name(element));
  const Onnx__TensorShapeProto *shape = type->tensor_type->shape;
  if (!shape) return;
  if (shape->n_dim > DTD_ONNX_MOST_DIMENSIONS)
    refuse(model, "%s has %zu dimensions, more than %d", value->name,
           shape->n_dim, DTD_ONNX_MOST_DIMENSIONS);
  value->dimensions = (int)shape->n_dim;
  for (int d = 0; d < value->dimensions; d++) {
    const Onnx__TensorShapeProto__Dimension *dim = shape->dim[d];
    bool given = dim->value_case ==
                     ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE &&
                 dim->dim_value > 0;
    if (given && dim->dim_value > INT_MAX)
      refuse(model, "%s has an impossible size", value->name);
    value->size[d] = given ? dim->dim_value : -1;
  }
}

/* Before IR version 4, initialisers had to be inputs as well. */
static void read_values(struct model *model, const Onnx__GraphProto *graph) {
  struct dtd_onnx_value *input = take(model, graph->n_input, sizeof *input);
  for (size_t n = 0; n < graph->n_input; n++) {
    const char *name = graph->input[n]->name;
    if (!name || !dtd_onnx_find(&model->onnx, name))
      read_value(&input[model->onnx.inputs++], model, graph->input[n]);
  }
  struct dtd_onnx_value *output = take(model, graph->n_output, sizeof *output);
  for (size_t n = 0; n < graph->n_output; n++)
    read_value(&output[n], model, graph->output[n]);
  model->onnx.input = input;
  model->onnx.output = output;
  model->onnx.outputs = (int)graph->n_output;
}

/* ---- nodes ---- */

static void read_attribute(struct attribute *attribute, struct model *model,
                           const struct dtd_onnx_node *node,
                           const Onnx__AttributeProto *proto) {
  attribute->proto = proto;
  if (is_empty(proto->name))
    refuse(model, "an attribute of node %s has no name", node->name);
  for (int n = 0; n < node->attributes->count; n++)
    if (!strcmp(node->attributes->attribute[n].proto->name, proto->name))
      refuse(model, "node %s has attribute %s twice", node->name, proto->name);
  if ((int)proto->type == OF_TEXT) {
    attribute->text = take(model, proto->s.len + 1, 1);
    if (proto->s.len) memcpy(attribute->text, proto->s.data, proto->s.len);
    if (strlen(attribute->text) != proto->s.len)
      refuse(model, "attribute %s of node %s holds a zero byte", proto->name,
             node->name);
  }
  if ((int)proto->type == OF_TENSOR) {
    if (!proto->t)
      refuse(model, "attribute %s of node %s has no tensor", proto->name,
             node->name);
    attribute->tensor = take(model, 1, sizeof *attribute->tensor);
    read_tensor(attribute->tensor, model, proto->t, node->name);
  }
}

static bool is_standard(const char *domain) {
  return is_empty(domain) || !strcmp(domain, "ai.onnx");
}

static void check_node(const struct model *model, const Onnx__NodeProto *proto,
                       size_t n) {
  if (is_empty(proto->op_type)) refuse(model, "node %zu has no type", n + 1);
  if (!is_standard(proto->domain))
    refuse_but(model, "export the network with ONNX's own operators alone",
               "node %zu is a %s of domain %s, which is not read", n + 1,
               proto->op_type, proto->domain);
  if (!proto->n_output || is_empty(proto->output[0]))
    refuse(model, "node %zu, a %s, has no output", n + 1, proto->op_type);
  if (proto->n_attribute > MOST_ATTRIBUTES)
    refuse(model, "node %zu, a %s, has more than %d attributes", n + 1,
           proto->op_type, MOST_ATTRIBUTES);
}

static void read_node(struct dtd_onnx_node *node, struct model *model,
                      const Onnx__NodeProto *proto) {
  node->name = is_empty(proto->name) ? proto->output[0] : proto->name;
  node->type = proto->op_type;
  node->inputs = (int)proto->n_input;
  node->outputs = (int)proto->n_output;
  node->input = (const char *const *)proto->input;
  node->output = (const char *const *)proto->output;
  struct dtd_onnx_attributes *attributes = take(model, 1, sizeof *attributes);
  node->attributes = attributes;
  attributes->attribute =
      take(model, proto->n_attribute, sizeof *attributes->attribute);
  for (size_t n = 0; n < proto->n_attribute; n++, attributes->count++)
    read_attribute(&attributes->attribute[n], model, node, proto->attribute[n]);
}

static void read_nodes(struct model *model, const Onnx__GraphProto *graph) {
  struct dtd_onnx_node *nodes = take(model, graph->n_node, sizeof *nodes);
  if (!graph->n_node) refuse(model, "holds no nodes");
  for (size_t n = 0; n < graph->n_node; n++) {
    check_node(model, graph->node[n], n);
    read_node(&nodes[n], model, graph->node[n]);
  }
  model->onnx.nodes = (int)graph->n_node;
  model->onnx.node = nodes;
}

/* ---- the model ---- */

static int by_text(const void *left, const void *right) {
  const char *const *a = left, *const *b = right;
  return strcmp(*a, *b);
}

/* Every value has its own name, whether given, stored or computed. */
static void check_names(const struct model *model) {
  const struct dtd_onnx *onnx = &model->onnx;
  size_t most = (size_t)onnx->inputs + (size_t)onnx->tensors, count = 0;
  for (int n = 0; n < onnx->nodes; n++) most += (size_t)onnx->node[n].outputs;
  const char **names = dtd_new(most, sizeof(char *));
  for (int n = 0; n < onnx->inputs; n++) names[count++] = onnx->input[n].name;
  for (int n = 0; n < onnx->tensors; n++) names[count++] = onnx->tensor[n].name;
  for (int n = 0; n < onnx->nodes; n++)
    for (int o = 0; o < onnx->node[n].outputs; o++)
      if (*onnx->node[n].output[o]) names[count++] = onnx->node[n].output[o];
  qsort(names, count, sizeof(char *), by_text);
  for (size_t n = 1; n < count; n++)
    if (!strcmp(names[n - 1], names[n]))
      refuse(model, "two values have the name %s", names[n]);
  dtd_free(names);
}

static int find_opset(const struct model *model) {
  const Onnx__ModelProto *proto = model->proto;
  int64_t opset = 0;
  for (size_t n = 0; n < proto->n_opset_import; n++) {
    if (!is_standard(proto->opset_import[n]->domain)) continue;
    if (opset) refuse(model, "names its opset twice");
    opset = proto->opset_import[n]->version;
  }
  if (!opset) refuse(model, "does not say which opset it uses");
  if (opset < 0 || opset > MOST_OPSET)
    refuse(model, "has the impossible opset %lld", (long long)opset);
  if (opset < LEAST_OPSET)
    refuse_but(model,
               "convert it with onnx.version_converter, or export it again",
               "has opset %lld, and %d is the oldest that is read",
               (long long)opset, LEAST_OPSET);
  return (int)opset;
}

static void check_functions(const struct model *model) {
  for (size_t n = 0; n < model->proto->n_functions; n++) {
    const Onnx__FunctionProto *function = model->proto->functions[n];
    if (is_standard(function->domain))
      refuse_but(model, "save the network with its functions inlined",
                 "defines the operator %s anew",
                 is_empty(function->name) ? "without a name" : function->name);
  }
}

struct dtd_onnx *dtd_onnx_read(const char *path) {
  struct model *model = dtd_new(1, sizeof *model);
  model->onnx.path = strcpy(take(model, strlen(path) + 1, 1), path);
  model->proto = (Onnx__ModelProto *)dtd_protobuf_read(
      path, &onnx__model_proto__descriptor, "ONNX");
  const Onnx__GraphProto *graph = model->proto->graph;
  if (!graph) refuse(model, "holds no graph");
  model->onnx.opset = find_opset(model);
  check_functions(model);
  read_initialisers(model, graph);
  read_values(model, graph);
  read_nodes(model, graph);
  check_names(model);
  return &model->onnx;
}

const char *dtd_onnx_metadata(const struct dtd_onnx *onnx, const char *key) {
  const Onnx__ModelProto *proto = model_of(onnx)->proto;
  for (size_t n = 0; n < proto->n_metadata_props; n++) {
    const Onnx__StringStringEntryProto *entry = proto->metadata_props[n];
    if (entry->key && !strcmp(entry->key, key))
      return entry->value ? entry->value : "";
  }
  return NULL;
}

void dtd_onnx_free(struct dtd_onnx *onnx) {
  if (!onnx) return;
  struct model *model = (struct model *)onnx;
  dtd_protobuf_free((ProtobufCMessage *)model->proto);
  for (int n = 0; n < model->owns; n++) dtd_free(model->owned[n]);
  dtd_free(model->owned);
  dtd_free(model);
}

/* ---- attributes ---- */

/* The attribute, or null; dies when it is of another type. */
static const struct attribute *find_attribute(const struct dtd_onnx *onnx,
                                              const struct dtd_onnx_node *node,
                                              const char *name, int type,
                                              const char *type_words) {
  const struct dtd_onnx_attributes *attributes = node->attributes;
  for (int n = 0; n < attributes->count; n++) {
    const struct attribute *attribute = &attributes->attribute[n];
    if (strcmp(attribute->proto->name, name)) continue;
    if ((int)attribute->proto->type != type)
      refuse(model_of(onnx), "attribute %s of node %s (%s) is not %s", name,
             node->name, node->type, type_words);
    return attribute;
  }
  return NULL;
}

int64_t dtd_onnx_int(const struct dtd_onnx *onnx,
                     const struct dtd_onnx_node *node, const char *name,
                     int64_t otherwise) {
  const struct attribute *found =
      find_attribute(onnx, node, name, OF_INT, "a whole number");
  return found ? found->proto->i : otherwise;
}

double dtd_onnx_float(const struct dtd_onnx *onnx,
                      const struct dtd_onnx_node *node, const char *name,
                      double otherwise) {
  const struct attribute *found =
      find_attribute(onnx, node, name, OF_FLOAT, "a float");
  return found ? (double)found->proto->f : otherwise;
}

const char *dtd_onnx_text(const struct dtd_onnx *onnx,
                          const struct dtd_onnx_node *node, const char *name,
                          const char *otherwise) {
  const struct attribute *found =
      find_attribute(onnx, node, name, OF_TEXT, "a text");
  return found ? found->text : otherwise;
}

int dtd_onnx_ints(const int64_t **values, const struct dtd_onnx *onnx,
                  const struct dtd_onnx_node *node, const char *name) {
  const struct attribute *found =
      find_attribute(onnx, node, name, OF_INTS, "a list of whole numbers");
  *values = found ? found->proto->ints : NULL;
  return found ? (int)found->proto->n_ints : 0;
}

const struct dtd_onnx_tensor *
dtd_onnx_attribute_tensor(const struct dtd_onnx *onnx,
                          const struct dtd_onnx_node *node, const char *name) {
  const struct attribute *found =
      find_attribute(onnx, node, name, OF_TENSOR, "a tensor");
  return found ? found->tensor : NULL;
}
