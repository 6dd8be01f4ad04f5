/* Tests training: it learns, it repeats, it resumes, and it says when it fails.
 */

#include "base/test.h"
#include "network/test_checkpoint.h"
#include "linear/processor.h"
#include "linear/threads.h"
#include "network/test_optimiser.h"

static const struct dtd_layer_shape shape[] = {LAYER(DTD_PAIR_PIXELS, 40, 4),
                                               LAYER(10, 20, 20)};

static struct dtd_training_settings settings_of(enum dtd_kernel kernel,
                                                long iterations, double rate) {
  struct dtd_training_settings settings = plain_settings(iterations);
  settings.kernel = kernel;
  settings.rate.start = rate;
  return settings;
}

static struct plain_training *
open_bench_with(struct dtd_training_settings settings) {
  return plain_training_with(settings, shape, 2, false);
}

static struct plain_training *open_bench(long iterations, double rate) {
  return open_bench_with(settings_of(DTD_DENSE, iterations, rate));
}

/* The same with a min-max model beside the network. */
static struct plain_training *open_joint_bench(enum dtd_kernel kernel,
                                               long iterations) {
  return plain_training_with(settings_of(kernel, iterations, 1e-5), shape, 2,
                             true);
}

TEST(rates_follow_their_schedule) {
  struct dtd_rate constant = {0.5, DTD_CONSTANT, 0},
                  linear = {0.5, DTD_LINEAR, 0};
  assert_true(dtd_rate_at(constant, 99, 100) == 0.5);
  assert_true(dtd_rate_at(linear, 0, 100) == 0.5);
  assert_true(dtd_rate_at(linear, 50, 100) == 0.25);
  assert_true(dtd_rate_at(linear, 100, 100) == 0);
}

TEST(rates_rise_in_proportion) {
  struct dtd_rate constant = {0.5, DTD_CONSTANT, 4},
                  linear = {0.5, DTD_LINEAR, 4};
  assert_true(dtd_rate_at(constant, 0, 100) == 0.125);
  assert_true(dtd_rate_at(constant, 2, 100) == 0.375);
  assert_true(dtd_rate_at(constant, 3, 100) == 0.5);
  assert_true(dtd_rate_at(constant, 4, 100) == 0.5);
  assert_true(dtd_rate_at(linear, 0, 8) == 0.125);
  assert_true(dtd_rate_at(linear, 2, 8) == 0.75 * 0.375);
  assert_true(dtd_rate_at(linear, 4, 8) == 0.25);
  for (long n = 0; n < 8; n++) /* a rise of no or one step is none */
    for (long rise = 0; rise < 2; rise++)
      assert_true(dtd_rate_at((struct dtd_rate){0.5, DTD_LINEAR, rise}, n, 8) ==
                  0.5 * (1 - (double)n / 8));
}

TEST(training_learns_with_nonpositive_biases) {
  struct plain_training *b = open_bench(600, 3e-5);
  assert_int_equal(dtd_train(b->trainer, &no_hooks), DTD_TRAINED);
  const struct dtd_history_row *first = &b->trainer->history[0];
  const struct dtd_history_row *last =
      &b->trainer->history[b->trainer->rows - 1];
  assert_int_equal(b->trainer->rows, 24);
  assert_true(last->iteration == 600 && last->test_error < 500);
  assert_true(last->test_error < first->test_error / 2);
  assert_true(last->accuracy > 0.9);
  int negative = 0;
  for (int n = 0; n < 2; n++)
    for (int j = 0; j < shape[n].units; j++) {
      assert_true(b->network->layer[n].b[j] <= 0);
      negative += b->network->layer[n].b[j] < 0;
    }
  assert_true(negative > 0);
}

/* Three steps by hand: gradients by dtd_backward on the pairs whose turn it is,
   at the rate of the schedule, and the twin's step. */
