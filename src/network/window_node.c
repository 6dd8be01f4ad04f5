/* Windows that move over maps: what convolutions and pools read from a file. */
#include "network/window_node.h"

#include <limits.h>
#include <string.h>

#include "linear/threads.h"

enum {
  MOST = 1 << 20, /* of a kernel, stride, dilation or padding */
  TAPS_PER_PIECE = 1000000,
};

/* ---- create ---- */

/* Copies `count` numbers of an attribute, each at least `least`; returns
   whether it is there. */
static bool read_ints(int *into, int count, const struct dtd_node_source *from,
                      const char *name, int least) {
  const int64_t *values;
  int found = dtd_onnx_ints(&values, from->onnx, from->node, name);
  if (!found) return false;
  if (found != count)
    dtd_node_refuse(from, "windows have rows and columns",
                    "%s has %d numbers, not %d", name, found, count);
  for (int i = 0; i < count; i++) {
    if (values[i] < least || values[i] > MOST)
      dtd_node_refuse(from, NULL, "%s holds %lld, not %d to %d", name,
                      (long long)values[i], least, MOST);
    into[i] = (int)values[i];
  }
  return true;
}

/* How far a window reaches. */
static long reach(const struct dtd_window *window, int direction) {
  return (long)(window->kernel[direction] - 1) * window->dilation[direction] +
         1;
}

/* As many outputs as ceil(length / stride); the padding is split, and an odd
   one goes to the end (`upper`) or to the start. */
static void pad_to_same(struct dtd_window *window, int direction, int length,
                        bool upper) {
  int stride = window->stride[direction];
  long outputs = ((long)length + stride - 1) / stride;
  long pad = (outputs - 1) * stride + reach(window, direction) - length;
  if (pad < 0) pad = 0;
  if (pad > INT_MAX / 2) pad = INT_MAX / 2; /* which does not fit */
  int less = (int)(pad / 2), more = (int)(pad - less);
  window->pad[direction] = upper ? less : more;
  window->pad[direction + 2] = upper ? more : less;
}

/* Lets the last window reach beyond the padding where it begins before its end
   (a window of nothing but padding is none). */
static void round_up(struct dtd_window *window, int direction, int length) {
  int stride = window->stride[direction], start = window->pad[direction];
  long beyond = (long)length + start + window->pad[direction + 2] -
                reach(window, direction);
  if (beyond < 0 || beyond % stride == 0) return;
  long last = (beyond / stride + 1) * stride; /* where it would begin */
  if (last < (long)length + start)
    window->pad[direction + 2] += (int)(last - beyond);
}

static void read_padding(struct dtd_node *node,
                         const struct dtd_node_source *from) {
  struct dtd_window *window = &node->window;
  const char *automatic =
      dtd_onnx_text(from->onnx, from->node, "auto_pad", "NOTSET");
  bool upper = !strcmp(automatic, "SAME_UPPER");
  if (upper || !strcmp(automatic, "SAME_LOWER")) {
    pad_to_same(window, DTD_ROWS, node->in[0].rows, upper);
    pad_to_same(window, DTD_COLUMNS, node->in[0].columns, upper);
  } else if (!strcmp(automatic, "NOTSET")) {
    read_ints(window->pad, 4, from, "pads", 0);
  } else if (strcmp(automatic, "VALID") != 0) {
    dtd_node_refuse(from, "use NOTSET, VALID, SAME_UPPER or SAME_LOWER",
                    "auto_pad is %s", automatic);
  }
}

void dtd_window_read(struct dtd_node *node, const struct dtd_node_source *from,
                     const int *kernel) {
  struct dtd_window *window = &node->window;
  const int length[] = {node->in[0].rows, node->in[0].columns};
  if (node->in_dimensions[0] != 4)
    dtd_node_refuse(from, "windows move over images (N, C, H, W)",
                    "its input has %d dimensions", node->in_dimensions[0]);
  *window = (struct dtd_window){.stride = {1, 1}, .dilation = {1, 1}};
  bool named = read_ints(window->kernel, 2, from, "kernel_shape", 1);
  if (!named && !kernel) dtd_node_refuse(from, NULL, "has no kernel_shape");
  if (kernel && named && memcmp(window->kernel, kernel, 2 * sizeof *kernel))
    dtd_node_refuse(from, NULL,
                    "kernel_shape is %d x %d, but its weights are %d x %d",
                    window->kernel[0], window->kernel[1], kernel[0], kernel[1]);
  if (!named) memcpy(window->kernel, kernel, 2 * sizeof *kernel);
  read_ints(window->stride, 2, from, "strides", 1);
  read_ints(window->dilation, 2, from, "dilations", 1);
  read_padding(node, from);
  int *out[] = {&node->out.rows, &node->out.columns};
  for (int d = 0; d < 2; d++) {
    if (dtd_onnx_int(from->onnx, from->node, "ceil_mode", 0))
      round_up(window, d, length[d]);
    long padded = (long)length[d] + window->pad[d] + window->pad[d + 2];
    if (padded > INT_MAX || reach(window, d) > padded)
      dtd_node_refuse(from, NULL,
                      "its window of %ld x %ld does not fit %d x %d",
                      reach(window, 0), reach(window, 1), length[0], length[1]);
    *out[d] = dtd_window_positions(window, d, length[d]);
  }
  node->dimensions = 4;
}

void dtd_window_refuse_padding(const struct dtd_node *node,
                               const struct dtd_node_source *from) {
  const int length[] = {node->in[0].rows, node->in[0].columns},
            outputs[] = {node->out.rows, node->out.columns};
  for (int d = 0; d < 2; d++)
    for (int r = 0; r < outputs[d]; r++) {
      struct dtd_taps taps = dtd_node_taps(&node->window, d, r, length[d]);
      if (taps.first >= taps.end)
        dtd_node_refuse(from, NULL, "a window reads nothing but padding");
    }
}

/* ---- maps ---- */

struct visits {
  const struct dtd_node *node;
  float *to;
  const float *x, *from;
  bool down;
  dtd_visit_map *visit;
};

static void visit_some(const void *of, int first, int count) {
  const struct visits *v = of;
  const struct dtd_node *node = v->node;
  long in = (long)node->in[0].rows * node->in[0].columns;
  long out = (long)node->out.rows * node->out.columns;
  for (long map = first; map < (long)first + count; map++) {
    float *to = v->to + map * (v->down ? in : out);
    if (v->down) memset(to, 0, (size_t)in * sizeof *to);
    v->visit(to, node, v->x + map * in, v->from ? v->from + map * out : NULL);
  }
}

void dtd_window_each_map(float *to, const struct dtd_node *node, const float *x,
                         const float *from, int batch, bool down,
                         dtd_visit_map *visit) {
  const struct visits visits = {node, to, x, from, down, visit};
  int maps = batch * node->out.channels;
  double piece =
      1 + TAPS_PER_PIECE * (double)maps / (batch * dtd_window_operations(node));
  struct dtd_share share = {false, maps, piece < maps ? (int)piece : maps};
  dtd_share_out(&share, visit_some, &visits);
}

double dtd_window_operations(const struct dtd_node *node) {
  return (double)dtd_maps_size(node->out) * node->window.kernel[DTD_ROWS] *
         node->window.kernel[DTD_COLUMNS];
}
