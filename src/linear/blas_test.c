/* Tests library products against plain loops, and across threads. */

#include "base/assert_dies.h"
#include "base/test.h"
#include "linear/blas.h"
#include "linear/test_product.h"
#include "linear/threads.h"

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
