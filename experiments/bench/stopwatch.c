/* A stopwatch that is fair: contenders run in turns, and spreads are reported.
 */
#include "stopwatch.h"

#include <math.h>
#include <stdlib.h>

#include "linear/threads.h"
#include "base/memory.h"

void dtd_contest(struct dtd_contender *contender, int count, int rounds,
                 double pause) {
  for (int c = 0; c < count; c++)
    contender[c].cost = dtd_new((size_t)rounds, sizeof(double));
  for (int round = -1; round < rounds; round++)
    for (int c = 0; c < count; c++) {
      dtd_pause(pause);
      double cost = contender[c].run(contender[c].self);
      if (round >= 0) contender[c].cost[round] = cost;
    }
}

double dtd_mean_of_calls(double (*once)(void *self), void *self,
                         double seconds) {
  once(self);
  double sum = 0, start = dtd_seconds();
  int calls = 0;
  do {
    sum += once(self);
    calls++;
  } while (dtd_seconds() - start < seconds);
  return sum / calls;
}

double dtd_take_turn(void *self) {
  const struct dtd_turn *turn = self;
  dtd_threads(turn->threads);
  return dtd_mean_of_calls(turn->once, turn->job, turn->seconds) / turn->items;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double quantile(const double *sorted, int count, double q) {
  double at = q * (count - 1);
  int below = (int)at;
  if (below + 1 >= count) return sorted[count - 1];
  return sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]);
}

struct dtd_spread dtd_spread(const double *values, int count) {
  if (count < 1) return (struct dtd_spread){NAN, NAN, NAN};
  double *sorted = dtd_copy(values, (size_t)count, sizeof *values);
  qsort(sorted, (size_t)count, sizeof *sorted, compare);
  struct dtd_spread spread = {.median = quantile(sorted, count, 0.5),
                              .low = quantile(sorted, count, 0.1),
                              .high = quantile(sorted, count, 0.9)};
  dtd_free(sorted);
  return spread;
}

struct dtd_spread dtd_spread_of_ratios(const double *a, const double *b,
                                       int count) {
  double *ratio = dtd_new((size_t)count, sizeof *ratio);
  for (int n = 0; n < count; n++) ratio[n] = a[n] / b[n];
  struct dtd_spread spread = dtd_spread(ratio, count);
  dtd_free(ratio);
  return spread;
}
