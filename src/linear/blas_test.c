/* Tests library products against plain loops, and across threads. */

#include "base/assert_dies.h"
#include "base/test.h"
#include "linear/blas.h"
#include "linear/test_product.h"
#include "linear/threads.h"

#include <stdlib.h>

TEST(library_products_equal_plain_loops) {
  const int shapes[][3] = {{1, 1, 1},       {1, 400, 30},  {3, 5, 7},
                           {20, 400, 200},  {400, 20, 33}, {1, 1, 50},
                           {150, 160, 170}, {300, 1, 9}};
  dtd_threads(2);
  for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
    for (int flags = 0; flags < 8; flags++)
      check_product(dtd_blas_multiply, shapes[s][0], shapes[s][1], shapes[s][2],
                    flags);
}

TEST(threads_do_not_change_a_library_product) {
  struct operands o = operands_of(20, 400, 1568, 0);
  float *out[3];
  for (int t = 0; t < 3; t++) {
    dtd_threads(1 << t);
    out[t] = test_new(20 * 400, sizeof *out[t]);
    dtd_blas_multiply(out[t], 0, 1, o.a, o.b);
    assert_memory_equal(out[0], out[t], 20 * 400 * sizeof *out[t]);
  }
}

TEST(shapes_that_do_not_fit_die) {
  float x[6] = {0}, out[9];
  assert_dies(
      1, "(2, 3) times (2, 3) is not defined",
      dtd_blas_multiply(out, 0, 1, dtd_view(x, 2, 3), dtd_view(x, 2, 3)));
}

TEST(configuration_names_openblas) {
  assert_non_null(strstr(dtd_blas_configuration(), "OpenBLAS"));
}

TEST(a_core_is_better_only_than_one_without_the_processors_vectors) {
  const char *const good[] = {"Haswell", "haswell", "Zen", "SkylakeX",
                              "Sapphirerapids"};
  for (int n = 0; n < 5; n++)
    for (int best = 0; best < DTD_PROCESSORS; best++)
      assert_null(dtd_blas_better_core(good[n], (enum dtd_processor)best));
  const char *const old[] = {"Prescott", "Core2", "Nehalem", "Unknown"};
  for (int n = 0; n < 4; n++) {
    assert_string_equal(dtd_blas_better_core(old[n], DTD_AVX512), "SkylakeX");
    assert_string_equal(dtd_blas_better_core(old[n], DTD_AVX2), "Haswell");
    assert_null(dtd_blas_better_core(old[n], DTD_NEON));
    assert_null(dtd_blas_better_core(old[n], DTD_ANY_PROCESSOR));
  }
}

TEST(a_core_that_was_asked_for_stays) {
  setenv("OPENBLAS_CORETYPE", "Prescott", 1);
  dtd_blas_settle_core((char *[]){"never-run", NULL}); /* returns */
  assert_string_equal(getenv("OPENBLAS_CORETYPE"), "Prescott");
  unsetenv("OPENBLAS_CORETYPE");
}
