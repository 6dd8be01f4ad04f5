/* Threads, and how a product is shared out among them.

   A product is cut into pieces whose number follows from its shape alone; any
   thread may compute one: those of a region of its own or, as tasks, those of
   the caller's. So every sum has one order. */
#ifndef DTD_THREADS_H
#define DTD_THREADS_H

#include <stdbool.h>

/* Uses up to `threads` threads (at least 1) in this process from now on, 0 for
   as many as there are processors. Returns the number in use. */
int dtd_threads(int threads);

/* That number. */
int dtd_threads_in_use(void);

/* How many threads the parallel region has that this is called from; 1 outside
   of any. */
int dtd_team(void);

/* How a product (rows, columns) is cut: along one edge, into pieces of `length`
   but for the last. */
struct dtd_share {
  bool by_row;
  int edge, length;
};

struct dtd_share dtd_share(int rows, int columns, int inner);

/* Calls piece(of, first, count) for every piece. */
void dtd_share_out(const struct dtd_share *share,
                   void (*piece)(const void *of, int first, int count),
                   const void *of);

#endif
