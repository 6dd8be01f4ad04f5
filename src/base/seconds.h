/* Tells the time that passes, and lets some pass. */
#ifndef DTD_SECONDS_H
#define DTD_SECONDS_H

/* Seconds since some moment in the past, by a clock that never goes back. */
double dtd_seconds(void);

/* Does nothing for a while, so that threads that wait busily for more work
   (OpenMP's and OpenBLAS's do) fall asleep. */
void dtd_pause(double seconds);

#endif
