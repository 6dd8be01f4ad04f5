/* Tests the choice of kernels for the processor at hand. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "assert_dies.h"
#include "die.h"
#include "processor.h"

static void the_best_is_in_use_at_first(void **state) {
  (void)state;
  assert_int_equal(dtd_processor_in_use(), dtd_processor_best());
}

static void every_processor_runs_the_last_kind(void **state) {
  (void)state;
  assert_true(dtd_processor_runs(DTD_ANY_PROCESSOR));
  assert_false(dtd_processor_runs(DTD_PROCESSORS));
}

static void nothing_better_than_the_best_runs(void **state) {
  (void)state;
  enum dtd_processor best = dtd_processor_best();
  assert_true(dtd_processor_runs(best));
  for (enum dtd_processor kind = 0; kind < best; kind++)
    assert_false(dtd_processor_runs(kind));
}

static void each_kind_that_runs_can_be_used(void **state) {
  (void)state;
  for (enum dtd_processor kind = 0; kind < DTD_PROCESSORS; kind++) {
    if (!dtd_processor_runs(kind)) {
      assert_dies(DTD_FAILURE, "does not run", dtd_processor_use(kind));
      continue;
    }
    dtd_processor_use(kind);
    assert_int_equal(dtd_processor_in_use(), kind);
  }
  dtd_processor_use(dtd_processor_best());
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_best_is_in_use_at_first),
      cmocka_unit_test(every_processor_runs_the_last_kind),
      cmocka_unit_test(nothing_better_than_the_best_runs),
      cmocka_unit_test(each_kind_that_runs_can_be_used),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
