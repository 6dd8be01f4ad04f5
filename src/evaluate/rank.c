/* Orders values by rank, and correlates two rankings (Spearman's rho). */
#include "evaluate/rank.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

struct item {
  double value;
  uint64_t tie; /* decides between equal values */
  int index;
};

static int largest_first(const void *left, const void *right) {
  const struct item *a = left, *b = right;
  if (a->value != b->value) return a->value < b->value ? 1 : -1;
  if (a->tie != b->tie) return a->tie < b->tie ? -1 : 1;
  return a->index - b->index;
}

void dtd_order(int *order, const double *value, int n, struct dtd_rng *ties) {
  struct item *item = dtd_new((size_t)n, sizeof *item);
  for (int i = 0; i < n; i++)
    item[i] = (struct item){value[i], dtd_rng_bits(ties), i};
  qsort(item, (size_t)n, sizeof *item, largest_first);
  for (int i = 0; i < n; i++) order[i] = item[i].index;
  dtd_free(item);
}

void dtd_midranks(double *rank, const float *value, int n) {
  struct item *item = dtd_new((size_t)n, sizeof *item);
  for (int i = 0; i < n; i++) item[i] = (struct item){(double)value[i], 0, i};
  qsort(item, (size_t)n, sizeof *item, largest_first);
  for (int first = 0, end; first < n; first = end) {
    for (end = first + 1; end < n && item[end].value == item[first].value;)
      end++;
    /* places first .. end - 1 from the top are ranks n - first .. n - end + 1
     */
    double middle = n - (first + end - 1) / 2.0;
    for (int i = first; i < end; i++) rank[item[i].index] = middle;
  }
  dtd_free(item);
}

double dtd_rank_correlation(const float *a, const float *b, int n) {
  double *r = dtd_new(2 * (size_t)n, sizeof *r), *s = r + n;
  dtd_midranks(r, a, n);
  dtd_midranks(s, b, n);
  double middle = (n + 1) / 2.0, rs = 0, rr = 0, ss = 0;
  for (int i = 0; i < n; i++) {
    rs += (r[i] - middle) * (s[i] - middle);
    rr += (r[i] - middle) * (r[i] - middle);
    ss += (s[i] - middle) * (s[i] - middle);
  }
  dtd_free(r);
  return rr > 0 && ss > 0 ? rs / sqrt(rr * ss) : NAN;
}
