/* Statistics of many numbers, with intervals that say how sure they are. */
#include "evaluate/estimate.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/region.h"
#include "base/rng.h"

static int ascending(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

double dtd_mean(const double *a, const double *b, const int *index, int n) {
  (void)b;
  double sum = 0;
  for (int i = 0; i < n; i++) sum += a[index[i]];
  return sum / n;
}

double dtd_root_mean_square(const double *a, const double *b, const int *index,
                            int n) {
  (void)b;
  double sum = 0;
  for (int i = 0; i < n; i++) sum += a[index[i]] * a[index[i]];
  return sqrt(sum / n);
}

/* The square of the root, so that both are rounded alike. */
double dtd_mean_square(const double *a, const double *b, const int *index,
                       int n) {
  double root = dtd_root_mean_square(a, b, index, n);
  return root * root;
}

double dtd_maximum(const double *a, const double *b, const int *index, int n) {
  (void)b;
  double largest = -INFINITY;
  for (int i = 0; i < n; i++) largest = fmax(largest, a[index[i]]);
  return largest;
}

double dtd_median(const double *a, const double *b, const int *index, int n) {
  (void)b;
  double *sorted = dtd_new((size_t)n, sizeof *sorted);
  for (int i = 0; i < n; i++) sorted[i] = a[index[i]];
  qsort(sorted, (size_t)n, sizeof *sorted, ascending);
  double middle = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  dtd_free(sorted);
  return middle;
}

double dtd_ratio(const double *a, const double *b, const int *index, int n) {
  return dtd_mean(a, NULL, index, n) / dtd_mean(b, NULL, index, n);
}

double dtd_difference(const double *a, const double *b, const int *index,
                      int n) {
  return dtd_mean(a, NULL, index, n) - dtd_mean(b, NULL, index, n);
}

/* sum (a - mean a)(b - mean b) / n */
static double covariance(const double *a, const double *b, const int *index,
                         int n) {
  double mean_a = dtd_mean(a, NULL, index, n), sum = 0;
  double mean_b = dtd_mean(b, NULL, index, n);
  for (int i = 0; i < n; i++)
    sum += (a[index[i]] - mean_a) * (b[index[i]] - mean_b);
  return sum / n;
}

double dtd_variation(const double *a, const double *b, const int *index,
                     int n) {
  (void)b;
  return sqrt(covariance(a, a, index, n)) / dtd_mean(a, NULL, index, n);
}

double dtd_variation_ratio(const double *a, const double *b, const int *index,
                           int n) {
  return dtd_variation(a, NULL, index, n) / dtd_variation(b, NULL, index, n);
}

double dtd_correlation(const double *a, const double *b, const int *index,
                       int n) {
  return covariance(a, b, index, n) /
         sqrt(covariance(a, a, index, n) * covariance(b, b, index, n));
}

double dtd_slope(const double *a, const double *b, const int *index, int n) {
  return covariance(a, b, index, n) / covariance(b, b, index, n);
}

/* The value below which a share of the sorted values lies, interpolated. */
static double quantile(const double *sorted, int n, double share) {
  double position = share * (n - 1);
  int below = (int)position;
  int above = below + 1 < n ? below + 1 : below;
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

/* The statistic of resample `r`, whose n examples go to `index`. */
static double resampled(int *index, dtd_statistic *statistic, const double *a,
                        const double *b, const int *valid, int n, uint64_t seed,
                        int r) {
  struct dtd_rng rng = dtd_rng_open(seed, "bootstrap", (uint64_t)r);
  for (int i = 0; i < n; i++)
    index[i] = valid[dtd_rng_below(&rng, (uint32_t)n)];
  return statistic(a, b, index, n);
}

struct dtd_estimate dtd_estimate(dtd_statistic *statistic, const double *a,
                                 const double *b, int count, int resamples,
                                 uint64_t seed) {
  int *valid = dtd_new((size_t)count, sizeof *valid), n = 0;
  for (int i = 0; i < count; i++)
    if (!isnan(a[i]) && !(b && isnan(b[i]))) valid[n++] = i;
  struct dtd_estimate estimate = {NAN, NAN, NAN, n};
  if (n) {
    double *drawn = dtd_new((size_t)resamples, sizeof *drawn);
    struct dtd_region region = {0};
#pragma omp parallel
    {
      int *index = NULL;
      DTD_GUARD (&region) index = dtd_new((size_t)n, sizeof *index);
#pragma omp for schedule(static)
      for (int r = 0; r < resamples; r++)
        DTD_GUARD (&region)
          drawn[r] = resampled(index, statistic, a, b, valid, n, seed, r);
      dtd_free(index);
    }
    dtd_region_end(&region);
    qsort(drawn, (size_t)resamples, sizeof *drawn, ascending);
    estimate.value = statistic(a, b, valid, n);
    estimate.low = quantile(drawn, resamples, 0.025);
    estimate.high = quantile(drawn, resamples, 0.975);
    dtd_free(drawn);
  }
  dtd_free(valid);
  return estimate;
}
