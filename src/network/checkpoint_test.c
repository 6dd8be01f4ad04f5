/* Tests model files and checkpoints: what they hold, and that training resumes
   from them as if it had never stopped. */
#include <cjson/cJSON.h>

#include "base/test.h"
#include "network/test_checkpoint.h"
#include "linear/threads.h"

static const struct dtd_layer_shape paper[] = {LAYER(DTD_PAIR_PIXELS, 400, 4),
                                               LAYER(100, 400, 400)};
static const struct dtd_layer_shape two[] = {LAYER(DTD_PAIR_PIXELS, 12, 4),
                                             LAYER(3, 8, 8)};
static const struct dtd_layer_shape three[] = {
    LAYER_NORM(DTD_PAIR_PIXELS, 24, 3, 2), LAYER(8, 12, 2),
    LAYER_NORM(6, 10, 10, INFINITY)};

static void write_model(const char *path, const struct plain_training *t,
                        bool resumable) {
  dtd_checkpoint_write(path, t->trainer, &facts, resumable);
}

/* ---- the file, parsed without the library ---- */

struct raw {
  char *bytes;
  cJSON *header;
  const char *data;
};

static struct raw open_raw(const char *path) {
  struct raw raw = {.bytes = test_get(NULL, path)};
  uint64_t length = 0;
  for (int n = 7; n >= 0; n--) length = length << 8 | (uint8_t)raw.bytes[n];
  raw.header = cJSON_ParseWithLength(raw.bytes + 8, length);
  assert_non_null(raw.header);
  raw.data = raw.bytes + 8 + length;
  return raw;
}

static void close_raw(struct raw *raw) {
  cJSON_Delete(raw->header);
}

/* The bytes of tensor `name`, which must be F32 (rows, columns). */
static const char *raw_tensor(const struct raw *raw, const char *name, int rows,
                              int columns) {
  const cJSON *entry = cJSON_GetObjectItemCaseSensitive(raw->header, name);
  if (!entry) fail_msg("no tensor %s", name);
  const cJSON *shape = cJSON_GetObjectItem(entry, "shape");
  const cJSON *offsets = cJSON_GetObjectItem(entry, "data_offsets");
  int begin = cJSON_GetArrayItem(offsets, 0)->valueint;
  assert_string_equal(cJSON_GetObjectItem(entry, "dtype")->valuestring, "F32");
  assert_int_equal(cJSON_GetArraySize(shape), columns ? 2 : 1);
  assert_int_equal(cJSON_GetArrayItem(shape, 0)->valueint, rows);
  if (columns)
    assert_int_equal(cJSON_GetArrayItem(shape, 1)->valueint, columns);
  assert_int_equal(cJSON_GetArrayItem(offsets, 1)->valueint - begin,
                   4 * rows * (columns ? columns : 1));
  return raw->data + begin;
}

/* Saved (units, inputs) is memory (inputs, units) transposed. */
static void check_tensor(const struct raw *raw, const char *name,
                         const float *values, int units, int inputs) {
  const char *saved = raw_tensor(raw, name, units, inputs);
  int columns = inputs ? inputs : 1;
  long wrong = 0;
  for (long at = 0; at < (long)units * columns; at++) {
    long unit = at / columns, input = at % columns;
    wrong += memcmp(saved + 4 * at, &values[input * units + unit], 4) != 0;
  }
  assert_int_equal(wrong, 0);
}

TEST(tensors_are_named_and_shaped_as_pytorch_would) {
  struct plain_training *t = plain_training_new(paper, 2, 100, true);
  struct dtd_rng rng = dtd_rng_open(1, "test/checkpoint", 0);
  for (int n = 0; n < 2; n++)
    fill_random(t->network->layer[n].b, 400, -1, 0, &rng);
  fill_random(t->minmax->top_down_bias, 400, -1, 1, &rng);
  write_model(test_path("paper.safetensors"), t, false);
  struct raw raw = open_raw(test_path("paper.safetensors"));
  const struct dtd_layer *layer = t->network->layer;
  check_tensor(&raw, "detection1.weight", layer[0].w, 400, 1568);
  check_tensor(&raw, "detection1.bias", layer[0].b, 400, 0);
  check_tensor(&raw, "detection2.weight", layer[1].w, 400, 100);
  check_tensor(&raw, "detection2.bias", layer[1].b, 400, 0);
  check_tensor(&raw, "minmax.weight", t->minmax->detection.w, 400, 1568);
  check_tensor(&raw, "minmax.top_down", t->minmax->top_down, 400, 400);
  check_tensor(&raw, "minmax.top_down_bias", t->minmax->top_down_bias, 400, 0);
  assert_int_equal(cJSON_GetArraySize(raw.header), 7 + 1); /* and metadata */
  close_raw(&raw);
}

