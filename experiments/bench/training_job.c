/* A training job: steps on minibatches, to be timed, and their least cost.
 */
#include "training_job.h"

#include "network/checkpoint.h"
#include "base/die.h"
#include "base/memory.h"
#include "relevance/relevance_learner.h"
#include "stopwatch.h"

struct dtd_training_job {
  struct dtd_training_settings settings;
  const struct dtd_sampler *sampler; /* borrowed */
  struct dtd_network *network;
  struct dtd_relevance_model *minmax;
  struct dtd_relevance_learner *learner;
  struct dtd_trainer *trainer;
};

/* The job but for its trainer. */
static struct dtd_training_job *open_job(const struct dtd_settings *settings,
                                         const struct dtd_sampler *sampler,
                                         enum dtd_kernel kernel) {
  if (settings->depth != 2)
    dtd_die(DTD_USAGE, "network.detection", "use the paper's two layers",
            "steps of %d layers cannot be timed", settings->depth);
  struct dtd_training_job *job = dtd_new(1, sizeof *job);
  job->settings = settings->training;
  job->settings.kernel = kernel;
  job->settings.rate.schedule = DTD_CONSTANT;
  job->settings.evaluation_pairs =
      settings->training.batch; /* no evaluation is made */
  job->sampler = sampler;
  job->network = dtd_network_new(settings->layer, settings->depth);
  dtd_network_initialise(job->network, settings->seed, settings->deviation);
  job->minmax = dtd_relevance_model_new(
      dtd_model_kind_find("minmax"), &job->network->layer[0],
      job->network->layer[1].shape.units, settings->training.batch);
  job->minmax->kind->initialise(job->minmax, settings->seed,
                                settings->minmax_deviation,
                                settings->minmax_top_down_deviation);
  return job;
}

static void open_trainer(struct dtd_training_job *job,
                         const struct dtd_settings *settings) {
  job->trainer =
      dtd_trainer_new(job->network, job->sampler, job->sampler, &job->settings);
  dtd_relevance_model_store(
      job->minmax, dtd_kernel_weights(job->settings.kernel), DTD_PIXEL_LOW);
  job->learner = dtd_relevance_learner_new(job->minmax, job->network,
                                           settings->explanation.upper_rule,
                                           job->settings.batch);
  struct dtd_learner learner = dtd_as_learner(
      job->learner,
      (struct dtd_rate){settings->minmax_rate.start, DTD_CONSTANT, 0});
  dtd_trainer_add(job->trainer, &learner);
}

struct dtd_training_job *
dtd_training_job_new(const struct dtd_settings *settings,
                     const struct dtd_sampler *sampler,
                     enum dtd_kernel kernel) {
  struct dtd_training_job *job = open_job(settings, sampler, kernel);
  open_trainer(job, settings);
  return job;
}

struct dtd_training_job *
dtd_training_job_from(const char *model, const struct dtd_settings *settings,
                      const struct dtd_sampler *sampler,
                      enum dtd_kernel kernel) {
  struct dtd_training_job *job = open_job(settings, sampler, kernel);
  struct dtd_tensors *tensors = dtd_tensors_read(model);
  dtd_network_free(job->network);
  job->network = dtd_model_network(tensors, false);
  job->minmax->layer = &job->network->layer[0];
  dtd_model_parameters(job->minmax->parameter, job->minmax->parameters,
                       tensors);
  dtd_tensors_free(tensors);
  open_trainer(job, settings);
  return job;
}

double dtd_training_job_run(struct dtd_training_job *job, int steps) {
  double start = dtd_seconds();
  for (int n = 0; n < steps; n++) dtd_trainer_step(job->trainer);
  return (dtd_seconds() - start) / steps;
}

void dtd_training_job_errors(double error[2],
                             const struct dtd_training_job *job) {
  error[0] = dtd_trainer_recent_error(job->trainer);
  error[1] = dtd_trainer_recent_learner_error(job->trainer, 0);
}

/* ---- what a step needs ---- */

static int count_inked(const struct dtd_ink *ink) {
  int inked = 0;
  for (int p = 0; p < ink->pixels; p++)
    inked += ink->start_of_pixel[p + 1] > ink->start_of_pixel[p];
  return inked;
}

/* The table above. */
static struct dtd_work work_of_batch(const struct dtd_network *network,
                                     const struct dtd_ink *ink,
                                     const struct dtd_activations *act) {
  double J = network->layer[0].shape.units, N = act->batch;
  double K = network->layer[1].shape.inputs, L = network->layer[1].shape.units;
  double s = (double)dtd_ink_spots(ink), r = count_inked(ink);
  double l, A = dtd_count_above(&l, act->detection[1], act->batch, (int)L, 0);
  double bytes = sizeof(float) * (2 * r * J + K * L + l * J);
  return (struct dtd_work){
      .operations = 8 * s * J + 2 * N * K * L + 8 * A * K + 4 * A * J,
      .read = bytes,
      .updated = bytes,
  };
}

struct dtd_work dtd_training_job_work(const struct dtd_training_job *job,
                                      int batches) {
  int batch = job->settings.batch, pixels = job->network->layer[0].shape.inputs;
  struct dtd_ink *ink = dtd_ink_new(pixels, batch);
  float *images = dtd_new((size_t)batch * (size_t)pixels, sizeof *images);
  float *t = dtd_new((size_t)batch, sizeof *t);
  struct dtd_activations *act = dtd_activations_new(job->network, batch);
  struct dtd_work mean = {0, 0, 0};
  dtd_trainer_write_weights(job->trainer);
  for (int n = 0; n < batches; n++) {
    uint64_t first = (uint64_t)(job->trainer->iteration + n) * (uint64_t)batch;
    dtd_pairs_draw(images, t, NULL, job->sampler, first, batch);
    dtd_ink_gather(ink, images, DTD_PIXEL_LOW, batch);
    dtd_ink_sort(ink);
    dtd_forward(act, job->network, dtd_rows(images, batch));
    struct dtd_work work = work_of_batch(job->network, ink, act);
    mean.operations += work.operations / batches;
    mean.read += work.read / batches;
    mean.updated += work.updated / batches;
  }
  dtd_activations_free(act);
  dtd_ink_free(ink);
  dtd_free(images);
  dtd_free(t);
  return mean;
}

size_t dtd_training_job_bytes(const struct dtd_training_job *job) {
  return (job->network->parameter_count + job->minmax->parameter_count) *
         sizeof(float);
}

void dtd_training_job_free(struct dtd_training_job *job) {
  if (!job) return;
  dtd_trainer_free(job->trainer);
  dtd_relevance_learner_free(job->learner);
  dtd_relevance_model_free(job->minmax);
  dtd_network_free(job->network);
  dtd_free(job);
}

double dtd_training_job_once(void *job) {
  return dtd_training_job_run(job, 1);
}
