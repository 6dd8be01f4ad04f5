/* Tests that a relevance model learns from the true relevance, and that the
   network does not notice. */

#include "base/test.h"
#include "base/assert_dies.h"
#include "relevance/test_models.h"
#include "relevance/test_training.h"
#include "network/test_network.h"
#include "relevance/test_reference.h"

enum { BATCH = 6, INPUTS = 12 };

static const struct stack {
  int depth;
  struct dtd_layer_shape layer[3];
} stacks[] = {
    {2, {LAYER(INPUTS, 8, 4), LAYER(2, 5, 5)}},
    {3, {LAYER_NORM(INPUTS, 12, 3, 2), LAYER(4, 8, 2), LAYER(4, 10, 10)}},
};
enum { STACKS = sizeof stacks / sizeof *stacks };

static const struct dtd_rate some_rate = {0.25, DTD_CONSTANT, 0};

/* ---- a model that only watches ---- */

static struct {
  struct dtd_site site;
  float scale;
} seen;

static void watch_create(struct dtd_relevance_model *model, int upper_units,
                         int capacity) {
  (void)upper_units, (void)capacity;
  model->detection = *model->layer;
}

static double watch_learn(struct dtd_relevance_model *into, float scale,
                          struct dtd_relevance_model *model,
                          const struct dtd_site *site) {
  assert_ptr_equal(into, model); /* a step in place */
  seen.site = *site;
  seen.scale = scale;
  return 42;
}

static const struct dtd_model_kind watching = {
    .name = "watching", .create = watch_create, .learn = watch_learn};

/* ---- one batch through a stack ---- */

struct bench {
  struct dtd_network *net;
  struct dtd_activations *act;
  struct dtd_relevance_model *model;
  struct dtd_relevance_learner *learner;
  struct dtd_learner face;
  struct dtd_reference *reference;
  float x[BATCH * INPUTS];
};

static struct bench *open_bench(const struct stack *stack,
                                const struct dtd_model_kind *kind) {
  struct bench *b = test_new(1, sizeof *b);
  struct dtd_rng rng = dtd_rng_open(2, "test/learner", 0);
  b->net = random_network(stack->layer, stack->depth, 3);
  b->act = new_activations(b->net, BATCH);
  b->model = new_relevance_model(kind, &b->net->layer[0], stack->layer[1].units,
                                 BATCH);
  if (kind->initialise) {
    kind->initialise(b->model, 1, 0.3, 0.3);
    fill_random(b->model->top_down_bias, b->model->layer->shape.units, -0.5,
                0.5, &rng);
  }
  b->learner = own_relevance_learner(
      dtd_relevance_learner_new(b->model, b->net, dtd_rule_find("z+"), BATCH));
  b->face = dtd_as_learner(b->learner, some_rate);
  b->reference = new_reference(b->net);
  fill_random(b->x, BATCH * INPUTS, -0.5, 1.5, &rng);
  dtd_forward(b->act, b->net, dtd_rows(b->x, BATCH));
  return b;
}

/* Forward and decomposition of example n in the reference, with what its
   min-max model predicts unless null, even for f(x) = 0; returns f(x). */
static double decompose(struct dtd_reference_model *minmax, struct bench *b,
                        int n) {
  dtd_reference_read(b->reference, b->net);
  double f = reference_score(b->reference, b->x + n * INPUTS);
  dtd_reference_decompose(b->reference, NULL, "zB", -0.5, 1.5);
  const struct dtd_reference_layer *first = b->reference->layer;
  if (minmax) dtd_reference_min_max(minmax, first->x_i, first[1].R_j);
  return f;
}

/* ---- tests ---- */

static void check_what_the_model_saw(struct bench *b) {
  const struct dtd_layer *first = &b->net->layer[0];
  int pools = dtd_layer_outputs(&first->shape),
      upper = b->net->layer[1].shape.units;
  double total = 0;
  assert_int_equal(seen.site.batch, BATCH);
  assert_ptr_equal(dtd_inputs_rows(&seen.site.x_i, INPUTS), b->x);
  assert_ptr_equal(seen.site.x_j, b->act->detection[0]);
  assert_ptr_equal(seen.site.x_k, b->act->pooled[0]);
  for (int n = 0; n < BATCH; n++) {
    total += decompose(NULL, b, n);
    assert_close(seen.site.R_l + n * upper, b->reference->layer[1].R_j, upper,
                 1e-5);
    assert_close(seen.site.R_k + n * pools, b->reference->layer[0].R_k, pools,
                 1e-5);
  }
  assert_true(total > 0.05);
}

/* What the trainer does with a batch; returns the error. */
static double prepare_and_learn(struct bench *b, double rate) {
  b->face.prepare(b->face.self, b->act);
  return b->face.learn(b->face.self, &b->act->input, rate);
}

