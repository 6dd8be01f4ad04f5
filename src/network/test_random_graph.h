/* Random networks as lines of test_onnx.h: convolutions, in groups and by
   depth, normalisation, rectifiers, pools, branches that are joined and added.

   For cmocka tests only. Number `seed` is the same network everywhere. */
#ifndef DTD_TEST_RANDOM_GRAPH_H
#define DTD_TEST_RANDOM_GRAPH_H

#include "network/test_graph.h"

enum { RANDOM_LINES = 160, RANDOM_WORDS = 256 };

struct random_graph {
  int lines, made; /* tensors that nodes make */
  char text[RANDOM_LINES][RANDOM_WORDS];
  const char *line[RANDOM_LINES];
  struct dtd_maps shape[RANDOM_LINES]; /* (made + 1): [0] is the input */
  bool rectified;                      /* every layer ends in a Relu */
  struct dtd_rng rng;
};

static inline int random_of(struct random_graph *g, int least, int most) {
  return least + (int)dtd_rng_below(&g->rng, (uint32_t)(most - least + 1));
}

#define random_line(g, ...)                                                    \
  (snprintf((g)->text[(g)->lines], RANDOM_WORDS, __VA_ARGS__),                 \
   (g)->line[(g)->lines] = (g)->text[(g)->lines], (void)(g)->lines++)

static inline int random_made(struct random_graph *g, int channels, int rows,
                              int columns) {
  g->shape[++g->made] = (struct dtd_maps){channels, rows, columns};
  return g->made;
}

static inline int random_relu(struct random_graph *g, int from) {
  struct dtd_maps in = g->shape[from];
  random_line(g, "Relu t%d > t%d", from, g->made + 1);
  return random_made(g, in.channels, in.rows, in.columns);
}

static inline int random_normalisation(struct random_graph *g, int from) {
  struct dtd_maps in = g->shape[from];
  int to = g->made + 1, c = in.channels;
  random_line(g, "tensor g%d %d", to, c);
  random_line(g, "tensor s%d %d", to, c);
  random_line(g, "tensor m%d %d", to, c);
  random_line(g, "tensor v%d %d > 0", to, c);
  random_line(g, "BatchNormalization t%d g%d s%d m%d v%d > t%d epsilon=0.1",
              from, to, to, to, to, to);
  return random_made(g, c, in.rows, in.columns);
}

/* A convolution to `maps` maps, of the same rows and columns where `same`,
   perhaps normalised, rectified mostly. */
static inline int random_conv(struct random_graph *g, int from, int maps,
                              bool same) {
  struct dtd_maps in = g->shape[from];
  int to = g->made + 1, k = same ? 2 * random_of(g, 0, 1) + 1 : 2;
  int stride = same || in.rows < 4 || in.columns < 4 ? 1 : random_of(g, 1, 2);
  int group = random_of(g, 0, 2);
  if (!same && (in.rows < 2 || in.columns < 2)) k = 1;
  if (group == 2 && maps % in.channels == 0)
    group = in.channels; /* by depth */
  else
    group = group && in.channels % 2 == 0 && maps % 2 == 0 ? 2 : 1;
  int pad = same ? k / 2 : 0;
  random_line(g, "tensor w%d %d %d %d %d", to, maps, in.channels / group, k, k);
  random_line(g, "tensor b%d %d", to, maps);
  char bias[16] = "-";
  if (random_of(g, 0, 3)) snprintf(bias, sizeof bias, "b%d", to);
  random_line(g,
              "Conv t%d w%d %s > t%d group=%d pads=%d,%d,%d,%d strides=%d,%d",
              from, to, bias, to, group, pad, pad, pad, pad, stride, stride);
  int made = random_made(g, maps, (in.rows + 2 * pad - k) / stride + 1,
                         (in.columns + 2 * pad - k) / stride + 1);
  if (random_of(g, 0, 2) == 0) made = random_normalisation(g, made);
  return g->rectified || random_of(g, 0, 3) ? random_relu(g, made) : made;
}

static inline int random_pool(struct random_graph *g, int from) {
  struct dtd_maps in = g->shape[from];
  bool smaller = in.rows > 3 && in.columns > 3 && random_of(g, 0, 1);
  int stride = smaller ? 2 : 1;
  random_line(g, "%s t%d > t%d kernel_shape=3,3 pads=1,1,1,1 strides=%d,%d",
              random_of(g, 0, 2) ? "MaxPool" : "AveragePool", from, g->made + 1,
              stride, stride);
  return random_made(g, in.channels, (in.rows - 1) / stride + 1,
                     (in.columns - 1) / stride + 1);
}

static inline int random_lrn(struct random_graph *g, int from) {
  struct dtd_maps in = g->shape[from];
  random_line(g, "LRN t%d > t%d size=%d alpha=0.1 beta=%g", from, g->made + 1,
              random_of(g, 2, 5), random_of(g, 0, 1) ? .75 : .6);
  return random_made(g, in.channels, in.rows, in.columns);
}

/* Two branches from one tensor, one after the other in channels, or added. */
static inline int random_branches(struct random_graph *g, int from) {
  struct dtd_maps in = g->shape[from];
  bool added = random_of(g, 0, 1);
  int maps = added ? in.channels : random_of(g, 1, 6);
  int a = random_conv(g, from, maps, true), b = from;
  int other = added ? in.channels : random_of(g, 1, 6);
  if (!added || random_of(g, 0, 1)) b = random_conv(g, from, other, true);
  if (added) {
    random_line(g, "Add t%d t%d > t%d", a, b, g->made + 1);
    int sum = random_made(g, maps, in.rows, in.columns);
    return g->rectified || random_of(g, 0, 1) ? random_relu(g, sum) : sum;
  }
  random_line(g, "Concat t%d t%d t%d > t%d axis=1", a, b, from, g->made + 1);
  return random_made(g, maps + other + in.channels, in.rows, in.columns);
}

/* The scores, called y. */
static inline void random_end(struct random_graph *g, int from) {
  struct dtd_maps in = g->shape[from];
  int inputs = in.channels;
  if (random_of(g, 0, 1)) {
    random_line(g, "GlobalAveragePool t%d > p", from);
    random_line(g, "Flatten p > f");
  } else {
    random_line(g, "Flatten t%d > f", from);
    inputs = (int)dtd_maps_size(in);
  }
  random_line(g, "tensor w %d 4", inputs);
  random_line(g, "tensor b 4");
  random_line(g, "Gemm f w b > y");
  random_line(g, "output y N 4");
}

/* With `rectified`, every layer but the last ends in a Relu, so that the inputs
   of all but the first are positive. */
static inline struct random_graph *random_graph(uint64_t seed, bool rectified) {
  struct random_graph *g = test_new(1, sizeof *g);
  g->rng = dtd_rng_open(seed, "test/graph", rectified);
  g->rectified = rectified;
  int rows = random_of(g, 6, 11), columns = random_of(g, 6, 11);
  g->shape[0] = (struct dtd_maps){2, rows, columns};
  random_line(g, "input t0 N 2 %d %d", rows, columns);
  int last = random_conv(g, 0, random_of(g, 2, 6), false);
  for (int n = random_of(g, 2, 6); n; n--) {
    int choice = random_of(g, 0, 5);
    if (choice < 2) last = random_conv(g, last, random_of(g, 1, 3) * 2, false);
    if (choice == 2) last = random_pool(g, last);
    if (choice == 3) last = random_lrn(g, last);
    if (choice > 3) last = random_branches(g, last);
  }
  random_end(g, last);
  return g;
}

#endif
