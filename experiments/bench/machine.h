/* The limits of this machine, and the least time they allow a job.

   A job needs so many floating-point operations and moves so many bytes between
   where its data live and the processor. No program takes less than

       floor = max(operations / rate, read / read rate + updated / update rate)

   with the best rates of this machine: a large
   OpenBLAS product for operations; walking once through data of the job's size,
   adding them up (read) or adding to them (updated: read and written back), for
   bytes. Both use as many threads as the job. The sizes of a processor's caches
   make the rates depend on how much is walked through. */
#ifndef DTD_MACHINE_H
#define DTD_MACHINE_H

#include <stddef.h>

enum { DTD_USUAL_PRODUCT = 768 }; /* rows and columns; larger are no faster */

struct dtd_work {
  double operations; /* multiplications and additions, one each */
  double read;       /* bytes */
  double updated;    /* bytes that are read and written back */
};

struct dtd_rates {
  double operations;   /* a second */
  double read, update; /* bytes a second */
};

/* The rate of an OpenBLAS product of two (size, size) matrices on the threads
   in use; the best of 0.03 s of repeats. */
double dtd_rate_of_product(int size);

/* Rates of walking through `bytes`, divided evenly among the threads in use;
   the best likewise. */
double dtd_rate_of_reading(size_t bytes);
double dtd_rate_of_updating(size_t bytes);

/* All three, for a job whose data take `bytes`. */
struct dtd_rates dtd_rates(size_t bytes);

/* How many values are above `least`; *different gets how many columns have
   one. */
double dtd_count_above(double *different,
                       const float *values /* (rows, columns) */, int rows,
                       int columns, float least);

/* Seconds. */
double dtd_floor(struct dtd_work work, struct dtd_rates rates);

#endif
