/* Keeps the first error of a parallel region until the region has ended.

   An error must not jump out of a parallel region or a task. What may die
   inside is guarded: the error is kept, and statements that are guarded later
   are left out. After the region the error is raised:

     struct dtd_region region = {0};
     #pragma omp parallel for
     for (int n = 0; n < count; n++)
       DTD_GUARD(&region) explain_one(n);
     dtd_region_end(&region);

   A guarded statement does not jump out of itself (no return, break, goto), and
   changes no variable of its function that is read after an error.
   Where there is no OpenMP, as on a page, errors go to the handler at once. */
#ifndef DTD_REGION_H
#define DTD_REGION_H

#include <stdbool.h>

#ifdef _OPENMP
#include <setjmp.h>
#include <stdatomic.h>

#include "base/die.h"

/* What a function changes between setjmp and longjmp is lost; guarded
   statements change nothing that is read after an error, which gcc cannot know.
 */
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wclobbered"
#endif

struct dtd_region {
  atomic_int errors; /* how many threads met one */
  struct dtd_error first;
};

/* The guard of one statement, on one thread. */
struct dtd_guard {
  struct dtd_region *region;
  bool set;
  struct dtd_guard *outer;
  dtd_error_handler *before;
  jmp_buf back;
};

/* Sets the guard and is true, unless it was set or the region has an error;
   then takes it away. */
bool dtd_guard_next(struct dtd_guard *guard);

#define DTD_GUARD(of)                                                          \
  for (struct dtd_guard guard = {.region = (of)}; dtd_guard_next(&guard);)     \
    if (!setjmp(guard.back))

/* Raises the first error, if there was one. */
void dtd_region_end(const struct dtd_region *region);

#else

struct dtd_region {
  int errors;
};

#define DTD_GUARD(of) if ((of)->errors == 0)

static inline void dtd_region_end(const struct dtd_region *region) {
  (void)region;
}

#endif
#endif
