/* Tests how threads share out a product. */

#include "base/test.h"
#include "linear/threads.h"

TEST(as_many_threads_as_asked_for_are_in_use) {
  for (int threads = 1; threads <= 3; threads++) {
    assert_int_equal(dtd_threads(threads), threads);
    assert_int_equal(dtd_threads_in_use(), threads);
  }
  assert_true(dtd_threads(0) >= 1);
  assert_int_equal(dtd_team(), 1); /* outside of any region */
}

enum { EDGE = 5000 };
static int times[EDGE]; /* that each row or column was computed */

static void count_piece(const void *of, int first, int count) {
  for (int n = first; n < first + count; n++) {
    assert_true(of == times && n < EDGE);
#pragma omp atomic
    times[n]++;
  }
}

static void assert_shared_out(const struct dtd_share *share) {
  memset(times, 0, sizeof times);
  dtd_share_out(share, count_piece, times);
  for (int n = 0; n < EDGE; n++) assert_int_equal(times[n], n < share->edge);
}

/* From no thread at all, from one of its own, and as tasks of a region. */
TEST(every_row_or_column_is_computed_once) {
  const int shapes[][3] = {{0, 5, 9},         {1, 1, 1},       {20, 400, 100},
                           {20, 1568, 400},   {5000, 3, 400},  {3, 5000, 4000},
                           {4999, 63, 10000}, {400, 400, 1000}};
  for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
    int rows = shapes[s][0], columns = shapes[s][1];
    struct dtd_share share = dtd_share(rows, columns, shapes[s][2]);
    assert_int_equal(share.edge, share.by_row ? rows : columns);
    for (int threads = 1; threads <= 3; threads++) {
      dtd_threads(threads);
      assert_shared_out(&share);
#pragma omp parallel
#pragma omp single
      assert_shared_out(&share);
    }
  }
}
