/* Compiles a file of kernels once for each kind of processor.

   A module that has kernels defines KERNELS as their file's name and BLOCK as
   the floats that its panels are divided by, a multiple of any vector's, and
   includes this once. Their file defines functions and a `const struct kernels`
   under names of the form NAME(x), and may use

     LANES              floats in a vector of the processor
     vector, integers   that many floats, or 32-bit integers
     loose              a vector that may stand anywhere
     FMA(a, b, c)       a b + c, rounded once
     SPLAT(s)           a vector of s alone
     SUM_BLOCK(z)       the sum of 16 floats in vectors, as a tree: 8 pairs
   whose places differ by 8, then 4, 2, 1 TARGET             the attribute that
   lets the compiler use the processor INLINE             for what functions
   with TARGET are made of NAME(x)            x with a suffix of the processor's
   own MOST_VECTORS       across a panel, from what it defines as MOST: blocks
     WITH_WIDTH         calls with a constant the compiler knows

   Then kernels_for(kind) finds those of a kind that dtd_processor_runs.

   Kernels give the same bits on every kind: they multiply and add by FMA alone
   (compilers are told not to fuse anything themselves), each element of a
   result is a sum in an order of its own, and sums over lanes have sixteen of
   them however many a vector has. */
#include <math.h>
#include <stdint.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#include "linear/processor.h"

/* The GNU vector extension of gcc and clang. */
#define vector       NAME(vector)
#define integers     NAME(integers)
#define loose        NAME(loose)
#define INLINE       TARGET static inline __attribute__((always_inline))
#define MOST_VECTORS (MOST * BLOCK / LANES)

#define OF_LANES(type)                                                         \
  type __attribute__((vector_size(LANES * sizeof(float)), may_alias))
#define DEFINE_VECTORS                                                         \
  typedef OF_LANES(float) vector;                                              \
  typedef OF_LANES(int32_t) integers;                                          \
  typedef float __attribute__((vector_size(LANES * sizeof(float)), may_alias,  \
                               aligned(sizeof(float)))) loose;

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

/* Four floats: what is left of any block after one or two halvings. */
typedef float quarter __attribute__((vector_size(16), may_alias));
static inline __attribute__((always_inline)) float sum_quarter(quarter q) {
  q += __builtin_shufflevector(q, q, 2, 3, 0, 1);
  return q[0] + q[1];
}

#define LANES        4
#define TARGET       /* NEON; or any other: there fmaf may be slow, but is exact */
#define NAME(x)      x##_any
#define FMA          NAME(fma)
#define SPLAT        NAME(splat)
#define SUM_BLOCK(z) sum_quarter(((z)[0] + (z)[2]) + ((z)[1] + (z)[3]))
DEFINE_VECTORS
INLINE vector FMA(vector a, vector b, vector c) {
  for (int l = 0; l < LANES; l++) c[l] = fmaf(a[l], b[l], c[l]);
  return c;
}
INLINE vector SPLAT(float s) {
  return (vector){s, s, s, s};
}
#include KERNELS
#undef LANES
#undef TARGET
#undef NAME
#undef FMA
#undef SPLAT
#undef SUM_BLOCK

#ifdef __x86_64__
#define LANES   8
#define TARGET  __attribute__((target("avx2,fma")))
#define NAME(x) x##_avx2
#define FMA(a, b, c)                                                           \
  (vector) _mm256_fmadd_ps((__m256)(a), (__m256)(b), (__m256)(c))
#define SPLAT(s)     (vector) _mm256_set1_ps(s)
#define SUM_BLOCK(z) NAME(sum_half)((z)[0] + (z)[1])
DEFINE_VECTORS
INLINE float NAME(sum_half)(vector z) {
  return sum_quarter((quarter)_mm256_castps256_ps128((__m256)z) +
                     (quarter)_mm256_extractf128_ps((__m256)z, 1));
}
#include KERNELS
#undef LANES
#undef TARGET
#undef NAME
#undef FMA
#undef SPLAT
#undef SUM_BLOCK

#define LANES   16
#define TARGET  __attribute__((target("avx512f")))
#define NAME(x) x##_avx512
#define FMA(a, b, c)                                                           \
  (vector) _mm512_fmadd_ps((__m512)(a), (__m512)(b), (__m512)(c))
#define SPLAT(s)     (vector) _mm512_set1_ps(s)
#define SUM_BLOCK(z) NAME(sum_whole)((z)[0])
DEFINE_VECTORS
INLINE float NAME(sum_whole)(vector z) {
  const quarter *q = (const quarter *)&z;
  return sum_quarter((q[0] + q[2]) + (q[1] + q[3]));
}
#include KERNELS
#undef LANES
#undef TARGET
#undef NAME
#undef FMA
#undef SPLAT
#undef SUM_BLOCK
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
#undef loose
#undef INLINE
#undef MOST_VECTORS
#undef OF_LANES
#undef DEFINE_VECTORS
#undef CASE
#undef WITH_WIDTH
