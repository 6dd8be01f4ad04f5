/* Tests memory.c: zeroed, aligned, and the end of the program when short. */
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
    free(memory);
  }
}

TEST(a_copy_is_equal_and_separate) {
  int original[] = {3, 1, 4, 1, 5};
  int *copy = dtd_copy(original, 5, sizeof *original);
  assert_memory_equal(copy, original, sizeof original);
  original[0] = 9;
  assert_int_equal(copy[0], 3);
  free(copy);
  free(dtd_copy(NULL, 0, 4));
}

TEST(short_memory_ends_the_program) {
  assert_dies(1, "do not fit an address", free(dtd_new(SIZE_MAX / 4, 8)));
  assert_dies(1, "do not fit an address", free(dtd_new(SIZE_MAX, 1)));
  if (!__lsan_disable) /* sanitizers have their own last word on this */
    assert_dies(1, "cannot allocate", free(dtd_new(SIZE_MAX / 4, 1)));
}