static void check_steps(struct dtd_training_settings settings) {
  enum { BATCH = 10 };
  struct plain_training *b = open_bench_with(settings);
  struct dtd_network *wanted = own_network(dtd_network_copy(b->network));
  struct plain_optimiser twin = plain_optimiser_new(wanted);
  int positive = 0;
  struct dtd_activations *act = new_activations(wanted, BATCH);
  struct dtd_activations *d = new_activations(wanted, BATCH);
  float *images = test_new(BATCH * DTD_PAIR_PIXELS, sizeof *images);
  for (int step = 0; step < 3; step++) {
    struct dtd_network *gradient = new_network(shape, 2);
    float t[BATCH], d_output[BATCH];
    double loss = 0, change = 0;
    double rate = settings.rate.start * (100 - step) / 100;
    dtd_pairs_draw(images, t, NULL, b->train, BATCH * step, BATCH);
    dtd_forward(act, wanted, dtd_rows(images, BATCH));
    for (int n = 0; n < BATCH; n++) {
      double error = (double)dtd_score(act)[n] - (double)t[n];
      loss += error * error / BATCH;
      d_output[n] = (float)(2 * error / BATCH);
    }
    dtd_backward(gradient, 1, 1, NULL, d, wanted, act, d_output);
    plain_optimiser_step(&twin, wanted, gradient->parameters,
                         &settings.optimiser, rate, step + 1);
    for (size_t i = 0; i < wanted->parameter_count; i++) {
      change = fmax(change, fabs(twin.theta[i] - wanted->parameters[i]));
      wanted->parameters[i] = (float)twin.theta[i];
      bool projected = !settings.free_biases && !twin.is_weight[i];
      positive += !twin.is_weight[i] && twin.theta[i] > 0;
      if (projected && twin.theta[i] > 0) wanted->parameters[i] = 0;
    }
    assert_true(fabs(dtd_trainer_step(b->trainer) - loss) < 1e-5 * loss);
    assert_true(dtd_trainer_recent_error(b->trainer) > 0);
    for (size_t i = 0; i < wanted->parameter_count; i++)
      assert_true(fabs((double)b->network->parameters[i] -
                       (double)wanted->parameters[i]) < 1e-3 * change);
  }
  assert_true(positive > 0); /* so that projecting matters */
}

TEST(steps_follow_the_gradient) {
  check_steps(settings_of(DTD_DENSE, 100, 1e-5));
}

/* Every optimiser, its biases projected or free. */
TEST(steps_are_the_optimisers) {
  for (int n = 0; dtd_optimisers[n]; n++)
    for (int free_biases = 0; free_biases < 2; free_biases++) {
      bool adam = !strcmp(dtd_optimisers[n]->name, "adam");
      struct dtd_training_settings settings =
          settings_of(DTD_DENSE, 100, adam ? 1e-3 : 1e-5);
      settings.optimiser = (struct dtd_optimiser_settings){
          dtd_optimisers[n], 0.7, 0.8, 0.95, 1e-3, 100};
      settings.free_biases = free_biases;
      check_steps(settings);
    }
}

/* Weight decay in both kernels: each shrinks as much as the other. */
TEST(decay_is_the_same_in_both_kernels) {
  struct plain_training *b[3];
  for (int k = 0; k < 3; k++) {
    struct dtd_training_settings settings =
        settings_of(k ? DTD_SPARSE : DTD_DENSE, 200, 1e-5);
    settings.optimiser.weight_decay = k < 2 ? 400 : 0;
    b[k] = open_bench_with(settings);
    dtd_train(b[k]->trainer, &no_hooks);
  }
  double with = 0, without = 0;
  for (size_t i = 0; i < b[0]->network->parameter_count; i++) {
    double w = b[0]->network->parameters[i];
    with += w * w;
    without += pow(b[2]->network->parameters[i], 2);
    assert_true(fabs(w - b[1]->network->parameters[i]) < 1e-4);
  }
  assert_true(with < 0.6 * without);
}

TEST(free_biases_may_be_positive) {
  struct dtd_training_settings settings = settings_of(DTD_SPARSE, 100, 3e-5);
  settings.free_biases = true;
  struct plain_training *b = open_bench_with(settings);
  dtd_train(b->trainer, &no_hooks);
  int positive = 0;
  for (int n = 0; n < 2; n++)
    for (int j = 0; j < shape[n].units; j++)
      positive += b->network->layer[n].b[j] > 0;
  assert_true(positive > 0);
}

TEST(optimisers_that_cannot_run_say_so) {
  dtd_threads(1); /* a process that has threads cannot fork for good */
  for (int n = 0; dtd_optimisers[n]; n++) {
    struct dtd_training_settings settings = settings_of(DTD_SPARSE, 10, 1e-3);
    settings.optimiser.kind = dtd_optimisers[n];
    if (!dtd_optimisers[n]->in_place)
      assert_dies(2, "(set training.kernel = dense, too)",
                  open_bench_with(settings));
    settings.kernel = DTD_DENSE;
    settings.optimiser.weight_decay = 1001;
    assert_dies(2, "training.weight_decay: 1001 at a rate of 0.001 takes more",
                open_bench_with(settings));
  }
}

/* A learner whose errors and predictions are known: its n-th error is n, and it
   predicts f + 3 with five units off. */
