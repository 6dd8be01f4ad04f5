/* Tests the choice of kernels for the processor at hand. */

#include "base/test.h"
#include "base/assert_dies.h"
#include "base/die.h"
#include "linear/processor.h"

#include <stdlib.h>

/* Asked for in the environment of a process that has not chosen yet. */
TEST(the_environment_may_ask_for_a_kind) {
  setenv("DTD_PROCESSOR", "pdp11", 1);
  assert_dies(DTD_USAGE,
              "pdp11 is no kind of processor (use avx512, avx2, neon",
              dtd_processor_in_use());
  setenv("DTD_PROCESSOR", "neon", 1);
  if (!dtd_processor_runs(DTD_NEON))
    assert_dies(DTD_USAGE, "does not run kernels for neon",
                dtd_processor_in_use());
  setenv("DTD_PROCESSOR", "any", 1);
  assert_int_equal(dtd_processor_in_use(), DTD_ANY_PROCESSOR);
  unsetenv("DTD_PROCESSOR");
  dtd_processor_use(dtd_processor_best());
}

TEST(the_best_is_in_use_at_first) {
  assert_int_equal(dtd_processor_in_use(), dtd_processor_best());
}

TEST(every_processor_runs_the_last_kind) {
  assert_true(dtd_processor_runs(DTD_ANY_PROCESSOR));
  assert_false(dtd_processor_runs(DTD_PROCESSORS));
}

TEST(nothing_better_than_the_best_runs) {
  enum dtd_processor best = dtd_processor_best();
  assert_true(dtd_processor_runs(best));
  for (enum dtd_processor kind = 0; kind < best; kind++)
    assert_false(dtd_processor_runs(kind));
}

TEST(each_kind_that_runs_can_be_used) {
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
