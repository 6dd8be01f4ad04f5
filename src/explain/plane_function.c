/* A function of two inputs as a table of detection units, with its nearest
   roots and its natural decomposition. */
#include "explain/plane_function.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "base/memory.h"
#include "base/rng.h"

/* ---- create ---- */

static bool reads_something(const struct dtd_plane_unit *unit) {
  return unit->w_1 != 0 || unit->w_2 != 0;
}

/* Units up to the last one that is not all zeros. */
static int unit_count(const struct dtd_plane_function *function) {
  int count = DTD_MOST_PLANE_UNITS;
  while (count && !reads_something(&function->unit[count - 1]) &&
         function->unit[count - 1].b == 0)
    count--;
  return count;
}

static void check_units(const struct dtd_plane_function *function, int count) {
  char what[128];
  bool reads = false;
  for (int j = 0; j < count; j++) {
    const struct dtd_plane_unit *unit = &function->unit[j];
    snprintf(what, sizeof what, "function %s, unit %d", function->name, j + 1);
    if (!isfinite(unit->w_1) || !isfinite(unit->w_2) || !isfinite(unit->b))
      dtd_die(DTD_USAGE, what, "use finite numbers", "{%g, %g, %g}",
              (double)unit->w_1, (double)unit->w_2, (double)unit->b);
    if (unit->b > 0)
      dtd_die(DTD_USAGE, what, "use a bias of 0 or less, as below Eq. 7",
              "with the positive bias %g, f may have no root", (double)unit->b);
    reads = reads || reads_something(unit);
  }
  if (!reads)
    dtd_die(DTD_USAGE, function->name, "give a unit a weight",
            "the function is zero everywhere");
}

struct dtd_network *
dtd_plane_network_new(const struct dtd_plane_function *function) {
  int count = unit_count(function);
  check_units(function, count);
  struct dtd_layer_shape shape = {
      .inputs = 2, .units = count, .pool = count, .norm = 1};
  struct dtd_network *network = dtd_network_new(&shape, 1);
  struct dtd_layer *layer = &network->layer[0];
  for (int j = 0; j < count; j++) {
    layer->w[j] = function->unit[j].w_1;
    layer->w[count + j] = function->unit[j].w_2;
    layer->b[j] = function->unit[j].b;
  }
  return network;
}

/* ---- inspect ---- */

/* One term of a sum: "x_1", " - 0.5 x_2", "-1"; nothing when it is zero. */
static void put_term(FILE *text, double factor, const char *variable,
                     bool first) {
  if (factor == 0) return;
  const char *minus = first ? "-" : " - ", *plus = first ? "" : " + ";
  fputs(factor < 0 ? minus : plus, text);
  if (!*variable || fabs(factor) != 1) fprintf(text, "%g", fabs(factor));
  if (*variable && fabs(factor) != 1) fputc(' ', text);
  fputs(variable, text);
}

static void put_formula(FILE *text, const struct dtd_plane_function *function) {
  bool first = true;
  for (int j = 0; j < DTD_MOST_PLANE_UNITS; j++) {
    const struct dtd_plane_unit *unit = &function->unit[j];
    if (!reads_something(unit)) continue;
    fputs(first ? "max(0, " : " + max(0, ", text);
    put_term(text, (double)unit->w_1, "x_1", true);
    put_term(text, (double)unit->w_2, "x_2", unit->w_1 == 0);
    put_term(text, (double)unit->b, "", false);
    fputc(')', text);
    first = false;
  }
}

char *dtd_plane_formula(const struct dtd_plane_function *function) {
  struct dtd_text *text = dtd_text_open();
  put_formula(text->stream, function);
  return dtd_text_close(text);
}

void dtd_plane_digest(char digest[17],
                      const struct dtd_plane_function *functions, int count) {
  struct dtd_text *text = dtd_text_open();
  for (int n = 0; n < count; n++) {
    fprintf(text->stream, "%s: ", functions[n].name);
    put_formula(text->stream, &functions[n]);
    fputc('\n', text->stream);
  }
  char *all = dtd_text_close(text);
  snprintf(digest, 17, "%016" PRIx64, dtd_hash(all));
  dtd_free(all);
}

/* ---- the nearest root ---- */

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
  if (n >= layer->shape.units) return box[n - layer->shape.units];
  return (struct half_plane){(double)layer->w[n],
                             (double)layer->w[layer->shape.units + n],
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
                               layer->shape.units + 4};
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

/* ---- the natural decomposition ---- */

/* The one input p(j) that a unit reads, -1 when it reads none, -2 for more. */
static int input_of(const struct dtd_layer *layer, int unit) {
  int input = -1;
  for (int p = 0; p < layer->shape.inputs; p++)
    if (layer->w[(long)p * layer->shape.units + unit] != 0)
      input = input == -1 ? p : -2;
  return input;
}

bool dtd_is_natural_sum(const struct dtd_network *network) {
  const struct dtd_layer *layer = &network->layer[0];
  if (network->depth != 1 || layer->shape.norm != 1) return false;
  for (int j = 0; j < layer->shape.units; j++) {
    int input = input_of(layer, j);
    if (input == -2 || (input == -1 && layer->b[j] > 0)) return false;
  }
  return true;
}

void dtd_natural_decomposition(float *R_p, const struct dtd_network *network,
                               const struct dtd_activations *act) {
  const struct dtd_layer *layer = &network->layer[0];
  if (!dtd_is_natural_sum(network))
    dtd_die(DTD_USAGE, "natural decomposition",
            "use units of one input each, or deep Taylor decomposition",
            "the network is no sum of functions of one input each");
  memset(R_p, 0,
         (size_t)act->batch * (size_t)layer->shape.inputs * sizeof *R_p);
  for (int j = 0; j < layer->shape.units; j++) {
    int p = input_of(layer, j);
    for (long n = 0; p >= 0 && n < act->batch; n++) /* R_p = sigma_p (Eq. 3) */
      R_p[n * layer->shape.inputs + p] +=
          act->detection[0][n * layer->shape.units + j];
  }
}
