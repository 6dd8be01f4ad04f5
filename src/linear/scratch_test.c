/* Tests that scratch is kept, grows, and belongs to one at a time. */
#include "linear/scratch.h"

#include "base/assert_dies.h"
#include "base/test.h"
#include "linear/threads.h"

TEST(what_is_given_back_is_taken_again) {
  char *first = dtd_scratch_take(1000, 4);
  memset(first, 1, 4000);
  assert_int_equal((uintptr_t)first % 64, 0);
  dtd_scratch_give(first);
  char *again = dtd_scratch_take(10, 4);
  assert_ptr_equal(again, first);
  char *other = dtd_scratch_take(10, 4);
  assert_ptr_not_equal(other, first);
  dtd_scratch_give(again);
  dtd_scratch_give(other);
  dtd_scratch_give(NULL);
}

TEST(what_is_too_small_makes_room) {
  dtd_scratch_give(dtd_scratch_take(100, 1));
  char *large = dtd_scratch_take(1 << 20, 1);
  memset(large, 2, 1 << 20);
  dtd_scratch_give(large);
  assert_ptr_equal(dtd_scratch_take(1 << 20, 1), large);
  dtd_scratch_give(large);
}

/* Many more than are kept. */
TEST(more_than_are_kept_are_released) {
  void *scratch[100];
  for (int n = 0; n < 100; n++) scratch[n] = dtd_scratch_take(1, 1);
  for (int n = 0; n < 100; n++) dtd_scratch_give(scratch[n]);
}

/* Each thread writes its own number and finds it again. */
TEST(threads_never_share) {
  int wrong = 0;
  dtd_threads(3);
#pragma omp parallel for reduction(+ : wrong)
  for (int n = 0; n < 3000; n++) {
    size_t count = 10 + (size_t)n % 50;
    int *own = dtd_scratch_take(count, sizeof *own);
    for (size_t i = 0; i < count; i++) own[i] = n;
    for (size_t i = 0; i < count; i++) wrong += own[i] != n;
    dtd_scratch_give(own);
  }
  assert_int_equal(wrong, 0);
}

/* After an error it is released with what else was taken. */
TEST(an_error_gives_it_back) {
  dtd_scratch_give(dtd_scratch_take(100, 1));
  size_t before = dtd_mark_count();
  assert_dies(DTD_FAILURE, "later", {
    dtd_scratch_take(50, 1);
    dtd_scratch_take(50, 1);
    dtd_die(DTD_FAILURE, "later", NULL, "on");
  });
  assert_int_equal(dtd_mark_count(), before);
  assert_dies(DTD_FAILURE, "do not fit an address",
              dtd_scratch_take(SIZE_MAX / 2, 4));
}
