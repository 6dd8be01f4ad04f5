/* A heatmap job: one method on one batch, to be timed, and its least cost.
 */
#include "heatmap_job.h"

#include <string.h>

#include "base/memory.h"
#include "files/pairs.h"
#include "stopwatch.h"

struct dtd_heatmap_job {
  struct dtd_explainer *explainer;
  struct dtd_relevance_model *minmax; /* borrowed, or null */
  const struct dtd_method *method;
  const float *images; /* (batch, inputs), borrowed */
  int batch;
  float *heatmaps; /* (batch, inputs) */
};

struct dtd_heatmap_job *dtd_heatmap_job_new(
    const struct dtd_network *network, struct dtd_relevance_model *minmax,
    const struct dtd_explanation_settings *settings,
    const struct dtd_method *method, const float *images, int batch) {
  struct dtd_heatmap_job *job = dtd_new(1, sizeof *job);
  job->minmax = minmax;
  job->explainer = dtd_explainer_new(
      network, minmax, settings, batch < DTD_AT_A_TIME ? batch : DTD_AT_A_TIME);
  job->method = method;
  job->images = images;
  job->batch = batch;
  job->heatmaps =
      dtd_new((size_t)batch * (size_t)network->layer[0].shape.inputs,
              sizeof *job->heatmaps);
  return job;
}

double dtd_heatmap_job_run(struct dtd_heatmap_job *job, int repeats) {
  double start = dtd_seconds();
  for (int n = 0; n < repeats; n++)
    dtd_explain(job->heatmaps, NULL, job->explainer, job->method, job->images,
                job->batch);
  return (dtd_seconds() - start) / repeats;
}

const float *dtd_heatmap_job_heatmaps(const struct dtd_heatmap_job *job) {
  return job->heatmaps;
}

/* ---- what the batch needs ---- */

/* The table above, for what `e` has explained last: the whole batch. */
static struct dtd_work work_of(const struct dtd_heatmap_job *job,
                               const struct dtd_explainer *e) {
  const struct dtd_network *network = e->network;
  bool sensitivity = !strcmp(job->method->name, "sensitivity");
  bool minmax = dtd_method_is_trained(job->method);
  bool rules = !strcmp(e->settings.first_rule->name, "zB") &&
               !strcmp(e->settings.upper_rule->name, "z+");
  if (network->depth != 2 || (!sensitivity && (!e->walked || !rules)))
    return (struct dtd_work){0, 0, 0};
  const float *handed_down =
      sensitivity ? e->act->detection[0] : e->walked->R_j[0];
  double P = network->layer[0].shape.inputs, J = network->layer[0].shape.units;
  double K = network->layer[1].shape.inputs, L = network->layer[1].shape.units;
  double N = job->batch, r, l, U;
  double s =
      dtd_count_above(&r, job->images, job->batch, (int)P, DTD_PIXEL_LOW);
  double A = dtd_count_above(&l, e->act->detection[1], job->batch, (int)L, 0);
  double B = dtd_count_above(&U, handed_down, job->batch, (int)J, 0);
  int matrices = minmax ? 2 : 1, products = sensitivity ? 1 : 2;
  return (struct dtd_work){
      .operations = matrices * 2 * s * J + 2 * N * K * L +
                    products * 2 * A * K + (minmax ? 2 * A * J : 0) +
                    products * 2 * P * B,
      .read = sizeof(float) * (matrices * r * J + products * P * U +
                               (minmax ? l * J : 0) + N * P),
      .updated = sizeof(float) * N * P,
  };
}

struct dtd_work dtd_heatmap_job_work(const struct dtd_heatmap_job *job) {
  const struct dtd_explainer *own = job->explainer;
  struct dtd_explainer *whole =
      dtd_explainer_new(own->network, job->minmax, &own->settings, job->batch);
  dtd_explain(job->heatmaps, NULL, whole, job->method, job->images, job->batch);
  struct dtd_work work = work_of(job, whole);
  dtd_explainer_free(whole);
  return work;
}

void dtd_heatmap_job_free(struct dtd_heatmap_job *job) {
  if (!job) return;
  dtd_explainer_free(job->explainer);
  dtd_free(job->heatmaps);
  dtd_free(job);
}

double dtd_heatmap_job_once(void *job) {
  return dtd_heatmap_job_run(job, 1);
}
