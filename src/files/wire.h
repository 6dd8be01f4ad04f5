/* Writes messages in protobuf's wire format, field by field, into memory.

   A field is a number, of its message's schema, with a value; a message in a
   message is what stands between dtd_wire_begin and dtd_wire_end. Fields appear
   in the order of the calls.

   https://protobuf.dev/programming-guides/encoding */
#ifndef DTD_WIRE_H
#define DTD_WIRE_H

#include <stddef.h>
#include <stdint.h>

/* How many bytes a value takes: as many as it says, or these. */
enum dtd_wire_type {
  DTD_VARINT = 0,
  DTD_EIGHT_BYTES = 1,
  DTD_LENGTH = 2, /* a number of bytes, then they */
  DTD_FOUR_BYTES = 5,
};

struct dtd_wire;

struct dtd_wire *dtd_wire_new(void);
void dtd_wire_free(struct dtd_wire *wire);

void dtd_wire_whole(struct dtd_wire *wire, int field, int64_t value);
void dtd_wire_float(struct dtd_wire *wire, int field, float value);
void dtd_wire_bytes(struct dtd_wire *wire, int field, const void *bytes,
                    size_t size);
void dtd_wire_text(struct dtd_wire *wire, int field, const char *text);

void dtd_wire_begin(struct dtd_wire *wire, int field);
void dtd_wire_end(struct dtd_wire *wire);

/* What a field begins with; its value comes next, by one of these: bytes as
   they are, or room for them, to be filled before the next call. */
void dtd_wire_key(struct dtd_wire *wire, int field, enum dtd_wire_type type);
void dtd_wire_append(struct dtd_wire *wire, const void *bytes, size_t size);
void *dtd_wire_extend(struct dtd_wire *wire, size_t size);

/* Sets *size to the number of bytes written so far, and returns them, borrowed
   until the next call. No message is open. */
const void *dtd_wire_contents(size_t *size, const struct dtd_wire *wire);

#endif
