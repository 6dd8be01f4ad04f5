/* Tests that a model file explains as the network in memory did. */

#include "base/test.h"
#include "explain/trained_model.h"
#include "explain/test_explainer.h"
#include "relevance/test_training.h"
#include "base/test_folder.h"

TEST_OWNS(tensors)
TEST_OWNS(trained_model)

enum { PIXELS = DTD_PAIR_PIXELS, COUNT = 5 };

static const struct dtd_layer_shape one[] = {LAYER(PIXELS, 20, 20)};

/* The rules are the paper's; the domain is deliberately not the files'. */
static struct dtd_explanation_settings settings_of(const char *upper_rule) {
  struct dtd_explanation_settings settings = explanation_by("zB", -9, 9);
  settings.upper_rule = dtd_rule_find(upper_rule);
  return settings;
}

static const struct dtd_model_facts facts = {
    .config = "", .source_revision = "", .low = -0.4f, .high = 1.25f};

static struct dtd_trained_model *
read_model(const char *path, const struct dtd_explanation_settings *settings,
           int capacity) {
  return own_trained_model(dtd_trained_model_read(path, settings, capacity));
}

/* A model file of `shape` with random weights; with `beside`, min-max too. */
static struct plain_training *write_model(const char *name,
                                          const struct dtd_layer_shape *shape,
                                          int depth, bool beside) {
  struct plain_training *t = plain_training_new(shape, depth, 10, beside);
  struct dtd_network *random = random_network(shape, depth, 6);
  memcpy(t->network->parameters, random->parameters,
         random->parameter_count * sizeof(float));
  dtd_checkpoint_write(test_path(name), t->trainer, &facts, false);
  return t;
}

static float *random_images(void) {
  return random_numbers(COUNT * PIXELS, -0.4, 1.25, 3, "test/model");
}

/* Both explainers, method by method, bit by bit. */
static void assert_same_heatmaps(struct dtd_explainer *a,
                                 struct dtd_explainer *b) {
  float *x = random_images(), f_a[COUNT], f_b[COUNT];
  float *R_a = test_new(COUNT * PIXELS, sizeof *R_a);
  float *R_b = test_new(COUNT * PIXELS, sizeof *R_b);
  for (int m = 0; dtd_methods[m]; m++) {
    if (!dtd_explainer_offers(b, dtd_methods[m])) continue;
    assert_true(dtd_explainer_offers(a, dtd_methods[m]));
    dtd_explain(R_a, f_a, a, dtd_methods[m], x, COUNT);
    dtd_explain(R_b, f_b, b, dtd_methods[m], x, COUNT);
    assert_same_bits(R_a, R_b, COUNT * PIXELS);
    assert_memory_equal(f_a, f_b, sizeof f_a);
  }
}

TEST(files_explain_as_memory_does) {
  const struct {
    const struct dtd_layer_shape *shape;
    int depth;
    bool beside;
  } cases[] = {{two, 2, true}, {two, 2, false}, {three, 3, true}, {one, 1, 0}};
  for (int c = 0; c < 4; c++) {
    struct plain_training *t = write_model("m.safetensors", cases[c].shape,
                                           cases[c].depth, cases[c].beside);
    struct dtd_explanation_settings settings = settings_of("z+");
    struct dtd_trained_model *model =
        read_model(test_path("m.safetensors"), &settings, 3);
    assert_true(model->explainer->settings.low == -0.4f);
    assert_true(model->explainer->settings.high == 1.25f);
    assert_true((dtd_explainer_model(model->explainer, "minmax") != NULL) ==
                cases[c].beside);
    assert_int_equal(model->relevances, cases[c].beside);
    settings.low = -0.4f;
    settings.high = 1.25f;
    if (t->minmax) /* it was for the dense kernel, whose bits are OpenBLAS's */
      dtd_relevance_model_store(t->minmax, &dtd_plain, settings.low);
    struct dtd_explainer *wanted =
        new_explainer(t->network, t->minmax, &settings, 3);
    assert_same_heatmaps(model->explainer, wanted);
  }
}

TEST(a_model_without_relevance_models_refuses_by_name) {
  write_model("free.safetensors", two, 2, false);
  struct dtd_explanation_settings settings = settings_of("z+");
  struct dtd_trained_model *model =
      read_model(test_path("free.safetensors"), &settings, COUNT);
  float *x = random_images(), *R_p = test_new(COUNT * PIXELS, sizeof *R_p);
  for (int m = 0; dtd_methods[m]; m++)
    if (dtd_method_is_trained(dtd_methods[m])) {
      char advice[128];
      snprintf(advice, sizeof advice, "use a model file with the tensors %s.*",
               dtd_methods[m]->model->name);
      assert_dies(
          2, dtd_methods[m]->name,
          dtd_explain(R_p, NULL, model->explainer, dtd_methods[m], x, 1));
      assert_dies(
          2, advice,
          dtd_explain(R_p, NULL, model->explainer, dtd_methods[m], x, 1));
    }
}

/* Every kind that learns, beside one network and with 7 units in a pool where
   it may choose. */
