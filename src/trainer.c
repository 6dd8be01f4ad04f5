/* Trains the network, and whatever learns beside it, by stochastic gradient
   descent. */
#include "trainer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "die.h"
#include "memory.h"

/* Everything a step or an evaluation writes, allocated once. */
struct dtd_training_buffers {
  float *images;       /* (batch, pixels), null when everything reads ink */
  struct dtd_ink *ink; /* null when the kernel is dense */
  float *t;            /* (batch) */
  float *d_output;     /* dL/df (batch) */
  struct dtd_activations *act; /* capacity batch */
  struct dtd_activations *d;
  float *test_images; /* the same for the evaluation pairs */
  struct dtd_ink *test_ink;
  float *test_t, *prediction; /* (evaluation pairs) */
  struct dtd_activations *test_act;
  double error, learner_error[DTD_MOST_LEARNERS]; /* of the latest batch */
};

double dtd_rate_at(struct dtd_rate rate, long n, long iterations) {
  if (rate.schedule == DTD_CONSTANT) return rate.start;
  return rate.start * (1 - (double)n / (double)iterations);
}

/* ---- create and free ---- */

/* Room for the images as images, and the test pairs drawn. */
static void open_images(struct dtd_trainer *trainer) {
  struct dtd_training_buffers *b = trainer->buffers;
  int tested = trainer->settings.evaluation_pairs;
  b->images =
      dtd_new((size_t)trainer->settings.batch * DTD_PAIR_PIXELS, sizeof(float));
  b->test_images = dtd_new((size_t)tested * DTD_PAIR_PIXELS, sizeof(float));
  dtd_pairs_draw(b->test_images, b->test_t, NULL, trainer->test, 0, tested);
}

/* The same as ink, and the first layer folded. */
static void open_ink(struct dtd_trainer *trainer) {
  struct dtd_training_buffers *b = trainer->buffers;
  const struct dtd_layer *layer = &trainer->network->layer[0];
  int batch = trainer->settings.batch;
  int tested = trainer->settings.evaluation_pairs;
  trainer->first = dtd_folded_new(layer->w, layer->inputs, layer->units,
                                  DTD_PIXEL_LOW, batch);
  b->ink = dtd_ink_new(DTD_PAIR_PIXELS, batch);
  b->test_ink = dtd_ink_new(DTD_PAIR_PIXELS, tested);
  dtd_pairs_ink(b->test_ink, b->test_t, trainer->test, 0, tested);
}

struct dtd_trainer *
dtd_trainer_new(struct dtd_network *network, const struct dtd_sampler *train,
                const struct dtd_sampler *test,
                const struct dtd_training_settings *settings) {
  struct dtd_trainer *trainer = dtd_new(1, sizeof *trainer);
  trainer->settings = *settings;
  trainer->network = network;
  trainer->train = train;
  trainer->test = test;
  long rows = settings->iterations / settings->evaluate_every + 2;
  trainer->history = dtd_new((size_t)rows, sizeof *trainer->history);
  struct dtd_training_buffers *b = trainer->buffers = dtd_new(1, sizeof *b);
  size_t batch = (size_t)settings->batch;
  size_t tested = (size_t)settings->evaluation_pairs;
  b->t = dtd_new(batch, sizeof(float));
  b->d_output = dtd_new(batch, sizeof(float));
  b->act = dtd_activations_new(network, settings->batch);
  b->d = dtd_activations_new(network, settings->batch);
  b->test_t = dtd_new(tested, sizeof(float));
  b->prediction = dtd_new(tested, sizeof(float));
  b->test_act = dtd_activations_new(network, settings->evaluation_pairs);
  if (settings->kernel == DTD_SPARSE)
    open_ink(trainer);
  else
    open_images(trainer);
  return trainer;
}

static bool reads_ink(const struct dtd_learner *learner) {
  for (int n = 0; n < learner->parameters; n++)
    if (learner->parameter[n].folded) return true;
  return false;
}

void dtd_trainer_add(struct dtd_trainer *trainer,
                     const struct dtd_learner *learner) {
  if (trainer->learners == DTD_MOST_LEARNERS)
    dtd_die(DTD_USAGE, learner->name, "train fewer beside one network",
            "more than %d learners", DTD_MOST_LEARNERS);
  if (!reads_ink(learner) && !trainer->buffers->images) open_images(trainer);
  trainer->learner[trainer->learners++] = *learner;
}

void dtd_trainer_free(struct dtd_trainer *trainer) {
  if (!trainer) return;
  struct dtd_training_buffers *b = trainer->buffers;
  float *arrays[] = {b->images,      b->t,      b->d_output,
                     b->test_images, b->test_t, b->prediction};
  for (size_t n = 0; n < sizeof arrays / sizeof *arrays; n++) free(arrays[n]);
  dtd_activations_free(b->act);
  dtd_activations_free(b->d);
  dtd_activations_free(b->test_act);
  dtd_ink_free(b->ink);
  dtd_ink_free(b->test_ink);
  dtd_folded_free(trainer->first);
  free(b);
  free(trainer->history);
  free(trainer);
}

/* ---- folded weights ---- */

