/* A batch is cut into parts that threads share, by its size alone.

   What depends on how a batch is cut, such as the rounding of a matrix product
   over some of its rows, then is the same for any number of threads. */
#ifndef DTD_BATCH_PARTS_H
#define DTD_BATCH_PARTS_H

enum { DTD_MOST_IN_PART = 64 }; /* examples */

/* Examples first .. first + count - 1. */
struct dtd_range {
  int first, count;
};

/* How many parts a batch has: 0 for none, one an example for a few, and some
   for each of a few threads where there is enough. */
int dtd_batch_parts(int batch);

/* Part `index` of them; parts follow each other and differ by at most one. */
struct dtd_range dtd_batch_part_at(int batch, int index);

#endif