struct known {
  int steps;
  double rate; /* the last it was given */
};
static double known_learn(void *self, const struct dtd_inputs *x, double rate) {
  struct known *known = self;
  (void)x;
  known->rate = rate;
  return ++known->steps;
}
static void known_predict(float *total, struct dtd_dead *dead, void *self,
                          const struct dtd_activations *act) {
  (void)self;
  for (int n = 0; n < act->batch; n++) total[n] = dtd_score(act)[n] + 3;
  *dead = (struct dtd_dead){.units = 5, .pools = 1};
}

/* What each row should say, from the errors of the steps and from the network
   as it is when the row is made. */
struct rows {
  struct plain_training *bench;
  double errors; /* since the last row */
  int rows;
};

static void add_error(void *self, const struct dtd_trainer *trainer) {
  ((struct rows *)self)->errors += dtd_trainer_recent_error(trainer);
}

static void as_wanted(double found, double wanted) {
  assert_near(found, wanted, 1e-6 * fabs(wanted));
}

static void check_row(void *self, const struct dtd_trainer *trainer) {
  enum { PAIRS = 40 };
  struct rows *rows = self;
  const long ends[] = {0, 25, 50, 60};
  int n = rows->rows++;
  long begin = ends[n], end = ends[n + 1];
  const struct dtd_history_row *row = &trainer->history[n];
  float *images = test_new(PAIRS * DTD_PAIR_PIXELS, sizeof *images), t[PAIRS];
  struct dtd_activations *act = new_activations(trainer->network, PAIRS);
  double error = 0, correct = 0;
  int on[2] = {0};
  rows->errors += dtd_trainer_recent_error(trainer); /* progress comes later */
  dtd_pairs_draw(images, t, NULL, rows->bench->test, 0, PAIRS);
  dtd_forward(act, trainer->network, dtd_rows(images, PAIRS));
  for (int i = 0; i < PAIRS; i++) {
    double f = dtd_score(act)[i];
    error += (f - t[i]) * (f - t[i]) / PAIRS;
    correct += (f > 50) == (t[i] > 50);
  }
  for (int l = 0; l < 2; l++)
    for (int j = 0; j < shape[l].units; j++) {
      bool is_on = false;
      for (int i = 0; i < PAIRS; i++)
        is_on |= act->detection[l][i * shape[l].units + j] > 0;
      on[l] += is_on;
    }
  as_wanted(row->iteration, end);
  as_wanted(row->rate, 3e-5 * (61 - end) / 60);
  as_wanted(row->training_error, rows->errors / (end - begin));
  as_wanted(row->test_error, error);
  as_wanted(row->accuracy, correct / PAIRS);
  as_wanted(row->active[0], on[0] / 40.0);
  as_wanted(row->active[1], on[1] / 20.0);
  as_wanted(row->learner_error[0], (double)(begin + 1 + end) / 2);
  assert_true(fabs(row->learner_rms[0] - 3) < 1e-5);
  assert_true(row->dead_units[0] == 5 && row->dead_pools[0] == 1);
  rows->errors = -dtd_trainer_recent_error(trainer);
}

TEST(rows_of_history_say_what_they_should) {
  struct plain_training *b = open_bench(60, 3e-5);
  struct known known = {0, 0};
  struct rows rows = {.bench = b};
  struct dtd_learner learner = {.name = "known",
                                .self = &known,
                                .learn = known_learn,
                                .predict = known_predict,
                                .rate = {0.5, DTD_LINEAR, 0}};
  struct dtd_training_hooks hooks = {&rows, add_error, check_row, NULL, NULL};
  dtd_trainer_add(b->trainer, &learner);
  assert_int_equal(dtd_train(b->trainer, &hooks), DTD_TRAINED);
  assert_int_equal(rows.rows, 3);
  assert_int_equal(known.steps, 60);
  as_wanted(known.rate, 0.5 / 60);
  as_wanted(dtd_trainer_recent_learner_error(b->trainer, 0), 60);
}

TEST(threads_do_not_change_training) {
  struct plain_training *b[3];
  for (int i = 0; i < 3; i++) {
    dtd_threads(1 << i);
    b[i] = open_bench(50, 1e-5);
    dtd_train(b[i]->trainer, &no_hooks);
  }
  for (int i = 1; i < 3; i++)
    assert_same_bits(b[0]->network->parameters, b[i]->network->parameters,
                     b[0]->network->parameter_count);
  dtd_threads(1);
}

static void assert_alike(double a, double b) {
  assert_true(fabs(a - b) / fmax(fabs(a), fabs(b)) < 1e-4);
}

