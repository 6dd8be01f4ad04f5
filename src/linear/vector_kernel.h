/* Compiles a file of kernels once for each kind of processor.

   A module that has kernels defines KERNELS as their file's name and BLOCK as
   the floats that its panels are divided by, a multiple of any vector's, and
   includes this once. Their file defines functions and a `const struct kernels`
   under names of the form NAME(x), and may use

     LANES              floats in a vector of the processor
     vector, integers   that many floats, or 32-bit integers
     TARGET             the attribute that lets the compiler use the processor
     INLINE             for what functions with TARGET are made of
     NAME(x)            x with a suffix of the processor's own
     MOST_VECTORS       across a panel, from what it defines as MOST: blocks
     WITH_WIDTH         calls with a constant the compiler knows

   Then kernels_for(kind) finds those of a kind that dtd_processor_runs. */
#include <stdint.h>

#include "linear/processor.h"

/* The GNU vector extension of gcc and clang. */
#define vector       NAME(vector)
#define integers     NAME(integers)
#define INLINE       static inline __attribute__((always_inline))
#define MOST_VECTORS (MOST * BLOCK / LANES)

#define OF_LANES(type)                                                         \
  type __attribute__((vector_size(LANES * sizeof(float)), may_alias))
#define DEFINE_VECTORS                                                         \
  typedef OF_LANES(float) vector;                                              \
  typedef OF_LANES(int32_t) integers;

/* Calls kernel(..., vectors) for a panel of so many blocks. */
#define CASE(n, kernel, ...)                                                   \
  case n:                                                                      \
    if (n <= MOST) kernel(__VA_ARGS__, (n)*BLOCK / LANES);                     \
    break;
#define WITH_WIDTH(blocks, ...)                                                \
  switch (blocks) {                                                            \
    CASE(1, __VA_ARGS__)                                                       \
    CASE(2, __VA_ARGS__)                                                       \
    CASE(3, __VA_ARGS__)                                                       \
    CASE(4, __VA_ARGS__)                                                       \
    CASE(5, __VA_ARGS__)                                                       \
    CASE(6, __VA_ARGS__)                                                       \
    CASE(7, __VA_ARGS__)                                                       \
    CASE(8, __VA_ARGS__)                                                       \
  }

#define LANES   4
#define TARGET  /* SSE2, NEON, or none */
#define NAME(x) x##_any
DEFINE_VECTORS
#include KERNELS
#undef LANES
#undef TARGET
#undef NAME

#ifdef __x86_64__
#define LANES   8
#define TARGET  __attribute__((target("avx2,fma")))
#define NAME(x) x##_avx2
DEFINE_VECTORS
#include KERNELS
#undef LANES
#undef TARGET
#undef NAME

#define LANES   16
#define TARGET  __attribute__((target("avx512f")))
#define NAME(x) x##_avx512
DEFINE_VECTORS
#include KERNELS
#undef LANES
#undef TARGET
#undef NAME
#endif

static const struct kernels *kernels_for(enum dtd_processor kind) {
#ifdef __x86_64__
  if (kind == DTD_AVX512) return &kernels_avx512;
  if (kind == DTD_AVX2) return &kernels_avx2;
#endif
  (void)kind;
  return &kernels_any;
}

#undef vector
#undef integers
#undef INLINE
#undef MOST_VECTORS
#undef OF_LANES
#undef DEFINE_VECTORS
#undef CASE
#undef WITH_WIDTH
