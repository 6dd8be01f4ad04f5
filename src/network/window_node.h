/* Windows that move over maps: what convolutions and pools read from a file.

   Along one direction, output r reads positions r s + d u - p, u = 0 .. k - 1;
   where that leaves the map there is padding. ONNX's ceil_mode lets a last
   window reach beyond the padding; here it is padding like any other, so that
   there are as many positions as dtd_window_positions says. */
#ifndef DTD_WINDOW_NODE_H
#define DTD_WINDOW_NODE_H

#include "network/node.h"

/* Sets node->window and the rows and columns of node->out, from the node's
   attributes and its input. `kernel` is used where the file names none; null
   for a kind that must. Dies when the window does not fit. */
void dtd_window_read(struct dtd_node *node, const struct dtd_node_source *from,
                     const int *kernel);

/* Dies when an output reads nothing but padding, which pools have no value for.
 */
void dtd_window_refuse_padding(const struct dtd_node *node,
                               const struct dtd_node_source *from);

/* Calls `visit` for every map, in any order and on any thread: with what it has
   of x (in), of `from` (out; may be null), and of `to`, which is shaped like x
   and zero where `down`, else like the output. */
typedef void dtd_visit_map(float *to, const struct dtd_node *node,
                           const float *x, const float *from);
void dtd_window_each_map(float *to, const struct dtd_node *node, const float *x,
                         const float *from, int batch, bool down,
                         dtd_visit_map *visit);

/* Additions or comparisons of one example. */
double dtd_window_operations(const struct dtd_node *node);

/* A run of u for which an output's positions lie inside. */
struct dtd_taps {
  int first, end; /* u = first .. end - 1 */
};

static inline struct dtd_taps dtd_node_taps(const struct dtd_window *window,
                                            int direction, int output,
                                            int length) {
  int dilation = window->dilation[direction];
  int start = output * window->stride[direction] -
              window->pad[direction == DTD_ROWS ? DTD_TOP : DTD_LEFT];
  struct dtd_taps taps = {0, window->kernel[direction]};
  if (start < 0) taps.first = (dilation - 1 - start) / dilation;
  int most = length - 1 - start < 0 ? 0 : (length - 1 - start) / dilation + 1;
  if (taps.end > most) taps.end = most;
  return taps;
}

/* The position that output r reads by u. */
static inline int dtd_window_position(const struct dtd_window *window,
                                      int direction, int output, int u) {
  return output * window->stride[direction] + u * window->dilation[direction] -
         window->pad[direction == DTD_ROWS ? DTD_TOP : DTD_LEFT];
}

#endif
