/* The limits of this machine, and the least time they allow a job. */
#include "machine.h"

#include <math.h>
#include <stdbool.h>

#include "linear/blas.h"
#include "linear/threads.h"
#include "base/memory.h"
#include "stopwatch.h"

enum {
  LEAST_REPEATS = 3,
  SLICE = 64 * 1024, /* bytes, the least part of a thread */
};
#define MEASURED     0.03 /* seconds of repeats, the best of which counts */
#define WALKED_BYTES 2e7  /* at least, in a repeat */

/* Whether to go on after `count` repeats since `start`. */
static bool once_more(int count, double start) {
  return count < LEAST_REPEATS || dtd_seconds() - start < MEASURED;
}

double dtd_rate_of_product(int size) {
  size_t count = (size_t)size * (size_t)size;
  float *a = dtd_new(count, sizeof *a), *b = dtd_new(count, sizeof *b);
  float *out = dtd_new(count, sizeof *out);
  for (size_t i = 0; i < count; i++) a[i] = b[i] = 1;
  double best = INFINITY, first = dtd_seconds();
  for (int n = 0; once_more(n, first); n++) {
    double start = dtd_seconds();
    dtd_blas_multiply(out, 0, 1, dtd_view(a, size, size),
                      dtd_view(b, size, size));
    best = fmin(best, dtd_seconds() - start);
  }
  dtd_free(a);
  dtd_free(b);
  dtd_free(out);
  return 2.0 * size * (double)count / best;
}

/* ---- walking ---- */

/* The GNU vector extension: 16 floats, in as many registers as it takes. */
typedef float wide __attribute__((vector_size(64), may_alias));
enum { AT_ONCE = 8, STRIDE = AT_ONCE * 16 };
#define INLINE static inline __attribute__((always_inline))

/* The sum of `count` floats, a multiple of STRIDE, if `update` is 0, and
   otherwise what they start with after adding `update` to each. */
INLINE float walk(float *data, size_t count, float update) {
  wide sum[AT_ONCE] = {{0}};
  for (size_t i = 0; i < count; i += STRIDE) {
    wide *at = (wide *)(data + i);
    if (update != 0)
      for (int n = 0; n < AT_ONCE; n++) at[n] += update;
    else
      for (int n = 0; n < AT_ONCE; n++) sum[n] += at[n];
  }
  float total = update != 0 ? data[0] : 0;
  for (int n = 0; n < AT_ONCE; n++)
    for (int lane = 0; lane < 16; lane++) total += sum[n][lane];
  return total;
}

static float walk_any(float *data, size_t count, float update) {
  return walk(data, count, update);
}
#ifdef __x86_64__
__attribute__((target("avx2"))) static float
walk_avx2(float *data, size_t count, float update) {
  return walk(data, count, update);
}
__attribute__((target("avx512f"))) static float
walk_avx512(float *data, size_t count, float update) {
  return walk(data, count, update);
}
#endif

typedef float walker(float *data, size_t count, float update);

static walker *best_walker(void) {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx512f")) return walk_avx512;
  if (__builtin_cpu_supports("avx2")) return walk_avx2;
#endif
  return walk_any;
}

/* Bytes a second of walking through `bytes`, over and over. Every thread has
   the same part of them throughout, in its own cache if it fits. */
static double rate_of_walking(size_t bytes, float update) {
  walker *walk_part = best_walker();
  int threads = dtd_threads_in_use();
  size_t parts = (size_t)threads;
  size_t part = (bytes / parts + SLICE - 1) / SLICE * SLICE;
  size_t each = part / sizeof(float);
  float *data = dtd_new(parts * each, sizeof *data);
  int passes = (int)fmax(1, WALKED_BYTES / (double)(parts * part));
  volatile float keep = 0; /* keeps the compiler from dropping the sums */
  double best = INFINITY, first = dtd_seconds();
  for (int n = 0; once_more(n, first); n++) {
    double start = dtd_seconds(), total = 0;
#pragma omp parallel for schedule(static) reduction(+ : total)
    for (int t = 0; t < threads; t++)
      for (int pass = 0; pass < passes; pass++)
        total += (double)walk_part(data + (size_t)t * each, each, update);
    best = fmin(best, dtd_seconds() - start);
    keep = (float)total;
  }
  (void)keep;
  dtd_free(data);
  return (double)(parts * part) * passes / best;
}

double dtd_rate_of_reading(size_t bytes) {
  return rate_of_walking(bytes, 0);
}

double dtd_rate_of_updating(size_t bytes) {
  return rate_of_walking(bytes, 1);
}

/* ---- floors ---- */

double dtd_count_above(double *different, const float *values, int rows,
                       int columns, float least) {
  double all = 0;
  *different = 0;
  for (int c = 0; c < columns; c++) {
    int own = 0;
    for (int n = 0; n < rows; n++) own += values[(long)n * columns + c] > least;
    all += own;
    *different += own > 0;
  }
  return all;
}

struct dtd_rates dtd_rates(size_t bytes) {
  return (struct dtd_rates){.operations =
                                dtd_rate_of_product(DTD_USUAL_PRODUCT),
                            .read = dtd_rate_of_reading(bytes),
                            .update = dtd_rate_of_updating(bytes)};
}

double dtd_floor(struct dtd_work work, struct dtd_rates rates) {
  return fmax(work.operations / rates.operations,
              work.read / rates.read + work.updated / rates.update);
}
