/* MaxPool: the greatest of each window.

       x_k = max_{i in k} x_i
       dL/dx_i = sum_k dL/dx_k [i wins k],    R_i = sum_k R_k [i wins k]

   The winner takes all: the first of equals, row by row. Padding never wins.

   Outputs are found tile by tile: what a tile reads is laid out as a patch with
   its padding, in which no window leaves it and, where windows move by one, all
   outputs of the tile follow each other. */
#include "network/window_node.h"

#include <math.h>
#include <string.h>

enum {
  MOST_PATCH = 1 << 14, /* floats of a patch: a window of it, at least */
  MOST_TILE = 1 << 11,  /* outputs of a tile, with gaps */
};

static int reach(const struct dtd_node *node, int direction) {
  const struct dtd_window *window = &node->window;
  return (window->kernel[direction] - 1) * window->dilation[direction] + 1;
}

static void create(struct dtd_node *node, const struct dtd_node_source *from) {
  dtd_window_read(node, from, NULL);
  node->out.channels = node->in[0].channels;
  dtd_window_refuse_padding(node, from);
  if ((double)reach(node, DTD_ROWS) * reach(node, DTD_COLUMNS) > MOST_PATCH)
    dtd_node_refuse(from, NULL, "its windows reach over %d x %d, more than %d",
                    reach(node, DTD_ROWS), reach(node, DTD_COLUMNS),
                    MOST_PATCH);
}

/* ---- tiles ---- */

/* Outputs (rows, columns) from (r, c) on, that of row n and column m at n step
   + m of `best` and `where`. */
struct tile {
  int most_rows, most_columns; /* of tiles that no edge cuts off */
  int step, pitch;             /* of theirs; pitch: columns of the patch */
  int r, c, rows, columns;
  float patch[MOST_PATCH];
  float best[MOST_TILE];
  int where[MOST_TILE]; /* of the winner, from its window's first position in
                           the map; -1 where there is no greatest */
};

static int least(int a, int b) {
  return a < b ? a : b;
}

static int at_least_one(int a) {
  return a > 1 ? a : 1;
}

static bool moves_by_one(const struct dtd_node *node) {
  const int *stride = node->window.stride;
  return stride[DTD_ROWS] == 1 && stride[DTD_COLUMNS] == 1;
}

static void size_tiles(struct tile *tile, const struct dtd_node *node) {
  const int *stride = node->window.stride;
  int down = reach(node, DTD_ROWS), along = reach(node, DTD_COLUMNS);
  int columns = least((MOST_PATCH / down - along) / stride[DTD_COLUMNS] + 1,
                      MOST_TILE - along);
  tile->most_columns = least(at_least_one(columns), node->out.columns);
  tile->pitch = (tile->most_columns - 1) * stride[DTD_COLUMNS] + along;
  tile->step = moves_by_one(node) ? tile->pitch : tile->most_columns;
  int rows = least((MOST_PATCH / tile->pitch - down) / stride[DTD_ROWS] + 1,
                   MOST_TILE / tile->step);
  tile->most_rows = least(at_least_one(rows), node->out.rows);
}

static void place_tile(struct tile *tile, const struct dtd_node *node, int r,
                       int c) {
  tile->r = r;
  tile->c = c;
  tile->rows = least(tile->most_rows, node->out.rows - r);
  tile->columns = least(tile->most_columns, node->out.columns - c);
}

static void fill_patch(struct tile *tile, const struct dtd_node *node,
                       const float *x) {
  const struct dtd_maps in = node->in[0];
  int first = dtd_window_position(&node->window, DTD_COLUMNS, tile->c, 0);
  int row = dtd_window_position(&node->window, DTD_ROWS, tile->r, 0);
  int rows =
      (tile->rows - 1) * node->window.stride[DTD_ROWS] + reach(node, DTD_ROWS);
  int from = first < 0 ? -first : 0; /* inside of the map */
  int end = least(tile->pitch, in.columns - first);
  float *at = tile->patch;
  for (int n = 0; n < rows; n++, row++, at += tile->pitch) {
    bool inside = row >= 0 && row < in.rows && from < end;
    int left = inside ? from : tile->pitch, right = inside ? end : tile->pitch;
    for (int m = 0; m < left; m++) at[m] = -INFINITY;
    if (inside)
      memcpy(at + from, x + (long)row * in.columns + first + from,
             (size_t)(end - from) * sizeof *at);
    for (int m = right; m < tile->pitch; m++) at[m] = -INFINITY;
  }
}

/* best[n] = the greatest of best[n] and `taps` of x from n stride on; where it
   was found, where[n] = its distance from `from`, unless where is null. */
