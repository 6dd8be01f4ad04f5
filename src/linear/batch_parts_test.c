/* Tests that parts cover a batch of any size once. */

#include "base/test.h"
#include "linear/batch_parts.h"

TEST(parts_follow_each_other_to_the_end) {
  for (int batch = 0; batch < 1000; batch++) {
    int next = 0;
    for (int i = 0; i < dtd_batch_parts(batch); i++) {
      struct dtd_range part = dtd_batch_part_at(batch, i);
      assert_int_equal(part.first, next);
      assert_true(part.count >= 1 && part.count <= DTD_MOST_IN_PART);
      next += part.count;
    }
    assert_int_equal(next, batch);
  }
}

TEST(parts_are_even_and_enough_for_a_few_threads) {
  for (int batch = 1; batch < 1000; batch++) {
    int least = batch, most = 0;
    for (int i = 0; i < dtd_batch_parts(batch); i++) {
      int count = dtd_batch_part_at(batch, i).count;
      if (count < least) least = count;
      if (count > most) most = count;
    }
    assert_true(most - least <= 1);
    assert_true(dtd_batch_parts(batch) >= (batch < 4 ? batch : 4));
  }
}
