/* Tests wire.c against messages laid out by hand, among them the examples of
   https://protobuf.dev/programming-guides/encoding. */
#include "base/test.h"
#include "files/wire.h"

TEST_OWNS(wire)

static void assert_holds(const struct dtd_wire *wire, const void *bytes,
                         size_t size) {
  size_t found;
  const void *contents = dtd_wire_contents(&found, wire);
  assert_int_equal(found, size);
  assert_memory_equal(contents, bytes, size);
}

#define assert_wire(wire, ...)                                                 \
  assert_holds(wire, (const uint8_t[]){__VA_ARGS__},                           \
               sizeof((const uint8_t[]){__VA_ARGS__}))

TEST(the_examples_of_the_format_are_met) {
  struct dtd_wire *whole = own_wire(dtd_wire_new());
  dtd_wire_whole(whole, 1, 150);
  assert_wire(whole, 0x08, 0x96, 0x01);
  struct dtd_wire *text = own_wire(dtd_wire_new());
  dtd_wire_text(text, 2, "testing");
  assert_wire(text, 0x12, 0x07, 't', 'e', 's', 't', 'i', 'n', 'g');
  struct dtd_wire *inner = own_wire(dtd_wire_new());
  dtd_wire_begin(inner, 3);
  dtd_wire_whole(inner, 1, 150);
  dtd_wire_end(inner);
  assert_wire(inner, 0x1a, 0x03, 0x08, 0x96, 0x01);
}

TEST(numbers_of_every_length_are_written) {
  struct dtd_wire *wire = own_wire(dtd_wire_new());
  dtd_wire_whole(wire, 1, 0);
  dtd_wire_whole(wire, 15, 127);
  dtd_wire_whole(wire, 16, 128);
  dtd_wire_whole(wire, 1, -2);
  dtd_wire_float(wire, 2, -2.5f);
  assert_wire(wire, 0x08, 0, 0x78, 127, 0x80, 0x01, 0x80, 0x01, 0x08, 0xfe,
              0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0x15, 0, 0,
              0x20, 0xc0);
}

TEST(nothing_is_written_as_nothing) {
  struct dtd_wire *wire = own_wire(dtd_wire_new());
  assert_holds(wire, "", 0);
  dtd_wire_begin(wire, 1);
  dtd_wire_end(wire);
  dtd_wire_bytes(wire, 2, NULL, 0);
  assert_wire(wire, 0x0a, 0, 0x12, 0);
}

/* The length takes one byte up to 127, two above; what lies inside moves. */
TEST(lengths_of_more_than_a_byte_move_what_they_count) {
  for (size_t size = 100; size < 200; size++) {
    struct dtd_wire *wire = own_wire(dtd_wire_new());
    char inside[200];
    memset(inside, 'a' + (int)(size % 20), size);
    dtd_wire_begin(wire, 1);
    dtd_wire_begin(wire, 2);
    dtd_wire_append(wire, inside, size);
    dtd_wire_end(wire);
    dtd_wire_end(wire);
    size_t found, inner = size < 128 ? 2 : 3,
                  outer = size + inner < 128 ? 2 : 3;
    const uint8_t *bytes = dtd_wire_contents(&found, wire);
    assert_int_equal(found, size + inner + outer);
    assert_int_equal(bytes[0], 0x0a);
    assert_int_equal(bytes[1] & 0x7f, (size + inner) & 0x7f);
    assert_int_equal(bytes[outer], 0x12);
    assert_memory_equal(bytes + outer + inner, inside, size);
  }
}
