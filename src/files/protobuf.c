/* Unpacks protobuf files by protobuf-c, in one pass that believes no number
   before its bytes are there.

   The pass writes for protobuf-c what it has read, field by field, but for
   arrays of bytes: each is read into its own memory, and where it stands is
   written in its place. When all is unpacked, the arrays take their places. */
#include "files/protobuf.h"

#include <limits.h>
#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/die.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/text.h"
#include "files/wire.h"

enum {
  MOST_DEPTH = 64,       /* messages in messages */
  MOST_FIELDS = 1 << 19, /* each costs protobuf-c some 100 bytes */
  MOST_KEY = 5,          /* bytes of a field's number or length */
  MOST_VARINT = 10,      /* bytes of a number */
};

struct reader {
  struct dtd_input input;
  size_t size; /* of the file */
  size_t fields;
  struct dtd_wire *read; /* what protobuf-c is to unpack */
};

static const char *get_another = "get a complete copy of it";

#define refuse(reader, why, ...)                                               \
  dtd_die(DTD_FAILURE, (reader)->input.path, get_another,                      \
          "truncated or damaged before byte %zu: " why,                        \
          (reader)->size - (reader)->input.left, __VA_ARGS__)

/* ---- fields ---- */

static enum dtd_wire_type wire_of(const ProtobufCFieldDescriptor *field) {
  switch (field->type) {
  case PROTOBUF_C_TYPE_STRING:
  case PROTOBUF_C_TYPE_BYTES:
  case PROTOBUF_C_TYPE_MESSAGE:
    return DTD_LENGTH;
  case PROTOBUF_C_TYPE_FLOAT:
  case PROTOBUF_C_TYPE_FIXED32:
  case PROTOBUF_C_TYPE_SFIXED32:
    return DTD_FOUR_BYTES;
  case PROTOBUF_C_TYPE_DOUBLE:
  case PROTOBUF_C_TYPE_FIXED64:
  case PROTOBUF_C_TYPE_SFIXED64:
    return DTD_EIGHT_BYTES;
  default:
    return DTD_VARINT;
  }
}

/* Repeated numbers may stand one by one, or together behind a length. */
static bool fits(const ProtobufCFieldDescriptor *field,
                 enum dtd_wire_type wire) {
  return wire == wire_of(field) ||
         (wire == DTD_LENGTH && field->label == PROTOBUF_C_LABEL_REPEATED);
}

/* A number, the bytes of which end before `end` bytes are left. */
static uint64_t take_varint(struct reader *reader, size_t end, int most) {
  uint64_t value = 0;
  for (int n = 0; n < most && reader->input.left > end; n++) {
    uint8_t byte;
    dtd_input_take(&reader->input, &byte, 1);
    value |= (uint64_t)(byte & 0x7f) << 7 * n;
    if (byte < 0x80) return value;
  }
  refuse(reader, "%s", "a number does not end");
}

/* Reads a value as it is and passes it on. */
static void pass_on(struct reader *reader, size_t size) {
  dtd_input_take(&reader->input, dtd_wire_extend(reader->read, size), size);
}

static void pass_on_text(struct reader *reader, size_t size, const char *name) {
  char *text = dtd_wire_extend(reader->read, size);
  dtd_input_take(&reader->input, text, size);
  if (memchr(text, 0, size)) refuse(reader, "%s holds a zero byte", name);
}

/* ---- arrays of bytes ---- */

struct array {
  size_t size;
  uint8_t *bytes; /* null when there are none */
};

static void take_array(struct reader *reader, size_t size, int field) {
  struct array array = {.size = size};
  if (size) array.bytes = dtd_new(size, 1);
  dtd_input_take(&reader->input, array.bytes, size);
  dtd_wire_bytes(reader->read, field, &array, sizeof array);
}

static void put_array(ProtobufCBinaryData *place) {
  struct array array;
  if (!place->data) return; /* the field is not there */
  memcpy(&array, place->data, sizeof array);
  dtd_free(place->data);
  *place = (ProtobufCBinaryData){.len = array.size, .data = array.bytes};
}

