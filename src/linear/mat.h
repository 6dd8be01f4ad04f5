/* Matrix products on OpenBLAS, with results independent of the thread count.

   A product is cut into pieces whose number follows from its shape alone; each
   piece is one single-threaded OpenBLAS call, which any thread may make: those
   of a region of its own or, as tasks, those of the caller's. So every sum has
   one order. This is the only module that includes cblas.h. */
#ifndef DTD_MAT_H
#define DTD_MAT_H

#include <stdbool.h>

/* A borrowed matrix, row-major and contiguous: (rows, columns) as stored, read
   as its transpose when `transposed`. */
struct dtd_view {
  const float *at;
  int rows, columns;
  bool transposed;
};

struct dtd_view dtd_view(const float *at, int rows, int columns);
struct dtd_view dtd_transposed(struct dtd_view view);

/* out = keep * out + scale * a b, with out (rows of a, columns of b) row-major
   and contiguous. With keep = 0 the old contents of `out`, NaN included, are
   ignored. Dies when the inner dimensions differ. */
void dtd_multiply(float *out, float keep, float scale, struct dtd_view a,
                  struct dtd_view b);

/* sum[n] = the sum of row n of a (rows, columns), added in double. */
void dtd_sum_rows(float *sum, const float *a, int rows, int columns);

/* Uses up to `threads` threads (at least 1) in this process from now on, 0 for
   as many as there are processors. Returns the number in use. */
int dtd_threads(int threads);

/* That number. */
int dtd_threads_in_use(void);

/* How many threads the parallel region has that this is called from; 1 outside
   of any. */
int dtd_team(void);

/* OpenBLAS's own description of its build and of the kernels it chose, and the
   kind of processor that ours are for: results differ from one to another, by
   rounding. */
const char *dtd_mat_configuration(void);

#endif