TEST(metadata_says_what_was_trained) {
  struct plain_training *t = plain_training_new(three, 3, 100, true);
  for (int n = 0; n < 3; n++) dtd_trainer_step(t->trainer);
  write_model(test_path("m.safetensors"), t, true);
  struct raw raw = open_raw(test_path("m.safetensors"));
  const cJSON *found = cJSON_GetObjectItem(raw.header, "__metadata__");
  const char *wanted[][2] = {
      {"format_version", "1"},
      {"pool_size", "3 2 10"},
      {"pooling_norm", "2 1 inf"},
      {"iterations", "3"},
      {"seed", "18446744073709551615"},
      {"config", facts.config},
      {"source_revision", facts.source_revision},
  };
  for (size_t n = 0; n < sizeof wanted / sizeof *wanted; n++) {
    const cJSON *item = cJSON_GetObjectItem(found, wanted[n][0]);
    assert_non_null(item);
    assert_string_equal(item->valuestring, wanted[n][1]);
  }
  const cJSON *low = cJSON_GetObjectItem(found, "pixel_low");
  const cJSON *high = cJSON_GetObjectItem(found, "pixel_high");
  assert_true((float)atof(low->valuestring) == facts.low);
  assert_true((float)atof(high->valuestring) == facts.high);
  close_raw(&raw);
}

/* ---- reading back ---- */

TEST(everything_reads_back_bit_by_bit) {
  const struct {
    const struct dtd_layer_shape *shape;
    int depth;
  } cases[] = {{paper, 2}, {two, 2}, {three, 3}};
  for (int c = 0; c < 3; c++) {
    int depth = cases[c].depth;
    struct plain_training *t =
        plain_training_new(cases[c].shape, depth, 100, true);
    for (int n = 0; n < 4; n++) dtd_trainer_step(t->trainer);
    write_model(test_path("back.safetensors"), t, false);
    struct dtd_tensors *tensors = read_tensors(test_path("back.safetensors"));
    struct dtd_network *network =
        own_network(dtd_model_network(tensors, false));
    assert_int_equal(network->depth, depth);
    for (int n = 0; n < depth; n++) {
      const struct dtd_layer_shape *a = &network->layer[n].shape;
      const struct dtd_layer_shape *b = &cases[c].shape[n];
      assert_true(a->inputs == b->inputs && a->units == b->units);
      assert_true(a->pool == b->pool && a->norm == b->norm);
    }
    assert_same_bits(network->parameters, t->network->parameters,
                     network->parameter_count);
    struct dtd_relevance_model *minmax = new_relevance_model(
        t->minmax->kind, &network->layer[0], network->layer[1].shape.units, 1);
    dtd_model_parameters(minmax->parameter, minmax->parameters, tensors);
    assert_same_bits(minmax->memory, t->minmax->memory,
                     minmax->parameter_count);
    struct dtd_model_facts found = dtd_model_facts(tensors);
    assert_string_equal(found.config, facts.config);
    assert_string_equal(found.source_revision, facts.source_revision);
    assert_true(found.seed == facts.seed && found.iterations == 4);
    assert_true(found.low == facts.low && found.high == facts.high);
    assert_false(dtd_tensors_find(tensors, "training.sums", NULL, NULL));
    assert_dies(1, "back.safetensors: holds no tensor training.sums",
                dtd_checkpoint_restore(t->trainer, tensors));
  }
}

/* ---- resuming ---- */

enum { ITERATIONS = 60 };

TEST(stopping_anywhere_changes_nothing) {
  const long stops[] = {1, 7, 19, 20, 24, 25, 26, 50, ITERATIONS - 1};
  struct plain_training *whole = plain_training_new(two, 2, ITERATIONS, true);
  train_until(whole, ITERATIONS);
  assert_int_equal(whole->trainer->rows, 3); /* 25, 50, 60 */
  for (size_t n = 0; n < sizeof stops / sizeof *stops; n++) {
    struct plain_training *first = plain_training_new(two, 2, ITERATIONS, true);
    struct plain_training *second =
        plain_training_new(two, 2, ITERATIONS, true);
    train_until(first, stops[n]);
    for (int step = 0; step < 3; step++) /* what a restore must overwrite */
      dtd_trainer_step(second->trainer);
    restore(second, "c.safetensors");
    assert_same_state(first, second);
    train_until(second, ITERATIONS);
    assert_same_state(whole, second);
  }
}