TEST(the_model_is_given_the_true_relevance) {
  for (int s = 0; s < STACKS; s++) {
    struct bench *b = open_bench(&stacks[s], &watching);
    assert_true(prepare_and_learn(b, 0.25) == 42);
    assert_true(seen.scale == -0.25f); /* downhill */
    check_what_the_model_saw(b);
  }
}

TEST(the_true_relevance_follows_the_network) {
  for (int s = 0; s < STACKS; s++) {
    struct bench *b = open_bench(&stacks[s], &watching);
    prepare_and_learn(b, 0.25);
    for (size_t i = 0; i < b->net->parameter_count; i += 2)
      b->net->parameters[i] *= 0.5f;
    dtd_forward(b->act, b->net, dtd_rows(b->x, BATCH));
    prepare_and_learn(b, 0.25);
    check_what_the_model_saw(b);
  }
}

/* What was prepared stays as it was while the network takes its step. */
TEST(a_step_before_learning_changes_nothing) {
  struct bench *b = open_bench(&stacks[0], &watching);
  b->face.prepare(b->face.self, b->act);
  float *before = test_copy(b->net->parameters, b->net->parameter_count,
                            sizeof *b->net->parameters);
  for (size_t i = 0; i < b->net->parameter_count; i++)
    b->net->parameters[i] = NAN;
  b->face.learn(b->face.self, &b->act->input, 0.25);
  memcpy(b->net->parameters, before,
         b->net->parameter_count * sizeof *b->net->parameters);
  check_what_the_model_saw(b);
}

/* sum_j y_j, of any f. */
TEST(predictions_equal_the_reference) {
  for (int s = 0; s < STACKS; s++) {
    struct bench *b = open_bench(&stacks[s], dtd_model_kind_find("minmax"));
    float total[BATCH];
    struct dtd_dead dead = {0};
    struct dtd_reference_model *model = new_reference_model(b->model);
    double wanted[BATCH] = {0}, apart = 0;
    b->face.predict(total, &dead, b->face.self, b->act);
    for (int n = 0; n < BATCH; n++) {
      double f = decompose(model, b, n);
      for (int k = 0; k < model->pools; k++) wanted[n] += model->Rhat_k[k];
      apart += fabs(wanted[n] - f);
    }
    assert_true(apart > 1);
    assert_close(total, wanted, BATCH, 1e-5);
  }
}

/* Units that the reference never finds on, in pools that it has relevance for,
   after one pool was lost. */
TEST(what_is_dead_is_counted) {
  for (int s = 0; s < STACKS; s++)
    for (int lost = -1; lost < 2; lost++) {
      struct bench *b = open_bench(&stacks[s], dtd_model_kind_find("minmax"));
      int units = b->model->detection.shape.units;
      int pool = b->model->detection.shape.pool, pools = units / pool;
      for (int j = 0; lost >= 0 && j < pool; j++)
        b->model->top_down_bias[lost * pool + j] = -100;
      struct dtd_reference_model *model = new_reference_model(b->model);
      bool *on = test_new((size_t)units, sizeof *on);
      bool *relevant = test_new((size_t)pools, sizeof *relevant);
      for (int n = 0; n < BATCH; n++) {
        decompose(model, b, n);
        for (int j = 0; j < units; j++) on[j] |= model->y_j[j] > 0;
        for (int k = 0; k < pools; k++)
          relevant[k] |= b->reference->layer[0].R_k[k] > 0;
      }
      struct dtd_dead wanted = {0}, dead = {0};
      for (int k = 0; k < pools; k++) {
        int off = 0;
        for (int j = k * pool; j < (k + 1) * pool; j++) off += !on[j];
        wanted.units += off;
        wanted.pools += off == pool && relevant[k];
      }
      float total[BATCH];
      b->face.predict(total, &dead, b->face.self, b->act);
      assert_int_equal(dead.units, wanted.units);
      assert_int_equal(dead.pools, wanted.pools);
      if (lost >= 0) assert_true(dead.units >= pool);
      if (lost >= 0 && relevant[lost]) assert_true(dead.pools > 0);
    }
}

/* A pool whose R_k is 0 has nothing to lose. */
TEST(pools_without_relevance_are_not_lost) {
  struct bench *b = open_bench(&stacks[0], dtd_model_kind_find("minmax"));
  int units = b->model->detection.shape.units;
  float total[BATCH];
  struct dtd_dead dead = {0};
  for (int j = 0; j < units; j++) b->model->top_down_bias[j] = -100;
  b->face.predict(total, &dead, b->face.self, b->act);
  assert_true(dead.units == units && dead.pools == 2);
  for (int j = 0; j < 4; j++) b->net->layer[0].b[j] = -100; /* of pool 0 */
  dtd_forward(b->act, b->net, dtd_rows(b->x, BATCH));
  b->face.predict(total, &dead, b->face.self, b->act);
  assert_true(dead.units == units && dead.pools == 1);
}

