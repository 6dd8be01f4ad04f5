/* Tests that timed steps are the experiment's, and what is counted of them. */

#include "base/test.h"
#include "network/test_network.h"
#include "network/checkpoint.h"
#include "base/die.h"
#include "relevance/test_training.h"
#include "base/test_folder.h"
#include "training_job.h"

TEST_OWNS(training_job)

enum { BATCH = 10, J = 12, K = 3, L = 8 };
static const struct dtd_layer_shape shape[] = {LAYER(DTD_PAIR_PIXELS, J, J / K),
                                               LAYER(K, L, L)};

static struct dtd_settings small_settings(void) {
  struct dtd_settings settings;
  dtd_config_defaults(&settings);
  settings.depth = 2;
  for (int n = 0; n < 2; n++) settings.layer[n] = shape[n];
  settings.training.batch = BATCH;
  settings.training.rate.start = 3e-5;
  settings.minmax_rate.start = 1e-4;
  settings.minmax_deviation = 0.03;
  settings.minmax_top_down_deviation = 0.005;
  return settings;
}

/* A run without an end in sight, so that its rate stays what it is; an
   evaluation that never comes has no room in its history. */
static struct plain_training *open_endless(void) {
  struct dtd_training_settings settings = plain_settings(1000000000);
  settings.evaluate_every = 1000000000;
  return plain_training_with(settings, shape, 2, true);
}

/* The same run by way of another program's setup: test_training.h's
   settings, seeds and deviations. */
TEST(steps_are_those_of_training) {
  struct plain_training *plain = open_endless();
  struct dtd_settings settings = small_settings();
  struct dtd_training_job *job[2];
  for (int k = 0; k < 2; k++)
    job[k] = own_training_job(dtd_training_job_new(&settings, plain->train, k));
  for (int n = 0; n < 30; n++) {
    double expected = dtd_trainer_step(plain->trainer), error[2];
    for (int k = 0; k < 2; k++) {
      assert_true(dtd_training_job_run(job[k], 1) > 0);
      dtd_training_job_errors(error, job[k]);
      assert_true(fabs(error[0] / expected - 1) < 1e-4);
      double learner = dtd_trainer_recent_learner_error(plain->trainer, 0);
      assert_true(fabs(error[1] - learner) < 1e-4 * learner);
    }
  }
}

TEST(steps_go_on_from_a_model_file) {
  struct plain_training *plain = open_endless();
  for (int n = 0; n < 50; n++) dtd_trainer_step(plain->trainer);
  struct dtd_model_facts facts = {"", "", 1, 50, -0.5f, 1.5f};
  const char *path = test_path("model.safetensors");
  dtd_checkpoint_write(path, plain->trainer, &facts, false);
  struct dtd_settings settings = small_settings();
  double dense[2], sparse[2];
  struct dtd_training_job *job = own_training_job(
      dtd_training_job_from(path, &settings, plain->train, DTD_DENSE));
  struct dtd_training_job *other = own_training_job(
      dtd_training_job_from(path, &settings, plain->train, DTD_SPARSE));
  struct dtd_training_job *fresh = own_training_job(
      dtd_training_job_new(&settings, plain->train, DTD_DENSE));
  dtd_training_job_run(job, 3);
  dtd_training_job_run(other, 3);
  dtd_training_job_run(fresh, 3);
  dtd_training_job_errors(dense, job);
  dtd_training_job_errors(sparse, other);
  for (int n = 0; n < 2; n++)
    assert_true(fabs(sparse[n] / dense[n] - 1) < 1e-4);
  dtd_training_job_errors(sparse, fresh);
  assert_true(fabs(sparse[0] / dense[0] - 1) > 1e-3);
}

/* The table of training_job.h, counted by plain loops over images. */
TEST(work_is_counted) {
  struct plain_training *plain = plain_training_new(shape, 2, 1000, true);
  struct dtd_settings settings = small_settings();
  struct dtd_training_job *job = own_training_job(
      dtd_training_job_new(&settings, plain->train, DTD_SPARSE));
  float *images = test_new(BATCH * DTD_PAIR_PIXELS, sizeof *images), t[BATCH];
  struct dtd_activations *act = new_activations(plain->network, BATCH);
  dtd_pairs_draw(images, t, NULL, plain->train, 0, BATCH);
  dtd_forward(act, plain->network, dtd_rows(images, BATCH));
  int spots = 0, rows = 0, on = 0, upper = 0;
  for (int p = 0; p < DTD_PAIR_PIXELS; p++) {
    int here = 0;
    for (int n = 0; n < BATCH; n++)
      here += images[n * DTD_PAIR_PIXELS + p] != DTD_PIXEL_LOW;
    spots += here;
    rows += here > 0;
  }
  for (int l = 0; l < L; l++) {
    int here = 0;
    for (int n = 0; n < BATCH; n++) here += act->detection[1][n * L + l] > 0;
    on += here;
    upper += here > 0;
  }
  assert_true(spots > 1000 && on > 5);
  struct dtd_work work = dtd_training_job_work(job, 1);
  assert_true(work.operations == 4. * 2 * spots * J + 2. * BATCH * K * L +
                                     4. * 2 * on * K + 2. * 2 * on * J);
  assert_true(work.read == 4. * (2 * rows * J + K * L + upper * J));
  assert_true(work.updated == work.read);
  assert_int_equal(dtd_training_job_bytes(job),
                   4 * (2 * 1568 * J + J + K * L + L + L * J + J));
}

TEST(other_networks_are_refused) {
  struct dtd_settings settings = small_settings();
  settings.depth = 1;
  assert_dies(DTD_USAGE, "1 layers cannot be timed",
              dtd_training_job_new(&settings, NULL, DTD_DENSE));
}

TEST_GROUP(test_folder_new, test_folder_free)
