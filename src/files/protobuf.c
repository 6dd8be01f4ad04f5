/* Unpacks protobuf files that have been walked through once before, so that
   what a file claims costs nothing until its bytes bear it out. */
#include "files/protobuf.h"

#include <limits.h>
#include <protobuf-c/protobuf-c.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/die.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/text.h"

enum {
  MOST_DEPTH = 64,       /* messages in messages */
  MOST_FIELDS = 1 << 19, /* each costs protobuf-c some 100 bytes */
  MOST_KEY = 5,          /* bytes of a field's number or length */
  MOST_VARINT = 10,      /* bytes of a number */
};

enum wire { VARINT = 0, EIGHT_BYTES = 1, LENGTH = 2, FOUR_BYTES = 5 };

/* ---- the walk ---- */

struct walk {
  const char *path;
  const uint8_t *bytes;
  size_t fields;
};

static const char *get_another = "get a complete copy of it";

#define refuse(walk, at, why, ...)                                             \
  dtd_die(DTD_FAILURE, (walk)->path, get_another,                              \
          "truncated or damaged at byte %zu: " why, at, __VA_ARGS__)

static uint64_t take_varint(const struct walk *walk, size_t *at, size_t end,
                            int most) {
  uint64_t value = 0;
  for (int n = 0; n < most && *at < end; n++) {
    uint8_t byte = walk->bytes[(*at)++];
    value |= (uint64_t)(byte & 0x7f) << 7 * n;
    if (byte < 0x80) return value;
  }
  refuse(walk, *at, "%s", "a number does not end");
}

static enum wire wire_of(const ProtobufCFieldDescriptor *field) {
  switch (field->type) {
  case PROTOBUF_C_TYPE_STRING:
  case PROTOBUF_C_TYPE_BYTES:
  case PROTOBUF_C_TYPE_MESSAGE:
    return LENGTH;
  case PROTOBUF_C_TYPE_FLOAT:
  case PROTOBUF_C_TYPE_FIXED32:
  case PROTOBUF_C_TYPE_SFIXED32:
    return FOUR_BYTES;
  case PROTOBUF_C_TYPE_DOUBLE:
  case PROTOBUF_C_TYPE_FIXED64:
  case PROTOBUF_C_TYPE_SFIXED64:
    return EIGHT_BYTES;
  default:
    return VARINT;
  }
}

/* Repeated numbers may stand one by one, or together behind a length. */
static bool fits(const ProtobufCFieldDescriptor *field, enum wire wire) {
  return wire == wire_of(field) ||
         (wire == LENGTH && field->label == PROTOBUF_C_LABEL_REPEATED);
}

/* The bytes of a field's value, those of a varint taken already. */
static size_t take_size(const struct walk *walk, size_t *at, size_t end,
                        enum wire wire) {
  switch (wire) {
  case VARINT:
    take_varint(walk, at, end, MOST_VARINT);
    return 0;
  case EIGHT_BYTES:
    return 8;
  case FOUR_BYTES:
    return 4;
  case LENGTH:
    return (size_t)take_varint(walk, at, end, MOST_KEY);
  }
  refuse(walk, *at, "wire type %d is unknown", (int)wire);
}

static void walk_message(struct walk *walk, size_t at, size_t end,
                         const ProtobufCMessageDescriptor *type, int depth);

/* A message that may stand once must: protobuf-c would join the second to the
   first, at a cost that grows with the square of their number. */
static void walk_inner(struct walk *walk, size_t at, size_t end,
                       const ProtobufCMessageDescriptor *type,
                       const ProtobufCFieldDescriptor *field, uint64_t *seen,
                       int depth) {
  if (field->label != PROTOBUF_C_LABEL_REPEATED) {
    uint64_t bit = 1ull << (field - type->fields) % 64;
    if (*seen & bit) refuse(walk, at, "%s is there twice", field->name);
    *seen |= bit;
  }
  walk_message(walk, at, end, field->descriptor, depth + 1);
}

