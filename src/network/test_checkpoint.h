/* Training that is stopped, written to a checkpoint and restored, for tests.

   For TEST_GROUP(test_folder_new, test_folder_free). */
#ifndef DTD_TEST_CHECKPOINT_H
#define DTD_TEST_CHECKPOINT_H

#include "base/test_folder.h"
#include "network/checkpoint.h"
#include "relevance/test_training.h"

TEST_OWNS(tensors)
#define read_tensors(...) own_tensors(dtd_tensors_read(__VA_ARGS__))

static const struct dtd_model_facts facts = {
    .config = "[training]\nseed = 18446744073709551615 ; \"quoted\"\n",
    .source_revision = "0123456789ab-dirty",
    .seed = UINT64_MAX,
    .low = -1.0f / 3, /* seven digits or less would not do */
    .high = 1.3f,
};

static const struct dtd_training_hooks no_hooks;

/* Stops training after an iteration, with a checkpoint. */
struct stopping {
  long after;
  volatile sig_atomic_t stop;
};

static inline void stop_when_due(void *self,
                                 const struct dtd_trainer *trainer) {
  struct stopping *stopping = self;
  stopping->stop = trainer->iteration == stopping->after;
}

static inline void write_when_asked(void *self,
                                    const struct dtd_trainer *trainer) {
  (void)self;
  dtd_checkpoint_write(test_path("c.safetensors"), trainer, &facts, true);
}

static inline void train_until(struct plain_training *t, long after) {
  struct stopping stopping = {.after = after};
  struct dtd_training_hooks hooks = {&stopping, stop_when_due, NULL,
                                     write_when_asked, &stopping.stop};
  assert_int_equal(dtd_train(t->trainer, &hooks),
                   after < t->trainer->settings.iterations ? DTD_STOPPED
                                                           : DTD_TRAINED);
}

static inline void restore(struct plain_training *t, const char *name) {
  dtd_checkpoint_restore(t->trainer, read_tensors(test_path(name)));
}

static inline void assert_same_state(const struct plain_training *a,
                                     const struct plain_training *b) {
  const struct dtd_trainer *x = a->trainer, *y = b->trainer;
  assert_int_equal(x->iteration, y->iteration);
  assert_same_bits(a->network->parameters, b->network->parameters,
                   a->network->parameter_count);
  assert_same_bits(a->minmax->memory, b->minmax->memory,
                   a->minmax->parameter_count);
  assert_int_equal(x->rows, y->rows);
  assert_same_bits(x->history, y->history, x->rows);
  assert_true(x->error_sum == y->error_sum);
  assert_memory_equal(x->learner_error_sum, y->learner_error_sum,
                      sizeof x->learner_error_sum);
}

#endif
