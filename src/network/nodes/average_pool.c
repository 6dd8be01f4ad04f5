/* AveragePool and GlobalAveragePool: the average of each window.

       x_k = 1 / n_k sum_{i in k} x_i     dL/dx_i = sum_k dL/dx_k / n_k
       R_i = sum_k R_k x_i^+ / sum_{i' in k} x_i'^+

   n_k counts the positions inside, with count_include_pad those of the padding,
   too (not those of ceil_mode beyond it). Where x >= 0, as behind rectifiers,
   relevance is in proportion x_i / sum_i' x_i'. A sum of 0 sends nothing. */
#include "network/window_node.h"

#include <string.h>

#include "base/memory.h"

struct average {
  bool padded; /* count_include_pad */
  int end[2];  /* where the file's padding ends, from the map's first */
};

/* ---- create ---- */

static void create(struct dtd_node *node, const struct dtd_node_source *from) {
  dtd_window_read(node, from, NULL);
  dtd_window_refuse_padding(node, from);
  node->out.channels = node->in[0].channels;
  struct average *own = node->own = dtd_new(1, sizeof *own);
  own->padded = dtd_onnx_int(from->onnx, from->node, "count_include_pad", 0);
  const int length[] = {node->in[0].rows, node->in[0].columns};
  const int64_t *pads;
  bool given = dtd_onnx_ints(&pads, from->onnx, from->node, "pads") == 4;
  bool automatic = strcmp(
      dtd_onnx_text(from->onnx, from->node, "auto_pad", "NOTSET"), "NOTSET");
  for (int d = 0; d < 2; d++)
    own->end[d] = length[d] + (automatic ? node->window.pad[d + 2]
                               : given   ? (int)pads[d + 2]
                                         : 0);
}

static void create_global(struct dtd_node *node,
                          const struct dtd_node_source *from) {
  if (node->in_dimensions[0] != 4)
    dtd_node_refuse(from, "windows move over images (N, C, H, W)",
                    "its input has %d dimensions", node->in_dimensions[0]);
  node->out = (struct dtd_maps){node->in[0].channels, 1, 1};
  node->dimensions = 4;
  node->window = (struct dtd_window){
      .kernel = {node->in[0].rows, node->in[0].columns},
      .stride = {1, 1},
      .dilation = {1, 1},
  };
}

/* ---- windows ---- */

/* The positions of a window inside a map. */
struct window {
  int first[2], count[2], step[2];
};

static struct window window_at(const struct dtd_node *node, int r, int c) {
  const struct dtd_window *window = &node->window;
  struct dtd_taps u = dtd_node_taps(window, DTD_ROWS, r, node->in[0].rows),
                  v = dtd_node_taps(window, DTD_COLUMNS, c,
                                    node->in[0].columns);
  return (struct window){
      {dtd_window_position(window, DTD_ROWS, r, u.first),
       dtd_window_position(window, DTD_COLUMNS, c, v.first)},
      {u.end - u.first, v.end - v.first},
      {window->dilation[DTD_ROWS], window->dilation[DTD_COLUMNS]},
  };
}

/* n_k of output (r, c). */
static double divisor(const struct dtd_node *node, int r, int c) {
  const struct average *own = node->own;
  const struct window at = window_at(node, r, c);
  const int index[] = {r, c};
  if (!own || !own->padded) return (double)at.count[0] * at.count[1];
  double product = 1;
  for (int d = 0; d < 2; d++) {
    int taps = node->window.kernel[d];
    int start = dtd_window_position(&node->window, d, index[d], 0);
    int most = (own->end[d] - start + at.step[d] - 1) / at.step[d];
    product *= taps < most ? taps : most;
  }
  return product;
}

/* Where row u of a window begins. */
static long row_of(const struct window *at, const struct dtd_node *node,
                   int u) {
  return (long)(at->first[0] + u * at->step[0]) * node->in[0].columns +
         at->first[1];
}

/* sum_i x_i, or of x_i^+, of a window. */
static double add_up(const float *x, const struct dtd_node *node,
                     const struct window *at, bool positive) {
  double sum = 0;
  for (int u = 0; u < at->count[0]; u++) {
    const float *row = x + row_of(at, node, u);
    for (int v = 0; v < at->count[1]; v++) {
      float x_i = row[(long)v * at->step[1]];
      if (x_i > 0 || !positive) sum += (double)x_i;
    }
  }
  return sum;
}

/* ---- maps, each by itself ---- */

static void pool_map(float *out, const struct dtd_node *node, const float *x,
                     const float *from) {
  (void)from;
  for (int r = 0; r < node->out.rows; r++)
    for (int c = 0; c < node->out.columns; c++) {
      const struct window at = window_at(node, r, c);
      double sum = add_up(x, node, &at, false);
      *out++ = (float)(sum / divisor(node, r, c));
    }
}

static void spread_evenly(float *d, const struct dtd_node *node, const float *x,
                          const float *d_k) {
  (void)x;
  for (int r = 0; r < node->out.rows; r++)
    for (int c = 0; c < node->out.columns; c++) {
      const struct window at = window_at(node, r, c);
      float each = (float)((double)*d_k++ / divisor(node, r, c));
      for (int u = 0; u < at.count[0]; u++) {
        float *row = d + row_of(&at, node, u);
        for (int v = 0; v < at.count[1]; v++) row[(long)v * at.step[1]] += each;
      }
    }
}

static void share_window(float *R, const struct dtd_node *node, const float *x,
                         const struct window *at, double R_k) {
  double sum = add_up(x, node, at, true);
  if (!(sum > 0)) return;
  for (int u = 0; u < at->count[0]; u++) {
    long row = row_of(at, node, u);
    for (int v = 0; v < at->count[1]; v++) {
      long i = row + (long)v * at->step[1];
      if (x[i] > 0) R[i] += (float)((double)x[i] / sum * R_k);
    }
  }
}

static void share(float *R, const struct dtd_node *node, const float *x,
                  const float *R_k) {
  for (int r = 0; r < node->out.rows; r++)
    for (int c = 0; c < node->out.columns; c++, R_k++) {
      const struct window at = window_at(node, r, c);
      if (*R_k != 0) share_window(R, node, x, &at, (double)*R_k);
    }
}

static void forward(float *out, const struct dtd_node *node,
                    const float *const *in, int batch) {
  dtd_window_each_map(out, node, in[0], NULL, batch, false, pool_map);
}

static void backward(float *const *d_in, const struct dtd_node *node,
                     const float *const *in, const float *out,
                     const float *d_out, int batch) {
  (void)out;
  dtd_window_each_map(d_in[0], node, in[0], d_out, batch, true, spread_evenly);
}

static void relevance(float *const *R_in, const struct dtd_node *node,
                      const float *const *in, const float *out,
                      const float *R_out, int batch) {
  (void)out;
  dtd_window_each_map(R_in[0], node, in[0], R_out, batch, true, share);
}

#define AVERAGE(type, text, own_create)                                        \
  {                                                                            \
    .name = type, .description = text "; relevance in proportion",             \
    .least_inputs = 1, .most_inputs = 1, .create = own_create,                 \
    .forward = forward, .backward = backward, .relevance = relevance,          \
    .operations = dtd_window_operations                                        \
  }

const struct dtd_node_kind dtd_node_average_pool =
    AVERAGE("AveragePool", "the average of each window", create);
const struct dtd_node_kind dtd_node_global_average_pool =
    AVERAGE("GlobalAveragePool", "the average of each map", create_global);