TEST(every_relevance_model_is_read_back) {
  struct plain_training *t = plain_training_new(two, 2, 10, false);
  struct dtd_explanation_settings settings = settings_of("z+");
  struct dtd_relevance_learner *learner[DTD_MOST_LEARNERS];
  int count = 0;
  settings.low = -0.4f;
  settings.high = 1.25f;
  struct dtd_explainer *wanted = new_explainer(t->network, NULL, &settings, 3);
  for (int n = 0; dtd_model_kinds[n] && count < DTD_MOST_LEARNERS; n++) {
    if (!dtd_model_kinds[n]->trained) continue;
    struct dtd_relevance_model *model =
        own_relevance_model(dtd_relevance_model_sized(
            dtd_model_kinds[n], &t->network->layer[0], 7, 20, 40));
    model->kind->initialise(model, 3, 0.1, 0.1);
    learner[count] = count ? own_relevance_learner(dtd_relevance_learner_beside(
                                 model, learner[0]))
                           : own_relevance_learner(dtd_relevance_learner_new(
                                 model, t->network, dtd_rule_find("z+"), 40));
    struct dtd_learner face =
        dtd_as_learner(learner[count++], (struct dtd_rate){0, DTD_CONSTANT, 0});
    dtd_trainer_add(t->trainer, &face);
    dtd_explainer_add(wanted, model);
  }
  dtd_checkpoint_write(test_path("all.safetensors"), t->trainer, &facts, false);
  struct dtd_trained_model *model =
      read_model(test_path("all.safetensors"), &settings, 3);
  assert_int_equal(model->relevances, count);
  assert_same_heatmaps(model->explainer, wanted);
}

/* ---- files made tensor by tensor ---- */

struct tensor {
  const char *name;
  size_t rows, columns;
};

static const struct tensor whole[] = {
    {"detection1.weight", 8, PIXELS}, {"detection1.bias", 8, 0},
    {"detection2.weight", 6, 2},      {"detection2.bias", 6, 0},
    {"minmax.weight", 8, PIXELS},     {"minmax.top_down", 8, 6},
    {"minmax.top_down_bias", 8, 0}};
enum { TENSORS = sizeof whole / sizeof *whole };

/* `whole` but for tensor `odd`, which is left out or has another shape; every
   element is `value`. */
static const char *put_model(int odd, struct tensor instead, float value) {
  float *values = test_new(9 * PIXELS, sizeof *values);
  struct dtd_tensors *tensors = own_tensors(dtd_tensors_new());
  for (int i = 0; i < 9 * PIXELS; i++) values[i] = value;
  for (int n = 0; n < TENSORS; n++) {
    const struct tensor *t = n == odd ? &instead : &whole[n];
    if (t->name)
      dtd_tensors_add(tensors, t->name, DTD_F32, values, t->rows, t->columns);
  }
  dtd_tensors_write(tensors, test_path("made.safetensors"));
  return test_path("made.safetensors");
}

static void read_with(const char *path, const char *first_rule,
                      const char *upper_rule) {
  struct dtd_explanation_settings settings = settings_of(upper_rule);
  settings.first_rule = dtd_rule_find(first_rule);
  read_model(path, &settings, 1);
}

TEST(tensors_that_do_not_fit_are_refused) {
  const struct {
    int odd;
    struct tensor instead;
    const char *words;
  } cases[] = {
      {0, {"detection1.weight", 8, PIXELS - 1}, "reads 1567 inputs, not 1568"},
      {0, {NULL, 0, 0}, "no tensor detection1.weight"},
      {3, {NULL, 0, 0}, "no tensor detection2.bias"},
      {4, {"minmax.weight", 4, PIXELS}, "minmax.weight is F32 (4, 1568)"},
      {4, {"minmax.weight", PIXELS, 8}, "minmax.weight is F32 (1568, 8)"},
      {5, {NULL, 0, 0}, "no tensor minmax.top_down"},
      {5, {"minmax.top_down", 6, 8}, "minmax.top_down is F32 (6, 8)"},
      {6, {NULL, 0, 0}, "no tensor minmax.top_down_bias"},
      {6, {"minmax.top_down_bias", 6, 0}, "minmax.top_down_bias is F32 (6)"},
  };
  read_with(put_model(-1, whole[0], -0.1f), "zB", "z+");
  for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
    const char *path = put_model(cases[n].odd, cases[n].instead, -0.1f);
    assert_dies(1, "made.safetensors: ", read_with(path, "zB", "z+"));
    assert_dies(1, cases[n].words, read_with(path, "zB", "z+"));
  }
  assert_dies(1, "none.safetensors: cannot open",
              read_with(test_path("none.safetensors"), "zB", "z+"));
}

/* Top-down biases d_j may have any sign; biases of the network only where both
   rules treat them. */
TEST(positive_biases_need_rules_that_treat_them) {
  const char *path = put_model(-1, whole[0], 0.25f);
  for (int a = 0; dtd_rules[a]; a++)
    for (int b = 0; dtd_rules[b]; b++) {
      const char *first = dtd_rules[a]->name, *upper = dtd_rules[b]->name;
      if (dtd_rules[a]->bias_in_denominator &&
          dtd_rules[b]->bias_in_denominator)
        read_with(path, first, upper);
      else
        assert_dies(1, "made.safetensors: detection1.bias[0] is 0.25, above 0",
                    read_with(path, first, upper));
    }
}

TEST_GROUP(test_folder_new, test_folder_free)
