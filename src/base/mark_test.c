/* Tests mark.c: what was taken since a mark is given back, and nothing else. */
#include "base/test.h"
#include "base/mark.h"

#include "base/assert_dies.h"
#include "base/memory.h"

static int given[4000], order[4000], orders;

static void give_back(void *object) {
  int n = (int)((int *)object - given);
  given[n]++;
  order[orders++] = n;
}

static void begin(void) {
  memset(given, 0, sizeof given);
  orders = 0;
}

TEST(only_what_was_taken_since_the_mark_is_given_back) {
  begin();
  dtd_mark_add(&given[0], give_back); /* before any mark */
  int outer = dtd_mark_set();
  dtd_mark_add(&given[1], give_back);
  int inner = dtd_mark_set();
  dtd_mark_add(&given[2], give_back);
  dtd_mark_add(&given[3], give_back);
  dtd_mark_remove(&given[3], give_back);
  dtd_mark_remove(&given[0], give_back);
  assert_int_equal(dtd_mark_count(), 2);
  dtd_mark_release(inner);
  int once[] = {0, 0, 1, 0};
  assert_memory_equal(given, once, sizeof once);
  dtd_mark_release(outer);
  once[1] = 1;
  assert_memory_equal(given, once, sizeof once);
  assert_int_equal(dtd_mark_count(), 0);
}

TEST(what_is_kept_belongs_to_the_mark_before) {
  begin();
  int outer = dtd_mark_set(), inner = dtd_mark_set();
  dtd_mark_add(&given[0], give_back);
  dtd_mark_keep(inner);
  assert_int_equal(given[0], 0);
  dtd_mark_release(outer);
  assert_int_equal(given[0], 1);
  outer = dtd_mark_set();
  dtd_mark_add(&given[1], give_back);
  dtd_mark_keep(outer);
  dtd_mark_release(dtd_mark_set());
  assert_int_equal(given[1], 0);
}

TEST(an_outer_mark_ends_the_inner_ones) {
  begin();
  int outer = dtd_mark_set();
  dtd_mark_set();
  dtd_mark_add(&given[0], give_back);
  dtd_mark_release(outer);
  assert_int_equal(given[0], 1);
  dtd_mark_add(&given[1], give_back);
  assert_int_equal(dtd_mark_count(), 0);
}

/* Removed in another order than added, so that the table has gaps. */
TEST(many_objects_are_told_apart) {
  begin();
  int mark = dtd_mark_set(), count = (int)(sizeof given / sizeof *given);
  for (int n = 0; n < count; n++) {
    dtd_mark_add(&given[n], give_back);
    if (n % 3 == 2) dtd_mark_remove(&given[n / 3 * 2], give_back);
  }
  size_t left = dtd_mark_count();
  dtd_mark_release(mark);
  assert_int_equal(left, orders);
  for (int n = 0; n < count; n++)
    assert_int_equal(given[n], n % 2 || n > (count - 2) / 3 * 2);
}

static int *value;

static void use_memory(void *object) {
  assert_int_equal(*(int *)object, 7);
  dtd_free(value);
}

TEST(memory_is_given_back_last) {
  int mark = dtd_mark_set();
  int *object = dtd_new(1, sizeof *object);
  value = dtd_new(1, sizeof *value);
  *object = 7;
  dtd_mark_add(object, use_memory);
  dtd_mark_release(mark);
}

TEST(threads_take_and_give_back_at_once) {
  int mark = dtd_mark_set();
#pragma omp parallel for num_threads(4)
  for (int n = 0; n < 2000; n++) {
    void *kept = dtd_new(1, 1), *freed = dtd_new(1, 1);
    dtd_free(freed);
    if (n % 2) dtd_free(kept);
  }
  assert_int_equal(dtd_mark_count(), 1000);
  dtd_mark_release(mark);
}

TEST(what_is_to_stay_outlives_the_mark) {
  int mark = dtd_mark_set();
  int *stays = dtd_for_good(dtd_new(1, sizeof *stays));
  dtd_mark_release(mark);
  *stays = 1;
  dtd_free(stays);
}
