/* Matrix products on OpenBLAS, for the dense kernel and the benchmark.

   Results are independent of the thread count, each piece of a product being
   one single-threaded call (threads.h), but not of OpenBLAS's version, of the
   kernels that it chose, or of the rows beside a row: what is to be the same
   bits everywhere uses product.h. This is the only module that
   includes cblas.h. */
#ifndef DTD_BLAS_H
#define DTD_BLAS_H

#include "linear/product.h"

/* As dtd_multiply. */
void dtd_blas_multiply(float *out, float keep, float scale, struct dtd_view a,
                       struct dtd_view b);

/* OpenBLAS's own description of its build and of the kernels it chose, and the
   kind of processor that ours are for. */
const char *dtd_blas_configuration(void);

#endif
