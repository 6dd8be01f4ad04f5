/* Tests row products against plain loops, and that rows do not depend on each
   other. */

#include "base/rng.h"
#include "base/test.h"
#include "linear/processor.h"
#include "linear/row_product.h"

TEST_OWNS(row_product)

enum { MOST_ROWS = 61 };

struct bench {
  int inner, columns;
  float *a, *w, *out; /* (MOST_ROWS, inner), (inner, columns), and a product */
  struct dtd_row_product *product;
};

static float *filled(size_t count, struct dtd_rng *rng) {
  float *x = test_new(count, sizeof *x);
  for (size_t i = 0; i < count; i++) x[i] = (float)dtd_rng_normal(rng);
  return x;
}

static struct bench open_bench(int inner, int columns, bool transposed) {
  struct bench b = {.inner = inner, .columns = columns};
  struct dtd_rng rng = dtd_rng_open(inner, "row product", 0);
  b.a = filled(MOST_ROWS * inner, &rng);
  b.w = filled(inner * columns, &rng);
  b.out = filled((MOST_ROWS + 1) * columns, &rng);
  b.product = own_row_product(dtd_row_product_new(
      transposed ? dtd_transposed(dtd_view(b.w, columns, inner))
                 : dtd_view(b.w, inner, columns)));
  return b;
}

static void check_product(int rows, int inner, int columns, bool transposed) {
  struct bench b = open_bench(inner, columns, transposed);
  float beyond = b.out[rows * columns];
  dtd_row_product_apply(b.out, b.product, b.a, rows);
  for (int n = 0; n < rows; n++)
    for (int c = 0; c < columns; c++) {
      double sum = 0, size = 0;
      for (int k = 0; k < inner; k++) {
        float w = transposed ? b.w[c * inner + k] : b.w[k * columns + c];
        double term = (double)b.a[n * inner + k] * (double)w;
        sum += term;
        size += fabs(term);
      }
      assert_true(fabs(b.out[n * columns + c] - sum) <= 2e-6 * size);
    }
  assert_true(b.out[rows * columns] == beyond);
}

/* Shapes below, at and above those of tiles, panels and bands. */
TEST(row_products_equal_plain_loops) {
  const int rows[] = {0, 1, 3, 12, 13, 60, MOST_ROWS};
  const int shapes[][2] = {{1, 1}, {7, 16}, {256, 5}, {257, 33}, {600, 48}};
  for (int kind = 0; kind < DTD_PROCESSORS; kind++) {
    if (!dtd_processor_runs((enum dtd_processor)kind)) continue;
    dtd_processor_use((enum dtd_processor)kind);
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++)
      for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
        for (int transposed = 0; transposed < 2; transposed++)
          check_product(rows[n], shapes[s][0], shapes[s][1], transposed);
  }
  dtd_processor_use(dtd_processor_best());
}

/* Bit by bit, for any other rows. */
TEST(a_row_has_the_same_bits_alone_and_in_any_batch) {
  enum { INNER = 300, COLUMNS = 40 };
  float alone[COLUMNS];
  for (int kind = 0; kind < DTD_PROCESSORS; kind++) {
    if (!dtd_processor_runs((enum dtd_processor)kind)) continue;
    dtd_processor_use((enum dtd_processor)kind);
    struct bench b = open_bench(INNER, COLUMNS, false);
    for (int rows = 1; rows <= MOST_ROWS; rows++) {
      dtd_row_product_apply(b.out, b.product, b.a, rows);
      for (int n = 0; n < rows; n++) {
        dtd_row_product_apply(alone, b.product, b.a + n * INNER, 1);
        assert_memory_equal(alone, b.out + n * COLUMNS, sizeof alone);
      }
    }
  }
  dtd_processor_use(dtd_processor_best());
}
