/* Tests matrix products against plain loops, and their bits across threads. */

#include "base/test.h"
#include "base/assert_dies.h"
#include "linear/mat.h"
#include "base/test_numbers.h"

static double read_at(struct dtd_view v, int row, int column) {
  return v.transposed ? v.at[(long)column * v.columns + row]
                      : v.at[(long)row * v.columns + column];
}

/* Checks out = keep out + scale a b element by element. */
static void check_product(int m, int n, int k, bool a_transposed,
                          bool b_transposed, float keep, float scale) {
  struct dtd_rng rng = dtd_rng_open(m * 1000 + n, "test/mat", 0);
  float *x = new_random((long)m * k, -1, 1, &rng);
  float *y = new_random((long)k * n, -1, 1, &rng);
  float *out = new_random((long)m * n, -1, 1, &rng);
  double *wanted = test_new(m * n, sizeof *wanted);
  if (keep == 0) out[0] = NAN; /* must be ignored */
  struct dtd_view a =
      a_transposed ? dtd_transposed(dtd_view(x, k, m)) : dtd_view(x, m, k);
  struct dtd_view b =
      b_transposed ? dtd_transposed(dtd_view(y, n, k)) : dtd_view(y, k, n);
  for (int r = 0; r < m; r++)
    for (int c = 0; c < n; c++) {
      double sum = 0;
      for (int i = 0; i < k; i++) sum += read_at(a, r, i) * read_at(b, i, c);
      long at = (long)r * n + c;
      wanted[at] =
          (keep == 0 ? 0 : (double)keep * (double)out[at]) + scale * sum;
    }
  dtd_multiply(out, keep, scale, a, b);
  assert_close(out, wanted, (long)m * n, 1e-5);
}

TEST(products_equal_plain_loops) {
  const int shapes[][3] = {{1, 1, 1},       {1, 400, 30},  {3, 5, 7},
                           {20, 400, 200},  {400, 20, 33}, {1, 1, 50},
                           {150, 160, 170}, {300, 1, 9}};
  dtd_threads(2);
  for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
    for (int flags = 0; flags < 8; flags++)
      check_product(shapes[s][0], shapes[s][1], shapes[s][2], flags & 1,
                    flags & 2, flags & 4 ? 0.5f : 0, -0.25f);
}

/* The shapes of training, which are cut into pieces. */
TEST(threads_do_not_change_a_bit) {
  enum { BATCH = 20, INPUTS = 1568, UNITS = 400 };
  struct dtd_rng rng = dtd_rng_open(1, "test/threads", 0);
  float *x = new_random(BATCH * INPUTS, -1, 1, &rng), *out[3];
  float *w = new_random(INPUTS * UNITS, -1, 1, &rng);
  for (int t = 0; t < 3; t++) {
    assert_int_equal(dtd_threads(1 << t), 1 << t);
    out[t] = test_new(BATCH * UNITS + INPUTS * UNITS, sizeof *x);
    dtd_multiply(out[t], 0, 1, dtd_view(x, BATCH, INPUTS),
                 dtd_view(w, INPUTS, UNITS));
    dtd_multiply(out[t] + BATCH * UNITS, 0, 1,
                 dtd_transposed(dtd_view(x, BATCH, INPUTS)),
                 dtd_view(out[t], BATCH, UNITS));
  }
  for (int t = 1; t < 3; t++)
    assert_same_bits(out[0], out[t], BATCH * UNITS + INPUTS * UNITS);
}

TEST(shapes_that_do_not_fit_die) {
  float x[6] = {0}, out[9];
  assert_dies(1, "(2, 3) times (2, 3) is not defined",
              dtd_multiply(out, 0, 1, dtd_view(x, 2, 3), dtd_view(x, 2, 3)));
}

TEST(rows_are_summed_in_double) {
  float a[2][3] = {{16777216, 1, 1}, {1, -2, 4}}, sum[2];
  dtd_sum_rows(sum, a[0], 2, 3);
  assert_true(sum[0] == 16777218); /* in float, 2^24 + 1 + 1 stays at 2^24 */
  assert_true(sum[1] == 3);
}

TEST(configuration_names_openblas) {
  assert_non_null(strstr(dtd_mat_configuration(), "OpenBLAS"));
}
