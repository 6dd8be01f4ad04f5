/* Tests input.c: sizes are known and nothing is read past the end. */
#include "base/test.h"
#include "base/input.h"

#include "base/memory.h"
#include "base/test_folder.h"

TEST(takes_the_bytes_in_order) {
  struct dtd_input input = dtd_input_open(test_put("file", "abc\0de", 6));
  char bytes[6];
  assert_int_equal(input.left, 6);
  dtd_input_take(&input, bytes, 4);
  assert_int_equal(input.left, 2);
  dtd_input_take(&input, bytes + 4, 2);
  assert_int_equal(input.left, 0);
  assert_memory_equal(bytes, "abc\0de", 6);
  dtd_input_close(&input);
}

TEST(dies_at_the_end) {
  const char *path = test_put("short", "abc", 3);
  char bytes[8];
  assert_dies(1, "short: truncated: 3 bytes are needed where 2 are left", {
    struct dtd_input input = dtd_input_open(path);
    dtd_input_take(&input, bytes, 1);
    dtd_input_take(&input, bytes, 3);
  });
}

TEST(text_is_all_of_a_file_with_a_zero_behind) {
  char *text = dtd_input_text(test_put("text", "one\ntwo", 7));
  assert_string_equal(text, "one\ntwo");
  dtd_free(text);
  const char *path = test_put("zero", "a\0b", 3);
  assert_dies(1, "zero: holds a zero byte", dtd_input_text(path));
}

TEST(dies_without_a_file) {
  assert_dies(1, "none: cannot open: No such file",
              dtd_input_open(test_path("none")));
  assert_dies(1, "is not a regular file", dtd_input_open(test_folder));
  assert_dies(1, "is not a regular file", dtd_input_open("/dev/zero"));
}

TEST(dies_when_the_file_shrinks) {
  const char *path = test_put("shrinking", "abc", 3);
  assert_dies(1, "shrinking: cannot read: it shrank meanwhile", {
    struct dtd_input input = dtd_input_open(path);
    char bytes[3];
    if (truncate(path, 1) == 0) dtd_input_take(&input, bytes, 3);
  });
}

TEST(a_mark_closes_what_is_open) {
  const char *path = test_put("open", "abc", 3);
  int mark = dtd_mark_set(), first = -1;
  for (int n = 0; n < 3; n++) {
    struct dtd_input input = dtd_input_open(path),
                     closed = dtd_input_open(path);
    dtd_input_close(&closed);
    if (first < 0) first = fileno(input.file);
    assert_int_equal(fileno(input.file), first);
    dtd_mark_release(mark);
    mark = dtd_mark_set();
  }
  dtd_mark_release(mark);
}

TEST_GROUP(test_folder_new, test_folder_free)
