/* Threads, and how a product is shared out among them. */
#include "linear/threads.h"

#include <omp.h>
#include <stddef.h>

enum {
  WORK_PER_PIECE = 3000000, /* multiply-adds: a tenth of a millisecond or less,
                               still long beside waking a thread */
  MOST_PIECES = 16,
  PIECE_UNIT = 16,  /* rows or columns: a kernel's block */
  FEW_COLUMNS = 64, /* then rows are shared out instead */
};

int dtd_threads(int threads) {
  omp_set_num_threads(threads > 0 ? threads : omp_get_num_procs());
  return dtd_threads_in_use();
}

int dtd_threads_in_use(void) {
  return omp_get_max_threads();
}

int dtd_team(void) {
  return omp_get_num_threads();
}

/* The length of each piece of an edge, from the shape alone. */
static int piece_length(int edge, long work) {
  long pieces = work / WORK_PER_PIECE;
  if (pieces > MOST_PIECES) pieces = MOST_PIECES;
  if (pieces < 1) pieces = 1;
  long length = (edge + pieces - 1) / pieces;
  return (int)((length + PIECE_UNIT - 1) / PIECE_UNIT * PIECE_UNIT);
}

struct dtd_share dtd_share(int rows, int columns, int inner) {
  /* By columns if possible: forward, gradient and update of a layer then give a
     thread the same columns of w, which stay in its cache. */
  bool by_row = columns < FEW_COLUMNS && rows > columns;
  int edge = by_row ? rows : columns;
  return (struct dtd_share){by_row, edge,
                            piece_length(edge, (long)rows * columns * inner)};
}

/* What is shared out. */
struct work {
  const struct dtd_share *share;
  void (*piece)(const void *of, int first, int count);
  const void *of;
};

static void do_piece(const struct work *work, size_t n) {
  int length = work->share->length, first = (int)n * length;
  int left = work->share->edge - first;
  work->piece(work->of, first, left < length ? left : length);
}

void dtd_share_out(const struct dtd_share *share,
                   void (*piece)(const void *of, int first, int count),
                   const void *of) {
  int edge = share->edge, length = share->length;
  size_t pieces = edge ? (size_t)((edge + length - 1) / length) : 0;
  struct work work = {share, piece, of};
  if (pieces == 1)
    do_piece(&work, 0);
  else if (omp_in_parallel()) {
#pragma omp taskloop grainsize(1)
    for (size_t n = 0; n < pieces; n++) do_piece(&work, n);
  } else {
#pragma omp parallel for schedule(static)
    for (size_t n = 0; n < pieces; n++) do_piece(&work, n);
  }
}
