/* Tests input.c: sizes are known and nothing is read past the end. */
#include "input.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "test_folder.h"

static void takes_the_bytes_in_order(void **state) {
  (void)state;
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

static void dies_at_the_end(void **state) {
  (void)state;
  const char *path = test_put("short", "abc", 3);
  char bytes[8];
  assert_dies(1, "short: truncated: 3 bytes are needed where 2 are left", {
    struct dtd_input input = dtd_input_open(path);
    dtd_input_take(&input, bytes, 1);
    dtd_input_take(&input, bytes, 3);
  });
}

static void dies_without_a_file(void **state) {
  (void)state;
  assert_dies(1, "none: cannot open: No such file",
              dtd_input_open(test_path("none")));
  assert_dies(1, "is not a regular file", dtd_input_open(test_folder));
  assert_dies(1, "is not a regular file", dtd_input_open("/dev/zero"));
}

static void dies_when_the_file_shrinks(void **state) {
  (void)state;
  const char *path = test_put("shrinking", "abc", 3);
  assert_dies(1, "shrinking: cannot read: it shrank meanwhile", {
    struct dtd_input input = dtd_input_open(path);
    char bytes[3];
    if (truncate(path, 1) == 0) dtd_input_take(&input, bytes, 3);
  });
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(takes_the_bytes_in_order),
      cmocka_unit_test(dies_at_the_end),
      cmocka_unit_test(dies_without_a_file),
      cmocka_unit_test(dies_when_the_file_shrinks),
  };
  return cmocka_run_group_tests_name("input", tests, test_folder_new,
                                     test_folder_free);
}
