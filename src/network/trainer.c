/* Trains the network, and what learns beside it, by stochastic gradient
   descent. */
#include "network/trainer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"
#include "base/region.h"
#include "linear/ink.h"

/* A batch of pairs. */
struct pairs {
  int count;
  long iteration;      /* that they are drawn for; -1 for none yet */
  struct dtd_ink *ink; /* what is drawn: inputs as ink */
  float *t;            /* (count) */
};

/* Everything a step or an evaluation writes, allocated once. */
struct dtd_training_buffers {
  struct pairs batch[2];       /* of this iteration and the next, in turns */
  float *d_output;             /* dL/df (batch) */
  struct dtd_activations *act; /* capacity batch */
  struct dtd_activations *d;
  struct pairs test;
  float *prediction; /* (evaluation pairs) */
  struct dtd_activations *test_act;
  float *z[DTD_MOST_LEARNERS]; /* (batch, units): the sums of their `reads` */
  double error, learner_error[DTD_MOST_LEARNERS]; /* of the latest batch */
  struct dtd_region region;                       /* of what is shared now */
};

const char *const dtd_schedules[] = {
    [DTD_CONSTANT] = "constant", [DTD_LINEAR] = "linear", NULL};
const char *const dtd_kernels[] = {
    [DTD_DENSE] = "dense", [DTD_SPARSE] = "sparse", NULL};

const struct dtd_weights_kind *dtd_kernel_weights(enum dtd_kernel kernel) {
  static const struct dtd_weights_kind *const kinds[] = {
      [DTD_DENSE] = &dtd_dense, [DTD_SPARSE] = &dtd_folded};
  return kinds[kernel];
}

double dtd_rate_at(struct dtd_rate rate, long n, long iterations) {
  double scheduled = rate.start;
  if (rate.schedule == DTD_LINEAR)
    scheduled *= 1 - (double)n / (double)iterations;
  if (n + 1 < rate.rise) scheduled *= (double)(n + 1) / (double)rate.rise;
  return scheduled;
}

/* ---- create and free ---- */

static void open_pairs(struct pairs *pairs, int count) {
  *pairs = (struct pairs){.count = count, .iteration = -1};
  pairs->t = dtd_new((size_t)count, sizeof *pairs->t);
  pairs->ink = dtd_ink_new(DTD_PAIR_PIXELS, count);
}

static void close_pairs(struct pairs *pairs) {
  dtd_ink_free(pairs->ink);
  dtd_free(pairs->t);
}

/* Pairs first .. first + count - 1 of a stream. */
static void draw(struct pairs *pairs, const struct dtd_sampler *sampler,
                 uint64_t first) {
  dtd_pairs_ink(pairs->ink, pairs->t, sampler, first, pairs->count);
}

void dtd_check_training(const struct dtd_training_settings *settings) {
  const struct dtd_optimiser_settings *optimiser = &settings->optimiser;
  if (!dtd_optimiser_in_place(optimiser) &&
      !dtd_weights_kind_is_open(dtd_kernel_weights(settings->kernel)))
    dtd_die(DTD_USAGE, "training.optimiser", "set training.kernel = dense, too",
            "%s moves every weight in every step, but the sparse kernel only "
            "those of inked pixels",
            optimiser->kind->name);
  if (dtd_optimiser_weights_kept(optimiser, settings->rate.start) < 0)
    dtd_die(DTD_USAGE, "training.weight_decay",
            "use less than 1 / training.learning_rate",
            "%g at a rate of %g takes more than all of a weight in a step",
            optimiser->weight_decay, settings->rate.start);
}

struct dtd_trainer *
dtd_trainer_new(struct dtd_network *network, const struct dtd_sampler *train,
                const struct dtd_sampler *test,
                const struct dtd_training_settings *settings) {
  dtd_check_training(settings);
  struct dtd_trainer *trainer = dtd_new(1, sizeof *trainer);
  trainer->settings = *settings;
  trainer->network = network;
  trainer->train = train;
  trainer->test = test;
  struct dtd_training_buffers *b = trainer->buffers = dtd_new(1, sizeof *b);
  for (int n = 0; n < 2; n++) open_pairs(&b->batch[n], settings->batch);
  open_pairs(&b->test, settings->evaluation_pairs);
  b->d_output = dtd_new((size_t)settings->batch, sizeof(float));
  b->act = dtd_activations_new(network, settings->batch);
  b->d = dtd_activations_new(network, settings->batch);
  b->prediction = dtd_new((size_t)settings->evaluation_pairs, sizeof(float));
  b->test_act = dtd_activations_new(network, settings->evaluation_pairs);
  trainer->stored =
      dtd_network_stored(network, dtd_kernel_weights(settings->kernel),
                         DTD_PIXEL_LOW, settings->batch);
  if (!dtd_optimiser_in_place(&settings->optimiser))
    trainer->optimiser = dtd_optimiser_new(&settings->optimiser, network);
  draw(&b->test, test, 0);
  return trainer;
}