/* A finished run may be written and restored; there is nothing left to do. */
TEST(the_end_is_a_stopping_point_too) {
  struct plain_training *whole = plain_training_new(two, 2, ITERATIONS, true);
  struct plain_training *second = plain_training_new(two, 2, ITERATIONS, true);
  train_until(whole, ITERATIONS);
  write_model(test_path("end.safetensors"), whole, true);
  restore(second, "end.safetensors");
  assert_same_state(whole, second);
  train_until(second, ITERATIONS);
  assert_same_state(whole, second);
}

TEST(three_layers_resume_too) {
  struct plain_training *whole = plain_training_new(three, 3, ITERATIONS, true);
  struct plain_training *first = plain_training_new(three, 3, ITERATIONS, true);
  struct plain_training *second =
      plain_training_new(three, 3, ITERATIONS, true);
  train_until(whole, ITERATIONS);
  train_until(first, 33);
  restore(second, "c.safetensors");
  train_until(second, ITERATIONS);
  assert_same_state(whole, second);
}

/* Every optimiser, plain descent with either kernel, with weight decay and free
   biases: what each remembers is in the checkpoint. */
TEST(every_optimiser_resumes) {
  for (int n = -1; n < 0 || dtd_optimisers[n]; n++) {
    struct dtd_training_settings settings = plain_settings(ITERATIONS);
    settings.kernel = n < 0 ? DTD_SPARSE : DTD_DENSE;
    settings.optimiser = (struct dtd_optimiser_settings){
        dtd_optimisers[n < 0 ? 0 : n], 0.7, 0.8, 0.95, 1e-3, 50};
    settings.free_biases = true;
    struct plain_training *run[3];
    for (int i = 0; i < 3; i++)
      run[i] = plain_training_with(settings, two, 2, true);
    train_until(run[0], ITERATIONS);
    train_until(run[1], 33);
    for (int step = 0; step < 3; step++) /* what a restore must overwrite */
      dtd_trainer_step(run[2]->trainer);
    restore(run[2], "c.safetensors");
    train_until(run[2], ITERATIONS);
    assert_same_state(run[0], run[2]);
  }
}

/* Without what the optimiser remembers there is no going on. */
TEST(lost_moments_are_named) {
  struct dtd_training_settings settings = plain_settings(ITERATIONS);
  struct plain_training *t = plain_training_new(two, 2, ITERATIONS, true);
  train_until(t, 33);
  for (int n = 0; dtd_optimisers[n]; n++) {
    if (dtd_optimisers[n]->in_place) continue;
    char words[64];
    snprintf(words, sizeof words, "holds no tensor training.%s",
             dtd_optimisers[n]->moment_name[0]);
    settings.optimiser = (struct dtd_optimiser_settings){
        dtd_optimisers[n], 0.7, 0.8, 0.95, 1e-3, 0};
    t = plain_training_with(settings, two, 2, true);
    assert_dies(1, words, restore(t, "c.safetensors"));
  }
}

TEST(another_run_is_not_resumed) {
  const struct dtd_layer_shape others[][2] = {
      {LAYER(DTD_PAIR_PIXELS, 8, 4), LAYER(2, 8, 8)},
      {LAYER(DTD_PAIR_PIXELS, 12, 4), LAYER(3, 9, 9)},
      {LAYER_NORM(DTD_PAIR_PIXELS, 12, 4, 2), LAYER(3, 8, 8)},
      {LAYER(DTD_PAIR_PIXELS, 12, 12), LAYER(1, 16, 16)}, /* 32, too */
  };
  struct plain_training *t = plain_training_new(two, 2, ITERATIONS, true);
  train_until(t, 30);
  struct dtd_tensors *tensors = read_tensors(test_path("c.safetensors"));
  for (int n = 0; n < 4; n++) {
    struct plain_training *other =
        plain_training_new(others[n], 2, ITERATIONS, true);
    assert_dies(
        1, "c.safetensors: ", dtd_checkpoint_restore(other->trainer, tensors));
    assert_dies(1, "resume with the configuration it was made with",
                dtd_checkpoint_restore(other->trainer, tensors));
  }
  struct plain_training *shorter = plain_training_new(two, 2, 29, true);
  assert_dies(1, "c.safetensors: was written after iteration 30, beyond the 29",
              dtd_checkpoint_restore(shorter->trainer, tensors));
}

