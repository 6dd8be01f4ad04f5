/* Tests sums in double against plain ones, of every length. */
#include "linear/wide_sum.h"

#include "base/test.h"
#include "base/test_numbers.h"

TEST(sums_are_as_plain_loops) {
  float *a = random_numbers(1000, -1, 2, 6, "test/a");
  float *b = random_numbers(1000, -1, 2, 6, "test/b");
  for (long count = 0; count <= 1000; count += count < 70 ? 1 : 31) {
    double sum = 0, products = 0;
    for (long i = 0; i < count; i++) {
      sum += (double)a[i];
      products += (double)(a[i] * b[i]);
    }
    assert_near(dtd_wide_sum(a, count), sum, 1e-12);
    assert_near(dtd_wide_sum_of_products(a, b, count), products, 1e-12);
  }
}

TEST(small_numbers_beside_large_ones_count) {
  enum { COUNT = 1 << 16 };
  float *a = test_new(COUNT, sizeof *a);
  for (int i = 0; i < COUNT; i++) a[i] = i ? 1e-3f : 1e6f;
  assert_near(dtd_wide_sum(a, COUNT), 1e6 + (COUNT - 1) * (double)1e-3f, 1e-6);
}
