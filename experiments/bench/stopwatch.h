/* A stopwatch that is fair: contenders run in turns, and spreads are reported.

   Other programs disturb a measurement, mostly for longer than it lasts. So
   contenders run in turns, A B C A B C ..., and times are compared within a
   round: the ratio of two contenders is the median of the ratios of their
   rounds. */
#ifndef DTD_STOPWATCH_H
#define DTD_STOPWATCH_H

#include "base/seconds.h"

/* A summary of many numbers: the median, and the quantiles .1 and .9,
   interpolated between neighbours. All NAN for none. */
struct dtd_spread {
  double median, low, high;
};

/* One of the contenders that run in turns. */
struct dtd_contender {
  const char *name;
  int threads, batch;        /* for the record */
  double (*run)(void *self); /* one turn; returns its cost: seconds a step */
  void *self;
  double
      *cost; /* (rounds), allocated by dtd_contest; release with dtd_free() */
};

/* Fills cost[round] of every contender, after one turn that does not count.
   There is a pause of `pause` seconds before each turn. */
void dtd_contest(struct dtd_contender *contender, int count, int rounds,
                 double pause);

/* The mean of the times that once(self) returns, over about `seconds` of calls
   and at least one. One call before these, which wakes threads, does not count.
 */
double dtd_mean_of_calls(double (*once)(void *self), void *self,
                         double seconds);

/* One contender's turn: calls of once(job) on so many threads for about so many
   seconds; each call counts as `items`. */
struct dtd_turn {
  double seconds;
  double (*once)(void *job);
  void *job;
  int threads, items;
};

/* A contender's `run`: the mean time of the calls, an item. */
double dtd_take_turn(void *turn);

struct dtd_spread dtd_spread(const double *values, int count);

/* Of a[i] / b[i]. */
struct dtd_spread dtd_spread_of_ratios(const double *a, const double *b,
                                       int count);

#endif