/* Rows of history must be as many as evaluations up to then. */
TEST(a_history_of_another_length_is_refused) {
  struct plain_training *t = plain_training_new(two, 2, ITERATIONS, true);
  const int rows[] = {0, 2, 3};
  for (int n = 0; n < 3; n++) {
    t->trainer->iteration = 30;
    dtd_trainer_set_rows(t->trainer, rows[n]);
    write_model(test_path("long.safetensors"), t, true);
    struct dtd_tensors *tensors = read_tensors(test_path("long.safetensors"));
    assert_dies(1, "long.safetensors: has ",
                dtd_checkpoint_restore(t->trainer, tensors));
    assert_dies(1, "rows of history after iteration 30, not 1",
                dtd_checkpoint_restore(t->trainer, tensors));
  }
}

/* ---- files of others ---- */

struct tensor {
  const char *name;
  size_t rows, columns;
};

/* Layers of 12 inputs, 8 units in pools of 4, and 5 units. */
static const struct tensor small[] = {{"detection1.weight", 8, 12},
                                      {"detection1.bias", 8, 0},
                                      {"detection2.weight", 5, 2},
                                      {"detection2.bias", 5, 0}};

/* Element i of any tensor is -i / 8, but the last of tensor `odd` is `value`.
 */
static struct dtd_tensors *foreign(const struct tensor *tensor, int count,
                                   const char *odd, float value,
                                   const char *key, const char *text) {
  struct dtd_tensors *tensors = own_tensors(dtd_tensors_new());
  for (int n = 0; n < count; n++) {
    float values[256];
    size_t last = tensor[n].rows * (tensor[n].columns ? tensor[n].columns : 1);
    for (size_t i = 0; i < last; i++) values[i] = -(float)i / 8;
    if (odd && !strcmp(odd, tensor[n].name)) values[last - 1] = value;
    dtd_tensors_add(tensors, tensor[n].name, DTD_F32, values, tensor[n].rows,
                    tensor[n].columns);
  }
  if (key) dtd_tensors_add_metadata(tensors, key, text);
  dtd_tensors_write(tensors, test_path("foreign.safetensors"));
  return read_tensors(test_path("foreign.safetensors"));
}

TEST(a_file_without_metadata_has_defaults) {
  struct dtd_tensors *tensors = foreign(small, 4, NULL, 0, NULL, NULL);
  struct dtd_network *network = own_network(dtd_model_network(tensors, false));
  struct dtd_model_facts found = dtd_model_facts(tensors);
  assert_int_equal(network->depth, 2);
  assert_int_equal(network->layer[0].shape.pool, 4);
  assert_int_equal(network->layer[1].shape.pool, 5);
  assert_true(network->layer[0].shape.norm == 1 &&
              network->layer[1].shape.norm == 1);
  assert_true(network->layer[0].w[3 * 8 + 2] == -(float)(2 * 12 + 3) / 8);
  assert_true(found.low == -0.5f && found.high == 1.5f);
  assert_true(found.iterations == 0 && found.seed == 0);
  assert_string_equal(found.config, "");
  assert_string_equal(found.source_revision, "");
}

/* As DESIGN's "pool_size" can be read: one number, of the first layer. */
TEST(metadata_may_name_the_first_layer_alone) {
  struct dtd_tensors *tensors = foreign(small, 4, NULL, 0, "pool_size", "4");
  struct dtd_network *network = own_network(dtd_model_network(tensors, false));
  assert_int_equal(network->layer[1].shape.pool, 5);
}

TEST(positive_biases_need_permission) {
  const char *names[] = {"detection1.bias", "detection2.bias"};
  for (int n = 0; n < 2; n++) {
    struct dtd_tensors *tensors = foreign(small, 4, names[n], 0.5f, NULL, NULL);
    char words[64];
    snprintf(words, sizeof words, "foreign.safetensors: %s[%d] is 0.5",
             names[n], n ? 4 : 7);
    assert_dies(1, words, dtd_model_network(tensors, false));
    struct dtd_network *network = own_network(dtd_model_network(tensors, true));
    assert_true(network->layer[n].b[n ? 4 : 7] == 0.5f);
  }
}

TEST(numbers_must_be_finite) {
  assert_dies(1, "foreign.safetensors: tensor detection2.weight holds nan",
              foreign(small, 4, "detection2.weight", NAN, NULL, NULL));
  assert_dies(1, "foreign.safetensors: tensor detection1.weight holds inf",
              foreign(small, 4, "detection1.weight", INFINITY, NULL, NULL));
}

