/* Tests region.c: the first error of a region is raised after it. */
#include "base/test.h"
#include "base/region.h"

#include <stdatomic.h>

#include "base/assert_dies.h"
#include "base/memory.h"

static atomic_int done;

static void work(int n, int bad) {
  dtd_new(1, 1);
  if (n % bad == bad - 1) dtd_die(DTD_USAGE, "item", NULL, "%d is bad", n);
  done++;
}

static void work_through(int count, int bad) {
  struct dtd_region region = {0};
#pragma omp parallel for schedule(static) num_threads(3)
  for (int n = 0; n < count; n++)
    DTD_GUARD (&region) work(n, bad);
  done += 1000; /* the region has ended */
  dtd_region_end(&region);
  done += 10000;
}

/* Comes first: it forks before there are threads. */
TEST(a_program_without_a_handler_exits_after_the_region) {
  assert_exits(DTD_USAGE, "item: 3 is bad\n", {
    dtd_set_error_handler(NULL);
    work_through(4, 4);
  });
}

TEST(without_an_error_everything_is_done) {
  int mark = dtd_mark_set();
  done = 0;
  work_through(100, 101);
  assert_int_equal(done, 11100);
  dtd_mark_release(mark);
}

TEST(one_error_is_raised_after_the_region) {
  done = 0;
  assert_dies(DTD_USAGE, "item: 79 is bad\n", work_through(90, 80));
  assert_in_range(done, 1000, 1089);
}

TEST(of_many_errors_one_is_raised) {
  for (int trial = 0; trial < 200; trial++) {
    done = 0;
    assert_dies(DTD_USAGE, " is bad\n", work_through(100, 1));
    assert_int_equal(done, 1000);
  }
}

/* After an error, work that is guarded is left out on the same thread. */
TEST(what_follows_an_error_is_left_out) {
  struct dtd_region region = {0};
  done = 0;
  int *memory = NULL;
  DTD_GUARD (&region) memory = dtd_new(SIZE_MAX, 1);
  DTD_GUARD (&region) done++;
  assert_null(memory);
  assert_int_equal(done, 0);
  assert_dies(1, "do not fit an address", dtd_region_end(&region));
}

TEST(regions_nest) {
  struct dtd_region outer = {0};
  int mark = dtd_mark_set();
  done = 0;
#pragma omp parallel for schedule(static) num_threads(2)
  for (int n = 0; n < 2; n++)
    DTD_GUARD (&outer) work_through(2, 2);
  assert_dies(DTD_USAGE, "item: 1 is bad\n", dtd_region_end(&outer));
  assert_in_range(done, 1000, 2999);
  assert_dies(1, "x: y", dtd_die(DTD_FAILURE, "x", NULL, "y"));
  dtd_mark_release(mark);
}

static void share_tasks(struct dtd_region *region) {
  for (int n = 0; n < 20; n++) {
#pragma omp task
    DTD_GUARD (region) work(n, 7);
  }
}

TEST(tasks_are_guarded) {
  struct dtd_region region = {0};
  int mark = dtd_mark_set();
#pragma omp parallel num_threads(2)
#pragma omp master
  share_tasks(&region);
  assert_dies(DTD_USAGE, " is bad\n", dtd_region_end(&region));
  dtd_mark_release(mark);
}