static inline __attribute__((always_inline)) void
raise(float *restrict best, int *restrict where, const float *restrict x,
      int count, int stride, int taps, int dilation, int from) {
  for (int n = 0; n < count; n++) {
    const float *at = x + (long)n * stride;
    float most = best[n];
    int place = where ? where[n] : 0;
    for (int t = 0; t < taps; t++) {
      float x_t = at[t * dilation];
      int greater = -(x_t > most); /* all bits, or none */
      most = x_t > most ? x_t : most;
      place = ((from + t * dilation) & greater) | (place & ~greater);
    }
    best[n] = most;
    if (where) where[n] = place;
  }
}

/* The same along a row of a window, for cases that the compiler knows. */
static void raise_row(float *best, int *where, const float *x, int count,
                      const struct dtd_window *window, int from) {
  int stride = window->stride[DTD_COLUMNS], d = window->dilation[DTD_COLUMNS];
  int kernel = window->kernel[DTD_COLUMNS], t = 0;
#define RAISE(step, taps)                                                      \
  for (; t + (taps) <= kernel; t += (taps))                                    \
    if (where)                                                                 \
      raise(best, where, x + t * d, count, step, taps, d, from + t * d);       \
    else                                                                       \
      raise(best, NULL, x + t * d, count, step, taps, d, 0)
  if (stride == 1) {
    RAISE(1, 3);
    RAISE(1, 1);
  } else if (stride == 2) {
    RAISE(2, 3);
    RAISE(2, 1);
  } else {
    RAISE(stride, 1);
  }
}

/* Finds what is greatest in each window of a tile, and with `winners` where. */
static void find_greatest(struct tile *tile, const struct dtd_node *node,
                          bool winners) {
  const struct dtd_window *window = &node->window;
  bool by_one = moves_by_one(node);
  int runs = by_one ? 1 : tile->rows;
  int count =
      by_one ? (tile->rows - 1) * tile->step + tile->columns : tile->columns;
  long down = (long)window->stride[DTD_ROWS] * tile->pitch;
  int all = (tile->rows - 1) * tile->step + tile->columns;
  for (int n = 0; n < all; n++) tile->best[n] = -INFINITY;
  for (int n = 0; n < all; n++) tile->where[n] = -1;
  for (int run = 0; run < runs; run++) {
    long first = (long)run * tile->step;
    for (int u = 0; u < window->kernel[DTD_ROWS]; u++) {
      int row = u * window->dilation[DTD_ROWS];
      raise_row(tile->best + first, winners ? tile->where + first : NULL,
                tile->patch + run * down + (long)row * tile->pitch, count,
                window, row * node->in[0].columns);
    }
  }
}

/* ---- maps ---- */

static void pool_map(float *out, const struct dtd_node *node, const float *x,
                     const float *from) {
  (void)from;
  struct tile tile;
  size_tiles(&tile, node);
  for (int r = 0; r < node->out.rows; r += tile.most_rows)
    for (int c = 0; c < node->out.columns; c += tile.most_columns) {
      place_tile(&tile, node, r, c);
      fill_patch(&tile, node, x);
      find_greatest(&tile, node, false);
      for (int n = 0; n < tile.rows; n++)
        memcpy(out + (long)(r + n) * node->out.columns + c,
               tile.best + (long)n * tile.step,
               (size_t)tile.columns * sizeof *out);
    }
}

/* Sends what arrives at the outputs of a tile to their winners. */
static void send_down(float *R_i, const struct tile *tile,
                      const struct dtd_node *node, const float *R_k) {
  const struct dtd_window *window = &node->window;
  for (int n = 0; n < tile->rows; n++) {
    const float *R = R_k + (long)(tile->r + n) * node->out.columns + tile->c;
    const int *where = tile->where + (long)n * tile->step;
    long row = dtd_window_position(window, DTD_ROWS, tile->r + n, 0);
    long first = row * node->in[0].columns +
                 dtd_window_position(window, DTD_COLUMNS, tile->c, 0);
    for (int m = 0; m < tile->columns; m++)
      if (where[m] >= 0)
        R_i[first + (long)m * window->stride[DTD_COLUMNS] + where[m]] += R[m];
  }
}

static void send_to_winners(float *R_i, const struct dtd_node *node,
                            const float *x, const float *R_k) {
  struct tile tile;
  size_tiles(&tile, node);
  for (int r = 0; r < node->out.rows; r += tile.most_rows)
    for (int c = 0; c < node->out.columns; c += tile.most_columns) {
      place_tile(&tile, node, r, c);
      fill_patch(&tile, node, x);
      find_greatest(&tile, node, true);
      send_down(R_i, &tile, node, R_k);
    }
}

/* ---- the node ---- */

static void forward(float *out, const struct dtd_node *node,
                    const float *const *in, int batch) {
  dtd_window_each_map(out, node, in[0], NULL, batch, false, pool_map);
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
