/* The nearest root of a one-layer network of two inputs, exactly. */
#include "explain/plane_root.h"

#include <math.h>
#include <stdbool.h>

#include "base/die.h"

/* The points where w_1 r_1 + w_2 r_2 + b <= 0. */
struct half_plane {
  double w_1, w_2, b;
};

struct root_set {
  const struct dtd_layer *layer;
  double low, high;
  int count; /* of half-planes: one a unit, then four of the box */
};

struct point {
  double at[2];
};

static struct half_plane half_plane(const struct root_set *set, int n) {
  const struct dtd_layer *layer = set->layer;
  const struct half_plane box[] = {{-1, 0, set->low},
                                   {0, -1, set->low},
                                   {1, 0, -set->high},
                                   {0, 1, -set->high}};
  if (n >= layer->units) return box[n - layer->units];
  return (struct half_plane){(double)layer->w[n],
                             (double)layer->w[layer->units + n],
                             (double)layer->b[n]};
}

/* In every half-plane, but for the rounding of a point on an edge. */
static bool is_root(const struct root_set *set, struct point r) {
  for (int n = 0; n < set->count; n++) {
    struct half_plane h = half_plane(set, n);
    double first = h.w_1 * r.at[0], second = h.w_2 * r.at[1];
    double scale = fabs(first) + fabs(second) + fabs(h.b);
    if (!(first + second + h.b <= 1e-12 * scale)) return false;
  }
  return true;
}

/* The foot of the perpendicular from x on the edge: x - w z / |w|^2. */
static struct point foot(struct half_plane h, struct point x) {
  double z = h.w_1 * x.at[0] + h.w_2 * x.at[1] + h.b;
  double step = z / (h.w_1 * h.w_1 + h.w_2 * h.w_2);
  return (struct point){{x.at[0] - step * h.w_1, x.at[1] - step * h.w_2}};
}

/* Where two edges meet (Cramer's rule); not finite when they do not. */
static struct point corner(struct half_plane g, struct half_plane h) {
  double determinant = g.w_1 * h.w_2 - g.w_2 * h.w_1;
  return (struct point){{(g.w_2 * h.b - h.w_2 * g.b) / determinant,
                         (h.w_1 * g.b - g.w_1 * h.b) / determinant}};
}

static double distance(struct point a, struct point b) {
  return hypot(a.at[0] - b.at[0], a.at[1] - b.at[1]);
}

/* Keeps the candidate when it is a root, and nearer to x than the best. */
static void consider(struct point *best, const struct root_set *set,
                     struct point x, struct point candidate) {
  if (!isfinite(candidate.at[0]) || !isfinite(candidate.at[1])) return;
  bool none = isnan(best->at[0]);
  if ((none || distance(candidate, x) < distance(*best, x)) &&
      is_root(set, candidate))
    *best = candidate;
}

void dtd_plane_root(float *r, const struct dtd_network *network, const float *x,
                    float low, float high) {
  const struct dtd_layer *layer = &network->layer[0];
  const struct root_set set = {layer, (double)low, (double)high,
                               layer->units + 4};
  struct point from = {{(double)x[0], (double)x[1]}}, best = {{NAN, NAN}};
  consider(&best, &set, from, from);
  for (int n = 0; n < set.count; n++) {
    struct half_plane edge = half_plane(&set, n);
    consider(&best, &set, from, foot(edge, from));
    for (int other = 0; other < n; other++)
      consider(&best, &set, from, corner(edge, half_plane(&set, other)));
  }
  if (isnan(best.at[0]))
    dtd_die(DTD_FAILURE, "nearest root", "use biases of 0 or less",
            "f has no root in the box");
  for (int p = 0; p < 2; p++) r[p] = (float)best.at[p];
}
