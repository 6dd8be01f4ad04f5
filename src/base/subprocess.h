/* Runs other programs: once, to measure what they cost, or kept running, to
   answer requests.

   A program that is kept running reads one request a line and answers with one
   line of numbers, so that several can take turns and its start-up is not
   measured each time. */
#ifndef DTD_SUBPROCESS_H
#define DTD_SUBPROCESS_H

struct dtd_subprocess_cost {
  double seconds;    /* from start to end */
  double peak_bytes; /* most memory it had resident at once, or this program at
                        its start, should that be more (Linux's ru_maxrss) */
};

/* Runs argv (ended by null, argv[0] searched in PATH) to its end; what it
   prints is discarded. Dies, naming the program, unless it exits with 0. */
struct dtd_subprocess_cost dtd_subprocess_run(char *const argv[]);

struct dtd_subprocess;
struct dtd_subprocess *dtd_subprocess_open(char *const argv[]);

/* Sends `request` and a newline and waits for `count` numbers. Dies, naming the
   program, when it answers anything else or has ended. */
void dtd_subprocess_ask(double *answer /* (count) */, int count,
                        struct dtd_subprocess *child, const char *request);

/* Ends its input and waits until it has ended; its exit status does not matter.
 */
void dtd_subprocess_close(struct dtd_subprocess *child);

#endif