/* Sets *values to the values of a field and returns their number. */
static size_t find_values(void **values, ProtobufCMessage *message,
                          const ProtobufCFieldDescriptor *field) {
  void *place = (char *)message + field->offset;
  const char *quantifier = (const char *)message + field->quantifier_offset;
  *values = place;
  if (field->label == PROTOBUF_C_LABEL_REPEATED) {
    size_t count;
    memcpy(&count, quantifier, sizeof count);
    memcpy(values, place, sizeof *values);
    return count;
  }
  uint32_t chosen = field->id;
  if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
    memcpy(&chosen, quantifier, sizeof chosen);
  return chosen == field->id;
}

static void put_arrays(ProtobufCMessage *message) {
  const ProtobufCMessageDescriptor *type = message->descriptor;
  for (unsigned n = 0; n < type->n_fields; n++) {
    const ProtobufCFieldDescriptor *field = &type->fields[n];
    void *values;
    size_t count = find_values(&values, message, field);
    if (field->type == PROTOBUF_C_TYPE_BYTES)
      for (size_t i = 0; i < count; i++)
        put_array((ProtobufCBinaryData *)values + i);
    if (field->type == PROTOBUF_C_TYPE_MESSAGE)
      for (size_t i = 0; i < count; i++)
        if (((ProtobufCMessage **)values)[i])
          put_arrays(((ProtobufCMessage **)values)[i]);
  }
}

/* ---- messages ---- */

static void read_message(struct reader *reader, size_t end,
                         const ProtobufCMessageDescriptor *type, int depth);

/* What may stand once must: protobuf-c would join a second message to the
   first, at a cost that grows with the square of their number, and would lose
   the first array. */
static void check_once(const struct reader *reader,
                       const ProtobufCFieldDescriptor *field, int index,
                       uint64_t *seen) {
  uint64_t bit = 1ull << index;
  if (field->label == PROTOBUF_C_LABEL_REPEATED) return;
  if (*seen & bit) refuse(reader, "%s is there twice", field->name);
  *seen |= bit;
}

/* The number of bytes of a value, which are there. */
static size_t take_size(struct reader *reader, size_t end,
                        enum dtd_wire_type type, const char *name) {
  size_t size = type == DTD_EIGHT_BYTES ? 8 : 4, left;
  if (type == DTD_LENGTH) size = (size_t)take_varint(reader, end, MOST_KEY);
  left = reader->input.left - end;
  if (size > left)
    refuse(reader, "%s needs %zu bytes where %zu are left", name, size, left);
  return size;
}

static void read_value(struct reader *reader, size_t end,
                       const ProtobufCFieldDescriptor *field,
                       enum dtd_wire_type type, int depth) {
  int number = (int)field->id;
  if (type == DTD_VARINT) {
    uint64_t value = take_varint(reader, end, MOST_VARINT);
    dtd_wire_whole(reader->read, number, (int64_t)value);
    return;
  }
  size_t size = take_size(reader, end, type, field->name);
  if (type != DTD_LENGTH) {
    dtd_wire_key(reader->read, number, type);
    pass_on(reader, size);
  } else if (field->type == PROTOBUF_C_TYPE_BYTES) {
    take_array(reader, size, number);
  } else {
    dtd_wire_begin(reader->read, number);
    if (field->type == PROTOBUF_C_TYPE_MESSAGE)
      read_message(reader, reader->input.left - size, field->descriptor,
                   depth + 1);
    else if (field->type == PROTOBUF_C_TYPE_STRING)
      pass_on_text(reader, size, field->name);
    else
      pass_on(reader, size);
    dtd_wire_end(reader->read);
  }
}

static void leave_out(struct reader *reader, size_t end,
                      enum dtd_wire_type type) {
  char bytes[4096];
  if (type == DTD_VARINT) {
    take_varint(reader, end, MOST_VARINT);
    return;
  }
  size_t size = take_size(reader, end, type, "an unknown field");
  for (size_t part; size; size -= part) {
    part = size < sizeof bytes ? size : sizeof bytes;
    dtd_input_take(&reader->input, bytes, part);
  }
}