TEST(tensors_that_do_not_fit_are_refused) {
  const struct {
    struct tensor tensor[4];
    const char *words;
  } cases[] = {
      {{{"x", 1, 0}, small[1], small[2], small[3]},
       "holds no tensor detection1.weight"},
      {{small[0], {"x", 8, 0}, small[2], small[3]},
       "holds no tensor detection1.bias"},
      {{small[0], small[1], {"x", 5, 2}, small[3]},
       "holds detection2.bias but no detection2.weight"},
      {{small[0], small[1], small[2], {"x", 5, 0}},
       "holds no tensor detection2.bias"},
      {{small[0], small[1], {"detection3.weight", 5, 2}, {"x", 5, 0}},
       "holds detection3.weight but no detection2.weight"},
      {{small[0], {"detection1.bias", 7, 0}, small[2], small[3]},
       "tensor detection1.bias is F32 (7)"},
      {{small[0], {"detection1.bias", 8, 1}, small[2], small[3]},
       "tensor detection1.bias is F32 (8, 1)"},
      {{small[0], small[1], {"detection2.weight", 5, 3}, small[3]},
       "detection1.weight (8, 12) does not pool into 3 outputs"},
      {{{"detection1.weight", 96, 0}, small[1], small[2], small[3]},
       "does not pool"},
      {{{"detection1.weight", 0, 12}, small[1], small[2], small[3]},
       "does not pool"},
  };
  for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
    struct dtd_tensors *tensors =
        foreign(cases[n].tensor, 4, NULL, 0, NULL, NULL);
    assert_dies(1, "foreign.safetensors: ", dtd_model_network(tensors, false));
    assert_dies(1, cases[n].words, dtd_model_network(tensors, false));
  }
}

TEST(networks_deeper_than_any_are_refused) {
  struct tensor deep[2 * (DTD_MOST_LAYERS + 1)];
  char names[2 * (DTD_MOST_LAYERS + 1)][32];
  for (int n = 0; n <= DTD_MOST_LAYERS; n++) {
    snprintf(names[2 * n], 32, "detection%d.weight", n + 1);
    snprintf(names[2 * n + 1], 32, "detection%d.bias", n + 1);
    deep[2 * n] = (struct tensor){names[2 * n], 2, 2};
    deep[2 * n + 1] = (struct tensor){names[2 * n + 1], 2, 0};
  }
  struct dtd_tensors *tensors =
      foreign(deep, 2 * DTD_MOST_LAYERS, NULL, 0, NULL, NULL);
  struct dtd_network *network = own_network(dtd_model_network(tensors, false));
  assert_int_equal(network->depth, DTD_MOST_LAYERS);
  tensors = foreign(deep, 2 * DTD_MOST_LAYERS + 2, NULL, 0, NULL, NULL);
  assert_dies(1, "foreign.safetensors: holds more than 8 detection layers",
              dtd_model_network(tensors, false));
}

TEST(metadata_that_disagrees_is_refused) {
  const char *cases[][3] = {
      {"pool_size", "2 5", "layer 1 pools 4 units a pool by shape, 2 by"},
      {"pool_size", "4 1", "layer 2 pools 5 units a pool by shape, 1 by"},
      {"pool_size", "four",
       "metadata pool_size, \"four\", does not read as 2 numbers"},
      {"pool_size", "4 5x", "metadata pool_size, \"4 5x\", does not read"},
      {"pool_size", "4 5 6", "metadata pool_size, \"4 5 6\", does not read"},
      {"pooling_norm", "0.5 1", "norm 0.5"},
      {"pooling_norm", "nan", "norm nan"},
      {"pixel_low", "0.5", "pixels from 0.5 to 1.5 do not contain 0"},
      {"pixel_high", "-0.25", "pixels from -0.5 to -0.25 do not contain 0"},
      {"pixel_high", "nan", "pixels from -0.5 to nan"},
      {"pixel_high", "inf", "pixels from -0.5 to inf"},
      {"pixel_low", "black",
       "metadata pixel_low, \"black\", does not read as 1 number"},
      {"iterations", "-1", "metadata iterations is -1"},
      {"iterations", "2.5", "metadata iterations is 2.5"},
      {"iterations", "1e300", "metadata iterations is 1e+300"},
      {"iterations", "nan", "metadata iterations is nan"},
      {"format_version", "2", "has format_version 2, not 1"},
  };
  for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
    struct dtd_tensors *tensors =
        foreign(small, 4, NULL, 0, cases[n][0], cases[n][1]);
    assert_dies(1, "foreign.safetensors: ", {
      own_network(dtd_model_network(tensors, false));
      dtd_model_facts(tensors);
    });
    assert_dies(1, cases[n][2], {
      own_network(dtd_model_network(tensors, false));
      dtd_model_facts(tensors);
    });
  }
}

/* The networks are too small for more than one thread. */
static void set_up(void) {
  dtd_threads(1);
  test_folder_new();
}

TEST_GROUP(set_up, test_folder_free)