void dtd_trainer_add(struct dtd_trainer *trainer,
                     const struct dtd_learner *learner) {
  if (trainer->learners == DTD_MOST_LEARNERS)
    dtd_die(DTD_USAGE, learner->name, "train fewer beside one network",
            "more than %d learners", DTD_MOST_LEARNERS);
  if (learner->reads)
    trainer->buffers->z[trainer->learners] =
        dtd_new_beside(trainer,
                       (size_t)trainer->settings.batch *
                           (size_t)dtd_weights_units(learner->reads),
                       sizeof(float));
  trainer->learner[trainer->learners++] = *learner;
}

void dtd_trainer_free(struct dtd_trainer *trainer) {
  if (!trainer) return;
  struct dtd_training_buffers *b = trainer->buffers;
  for (int n = 0; n < 2; n++) close_pairs(&b->batch[n]);
  close_pairs(&b->test);
  dtd_free(b->d_output);
  dtd_free(b->prediction);
  dtd_activations_free(b->act);
  dtd_activations_free(b->d);
  dtd_activations_free(b->test_act);
  for (int i = 0; i < trainer->learners; i++) dtd_free(b->z[i]);
  dtd_network_free(trainer->stored);
  dtd_optimiser_free(trainer->optimiser);
  dtd_free(b);
  dtd_free(trainer->history);
  dtd_free(trainer);
}

/* ---- the weights that are trained ---- */

int dtd_trainer_weights(struct dtd_parameter stored[DTD_MOST_STORED],
                        const struct dtd_trainer *trainer) {
  static const char *const names[DTD_MOST_LAYERS] = {
      "detection1.weight", "detection2.weight", "detection3.weight",
      "detection4.weight", "detection5.weight", "detection6.weight",
      "detection7.weight", "detection8.weight"};
  int count = 0;
  for (int n = 0; n < trainer->stored->depth; n++) {
    const struct dtd_layer *layer = &trainer->stored->layer[n];
    stored[count++] =
        (struct dtd_parameter){names[n], layer->w, layer->shape.inputs,
                               layer->shape.units, layer->weights};
  }
  for (int i = 0; i < trainer->learners; i++)
    for (int n = 0; n < trainer->learner[i].parameters; n++)
      if (trainer->learner[i].parameter[n].weights)
        stored[count++] = trainer->learner[i].parameter[n];
  return count;
}

void dtd_trainer_write_weights(const struct dtd_trainer *trainer) {
  struct dtd_parameter stored[DTD_MOST_STORED];
  int count = dtd_trainer_weights(stored, trainer);
  for (int n = 0; n < count; n++) dtd_weights_write(stored[n].weights);
}

static void settle(struct dtd_trainer *trainer) {
  struct dtd_parameter stored[DTD_MOST_STORED];
  int count = dtd_trainer_weights(stored, trainer);
  for (int n = 0; n < count; n++) dtd_weights_settle(stored[n].weights);
}

/* ---- one step ---- */

/* The step of an optimiser that needs the gradient apart. */
static void optimise(struct dtd_trainer *trainer, double rate) {
  struct dtd_training_buffers *b = trainer->buffers;
  struct dtd_network *gradient = trainer->optimiser->gradient;
  memset(gradient->parameters, 0,
         gradient->parameter_count * sizeof *gradient->parameters);
  dtd_backward(gradient, 1, 1, NULL, b->d, trainer->stored, b->act,
               b->d_output);
  dtd_optimiser_step(trainer->network, trainer->optimiser, rate,
                     trainer->iteration + 1);
}

/* One step against the gradient, and b := min(b, 0). */
static void descend(struct dtd_trainer *trainer, double rate) {
  const struct dtd_training_settings *settings = &trainer->settings;
  struct dtd_training_buffers *b = trainer->buffers;
  if (trainer->optimiser)
    optimise(trainer, rate);
  else
    dtd_backward(
        trainer->stored, dtd_optimiser_weights_kept(&settings->optimiser, rate),
        (float)-rate, NULL, b->d, trainer->stored, b->act, b->d_output);
  if (!settings->free_biases) dtd_constrain_biases(trainer->network);
}

/* dL/df = 2 (f - t) / batch, of L = mean (f - t)^2, which is returned. */
static double differentiate_loss(float *d_output, const float *f,
                                 const float *t, int batch) {
  double sum = 0;
  for (int n = 0; n < batch; n++) {
    double error = (double)f[n] - t[n];
    sum += error * error;
    d_output[n] = (float)(2 * error / batch);
  }
  return sum / batch;
}

