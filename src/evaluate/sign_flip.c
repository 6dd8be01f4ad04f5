/* Tests whether paired differences centre on 0, and corrects many such tests.
 */
#include "evaluate/sign_flip.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/rng.h"

/* Whether |sum_i s_i d_i| reaches `least`; bit i of `signs` flips d_i. */
static bool reaches(double least, const double *d, int n,
                    const uint64_t *signs) {
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += signs[i / 64] >> (i % 64) & 1 ? -d[i] : d[i];
  return fabs(sum) >= least;
}

/* Half of the patterns: flipping all signs at once gives the same |sum|. */
static double exact(double least, const double *d, int n) {
  uint64_t patterns = UINT64_C(1) << (n - 1), hits = 0;
  for (uint64_t signs = 0; signs < patterns; signs++)
    hits += reaches(least, d, n, &signs);
  return (double)hits / (double)patterns;
}

static double sampled(double least, const double *d, int n, uint64_t seed) {
  int words = (n + 63) / 64, hits = 0;
  uint64_t *signs = dtd_new((size_t)words, sizeof *signs);
  struct dtd_rng rng = dtd_rng_open(seed, "sign-flips", 0);
  for (int pattern = 0; pattern < DTD_SIGN_PATTERNS; pattern++) {
    for (int i = 0; i < words; i++) signs[i] = dtd_rng_bits(&rng);
    hits += reaches(least, d, n, signs);
  }
  dtd_free(signs);
  return (1.0 + hits) / (1.0 + DTD_SIGN_PATTERNS);
}

double dtd_sign_flip_test(const double *differences, int n, uint64_t seed) {
  if (n < 1) return 1;
  double sum = 0, size = 0;
  for (int i = 0; i < n; i++) {
    sum += differences[i];
    size += fabs(differences[i]);
  }
  /* a tie counts as a hit, also where rounding parts the two sums */
  double least = fabs(sum) - 1e-12 * size;
  return n <= DTD_MOST_EXACT_PAIRS ? exact(least, differences, n)
                                   : sampled(least, differences, n, seed);
}

/* ---- many tests ---- */

struct ranked {
  double p;
  int place;
};

static int by_p(const void *a, const void *b) {
  double one = ((const struct ranked *)a)->p;
  double other = ((const struct ranked *)b)->p;
  return (one > other) - (one < other);
}

void dtd_holm(double *adjusted, const double *p, int m) {
  struct ranked *ranked = dtd_new((size_t)m + 1, sizeof *ranked);
  int tests = 0;
  for (int i = 0; i < m; i++) {
    if (!isnan(p[i])) ranked[tests++] = (struct ranked){p[i], i};
    adjusted[i] = p[i];
  }
  qsort(ranked, (size_t)tests, sizeof *ranked, by_p);
  double largest = 0;
  for (int j = 0; j < tests; j++) {
    double own = (tests - j) * ranked[j].p;
    if (own > largest) largest = own < 1 ? own : 1;
    adjusted[ranked[j].place] = largest;
  }
  dtd_free(ranked);
}
