/* Tests text.c: a text grows as it is printed. */
#include "base/test.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

#include "base/mark.h"
#include "base/memory.h"

TEST(a_text_is_what_was_printed) {
  struct dtd_text *text = dtd_text_open();
  for (int n = 0; n < 10000; n++) fprintf(text->stream, "%04d", n);
  char *bytes = dtd_text_close(text);
  assert_int_equal(strlen(bytes), 40000);
  assert_string_equal(bytes + 39992, "99989999");
  dtd_free(bytes);
  dtd_free(dtd_text_close(dtd_text_open()));
}

TEST(a_text_is_printed_at_once) {
  char *text = own_memory(dtd_printed("%s/%05d", "a", 7));
  assert_string_equal(text, "a/00007");
}

TEST(a_mark_gives_texts_back) {
  int mark = dtd_mark_set();
  fputs("open", dtd_text_open()->stream);
  struct dtd_text *closed = dtd_text_open();
  fputs("closed", closed->stream);
  assert_string_equal(dtd_text_close(closed), "closed");
  dtd_mark_release(mark);
}

static char *wrapped(const char *words, int column, int indent, int width) {
  struct dtd_text *text = dtd_text_open();
  dtd_print_wrapped(text->stream, words, column, indent, width);
  return dtd_text_close(text);
}

#define assert_wrapped(wanted, ...)                                            \
  do {                                                                         \
    char *text_ = wrapped(__VA_ARGS__);                                        \
    assert_string_equal(text_, wanted);                                        \
    dtd_free(text_);                                                           \
  } while (0)

TEST(words_are_wrapped_at_the_width) {
  assert_wrapped("one two\n  three\n", "one two three", 2, 2, 9);
  assert_wrapped("one\n  two\n  three\n", "one two three", 2, 2, 8);
  assert_wrapped("one two three\n", "one two three", 0, 0, 13);
  assert_wrapped("one\n two\n", "one two", 5, 1, 9); /* a long head */
  assert_wrapped("endless\n x\n", "endless x", 1, 1, 4);
  assert_wrapped("ö ü\nä\n", "ö ü ä", 0, 0, 4); /* by characters */
  assert_wrapped("\n", "", 3, 3, 9);
}
