/* How well the network and its relevance models predict, pair by pair. */
#include "evaluate/network_scores.h"

#include <math.h>

#include "base/memory.h"
#include "base/seconds.h"
#include "evaluate/metric.h"
#include "linear/product.h"

static void fit_batch(struct dtd_model_fit *fit,
                      const struct dtd_activations *act, int first) {
  struct dtd_decomposition *by = fit->by;
  float *predicted = dtd_new((size_t)act->batch, sizeof *predicted);
  dtd_decompose(by, act, 1);
  struct dtd_site site = dtd_site_at(by, act, 0);
  dtd_model_relevance(by->R_j[0], by->model[0], &site);
  dtd_sum_rows(predicted, by->R_j[0], act->batch,
               by->model[0]->detection.shape.units);
  for (int n = 0; n < act->batch; n++) {
    fit->predicted[first + n] = (double)predicted[n];
    fit->misfit[first + n] = (double)predicted[n] - (double)dtd_score(act)[n];
  }
  dtd_free(predicted);
}

/* Runs one batch of pairs and notes what is measured of it. */
static void score_batch(struct dtd_network_scores *s,
                        struct dtd_explainer *explainer, const float *images,
                        const float *t, int first, int batch) {
  double start = dtd_seconds();
  dtd_forward(explainer->act, explainer->network, dtd_rows(images, batch));
  s->seconds += dtd_seconds() - start;
  const float *f = dtd_score(explainer->act);
  for (int i = 0; i < s->fits; i++)
    fit_batch(&s->fit[i], explainer->act, first);
  for (int n = 0; n < batch; n++) {
    int at = first + n;
    s->error[at] = (double)f[n] - t[n];
    bool positive = t[n] > DTD_CONFIDENT;
    s->correct[at] = (f[n] > DTD_CONFIDENT) == positive;
    s->f[at] = f[n];
    s->positive[at] = positive ? f[n] : NAN;
    s->negative[at] = positive ? NAN : f[n];
  }
}

/* Every trained relevance model that the explainer has. */
static void open_fits(struct dtd_network_scores *s,
                      const struct dtd_explainer *explainer, int count) {
  for (int n = 0; dtd_model_kinds[n] && s->fits < DTD_MOST_MODELS; n++) {
    const struct dtd_model_kind *kind = dtd_model_kinds[n];
    struct dtd_decomposition *by = dtd_explainer_decomposition(explainer, kind);
    if (!kind->trained || !by) continue;
    double *both = dtd_new(2 * (size_t)count, sizeof *both);
    s->fit[s->fits++] =
        (struct dtd_model_fit){kind->name, by, both, both + count};
  }
}

struct dtd_network_scores *
dtd_network_scores_new(struct dtd_explainer *explainer,
                       const struct dtd_sampler *sampler, int count) {
  struct dtd_network_scores *s = dtd_new(1, sizeof *s);
  int capacity = explainer->capacity;
  s->count = count;
  s->error = dtd_new(5 * (size_t)count, sizeof *s->error);
  s->correct = s->error + count;
  s->f = s->correct + count;
  s->positive = s->f + count;
  s->negative = s->positive + count;
  open_fits(s, explainer, count);
  float *images = dtd_new((size_t)capacity * DTD_PAIR_PIXELS, sizeof *images);
  float *t = dtd_new((size_t)capacity, sizeof *t);
  for (int first = 0; first < count; first += capacity) {
    int batch = count - first < capacity ? count - first : capacity;
    dtd_pairs_draw(images, t, NULL, sampler, (uint64_t)first, batch);
    score_batch(s, explainer, images, t, first, batch);
  }
  dtd_free(images);
  dtd_free(t);
  return s;
}

double dtd_black_score(struct dtd_explainer *explainer) {
  float black[DTD_PAIR_PIXELS];
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) black[p] = DTD_PIXEL_LOW;
  dtd_forward(explainer->act, explainer->network, dtd_rows(black, 1));
  return (double)dtd_score(explainer->act)[0];
}

void dtd_network_scores_free(struct dtd_network_scores *scores) {
  if (!scores) return;
  for (int i = 0; i < scores->fits; i++) dtd_free(scores->fit[i].predicted);
  dtd_free(scores->error);
  dtd_free(scores);
}
