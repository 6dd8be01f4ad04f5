/* Tests that parts cover a batch once, whatever its size. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "parts.h"

static void parts_follow_each_other_to_the_end(void **state) {
  (void)state;
  for (int batch = 0; batch < 1000; batch++) {
    int next = 0;
    for (int i = 0; i < dtd_parts(batch); i++) {
      struct dtd_range part = dtd_part_at(batch, i);
      assert_int_equal(part.first, next);
      assert_true(part.count >= 1 && part.count <= DTD_MOST_IN_PART);
      next += part.count;
    }
    assert_int_equal(next, batch);
  }
}

static void parts_are_even_and_enough_for_a_few_threads(void **state) {
  (void)state;
  for (int batch = 1; batch < 1000; batch++) {
    int least = batch, most = 0;
    for (int i = 0; i < dtd_parts(batch); i++) {
      int count = dtd_part_at(batch, i).count;
      if (count < least) least = count;
      if (count > most) most = count;
    }
    assert_true(most - least <= 1);
    assert_true(dtd_parts(batch) >= (batch < 4 ? batch : 4));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(parts_follow_each_other_to_the_end),
      cmocka_unit_test(parts_are_even_and_enough_for_a_few_threads),
  };
  return cmocka_run_group_tests_name("parts", tests, NULL, NULL);
}