static void read_field(struct reader *reader, size_t end,
                       const ProtobufCMessageDescriptor *message,
                       uint64_t *seen, int depth) {
  uint64_t key = take_varint(reader, end, MOST_KEY);
  enum dtd_wire_type type = key & 7;
  if (key >> 3 == 0 || key > UINT32_MAX ||
      (type != DTD_VARINT && type != DTD_LENGTH && type != DTD_EIGHT_BYTES &&
       type != DTD_FOUR_BYTES))
    refuse(reader, "%s", "no field begins like this");
  if (++reader->fields > MOST_FIELDS)
    dtd_die(DTD_FAILURE, reader->input.path, "give a smaller network",
            "has more than %d fields", MOST_FIELDS);
  const ProtobufCFieldDescriptor *field =
      protobuf_c_message_descriptor_get_field(message, (unsigned)(key >> 3));
  if (!field) {
    leave_out(reader, end, type);
    return;
  }
  if (!fits(field, type))
    refuse(reader, "%s has wire type %d", field->name, (int)type);
  if (field->type == PROTOBUF_C_TYPE_MESSAGE ||
      field->type == PROTOBUF_C_TYPE_BYTES)
    check_once(reader, field, (int)(field - message->fields) % 64, seen);
  read_value(reader, end, field, type, depth);
}

/* A message that ends where `end` bytes of the file are left. */
static void read_message(struct reader *reader, size_t end,
                         const ProtobufCMessageDescriptor *type, int depth) {
  uint64_t seen = 0;
  if (depth > MOST_DEPTH)
    refuse(reader, "more than %d messages lie in each other", MOST_DEPTH);
  while (reader->input.left > end) read_field(reader, end, type, &seen, depth);
}

/* ---- files ---- */

static void *take_memory(void *data, size_t size) {
  (void)data;
  return dtd_new(size, 1);
}

static void release_memory(void *data, void *memory) {
  (void)data;
  dtd_free(memory);
}

static ProtobufCAllocator allocator = {take_memory, release_memory, NULL};

/* Whether the file begins with a field of its message, as a picture, a text or
   an archive do not. */
static bool begins_as(const ProtobufCMessageDescriptor *type, int byte) {
  if (byte < 0 || byte >= 0x80) return false;
  const ProtobufCFieldDescriptor *field =
      protobuf_c_message_descriptor_get_field(type, (unsigned)byte >> 3);
  return field && fits(field, byte & 7);
}

static void check_begin(const struct dtd_input *input,
                        const ProtobufCMessageDescriptor *type,
                        const char *format) {
  if (!input->left) dtd_die(DTD_FAILURE, input->path, get_another, "is empty");
  if (begins_as(type, ungetc(getc(input->file), input->file))) return;
  char *to_do = dtd_printed("give a file in %s format", format);
  dtd_die(DTD_FAILURE, input->path, to_do, "is no %s file", format);
}

struct ProtobufCMessage *
dtd_protobuf_read(const char *path,
                  const struct ProtobufCMessageDescriptor *type,
                  const char *format) {
  struct reader reader = {.input = dtd_input_open(path),
                          .read = dtd_wire_new()};
  reader.size = reader.input.left;
  check_begin(&reader.input, type, format);
  read_message(&reader, 0, type, 0);
  dtd_input_close(&reader.input);
  size_t size;
  const void *read = dtd_wire_contents(&size, reader.read);
  ProtobufCMessage *message =
      protobuf_c_message_unpack(type, &allocator, size, read);
  dtd_wire_free(reader.read);
  if (!message)
    dtd_die(DTD_FAILURE, path, get_another,
            "damaged: protobuf-c cannot unpack it");
  put_arrays(message);
  return message;
}

void dtd_protobuf_free(struct ProtobufCMessage *message) {
  if (message) protobuf_c_message_free_unpacked(message, &allocator);
}