/* The mean errors of iterations 976 to 1000, and the test errors after them.
   The kernels round differently, and where an input lands on the other side of
   a rectifier the two runs part for good: so the rates here are small. */
TEST(kernels_agree_after_a_thousand_steps) {
  struct plain_training *b[2];
  for (int k = 0; k < 2; k++) {
    b[k] = open_joint_bench(k ? DTD_SPARSE : DTD_DENSE, 1000);
    dtd_train(b[k]->trainer, &no_hooks);
  }
  const struct dtd_history_row *dense = &b[0]->trainer->history[39];
  const struct dtd_history_row *sparse = &b[1]->trainer->history[39];
  assert_true(sparse->iteration == 1000 && sparse->training_error < 1000);
  assert_alike(sparse->training_error, dense->training_error);
  assert_alike(sparse->test_error, dense->test_error);
  assert_alike(sparse->learner_error[0], dense->learner_error[0]);
  assert_alike(sparse->learner_rms[0], dense->learner_rms[0]);
  for (size_t i = 0; i < b[0]->network->parameter_count; i++)
    assert_true(fabsf(b[1]->network->parameters[i] -
                      b[0]->network->parameters[i]) < 1e-4f);
}

/* On every kind of processor that this one runs. */
TEST(neither_threads_nor_processors_change_sparse_training) {
  struct plain_training *first = NULL;
  for (enum dtd_processor kind = 0; kind < DTD_PROCESSORS; kind++) {
    if (!dtd_processor_runs(kind)) continue;
    dtd_processor_use(kind);
    for (int threads = 1; threads <= 4; threads++) {
      dtd_threads(threads);
      struct plain_training *b = open_joint_bench(DTD_SPARSE, 50);
      dtd_train(b->trainer, &no_hooks);
      if (!first) first = b;
      assert_same_state(first, b);
    }
  }
  dtd_processor_use(dtd_processor_best());
  dtd_threads(1);
}

static bool is_settled(const struct dtd_trainer *trainer) {
  const struct dtd_layer *first = &trainer->stored->layer[0];
  struct dtd_weights_state state[DTD_MOST_STATES];
  int states = dtd_weights_save(state, first->weights);
  for (int n = 0; n < states; n++) own_memory(state[n].at);
  bool settled = true;
  assert_int_equal(states, 3);
  for (int j = 0; j < first->shape.units; j++) /* u_j */
    settled &= ((double *)state[1].at)[j] == 0;
  return settled;
}

/* Stopped before, at and after the iteration in which weights settle, and each
   time read into a new trainer. */
TEST(resumed_sparse_training_equals_unbroken) {
  const long stops[] = {7, 990, DTD_SETTLE_EVERY, DTD_SETTLE_EVERY + 1};
  const long iterations = DTD_SETTLE_EVERY + 20;
  struct plain_training *unbroken = open_joint_bench(DTD_SPARSE, iterations);
  struct plain_training *broken = open_joint_bench(DTD_SPARSE, iterations);
  dtd_train(unbroken->trainer, &no_hooks);
  for (int i = 0; i < 4; i++) {
    train_until(broken, stops[i]);
    broken = open_joint_bench(DTD_SPARSE, iterations);
    restore(broken, "c.safetensors");
    assert_int_equal(broken->trainer->iteration, stops[i]);
    assert_int_equal(is_settled(broken->trainer), stops[i] == DTD_SETTLE_EVERY);
  }
  assert_int_equal(dtd_train(broken->trainer, &no_hooks), DTD_TRAINED);
  assert_same_state(unbroken, broken);
}

/* A checkpoint's weights are the network's, folded or not. */
TEST(a_checkpoint_is_a_model_too) {
  struct plain_training *b[2];
  for (int k = 0; k < 2; k++) {
    b[k] = open_joint_bench(k ? DTD_SPARSE : DTD_DENSE, 100);
    for (int step = 0; step < 5; step++) dtd_trainer_step(b[k]->trainer);
  }
  dtd_checkpoint_write(test_path("model"), b[1]->trainer, &facts, true);
  struct dtd_tensors *tensors = read_tensors(test_path("model"));
  struct dtd_network *network = own_network(dtd_model_network(tensors, false));
  for (size_t i = 0; i < network->parameter_count; i++)
    assert_near(network->parameters[i], b[0]->network->parameters[i], 1e-6f);
}

