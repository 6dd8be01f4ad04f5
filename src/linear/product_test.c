/* Tests matrix products against plain loops, and their bits across processors,
   threads and neighbours. */

#include "base/test.h"
#include "base/assert_dies.h"
#include "linear/processor.h"
#include "linear/test_product.h"
#include "linear/threads.h"

/* Below, at and above tiles, blocks, bands and pieces. */
static const int shapes[][3] = {
    {1, 1, 1},      {1, 400, 30},    {3, 5, 7},     {20, 400, 200},
    {400, 20, 33},  {1, 1, 50},      {13, 16, 16},  {150, 160, 170},
    {300, 1, 9},    {97, 33, 257},   {12, 64, 512}, {2, 3, 15},
    {60, 100, 400}, {20, 400, 1568}, {5, 0, 3},     {0, 5, 3}};
enum { SHAPES = sizeof shapes / sizeof *shapes };

TEST(products_equal_plain_loops) {
  dtd_threads(2);
  for (int s = 0; s < SHAPES; s++)
    for (int flags = 0; flags < 8; flags++) {
      int m = shapes[s][0], n = shapes[s][1], k = shapes[s][2];
      check_product(dtd_multiply, m, n, k, flags);
    }
}

/* Every processor's kernels, one, two and three threads. */
TEST(processors_and_threads_do_not_change_a_bit) {
  for (int s = 0; s < SHAPES; s++)
    for (int flags = 0; flags < 8; flags++) {
      struct operands o =
          operands_of(shapes[s][0], shapes[s][1], shapes[s][2], flags);
      size_t count = (size_t)(o.m * o.n);
      float *first = NULL, keep = flags & 4 ? 0.3f : 0;
      for (int kind = 0; kind < DTD_PROCESSORS; kind++)
        for (int threads = 1; threads <= 3; threads++) {
          if (!dtd_processor_runs((enum dtd_processor)kind)) continue;
          dtd_processor_use((enum dtd_processor)kind);
          dtd_threads(threads);
          float *out = random_numbers(o.m * o.n, -1, 1, 2, "test/out");
          dtd_multiply(out, keep, 0.7f, o.a, o.b);
          if (!first) first = out;
          assert_memory_equal(out, first, count * sizeof *out);
        }
      dtd_processor_use(dtd_processor_best());
    }
}

/* The sums as product.h says they are made, one operation at a time. */
static float chain(const struct operands *o, int r, int c) {
  float sum = 0;
  for (int k = 0; k < o->k; k++)
    sum = fmaf((float)read_at(o->a, r, k), (float)read_at(o->b, k, c), sum);
  return sum;
}

static float tree(const struct operands *o, int r, int c) {
  float lane[16] = {0};
  for (int k = 0; k < o->k; k++)
    lane[k % 16] = fmaf((float)read_at(o->a, r, k), (float)read_at(o->b, k, c),
                        lane[k % 16]);
  for (int step = 8; step > 0; step /= 2)
    for (int l = 0; l < step; l++) lane[l] += lane[l + step];
  return lane[0];
}

TEST(each_element_is_summed_in_the_order_that_is_promised) {
  for (int s = 0; s < SHAPES; s++)
    for (int flags = 0; flags < 4; flags++) {
      struct operands o =
          operands_of(shapes[s][0], shapes[s][1], shapes[s][2], flags);
      float *out = test_new((size_t)(o.m * o.n) + 1, sizeof *out);
      dtd_multiply(out, 0, 1, o.a, o.b);
      for (int r = 0; r < o.m; r += 7)
        for (int c = 0; c < o.n; c += 3)
          assert_true(out[r * o.n + c] ==
                      (flags & 2 ? tree(&o, r, c) : chain(&o, r, c)));
    }
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
