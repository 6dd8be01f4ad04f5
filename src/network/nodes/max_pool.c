/* MaxPool: the greatest of each window.

       x_k = max_{i in k} x_i
       dL/dx_i = sum_k dL/dx_k [i wins k],    R_i = sum_k R_k [i wins k]

   The winner takes all: the first of equals, row by row. Padding never wins. */
#include "network/window_node.h"

#include <math.h>

static void create(struct dtd_node *node, const struct dtd_node_source *from) {
  dtd_window_read(node, from, NULL);
  node->out.channels = node->in[0].channels;
  dtd_window_refuse_padding(node, from);
}

/* ---- rows ---- */

/* Outputs first .. end - 1 of a row, and where in a row of x the first reads;
   the next reads `stride` on. */
struct run {
  int first, end;
  long at;
};

/* How often a stride goes into a distance; where both are small numbers a
   division takes longer than what it is for. */
static int strides(int distance, int stride) {
  return stride == 1   ? distance
         : stride == 2 ? (int)((unsigned)distance / 2)
                       : distance / stride;
}

/* Those of outputs `from` .. `to` - 1 that read inside by v. */
static struct run run_inside(const struct dtd_node *node, int v, int from,
                             int to) {
  const struct dtd_window *window = &node->window;
  int stride = window->stride[DTD_COLUMNS], columns = node->in[0].columns;
  int offset = dtd_window_position(window, DTD_COLUMNS, 0, v), first = 0;
  int end = offset < columns ? strides(columns - 1 - offset, stride) + 1 : 0;
  if (offset < 0) first = strides(stride - 1 - offset, stride);
  if (first < from) first = from;
  if (end > to) end = to;
  return (struct run){first, end, offset + (long)first * stride};
}

/* ---- forward ---- */

/* out (columns) = the greater of out and what u, v reads in one row, for the
   outputs that it has a position inside for. */
static void raise_row(float *restrict out, const float *restrict row,
                      const struct dtd_node *node, int v) {
  int stride = node->window.stride[DTD_COLUMNS];
  struct run run = run_inside(node, v, 0, node->out.columns);
  row += run.at;
  out += run.first;
  if (stride == 1)
    for (int c = 0; c < run.end - run.first; c++)
      out[c] = row[c] > out[c] ? row[c] : out[c];
  else
    for (int c = 0; c < run.end - run.first; c++) {
      float x = row[(long)c * stride];
      out[c] = x > out[c] ? x : out[c];
    }
}

static void pool_map(float *out, const struct dtd_node *node, const float *x,
                     const float *from) {
  (void)from;
  const struct dtd_window *window = &node->window;
  int rows = node->in[0].rows, columns = node->in[0].columns;
  for (int r = 0; r < node->out.rows; r++, out += node->out.columns) {
    struct dtd_taps taps = dtd_window_taps(window, DTD_ROWS, r, rows);
    for (int c = 0; c < node->out.columns; c++) out[c] = -INFINITY;
    for (int u = taps.first; u < taps.end; u++) {
      int at = dtd_window_position(window, DTD_ROWS, r, u);
      for (int v = 0; v < window->kernel[DTD_COLUMNS]; v++)
        raise_row(out, x + (long)at * columns, node, v);
    }
  }
}

static void forward(float *out, const struct dtd_node *node,
                    const float *const *in, int batch) {
  dtd_window_each_map(out, node, in[0], NULL, batch, false, pool_map);
}

/* ---- the winner ---- */

/* Where in its map the winner of output (r, c) stands. */
static long winner(const float *x, const struct dtd_node *node, int r, int c) {
  const struct dtd_window *window = &node->window;
  int columns = node->in[0].columns;
  struct dtd_taps down = dtd_window_taps(window, DTD_ROWS, r, node->in[0].rows),
                  along = dtd_window_taps(window, DTD_COLUMNS, c, columns);
  long best = -1;
  for (int u = down.first; u < down.end; u++) {
    long row = (long)dtd_window_position(window, DTD_ROWS, r, u) * columns;
    for (int v = along.first; v < along.end; v++) {
      long i = row + dtd_window_position(window, DTD_COLUMNS, c, v);
      if (best < 0 || x[i] > x[best]) best = i;
    }
  }
  return best;
}

enum { SOME = 64 }; /* outputs of a row, that are looked at together */

/* A row of x against the best so far, which stands at `at`. */
static void challenge(float *restrict best, int *restrict at,
                      const float *restrict row, int first, int count,
                      int stride) {
  for (int c = 0; c < count; c++) {
    float x = row[(long)c * stride], b = best[c];
    int wins = -(x > b); /* all bits, or none: no branch to guess */
    at[c] = (at[c] & ~wins) | ((first + c * stride) & wins);
    best[c] = x > b ? x : b;
  }
}

/* The same for outputs `from` .. `to` - 1 of row r, at most SOME; -1 where
   nothing is above -infinity. */
static void find_winners(int *at, const struct dtd_node *node, const float *x,
                         int r, int from, int to) {
  const struct dtd_window *window = &node->window;
  int stride = window->stride[DTD_COLUMNS], columns = node->in[0].columns;
  struct dtd_taps down = dtd_window_taps(window, DTD_ROWS, r, node->in[0].rows);
  float best[SOME];
  for (int c = 0; c < to - from; c++) {
    best[c] = -INFINITY;
    at[c] = -1;
  }
  for (int u = down.first; u < down.end; u++) {
    long row = (long)dtd_window_position(window, DTD_ROWS, r, u) * columns;
    for (int v = 0; v < window->kernel[DTD_COLUMNS]; v++) {
      struct run run = run_inside(node, v, from, to);
      int skipped = run.first - from, count = run.end - run.first;
      long first = row + run.at;
      if (stride == 1) /* known, so that it runs in vectors */
        challenge(best + skipped, at + skipped, x + first, (int)first, count,
                  1);
      else
        challenge(best + skipped, at + skipped, x + first, (int)first, count,
                  stride);
    }
  }
}

static void send_to_winners(float *R_i, const struct dtd_node *node,
                            const float *x, const float *R_k) {
  int columns = node->out.columns, at[SOME];
  for (int r = 0; r < node->out.rows; r++, R_k += columns)
    for (int from = 0; from < columns; from += SOME) {
      int to = from + SOME < columns ? from + SOME : columns;
      find_winners(at, node, x, r, from, to);
      for (int c = from; c < to; c++) {
        long i = at[c - from]; /* zeros are added, too: quicker than asked */
        R_i[i < 0 ? winner(x, node, r, c) : i] += R_k[c];
      }
    }
}

static void backward(float *const *d_in, const struct dtd_node *node,
                     const float *const *in, const float *out,
                     const float *d_out, int batch) {
  (void)out;
  dtd_window_each_map(d_in[0], node, in[0], d_out, batch, true,
                      send_to_winners);
}

const struct dtd_node_kind dtd_node_max_pool = {
    .name = "MaxPool",
    .description = "the greatest of each window; the winner takes all",
    .least_inputs = 1,
    .most_inputs = 1,
    .create = create,
    .forward = forward,
    .backward = backward,
    .relevance = backward,
    .operations = dtd_window_operations,
};
