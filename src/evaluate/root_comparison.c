/* Compares nearest-root solvers on the same images: the configured one, the
   best of its random restarts, and NLopt. */
#include "evaluate/root_comparison.h"

#include <math.h>

#include "base/memory.h"
#include "base/seconds.h"
#include "roots/root_search.h"

static const char *const names[] = {[DTD_CHOSEN] = "chosen",
                                    [DTD_RESTARTS] = "restarts",
                                    [DTD_REFERENCE] = "nlopt"};

static void contend(struct dtd_contender_result *by,
                    const struct dtd_network *network, const float *images,
                    int count, const struct dtd_explanation_settings *s,
                    const struct dtd_root_settings *settings) {
  long inputs = network->layer[0].shape.inputs;
  size_t pixels = (size_t)count * (size_t)inputs;
  float *r = dtd_new(2 * pixels, sizeof *r), *gradient = r + pixels;
  by->root = dtd_new((size_t)count, sizeof *by->root);
  by->positive = dtd_new(3 * (size_t)count, sizeof *by->positive);
  by->negative = by->positive + count;
  by->sum = by->negative + count;
  double start = dtd_seconds();
  dtd_nearest_roots(by->root, r, gradient, network, images, count, s->low,
                    s->high, settings);
  by->seconds = dtd_seconds() - start;
  for (int n = 0; n < count; n++)
    for (long p = n * inputs; p < (n + 1) * inputs; p++) {
      double R_p =
          (double)gradient[p] * ((double)images[p] - (double)r[p]); /* Eq. 5 */
      by->positive[n] += fmax(0, R_p);
      by->negative[n] -= fmin(0, R_p);
      by->sum[n] += R_p;
    }
  dtd_free(r);
}

struct dtd_root_comparison *dtd_root_comparison_new(
    const struct dtd_network *network, const float *images, int count,
    const struct dtd_explanation_settings *settings, int restarts) {
  struct dtd_root_comparison *comparison = dtd_new(1, sizeof *comparison);
  comparison->count = count;
  for (int c = 0; c < DTD_CONTENDERS; c++) {
    struct dtd_root_settings own = settings->root;
    if (c == DTD_RESTARTS) {
      own.solver = DTD_ROOT_MULTIPLIER;
      own.starts = restarts;
      own.first_start = 1000; /* none of the chosen solver's own */
    }
    if (c == DTD_REFERENCE) {
      own = dtd_root_defaults();
      own.fraction = settings->root.fraction;
      own.solver = DTD_ROOT_NLOPT;
      own.evaluations = 3000; /* it takes smaller steps */
      own.starts = 4;
    }
    contend(&comparison->by[c], network, images, count, settings, &own);
  }
  return comparison;
}

double dtd_root_share_within(const struct dtd_contender_result *a,
                             const struct dtd_contender_result *b, int count) {
  int within = 0;
  for (int n = 0; n < count; n++)
    within += a->root[n].feasible &&
              a->root[n].distance <= 1.01 * b->root[n].distance;
  return (double)within / count;
}

void dtd_root_comparison_write(const char *path,
                               const struct dtd_root_comparison *comparison,
                               const struct dtd_provenance *from) {
  FILE *table = dtd_table_open(
      path, from,
      "example contender f f_ratio distance cosine own_cosine evaluations "
      "starts certified positive negative sum");
  for (int n = 0; n < comparison->count; n++)
    for (int c = 0; c < DTD_CONTENDERS; c++) {
      const struct dtd_contender_result *by = &comparison->by[c];
      const struct dtd_root *r = &by->root[n];
      dtd_table_row(table, "%d %s %f %f %f %f %f %d %d %d %f %f %f", n,
                    names[c], r->f, r->f > 0 ? r->f_root / r->f : (double)NAN,
                    r->distance, r->cosine, r->own_cosine, r->evaluations,
                    r->starts, r->certified, by->positive[n], by->negative[n],
                    by->sum[n]);
    }
  dtd_table_close(table);
}

void dtd_root_comparison_print(FILE *output,
                               const struct dtd_root_comparison *comparison) {
  int count = comparison->count;
  fprintf(output, "%-9s %9s %9s %9s %9s %9s %9s %9s %9s\n", "contender",
          "certified", "own_cos", "restarts", "nlopt", "distance", "max_ratio",
          "negative", "roots/s");
  for (int c = 0; c < DTD_CONTENDERS; c++) {
    const struct dtd_contender_result *by = &comparison->by[c];
    double certified = 0, own = 0, distance = 0, ratio = 0;
    double positive = 0, negative = 0;
    for (int n = 0; n < count; n++) {
      const struct dtd_root *r = &by->root[n];
      certified += r->certified;
      own += r->own_cosine >= DTD_CERTIFIED_COSINE;
      distance += r->distance;
      if (r->f > 0) ratio = fmax(ratio, r->f_root / r->f);
      positive += by->positive[n];
      negative += by->negative[n];
    }
    fprintf(output, "%-9s %9.3f %9.3f %9.3f %9.3f %9.4f %9.5f %9.2g %9.2f\n",
            names[c], certified / count, own / count,
            dtd_root_share_within(by, &comparison->by[DTD_RESTARTS], count),
            dtd_root_share_within(by, &comparison->by[DTD_REFERENCE], count),
            distance / count, ratio, negative / positive, count / by->seconds);
  }
  fputs("own_cos: share whose own region's gradient has cosine >= 0.99; "
        "restarts, nlopt:\nshare at most 1.01 times as far as theirs; "
        "negative: to positive relevance\n",
        output);
}

void dtd_root_comparison_free(struct dtd_root_comparison *comparison) {
  if (!comparison) return;
  for (int c = 0; c < DTD_CONTENDERS; c++) {
    dtd_free(comparison->by[c].root);
    dtd_free(comparison->by[c].positive);
  }
  dtd_free(comparison);
}
