/* Writes messages in protobuf's wire format, field by field, into memory.

   The length of a message stands before it and is known behind it: when it
   ends, its bytes move on by as many as its length takes. */
#include "files/wire.h"

#include <string.h>

#include "base/memory.h"

enum { MOST_VARINT = 10 };

struct dtd_wire {
  unsigned char *bytes;
  size_t size;
  size_t *begin; /* (open) of the messages that are open */
  int open;
};

struct dtd_wire *dtd_wire_new(void) {
  return dtd_new(1, sizeof(struct dtd_wire));
}

void dtd_wire_free(struct dtd_wire *wire) {
  if (!wire) return;
  dtd_free(wire->bytes);
  dtd_free(wire->begin);
  dtd_free(wire);
}

void *dtd_wire_extend(struct dtd_wire *wire, size_t size) {
  wire->bytes = dtd_grow(wire, wire->bytes, wire->size, wire->size + size, 1);
  wire->size += size;
  return wire->bytes + wire->size - size;
}

void dtd_wire_append(struct dtd_wire *wire, const void *bytes, size_t size) {
  if (size) memcpy(dtd_wire_extend(wire, size), bytes, size);
}

/* Seven bits a byte, the least first; returns the number of bytes. */
static size_t encode(unsigned char *bytes, uint64_t value) {
  size_t n = 0;
  for (; value >= 0x80; value >>= 7) bytes[n++] = (unsigned char)(value | 0x80);
  bytes[n++] = (unsigned char)value;
  return n;
}

static void put_varint(struct dtd_wire *wire, uint64_t value) {
  unsigned char bytes[MOST_VARINT];
  dtd_wire_append(wire, bytes, encode(bytes, value));
}

void dtd_wire_key(struct dtd_wire *wire, int field, enum dtd_wire_type type) {
  put_varint(wire, (uint64_t)field << 3 | (uint64_t)type);
}

void dtd_wire_whole(struct dtd_wire *wire, int field, int64_t value) {
  dtd_wire_key(wire, field, DTD_VARINT);
  put_varint(wire, (uint64_t)value);
}

void dtd_wire_float(struct dtd_wire *wire, int field, float value) {
  dtd_wire_key(wire, field, DTD_FOUR_BYTES);
  dtd_wire_append(wire, &value, sizeof value);
}

void dtd_wire_bytes(struct dtd_wire *wire, int field, const void *bytes,
                    size_t size) {
  dtd_wire_key(wire, field, DTD_LENGTH);
  put_varint(wire, size);
  dtd_wire_append(wire, bytes, size);
}

void dtd_wire_text(struct dtd_wire *wire, int field, const char *text) {
  dtd_wire_bytes(wire, field, text, strlen(text));
}

void dtd_wire_begin(struct dtd_wire *wire, int field) {
  dtd_wire_key(wire, field, DTD_LENGTH);
  size_t *begin =
      dtd_append(wire, &wire->begin, &wire->open, sizeof *wire->begin);
  *begin = wire->size;
}

void dtd_wire_end(struct dtd_wire *wire) {
  size_t begin = wire->begin[--wire->open], size = wire->size - begin;
  unsigned char length[MOST_VARINT];
  size_t n = encode(length, size);
  dtd_wire_extend(wire, n);
  memmove(wire->bytes + begin + n, wire->bytes + begin, size);
  memcpy(wire->bytes + begin, length, n);
}

const void *dtd_wire_contents(size_t *size, const struct dtd_wire *wire) {
  *size = wire->size;
  return wire->bytes ? wire->bytes : (const void *)"";
}
