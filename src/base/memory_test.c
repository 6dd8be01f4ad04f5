/* Tests memory.c: zeroed, aligned, and an error when short. */
#include "base/test.h"
#include "base/memory.h"

#include "base/assert_dies.h"

TEST(new_memory_is_zeroed_and_aligned) {
  size_t counts[] = {0, 1, 7, 63, 64, 65, 1000};
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
    free(memset(malloc(8 * counts[i] + 1), 0xff, 8 * counts[i] + 1));
    double *memory = dtd_new(counts[i], sizeof *memory);
    assert_non_null(memory);
    assert_int_equal((uintptr_t)memory % 64, 0);
    for (size_t n = 0; n < counts[i]; n++) assert_true(memory[n] == 0);
    dtd_free(memory);
  }
}

TEST(a_copy_is_equal_and_separate) {
  int original[] = {3, 1, 4, 1, 5};
  int *copy = dtd_copy(original, 5, sizeof *original);
  assert_memory_equal(copy, original, sizeof original);
  original[0] = 9;
  assert_int_equal(copy[0], 3);
  dtd_free(copy);
  dtd_free(dtd_copy(NULL, 0, 4));
}

TEST(memory_grows_by_one_element_at_a_time) {
  int *list = NULL;
  for (int n = 0; n < 1000; n++) {
    list = dtd_grow(NULL, list, (size_t)n, (size_t)n + 1, sizeof *list);
    assert_int_equal(list[n], 0);
    list[n] = n;
    assert_int_equal(list[n / 2], n / 2);
  }
  list = dtd_grow(NULL, list, 1000, 5000, sizeof *list);
  assert_int_equal(list[999], 999);
  assert_int_equal(list[4999], 0);
  dtd_free(list);
}

TEST(a_list_grows_by_what_is_appended) {
  int *list = NULL, count = 0;
  for (int n = 0; n < 100; n++) {
    int *last = dtd_append(NULL, &list, &count, sizeof *list);
    assert_int_equal(count, n + 1);
    assert_ptr_equal(last, list + n);
    assert_int_equal(*last, 0);
    *last = n;
    assert_int_equal(list[n / 2], n / 2);
  }
  dtd_free(list);
}

TEST(memory_of_elsewhere_is_adopted) {
  int mark = dtd_mark_set();
  dtd_adopt(malloc(3));
  dtd_free(dtd_adopt(malloc(3)));
  dtd_mark_release(mark);
  assert_dies(1, "there is not enough of it", dtd_adopt(NULL));
}

/* An object that is older than the mark grows under it. */
TEST(what_an_object_takes_belongs_to_it) {
  int *object = dtd_new(1, sizeof *object), *list = NULL;
  int mark = dtd_mark_set();
  int *younger = dtd_new(1, sizeof *younger);
  list = dtd_grow(object, list, 0, 3, sizeof *list);
  dtd_grow(younger, NULL, 0, 3, sizeof *list);
  assert_int_equal(dtd_mark_count(), 2);
  dtd_mark_release(mark);
  list[2] = 3;
  dtd_free(list);
  dtd_free(object);
}

static int left_to_succeed;

static bool none_left(void) {
  return left_to_succeed-- <= 0;
}

TEST(tests_choose_which_allocation_fails) {
  left_to_succeed = 2;
  dtd_memory_fails = none_left;
  assert_dies(1, "memory: cannot allocate 192 bytes (use a smaller", {
    dtd_new(64, 1);
    dtd_new(65, 1);
    dtd_new(129, 1);
  });
  dtd_memory_fails = NULL;
}

TEST(short_memory_is_an_error) {
  assert_dies(1, "do not fit an address", dtd_free(dtd_new(SIZE_MAX / 4, 8)));
  assert_dies(1, "do not fit an address", dtd_free(dtd_new(SIZE_MAX, 1)));
  if (!__lsan_disable) /* sanitizers have their own last word on this */
    assert_dies(1, "cannot allocate", dtd_free(dtd_new(SIZE_MAX / 4, 1)));
}
