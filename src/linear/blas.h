/* Matrix products on OpenBLAS, for the dense kernel and the benchmark.

   Results are independent of the thread count, each piece of a product being
   one single-threaded call (threads.h), but not of OpenBLAS's version, of the
   kernels that it chose, or of the rows beside a row: what is to be the same
   bits everywhere uses product.h. This is the only module that
   includes cblas.h. */
#ifndef DTD_BLAS_H
#define DTD_BLAS_H

#include "linear/processor.h"
#include "linear/product.h"

/* As dtd_multiply. */
void dtd_blas_multiply(float *out, float keep, float scale, struct dtd_view a,
                       struct dtd_view b);

/* An OpenBLAS that is older than the processor may take it for a much older one
   (0.3.21 takes an Emerald Rapids for a Prescott: 31 GFLOP/s where 150 are
   had). The core that OPENBLAS_CORETYPE should name then, as good as the best
   kernels of ours that the processor runs; null when `chosen`, OpenBLAS's own
   choice, is no worse. */
const char *dtd_blas_better_core(const char *chosen, enum dtd_processor best);

/* For programs that lean on OpenBLAS, first thing in main: starts the program
   again with a better core, once. Does nothing when there is none, or when
   OPENBLAS_CORETYPE is set. Tables say which core made them. */
void dtd_blas_settle_core(char **argv);

/* OpenBLAS's own description of its build and of the kernels it chose, and the
   kind of processor that ours are for. */
const char *dtd_blas_configuration(void);

#endif
