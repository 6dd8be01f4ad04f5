/* Measures time, and waits. */
#ifndef DTD_SECONDS_H
#define DTD_SECONDS_H

/* Seconds since a fixed moment in the past; the clock is never set back. */
double dtd_seconds(void);

/* Waits. Threads that spin while they wait for work (OpenMP's and OpenBLAS's
   do) fall asleep meanwhile. */
void dtd_pause(double seconds);

#endif
