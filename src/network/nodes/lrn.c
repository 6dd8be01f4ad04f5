/* LRN: each position is divided by what nearby channels hold.

       k_c = bias + alpha / n sum_{c' near c} x_c'^2,    y_c = x_c k_c^-beta
       dL/dx_c = dL/dy_c k_c^-beta
                 - 2 alpha beta / n x_c sum_{c': c near c'} dL/dy_c' y_c' / k_c'
       R_c unchanged

   c' is near c from c - floor((n - 1) / 2) to c + ceil((n - 1) / 2). Relevance
   bypasses the node: what reads it sees the normalised activations. */
#include "network/node.h"

#include <math.h>
#include <string.h>

#include "base/elementary.h"
#include "base/memory.h"
#include "linear/threads.h"

enum {
  MOST_NEAR = 64, /* channels n */
  POSITIONS = 64, /* that are done at once */
  POSITIONS_PER_PIECE = 200000,
};

struct lrn {
  int before, after; /* channels near one */
  float alpha, beta, bias;
};

static void create(struct dtd_node *node, const struct dtd_node_source *from) {
  int64_t n = dtd_onnx_int(from->onnx, from->node, "size", 0);
  if (n < 1 || n > MOST_NEAR)
    dtd_node_refuse(from, NULL, "a size of %lld, not 1 to %d", (long long)n,
                    MOST_NEAR);
  struct lrn *own = node->own = dtd_new(1, sizeof *own);
  own->before = (int)((n - 1) / 2);
  own->after = (int)(n / 2);
  own->alpha = (float)(dtd_onnx_float(from->onnx, from->node, "alpha", 1e-4) /
                       (double)n);
  own->beta = (float)dtd_onnx_float(from->onnx, from->node, "beta", .75);
  own->bias = (float)dtd_onnx_float(from->onnx, from->node, "bias", 1);
  if (!(own->bias > 0) || !(own->alpha >= 0))
    dtd_node_refuse(from, NULL, "alpha %g and bias %g would divide by 0",
                    (double)own->alpha, (double)own->bias);
  node->out = node->in[0];
  node->dimensions = node->in_dimensions[0];
}

/* ---- positions, some at once ---- */

struct work {
  const struct dtd_node *node;
  const float *x, *d_y;
  float *to;
  long positions; /* of a map */
};

/* factor = k^-beta. Roots are exact, so that the usual beta has the same bits
   everywhere and needs no power. */
static void shrink(float *restrict factor, const float *restrict k, int count,
                   float beta) {
  if (beta == 0.75f)
    for (int p = 0; p < count; p++) {
      float root = sqrtf(k[p]);
      factor[p] = 1 / (root * sqrtf(root));
    }
  else
    for (int p = 0; p < count; p++)
      factor[p] = (float)(1 / dtd_pow((double)k[p], (double)beta));
}

/* k_c (count) for positions that begin at x in channel 0. */
static void norms(float *k, const struct work *work, const float *x, int c,
                  int count) {
  const struct lrn *own = work->node->own;
  int channels = work->node->out.channels;
  int first = c - own->before, end = c + own->after + 1;
  if (first < 0) first = 0;
  if (end > channels) end = channels;
  float sum[POSITIONS] = {0};
  for (int near = first; near < end; near++) {
    const float *of = x + near * work->positions;
    for (int p = 0; p < count; p++) sum[p] += of[p] * of[p];
  }
  for (int p = 0; p < count; p++) k[p] = own->bias + own->alpha * sum[p];
}

static void normalise(const struct work *work, const float *x, float *y,
                      int count) {
  const struct lrn *own = work->node->own;
  for (int c = 0; c < work->node->out.channels; c++) {
    long at = c * work->positions;
    float k[POSITIONS], factor[POSITIONS];
    norms(k, work, x, c, count);
    shrink(factor, k, count, own->beta);
    for (int p = 0; p < count; p++) y[at + p] = x[at + p] * factor[p];
  }
}

/* The derivative; a ring holds d_y y / k of the channels near one. */
static void derive(const struct work *work, const float *x, const float *d_y,
                   float *d_x, int count) {
  const struct lrn *own = work->node->own;
  int channels = work->node->out.channels, ready = 0;
  float ring[MOST_NEAR][POSITIONS], direct[MOST_NEAR][POSITIONS];
  for (int c = 0; c < channels; c++) {
    /* c is near c' = c - after .. c + before. */
    for (; ready < channels && ready <= c + own->before; ready++) {
      float *t = ring[ready % MOST_NEAR], *d = direct[ready % MOST_NEAR];
      float k[POSITIONS];
      long at = ready * work->positions;
      norms(k, work, x, ready, count);
      shrink(d, k, count, own->beta);
      for (int p = 0; p < count; p++) {
        d[p] *= d_y[at + p];
        t[p] = d[p] * x[at + p] / k[p];
      }
    }
    float sum[POSITIONS] = {0};
    for (int other = c < own->after ? 0 : c - own->after; other < ready;
         other++)
      for (int p = 0; p < count; p++) sum[p] += ring[other % MOST_NEAR][p];
    long at = c * work->positions;
    float factor = 2 * own->alpha * own->beta;
    for (int p = 0; p < count; p++)
      d_x[at + p] = direct[c % MOST_NEAR][p] - factor * x[at + p] * sum[p];
  }
}

/* Positions first .. first + count - 1 of one example. */
static void piece(const void *of, int first, int count) {
  const struct work *work = of;
  for (int p = first; p < first + count; p += POSITIONS) {
    int some = first + count - p < POSITIONS ? first + count - p : POSITIONS;
    if (work->d_y)
      derive(work, work->x + p, work->d_y + p, work->to + p, some);
    else
      normalise(work, work->x + p, work->to + p, some);
  }
}

static void for_examples(float *to, const struct dtd_node *node, const float *x,
                         const float *d_y, int batch) {
  long size = dtd_maps_size(node->out), positions = size / node->out.channels;
  long length = POSITIONS_PER_PIECE / node->out.channels / POSITIONS;
  struct dtd_share share = {false, (int)positions,
                            (int)(length + 1) * POSITIONS};
  for (int n = 0; n < batch; n++) {
    struct work work = {node, x + n * size, d_y ? d_y + n * size : NULL,
                        to + n * size, positions};
    dtd_share_out(&share, piece, &work);
  }
}

/* ---- the node ---- */

static void forward(float *out, const struct dtd_node *node,
                    const float *const *in, int batch) {
  for_examples(out, node, in[0], NULL, batch);
}

static void backward(float *const *d_in, const struct dtd_node *node,
                     const float *const *in, const float *out,
                     const float *d_out, int batch) {
  (void)out;
  for_examples(d_in[0], node, in[0], d_out, batch);
}

static void relevance(float *const *R_in, const struct dtd_node *node,
                      const float *const *in, const float *out,
                      const float *R_out, int batch) {
  (void)in, (void)out;
  memcpy(R_in[0], R_out,
         (size_t)batch * (size_t)dtd_maps_size(node->out) * sizeof *R_out);
}

static double operations(const struct dtd_node *node) {
  const struct lrn *own = node->own;
  return (double)dtd_maps_size(node->out) *
         (2 * (own->before + own->after + 1) + 3);
}

const struct dtd_node_kind dtd_node_lrn = {
    .name = "LRN",
    .description = "divides by nearby channels; relevance bypasses it",
    .least_inputs = 1,
    .most_inputs = 1,
    .create = create,
    .forward = forward,
    .backward = backward,
    .relevance = relevance,
    .operations = operations,
};