int dtd_trainer_folded(struct dtd_parameter folded[DTD_MOST_FOLDED],
                       const struct dtd_trainer *trainer) {
  int count = 0;
  const struct dtd_layer *layer = &trainer->network->layer[0];
  if (trainer->first)
    folded[count++] =
        (struct dtd_parameter){"detection1.weight", layer->w, layer->inputs,
                               layer->units, trainer->first};
  for (int i = 0; i < trainer->learners; i++)
    for (int n = 0; n < trainer->learner[i].parameters; n++)
      if (trainer->learner[i].parameter[n].folded)
        folded[count++] = trainer->learner[i].parameter[n];
  return count;
}

void dtd_trainer_write_weights(const struct dtd_trainer *trainer) {
  struct dtd_parameter folded[DTD_MOST_FOLDED];
  int count = dtd_trainer_folded(folded, trainer);
  for (int n = 0; n < count; n++) dtd_folded_write(folded[n].folded);
}

static void settle(struct dtd_trainer *trainer) {
  struct dtd_parameter folded[DTD_MOST_FOLDED];
  int count = dtd_trainer_folded(folded, trainer);
  for (int n = 0; n < count; n++) dtd_folded_settle(folded[n].folded);
}

/* ---- one step ---- */

/* Forward, on whichever form of the batch the kernel reads. */
static void forward(struct dtd_activations *act,
                    const struct dtd_trainer *trainer, const float *images,
                    const struct dtd_ink *ink, int batch) {
  if (!trainer->first) {
    dtd_forward(act, trainer->network, images, batch);
    return;
  }
  dtd_forward_inked(act, trainer->network, trainer->first, ink);
  act->input = images;
}

/* b -= rate dL/db and w -= rate dL/dw, with b := min(b, 0). */
static void descend(struct dtd_trainer *trainer, double rate) {
  struct dtd_training_buffers *b = trainer->buffers;
  if (trainer->first)
    dtd_backward_inked(trainer->network, trainer->first, (float)-rate, b->d,
                       b->act, b->d_output);
  else
    dtd_backward(trainer->network, (float)-rate, NULL, b->d, trainer->network,
                 b->act, b->d_output);
  dtd_constrain_biases(trainer->network);
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

double dtd_trainer_step(struct dtd_trainer *trainer) {
  struct dtd_training_buffers *b = trainer->buffers;
  const struct dtd_training_settings *settings = &trainer->settings;
  long n = trainer->iteration;
  int batch = settings->batch;
  uint64_t pair = (uint64_t)n * (uint64_t)batch;
  if (b->ink) dtd_pairs_ink(b->ink, b->t, trainer->train, pair, batch);
  if (b->images)
    dtd_pairs_draw(b->images, b->t, NULL, trainer->train, pair, batch);
  forward(b->act, trainer, b->images, b->ink, batch);
  for (int i = 0; i < trainer->learners; i++) {
    struct dtd_learner *learner = &trainer->learner[i];
    double rate = dtd_rate_at(learner->rate, n, settings->iterations);
    b->learner_error[i] = learner->learn(learner->self, b->act, rate);
    trainer->learner_error_sum[i] += b->learner_error[i];
  }
  b->error = differentiate_loss(b->d_output, dtd_score(b->act), b->t, batch);
  descend(trainer, dtd_rate_at(settings->rate, n, settings->iterations));
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
  for (int j = 0; j < layer->units; j++)
    for (int n = 0; n < act->batch; n++)
      if (act->detection[index][(long)n * layer->units + j] > 0) {
        active++;
        break;
      }
  return (double)active / layer->units;
}

static double mean_square_difference(const float *a, const float *b,
                                     int count) {
  double sum = 0;
  for (int n = 0; n < count; n++)
    sum += ((double)a[n] - b[n]) * ((double)a[n] - b[n]);
  return sum / count;
}

/* A row of history, from the test pairs and the sums since the last row. */
static void evaluate(struct dtd_trainer *trainer) {
  struct dtd_training_buffers *b = trainer->buffers;
  struct dtd_history_row *row = &trainer->history[trainer->rows++];
  int pairs = trainer->settings.evaluation_pairs, correct = 0;
  double since =
      trainer->iteration - (trainer->rows > 1 ? row[-1].iteration : 0);
  forward(b->test_act, trainer, b->test_images, b->test_ink, pairs);
  const float *f = dtd_score(b->test_act);
  for (int n = 0; n < pairs; n++)
    correct += (f[n] > DTD_TARGET_VALUE / 2) == (b->test_t[n] > 0);
  *row = (struct dtd_history_row){
      .iteration = (double)trainer->iteration,
      .rate = dtd_rate_at(trainer->settings.rate, trainer->iteration - 1,
                          trainer->settings.iterations),
      .training_error = trainer->error_sum / since,
      .test_error = mean_square_difference(f, b->test_t, pairs),
      .accuracy = (double)correct / pairs,
  };
  for (int n = 0; n < trainer->network->depth; n++)
    row->active[n] = share_active(b->test_act, &trainer->network->layer[n], n);
  for (int i = 0; i < trainer->learners; i++) {
    struct dtd_learner *learner = &trainer->learner[i];
    learner->predict(b->prediction, learner->self, b->test_act);
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
    if (!isfinite(b->learner_error[i])) {
      char advice[64];
      snprintf(advice, sizeof advice, "lower %s.learning_rate",
               trainer->learner[i].name);
      dtd_die(DTD_FAILURE, "training", advice,
              "the relevance model %s diverged in iteration %ld (error %g)",
              trainer->learner[i].name, trainer->iteration,
              b->learner_error[i]);
    }
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
      evaluate(trainer);
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
