/* One set of test pairs, explained and measured by every method. */
#include "evaluate/evaluated_set.h"

#include <string.h>

#include "base/memory.h"
#include "base/region.h"
#include "base/seconds.h"
#include "linear/product.h"

void dtd_set_draw(struct dtd_evaluated_set *set,
                  const struct dtd_sampler *sampler, int count) {
  set->count = count;
  set->images = dtd_new((size_t)count * DTD_PAIR_PIXELS, sizeof *set->images);
  set->t = dtd_new((size_t)count, sizeof *set->t);
  set->pairs = dtd_new((size_t)count, sizeof *set->pairs);
  dtd_pairs_draw(set->images, set->t, set->pairs, sampler, 0, count);
}

/* Keeps the roots that the method has left in the explainer. */
static void keep_roots(struct dtd_explained *by,
                       const struct dtd_explainer *explainer, int first,
                       int batch) {
  memcpy(by->roots + first, explainer->root, (size_t)batch * sizeof *by->roots);
  memcpy(by->root_points + (long)first * DTD_PAIR_PIXELS, explainer->roots,
         (size_t)batch * DTD_PAIR_PIXELS * sizeof *by->root_points);
  for (int n = first; n < first + batch; n++)
    by->measures[n].left_out = !by->roots[n].certified;
}

/* The relevance that a decomposition gave to the first detection layer. */
static void note_entered(struct dtd_measures *measures,
                         const struct dtd_explainer *explainer, int batch) {
  if (!explainer->walked) return;
  float *sums = dtd_new((size_t)batch, sizeof *sums);
  dtd_sum_rows(sums, explainer->walked->R_j[0], batch,
               explainer->walked->model[0]->detection.shape.units);
  for (int n = 0; n < batch; n++) measures[n].entered = (double)sums[n];
  dtd_free(sums);
}

/* Where the relevance of a batch went on its way. */
static void keep_books(struct dtd_explained *by,
                       const struct dtd_explainer *explainer, int first,
                       int batch) {
  for (int n = first; n < first + batch; n++) {
    struct dtd_ledger_entry entries[DTD_MOST_ENTRIES];
    const struct dtd_measures *m = &by->measures[n];
    by->entries = explainer->walked
                      ? dtd_ledger_of_decomposition(entries, explainer->walked,
                                                    explainer->act, n - first)
                      : dtd_ledger_of_sum(entries, m->f, m->sum_r,
                                          by->roots ? &by->roots[n] : NULL);
    size_t rows = (size_t)by->entries;
    if (!by->ledger)
      by->ledger = dtd_new((size_t)by->count * rows, sizeof *entries);
    memcpy(by->ledger + (size_t)n * rows, entries, rows * sizeof *entries);
  }
}

void dtd_set_explain(struct dtd_evaluated_set *set, int index,
                     struct dtd_explainer *explainer, const bool *never_inked,
                     dtd_evaluation_progress *progress) {
  struct dtd_explained *by = &set->by[index];
  int capacity = by->method->slow ? 20 : explainer->capacity;
  size_t count = (size_t)by->count;
  if (capacity > explainer->capacity) capacity = explainer->capacity;
  by->R_p = dtd_new(count * DTD_PAIR_PIXELS, sizeof *by->R_p);
  by->measures = dtd_new(count, sizeof *by->measures);
  if (by->method->finds_roots) {
    by->roots = dtd_new(count, sizeof *by->roots);
    by->root_points = dtd_new(count * DTD_PAIR_PIXELS, sizeof(float));
  }
  float *f = dtd_new((size_t)capacity, sizeof *f);
  for (int first = 0; first < by->count; first += capacity) {
    int left = by->count - first, batch = left < capacity ? left : capacity;
    const float *images = set->images + (long)first * DTD_PAIR_PIXELS;
    float *R_p = by->R_p + (long)first * DTD_PAIR_PIXELS;
    double start = dtd_seconds();
    dtd_explain(R_p, f, explainer, by->method, images, batch);
    by->seconds += dtd_seconds() - start;
    struct dtd_region region = {0};
#pragma omp parallel for schedule(static)
    for (int n = 0; n < batch; n++)
      DTD_GUARD (&region)
        by->measures[first + n] =
            dtd_measure(R_p + (long)n * DTD_PAIR_PIXELS, (double)f[n],
                        images + (long)n * DTD_PAIR_PIXELS,
                        &set->pairs[first + n], never_inked);
    dtd_region_end(&region);
    if (by->roots) keep_roots(by, explainer, first, batch);
    note_entered(by->measures + first, explainer, batch);
    keep_books(by, explainer, first, batch);
    if (progress) progress(by->method->name, first + batch, by->count);
  }
  dtd_free(f);
}

static void free_curves(struct dtd_curves *curves) {
  for (int k = 0; k < DTD_FLIPPINGS; k++) dtd_free(curves->at[k]);
}

void dtd_set_free(struct dtd_evaluated_set *set, int methods) {
  for (int m = 0; m < methods; m++) {
    dtd_free(set->by[m].R_p);
    dtd_free(set->by[m].measures);
    dtd_free(set->by[m].ledger);
    dtd_free(set->by[m].roots);
    dtd_free(set->by[m].root_points);
    free_curves(&set->by[m].curves);
    dtd_free(set->by[m].randomised);
  }
  free_curves(&set->random_order);
  dtd_free(set->images);
  dtd_free(set->t);
  dtd_free(set->pairs);
}