/* A learner that knows only dense rows is given the pairs of the sampler. */
struct reader {
  const struct dtd_sampler *sampler;
  int calls;
};
static double read_rows(void *self, const struct dtd_inputs *x, double rate) {
  struct reader *reader = self;
  float images[10 * DTD_PAIR_PIXELS], t[10];
  (void)rate;
  dtd_pairs_draw(images, t, NULL, reader->sampler, (uint64_t)reader->calls * 10,
                 10);
  assert_memory_equal(images, dtd_inputs_rows(x, DTD_PAIR_PIXELS),
                      sizeof images);
  return ++reader->calls;
}
static void predict_none(float *total, struct dtd_dead *dead, void *self,
                         const struct dtd_activations *act) {
  (void)self, (void)dead;
  memset(total, 0, act->batch * sizeof *total);
}

TEST(learners_of_images_get_them) {
  struct plain_training *b = open_joint_bench(DTD_SPARSE, 25);
  struct reader reader = {.sampler = b->train};
  struct dtd_learner learner = {.name = "images",
                                .self = &reader,
                                .learn = read_rows,
                                .predict = predict_none};
  dtd_trainer_add(b->trainer, &learner);
  dtd_train(b->trainer, &no_hooks);
  assert_int_equal(reader.calls, 25);
}

/* Counts the calls of each hook. */
struct calls {
  int progress, evaluated, checkpoint;
};
static void count_progress(void *self, const struct dtd_trainer *trainer) {
  (void)trainer;
  ((struct calls *)self)->progress++;
}
static void count_evaluated(void *self, const struct dtd_trainer *trainer) {
  assert_int_equal(trainer->iteration % 25, 0);
  ((struct calls *)self)->evaluated++;
}
static void count_checkpoint(void *self, const struct dtd_trainer *trainer) {
  (void)trainer;
  ((struct calls *)self)->checkpoint++;
}

TEST(hooks_are_called_when_due) {
  struct plain_training *b = open_bench(100, 1e-5);
  struct calls calls = {0};
  struct dtd_training_hooks hooks = {&calls, count_progress, count_evaluated,
                                     count_checkpoint, NULL};
  dtd_train(b->trainer, &hooks);
  assert_int_equal(calls.progress, 100);
  assert_int_equal(calls.evaluated, 4);
  assert_int_equal(calls.checkpoint, 4); /* 20, 40, 60, 80; not at the end */
}

TEST(a_stop_flag_checkpoints_and_ends) {
  struct plain_training *b = open_bench(100, 1e-5);
  struct calls calls = {0};
  volatile sig_atomic_t stop = 1;
  struct dtd_training_hooks hooks = {&calls, NULL, NULL, count_checkpoint,
                                     &stop};
  assert_int_equal(dtd_train(b->trainer, &hooks), DTD_STOPPED);
  assert_int_equal(b->trainer->iteration, 1);
  assert_int_equal(calls.checkpoint, 1);
}

/* Asked in the last iteration, there is nothing left to stop or to resume. */
TEST(stopping_at_the_end_is_finishing) {
  struct plain_training *b = open_bench(100, 1e-5);
  struct calls calls = {0};
  volatile sig_atomic_t stop = 1;
  struct dtd_training_hooks hooks = {&calls, NULL, NULL, count_checkpoint,
                                     &stop};
  b->trainer->iteration = 99;
  dtd_trainer_set_rows(b->trainer, 3);
  assert_int_equal(dtd_train(b->trainer, &hooks), DTD_TRAINED);
  assert_int_equal(calls.checkpoint, 0);
}

TEST(divergence_names_the_setting) {
  struct plain_training *b = open_bench(100, 1e3);
  assert_dies(1, "lower training.learning_rate",
              dtd_train(b->trainer, &no_hooks));
}

TEST(a_dead_network_names_the_setting) {
  struct plain_training *b = open_bench(100, 1e-9);
  for (int j = 0; j < shape[1].units; j++) b->network->layer[1].b[j] = -1e6f;
  assert_dies(1, "no unit of detection layer 2",
              dtd_train(b->trainer, &no_hooks));
}

/* A learner whose error is not finite from its third step on. */
static double failing_learn(void *self, const struct dtd_inputs *x,
                            double rate) {
  (void)x, (void)rate;
  return ++*(int *)self < 3 ? 1 : NAN;
}

TEST(a_diverging_learner_is_named) {
  struct plain_training *b = open_bench(100, 1e-5);
  int steps = 0;
  struct dtd_learner learner = {.name = "minmax",
                                .self = &steps,
                                .learn = failing_learn,
                                .predict = predict_none};
  dtd_trainer_add(b->trainer, &learner);
  assert_dies(1, "lower minmax.learning_rate",
              dtd_train(b->trainer, &no_hooks));
}

TEST_GROUP(test_folder_new, test_folder_free)
