/* Measures how long things take, fairly: contenders in turns, and the spread.

   A machine is never quiet, and what disturbs it lasts longer than one
   measurement. So contenders run in turns, A B C A B C ..., and what is
   compared is always the same round: the ratio of two contenders is the median
   of the ratios of their rounds. */
#ifndef DTD_STOPWATCH_H
#define DTD_STOPWATCH_H

#include "base/seconds.h"

/* Many numbers in three: the median, and the quantiles .1 and .9, interpolated
   between neighbours. All NAN for none. */
struct dtd_spread {
  double median, low, high;
};

/* One of those that run in turns. */
struct dtd_contender {
  const char *name;
  int threads, batch;        /* for the record */
  double (*run)(void *self); /* one turn; returns its cost: seconds a step */
  void *self;
  double *cost; /* (rounds), allocated by dtd_contest; release with free() */
};

/* Fills cost[round] of every contender, after one turn that does not count.
   There is a pause of `pause` seconds before each turn. */
void dtd_contest(struct dtd_contender *contender, int count, int rounds,
                 double pause);

/* The mean of what once(self) returns, a time, over about `seconds` of calls
   and at least one. A call before those, which wakes threads, does not count.
 */
double dtd_mean_of_calls(double (*once)(void *self), void *self,
                         double seconds);

/* One contender's turn: calls of once(job) on so many threads for about so many
   seconds, each call being `items` of what is counted. */
struct dtd_turn {
  double seconds;
  double (*once)(void *job);
  void *job;
  int threads, items;
};

/* A contender's `run`: the mean of what the calls return, an item. */
double dtd_take_turn(void *turn);

struct dtd_spread dtd_spread(const double *values, int count);

/* Of a[i] / b[i]. */
struct dtd_spread dtd_spread_of_ratios(const double *a, const double *b,
                                       int count);

#endif
