/* Random matrices, and a check of their products against plain loops, for
   tests. */
#ifndef DTD_TEST_PRODUCT_H
#define DTD_TEST_PRODUCT_H

#include "base/test.h"
#include "base/test_numbers.h"
#include "linear/product.h"

typedef void multiply(float *out, float keep, float scale, struct dtd_view a,
                      struct dtd_view b);

static inline double read_at(struct dtd_view v, int row, int column) {
  return (double)(v.transposed ? v.at[(long)column * v.columns + row]
                               : v.at[(long)row * v.columns + column]);
}

/* Random matrices a (m, k) and b (k, n), stored transposed or not. */
struct operands {
  struct dtd_view a, b;
  int m, n, k;
};

static inline struct dtd_view
random_view(int rows, int columns, bool transposed, struct dtd_rng *rng) {
  float *x = test_new((size_t)rows * (size_t)columns, sizeof *x);
  fill_random(x, (long)rows * columns, -1, 1, rng);
  return transposed ? dtd_transposed(dtd_view(x, columns, rows))
                    : dtd_view(x, rows, columns);
}

static inline struct operands operands_of(int m, int n, int k, int flags) {
  struct dtd_rng rng =
      dtd_rng_open((uint64_t)(m * 1000 + n), "test/product", 0);
  return (struct operands){random_view(m, k, flags & 1, &rng),
                           random_view(k, n, flags & 2, &rng), m, n, k};
}

/* out = keep out + scale a b, element by element. */
static inline void check_product(multiply *product, int m, int n, int k,
                                 int flags) {
  struct operands o = operands_of(m, n, k, flags);
  float keep = flags & 4 ? 0.5f : 0, scale = -0.25f;
  float *out = random_numbers(m * n + 1, -1, 1, 1, "test/out");
  double *wanted = test_new((size_t)m * (size_t)n, sizeof *wanted);
  float beyond = out[m * n];
  if (keep == 0 && m > 0 && n > 0) out[0] = NAN; /* must be ignored */
  for (int r = 0; r < m; r++)
    for (int c = 0; c < n; c++) {
      double sum = 0;
      for (int i = 0; i < k; i++)
        sum += read_at(o.a, r, i) * read_at(o.b, i, c);
      long at = (long)r * n + c;
      wanted[at] = (keep == 0 ? 0 : (double)keep * (double)out[at]) +
                   (double)scale * sum;
    }
  product(out, keep, scale, o.a, o.b);
  assert_true(relative_distance(out, wanted, (long)m * n) < 1e-5);
  assert_true(out[m * n] == beyond);
}

#endif