/* The pairs of iteration n, unless they are there already. */
static void draw_batch(struct dtd_trainer *trainer, long n) {
  struct pairs *batch = &trainer->buffers->batch[n % 2];
  if (batch->iteration == n) return;
  draw(batch, trainer->train, (uint64_t)n * (uint64_t)batch->count);
  batch->iteration = n;
}

/* The network's scores of a batch, their error, and what learners need of it.
 */
static void let_score(struct dtd_trainer *trainer, const struct pairs *batch) {
  struct dtd_training_buffers *b = trainer->buffers;
  dtd_forward(b->act, trainer->stored, dtd_inked(batch->ink));
  b->error = differentiate_loss(b->d_output, dtd_score(b->act), batch->t,
                                batch->count);
  for (int i = 0; i < trainer->learners; i++) {
    struct dtd_learner *learner = &trainer->learner[i];
    if (learner->prepare) learner->prepare(learner->self, b->act);
  }
}

/* What learners need of the batch alone. */
static void let_read(struct dtd_trainer *trainer, const struct pairs *batch) {
  struct dtd_inputs x = dtd_inked(batch->ink);
  for (int i = 0; i < trainer->learners; i++)
    if (trainer->learner[i].reads)
      dtd_weights_apply(trainer->buffers->z[i], trainer->learner[i].reads, &x);
}

static void let_learn(struct dtd_trainer *trainer, long n) {
  struct dtd_training_buffers *b = trainer->buffers;
  for (int i = 0; i < trainer->learners; i++) {
    struct dtd_learner *learner = &trainer->learner[i];
    double rate = dtd_rate_at(learner->rate, n, trainer->settings.iterations);
    struct dtd_inputs x = b->act->input;
    if (learner->reads) x = dtd_inputs_knowing(x, learner->reads, b->z[i]);
    b->learner_error[i] = learner->learn(learner->self, &x, rate);
  }
}

/* One iteration, as tasks for the threads of the caller's region. What runs
   beside a task shares nothing that is written: while the network computes,
   learners read the same inputs, and the next pairs are drawn into other
   buffers; the network's step changes the network and b->d alone, which
   learners that are prepared do not read. */
static void step(struct dtd_trainer *trainer) {
  long n = trainer->iteration;
  const struct dtd_training_settings *settings = &trainer->settings;
  struct dtd_training_buffers *b = trainer->buffers;
  const struct pairs *batch = &b->batch[n % 2];
  draw_batch(trainer, n);
#pragma omp task
  DTD_GUARD (&b->region) let_score(trainer, batch);
  let_read(trainer, batch);
  draw_batch(trainer, n + 1);
#pragma omp taskwait
#pragma omp task
  DTD_GUARD (&b->region)
    descend(trainer, dtd_rate_at(settings->rate, n, settings->iterations));
  let_learn(trainer, n);
#pragma omp taskwait
}

/* Runs `work` in one parallel region, whose threads share its tasks. */
static void share(void (*work)(struct dtd_trainer *),
                  struct dtd_trainer *trainer) {
  struct dtd_region *region = &trainer->buffers->region;
  *region = (struct dtd_region){0};
#pragma omp parallel
#pragma omp master
  DTD_GUARD (region) work(trainer);
  dtd_region_end(region);
}

double dtd_trainer_step(struct dtd_trainer *trainer) {
  struct dtd_training_buffers *b = trainer->buffers;
  share(step, trainer);
  for (int i = 0; i < trainer->learners; i++)
    trainer->learner_error_sum[i] += b->learner_error[i];
  trainer->error_sum += b->error;
  trainer->iteration++;
  if (trainer->iteration % DTD_SETTLE_EVERY == 0) settle(trainer);
  return b->error;
}

double dtd_trainer_recent_error(const struct dtd_trainer *trainer) {
  return trainer->buffers->error;
}

double dtd_trainer_recent_learner_error(const struct dtd_trainer *trainer,
                                        int learner) {
  return trainer->buffers->learner_error[learner];
}

/* ---- evaluation ---- */

/* The share of a layer's units that are on for at least one example. */
static double share_active(const struct dtd_activations *act,
                           const struct dtd_layer *layer, int index) {
  int active = 0;
  for (int j = 0; j < layer->shape.units; j++)
    for (int n = 0; n < act->batch; n++)
      if (act->detection[index][(long)n * layer->shape.units + j] > 0) {
        active++;
        break;
      }
  return (double)active / layer->shape.units;
}

static double mean_square_difference(const float *a, const float *b,
                                     int count) {
  double sum = 0;
  for (int n = 0; n < count; n++)
    sum += ((double)a[n] - b[n]) * ((double)a[n] - b[n]);
  return sum / count;
}

