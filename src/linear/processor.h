/* Which kind of processor kernels are chosen for, when the program runs.

   One program holds its kernels (vector_kernel.h) for several kinds of
   processors. All give the same bits; DTD_PROCESSOR in the environment, the
   name of a kind, chooses one that is not the best. */
#ifndef DTD_PROCESSOR_H
#define DTD_PROCESSOR_H

#include <stdbool.h>

/* The kinds, best first; those of other architectures run DTD_ANY_PROCESSOR
   alone. */
enum dtd_processor {
  DTD_AVX512,
  DTD_AVX2, /* with FMA */
  DTD_NEON, /* of 64-bit ARM */
  DTD_ANY_PROCESSOR,
  DTD_PROCESSORS
};

/* Their names: "avx512", "avx2", "neon", "any". */
extern const char *const dtd_processor_names[DTD_PROCESSORS];

/* Whether this build has kernels for that kind, and this processor runs them.
 */
bool dtd_processor_runs(enum dtd_processor kind);

/* What is created from now on uses the kernels for that kind, which this
   processor must run; those in use before that are its best, or those that
   DTD_PROCESSOR names. */
void dtd_processor_use(enum dtd_processor kind);

/* The kind in use. Dies (usage) when DTD_PROCESSOR names none that runs. */
enum dtd_processor dtd_processor_in_use(void);

/* The best that this processor runs. */
enum dtd_processor dtd_processor_best(void);

#endif