TEST(learning_returns_and_lowers_the_error) {
  for (int s = 0; s < STACKS; s++) {
    struct bench *b = open_bench(&stacks[s], dtd_model_kind_find("minmax"));
    struct dtd_reference_model *model = new_reference_model(b->model);
    const struct dtd_reference_layer *first = b->reference->layer;
    double wanted = 0;
    for (int n = 0; n < BATCH; n++) {
      decompose(model, b, n);
      wanted += dtd_reference_model_learn(model, first->x_i, first[1].R_j,
                                          first->R_k) /
                BATCH;
    }
    double before = prepare_and_learn(b, 0.002), after = before;
    assert_true(fabs(before - wanted) <= 1e-5 * wanted);
    for (int step = 0; step < 300; step++) after = prepare_and_learn(b, 0.002);
    assert_true(after < before / 2);
  }
}

TEST(the_network_does_not_notice) {
  const struct dtd_layer_shape shape[] = {LAYER(DTD_PAIR_PIXELS, 40, 4),
                                          LAYER(10, 20, 20)};
  const struct dtd_training_hooks no_hooks = {0};
  struct plain_training *alone = plain_training_new(shape, 2, 60, false);
  struct plain_training *beside = plain_training_new(shape, 2, 60, true);
  float start = beside->minmax->memory[0];
  dtd_train(alone->trainer, &no_hooks);
  dtd_train(beside->trainer, &no_hooks);
  assert_same_bits(alone->network->parameters, beside->network->parameters,
                   alone->network->parameter_count);
  assert_true(beside->minmax->memory[0] != start);
  const struct dtd_history_row *row = beside->trainer->history;
  assert_true(row[2].learner_rms[0] < row[0].learner_rms[0]);
}

TEST(the_face_names_the_parameters) {
  struct bench *b = open_bench(&stacks[0], dtd_model_kind_find("minmax"));
  assert_string_equal(b->face.name, "minmax");
  assert_true(b->face.rate.start == some_rate.start);
  assert_int_equal(b->face.parameters, 3);
  assert_ptr_equal(b->face.parameter, b->model->parameter);
}

/* A second model learns from the relevance that the first one found, and takes
   the step that it would take alone. */
TEST(models_beside_one_another_learn_as_alone) {
  const struct dtd_model_kind *kind = dtd_model_kind_find("minmax-units");
  for (int s = 0; s < STACKS; s++) {
    struct bench *b = open_bench(&stacks[s], dtd_model_kind_find("minmax"));
    struct bench *alone = open_bench(&stacks[s], kind);
    struct dtd_relevance_model *model = own_relevance_model(
        dtd_relevance_model_like(alone->model, &b->net->layer[0], BATCH));
    memcpy(model->memory, alone->model->memory,
           model->parameter_count * sizeof(float));
    struct dtd_relevance_learner *second =
        own_relevance_learner(dtd_relevance_learner_beside(model, b->learner));
    struct dtd_learner face = dtd_as_learner(second, some_rate);
    assert_null(face.prepare);
    b->face.prepare(b->face.self, b->act);
    double error = face.learn(face.self, &b->act->input, 0.01);
    assert_true(error == prepare_and_learn(alone, 0.01));
    assert_same_bits(model->memory, alone->model->memory,
                     model->parameter_count);
    float total[BATCH], wanted[BATCH];
    struct dtd_dead dead = {0};
    face.predict(total, &dead, face.self, b->act);
    alone->face.predict(wanted, &dead, alone->face.self, alone->act);
    assert_memory_equal(total, wanted, sizeof total);
    struct dtd_relevance_model *small =
        new_relevance_model(kind, &b->net->layer[0], 5, BATCH - 1);
    assert_dies(1, "minmax-units: holds 5 examples, not 6",
                dtd_relevance_learner_beside(small, b->learner));
  }
}

TEST(what_cannot_learn_is_refused) {
  const struct dtd_layer_shape one[] = {LAYER(INPUTS, 6, 6)};
  struct dtd_network *net = new_network(one, 1);
  struct dtd_relevance_model *model =
      new_relevance_model(&watching, &net->layer[0], 0, BATCH);
  assert_dies(
      2, "watching: a network of one layer",
      dtd_relevance_learner_new(model, net, dtd_rule_find("z+"), BATCH));

  struct bench *b = open_bench(&stacks[0], dtd_model_kind_find("minmax"));
  assert_dies(1, "minmax: holds 6 examples, not 7",
              dtd_relevance_learner_new(b->model, b->net, dtd_rule_find("z+"),
                                        BATCH + 1));
}