static size_t walk_field(struct walk *walk, size_t at, size_t end,
                         const ProtobufCMessageDescriptor *type, uint64_t *seen,
                         int depth) {
  size_t start = at;
  uint64_t key = take_varint(walk, &at, end, MOST_KEY);
  if (key >> 3 == 0 || key > UINT32_MAX)
    refuse(walk, start, "%s", "a field has no proper number");
  if (++walk->fields > MOST_FIELDS)
    dtd_die(DTD_FAILURE, walk->path, "give a smaller network",
            "has more than %d fields", MOST_FIELDS);
  const ProtobufCFieldDescriptor *field =
      protobuf_c_message_descriptor_get_field(type, (unsigned)(key >> 3));
  const char *name = field ? field->name : "an unknown field";
  enum wire wire = key & 7;
  if (field && !fits(field, wire))
    refuse(walk, start, "%s has wire type %d", name, (int)wire);
  size_t size = take_size(walk, &at, end, wire);
  if (size > end - at)
    refuse(walk, start, "%s needs %zu bytes where %zu are left", name, size,
           end - at);
  if (field && field->type == PROTOBUF_C_TYPE_MESSAGE)
    walk_inner(walk, at, at + size, type, field, seen, depth);
  if (field && field->type == PROTOBUF_C_TYPE_STRING &&
      memchr(walk->bytes + at, 0, size))
    refuse(walk, start, "%s holds a zero byte", name);
  return at + size;
}

static void walk_message(struct walk *walk, size_t at, size_t end,
                         const ProtobufCMessageDescriptor *type, int depth) {
  uint64_t seen = 0;
  if (depth > MOST_DEPTH)
    refuse(walk, at, "more than %d messages lie in each other", MOST_DEPTH);
  while (at < end) at = walk_field(walk, at, end, type, &seen, depth);
}

/* ---- unpacking ---- */

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
static bool begins_as(const ProtobufCMessageDescriptor *type, uint8_t byte) {
  const ProtobufCFieldDescriptor *field =
      protobuf_c_message_descriptor_get_field(type, byte >> 3);
  return byte < 0x80 && field && fits(field, byte & 7);
}

static void check_begin(const struct dtd_input *input, uint8_t byte,
                        const ProtobufCMessageDescriptor *type,
                        const char *format) {
  if (begins_as(type, byte)) return;
  char *to_do = dtd_printed("give a file in %s format", format);
  dtd_die(DTD_FAILURE, input->path, to_do, "is no %s file", format);
}

struct ProtobufCMessage *
dtd_protobuf_read(const char *path,
                  const struct ProtobufCMessageDescriptor *type,
                  const char *format) {
  struct dtd_input input = dtd_input_open(path);
  size_t size = input.left;
  if (!size) dtd_die(DTD_FAILURE, path, get_another, "is empty");
  uint8_t first;
  dtd_input_take(&input, &first, 1);
  check_begin(&input, first, type, format);
  if (size > INT_MAX)
    dtd_die(DTD_FAILURE, path, "give a smaller network",
            "has %zu bytes, more than 2 GB", size);
  uint8_t *bytes = dtd_new(size, 1);
  bytes[0] = first;
  dtd_input_take(&input, bytes + 1, size - 1);
  dtd_input_close(&input);
  walk_message(&(struct walk){.path = path, .bytes = bytes}, 0, size, type, 0);
  ProtobufCMessage *message =
      protobuf_c_message_unpack(type, &allocator, size, bytes);
  dtd_free(bytes);
  if (!message)
    dtd_die(DTD_FAILURE, path, get_another,
            "damaged: protobuf-c cannot unpack it");
  return message;
}

void dtd_protobuf_free(struct ProtobufCMessage *message) {
  if (message) protobuf_c_message_free_unpacked(message, &allocator);
}
