/* Matrix products that are the same bits everywhere.

       out = keep out + scale A B

   Every element is a sum in one order, of fused multiply-adds. The order does
   not depend on the processor, its registers' width, the compiler, the number
   of threads, or the rows beside it:

   - B as it stands: one accumulator, over k from first to last;
   - B transposed, whose rows run along k: sixteen accumulators, k in turn, then
     a tree: 8 pairs, 4, 2, 1.

   So an image has the same answer alone and in any batch. Library products
   (blas.h) are no slower, but their bits depend on all of these. */
#ifndef DTD_PRODUCT_H
#define DTD_PRODUCT_H

#include <stdbool.h>

#include "linear/threads.h"

/* A borrowed matrix, row-major and contiguous: (rows, columns) as stored, read
   as its transpose when `transposed`. */
struct dtd_view {
  const float *at;
  int rows, columns;
  bool transposed;
};

struct dtd_view dtd_view(const float *at, int rows, int columns);
struct dtd_view dtd_transposed(struct dtd_view view);

/* As it is read. */
int dtd_view_rows(struct dtd_view view);
int dtd_view_columns(struct dtd_view view);

/* How a b is shared out (threads.h). Dies when the inner dimensions differ. */
struct dtd_share dtd_product_share(struct dtd_view a, struct dtd_view b);

/* out = keep out + scale a b, with out (rows of a, columns of b) row-major and
   contiguous. With keep = 0 the old contents of `out`, NaN included, are
   ignored. Dies when the inner dimensions differ. Shared out among threads,
   those of a region of its own or, as tasks, those of the caller's. */
void dtd_multiply(float *out, float keep, float scale, struct dtd_view a,
                  struct dtd_view b);

/* sum[n] = the sum of row n of a (rows, columns), added in double. */
void dtd_sum_rows(float *sum, const float *a, int rows, int columns);

#endif
