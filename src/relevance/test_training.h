/* A small training run with a min-max model beside it, for tests.

   Everything a run needs, from made-up digits to the trainer, in one place. */
#ifndef DTD_TEST_TRAINING_H
#define DTD_TEST_TRAINING_H

#include "files/test_digits.h"
#include "relevance/relevance_learner.h"
#include "network/test_network.h"
#include "network/trainer.h"
#include "relevance/test_models.h"

TEST_OWNS(trainer)
TEST_OWNS(relevance_learner)

struct plain_training {
  struct dtd_digits digits;
  struct dtd_sampler *train, *test;
  struct dtd_network *network;
  struct dtd_relevance_model *minmax; /* null for one layer */
  struct dtd_relevance_learner *learner;
  struct dtd_trainer *trainer;
};

/* `iterations` of ten pairs, an evaluation on 40 every 25, a checkpoint every
   20, with the dense kernel. */
static inline struct dtd_training_settings plain_settings(long iterations) {
  return (struct dtd_training_settings){.iterations = iterations,
                                        .batch = 10,
                                        .rate = {3e-5, DTD_LINEAR, 0},
                                        .evaluate_every = 25,
                                        .evaluation_pairs = 40,
                                        .checkpoint_every = 20,
                                        .kernel = DTD_DENSE};
}

/* With `beside` false, no min-max model. */
static inline struct plain_training *
plain_training_with(struct dtd_training_settings settings,
                    const struct dtd_layer_shape *shape, int depth,
                    bool beside) {
  struct plain_training *t = test_new(1, sizeof *t);
  t->digits = plain_digits(100, 1);
  t->train = plain_sampler(&t->digits, "pairs/train");
  t->test = plain_sampler(&t->digits, "pairs/test");
  t->network = new_network(shape, depth);
  dtd_network_initialise(t->network, 1, 0.05);
  t->trainer =
      own_trainer(dtd_trainer_new(t->network, t->train, t->test, &settings));
  if (!beside) return t;
  t->minmax = random_model("minmax", t->network, 0, 40, 1, 0.03, 0.005);
  dtd_relevance_model_store(t->minmax, dtd_kernel_weights(settings.kernel),
                            DTD_PIXEL_LOW);
  t->learner = own_relevance_learner(dtd_relevance_learner_new(
      t->minmax, t->network, dtd_rule_find("z+"), 40));
  struct dtd_learner learner =
      dtd_as_learner(t->learner, (struct dtd_rate){1e-4, DTD_LINEAR, 0});
  dtd_trainer_add(t->trainer, &learner);
  return t;
}

static inline struct plain_training *
plain_training_new(const struct dtd_layer_shape *shape, int depth,
                   long iterations, bool beside) {
  return plain_training_with(plain_settings(iterations), shape, depth, beside);
}

#endif
