/* Measures time, and waits. */
#include "base/seconds.h"

#include <math.h>
#include <time.h>

double dtd_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void dtd_pause(double seconds) {
  double whole = floor(seconds);
  struct timespec left = {(time_t)whole, (long)(1e9 * (seconds - whole))};
  while (nanosleep(&left, &left)) continue; /* a signal came between */
}