void dtd_trainer_set_rows(struct dtd_trainer *trainer, int rows) {
  if (rows > trainer->room) { /* twice what is needed: rows come one by one */
    struct dtd_history_row *larger =
        dtd_new_beside(trainer, 2 * (size_t)rows, sizeof *larger);
    if (trainer->rows)
      memcpy(larger, trainer->history, (size_t)trainer->rows * sizeof *larger);
    dtd_free(trainer->history);
    trainer->history = larger;
    trainer->room = 2 * rows;
  }
  trainer->rows = rows;
}

/* A row of history, from the test pairs and the sums since the last row. */
static void evaluate(struct dtd_trainer *trainer) {
  struct dtd_training_buffers *b = trainer->buffers;
  dtd_trainer_set_rows(trainer, trainer->rows + 1);
  struct dtd_history_row *row = &trainer->history[trainer->rows - 1];
  int pairs = trainer->settings.evaluation_pairs, correct = 0;
  double since =
      trainer->iteration - (trainer->rows > 1 ? row[-1].iteration : 0);
  dtd_forward(b->test_act, trainer->stored, dtd_inked(b->test.ink));
  const float *f = dtd_score(b->test_act);
  for (int n = 0; n < pairs; n++)
    correct += (f[n] > DTD_TARGET_VALUE / 2) == (b->test.t[n] > 0);
  *row = (struct dtd_history_row){
      .iteration = (double)trainer->iteration,
      .rate = dtd_rate_at(trainer->settings.rate, trainer->iteration - 1,
                          trainer->settings.iterations),
      .training_error = trainer->error_sum / since,
      .test_error = mean_square_difference(f, b->test.t, pairs),
      .accuracy = (double)correct / pairs,
  };
  for (int n = 0; n < trainer->network->depth; n++)
    row->active[n] = share_active(b->test_act, &trainer->network->layer[n], n);
  for (int i = 0; i < trainer->learners; i++) {
    struct dtd_learner *learner = &trainer->learner[i];
    struct dtd_dead dead = {0};
    learner->predict(b->prediction, &dead, learner->self, b->test_act);
    row->dead_units[i] = dead.units;
    row->dead_pools[i] = dead.pools;
    row->learner_rms[i] = sqrt(mean_square_difference(b->prediction, f, pairs));
    row->learner_error[i] = trainer->learner_error_sum[i] / since;
    trainer->learner_error_sum[i] = 0;
  }
  trainer->error_sum = 0;
}

/* ---- the loop ---- */

static void check_finite(const struct dtd_trainer *trainer) {
  const struct dtd_training_buffers *b = trainer->buffers;
  if (!isfinite(b->error))
    dtd_die(DTD_FAILURE, "training",
            "lower training.learning_rate or network.deviation",
            "the network diverged in iteration %ld (error %g)",
            trainer->iteration, b->error);
  for (int i = 0; i < trainer->learners; i++)
    if (!isfinite(b->learner_error[i]))
      dtd_die(DTD_FAILURE, "training", "lower minmax.learning_rate",
              "the relevance model %s diverged in iteration %ld (error %g)",
              trainer->learner[i].name, trainer->iteration,
              b->learner_error[i]);
}

static void check_alive(const struct dtd_trainer *trainer) {
  const struct dtd_history_row *row = &trainer->history[trainer->rows - 1];
  for (int n = 0; n < trainer->network->depth; n++)
    if (row->active[n] == 0)
      dtd_die(DTD_FAILURE, "training",
              "lower training.learning_rate, or change training.seed or "
              "network.deviation",
              "the network died by iteration %ld: no unit of detection layer "
              "%d is on for any of %d test pairs",
              trainer->iteration, n + 1, trainer->settings.evaluation_pairs);
}

enum dtd_training_end dtd_train(struct dtd_trainer *trainer,
                                const struct dtd_training_hooks *hooks) {
  const struct dtd_training_settings *settings = &trainer->settings;
  enum dtd_training_end end = DTD_TRAINED;
  while (trainer->iteration < settings->iterations && end == DTD_TRAINED) {
    dtd_trainer_step(trainer);
    check_finite(trainer);
    long n = trainer->iteration;
    if (n % settings->evaluate_every == 0 || n == settings->iterations) {
      share(evaluate, trainer);
      check_alive(trainer);
      if (hooks->evaluated) hooks->evaluated(hooks->self, trainer);
    }
    if (hooks->progress) hooks->progress(hooks->self, trainer);
    bool stop = hooks->stop && *hooks->stop;
    if (hooks->checkpoint && n < settings->iterations &&
        (stop || n % settings->checkpoint_every == 0))
      hooks->checkpoint(hooks->self, trainer);
    if (stop && n < settings->iterations) end = DTD_STOPPED;
  }
  dtd_trainer_write_weights(trainer);
  return end;
}
