/* Limited-memory BFGS in a box: a direction of descent on the free pixels. */
#include "roots/projected_bfgs.h"

#include "base/memory.h"

enum { PAIRS = 8 };

struct dtd_projected_bfgs {
  int inputs, pairs, newest;
  float *s[PAIRS], *v[PAIRS];
  float *mask; /* 1 on the free pixels, 0 elsewhere */
  float *memory;
};

struct dtd_projected_bfgs *dtd_projected_bfgs_new(int inputs) {
  struct dtd_projected_bfgs *bfgs = dtd_new(1, sizeof *bfgs);
  float *at = bfgs->memory =
      dtd_new((2 * PAIRS + 1) * (size_t)inputs, sizeof *at);
  bfgs->inputs = inputs;
  bfgs->mask = at;
  for (int h = 0; h < PAIRS; h++) {
    bfgs->s[h] = at += inputs;
    bfgs->v[h] = at += inputs;
  }
  return bfgs;
}

void dtd_projected_bfgs_free(struct dtd_projected_bfgs *bfgs) {
  if (!bfgs) return;
  dtd_free(bfgs->memory);
  dtd_free(bfgs);
}

void dtd_projected_bfgs_forget(struct dtd_projected_bfgs *bfgs) {
  bfgs->pairs = 0;
}

static double product(const float *a, const float *b, int count) {
  double sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int p = 0; p < count; p++) sum += (double)(a[p] * b[p]);
  return sum;
}

void dtd_projected_bfgs_remember(struct dtd_projected_bfgs *bfgs,
                                 const float *y, const float *r,
                                 const float *slope_y, const float *slope_r) {
  int h = (bfgs->newest + 1) % PAIRS, inputs = bfgs->inputs;
  float *s = bfgs->s[h], *v = bfgs->v[h];
  for (int p = 0; p < inputs; p++) {
    s[p] = y[p] - r[p];
    v[p] = slope_y[p] - slope_r[p];
  }
  if (bfgs->pairs == PAIRS) bfgs->pairs--; /* the oldest made room */
  if (product(s, v, inputs) <= 1e-6 * product(s, s, inputs)) return;
  bfgs->newest = h;
  bfgs->pairs++;
}

/* q := H q, for a q that is 0 on the pixels that are held. */
static void apply_inverse_hessian(float *q,
                                  const struct dtd_projected_bfgs *bfgs) {
  double weight[PAIRS], share[PAIRS], scale = 0;
  const float *mask = bfgs->mask;
  int inputs = bfgs->inputs;
  for (int i = 0; i < bfgs->pairs; i++) {
    int h = (bfgs->newest - i + PAIRS) % PAIRS;
    const float *s = bfgs->s[h], *v = bfgs->v[h];
    double sv = 0, vv = 0;
#pragma omp simd reduction(+ : sv, vv)
    for (int p = 0; p < inputs; p++) {
      sv += (double)(mask[p] * s[p] * v[p]);
      vv += (double)(mask[p] * v[p] * v[p]);
    }
    weight[i] = sv > 1e-10 * vv ? 1 / sv : 0;
    if (scale == 0 && weight[i] > 0) scale = sv / vv;
    share[i] = weight[i] * product(s, q, inputs);
    for (int p = 0; p < inputs; p++) q[p] -= (float)share[i] * mask[p] * v[p];
  }
  for (int p = 0; scale > 0 && p < inputs; p++) q[p] *= (float)scale;
  for (int i = bfgs->pairs - 1; i >= 0; i--) {
    int h = (bfgs->newest - i + PAIRS) % PAIRS;
    const float *s = bfgs->s[h], *v = bfgs->v[h];
    double back = share[i] - weight[i] * product(v, q, inputs);
    if (weight[i] == 0) continue;
    for (int p = 0; p < inputs; p++) q[p] += (float)back * mask[p] * s[p];
  }
}

void dtd_projected_bfgs_direction(float *direction,
                                  struct dtd_projected_bfgs *bfgs,
                                  const float *r, const float *slope, float low,
                                  float high) {
  float *mask = bfgs->mask;
  for (int p = 0; p < bfgs->inputs; p++) {
    mask[p] = !(r[p] <= low && slope[p] > 0) && !(r[p] >= high && slope[p] < 0);
    direction[p] = -mask[p] * slope[p];
  }
  apply_inverse_hessian(direction, bfgs);
  if (product(direction, slope, bfgs->inputs) < 0) return;
  bfgs->pairs = 0;
  for (int p = 0; p < bfgs->inputs; p++) direction[p] = -mask[p] * slope[p];
}
