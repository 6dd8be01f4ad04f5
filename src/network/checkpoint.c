/* Saves and restores models and the state of a training run, as safetensors. */
#include "network/checkpoint.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/memory.h"

enum { HISTORY_COLUMNS = sizeof(struct dtd_history_row) / sizeof(double) };

static const char FORMAT_VERSION[] = "1";

#define refuse(tensors, ...)                                                   \
  dtd_die(DTD_FAILURE, dtd_tensors_path(tensors), __VA_ARGS__)
#define refuse_other_run(tensors, ...)                                         \
  refuse(tensors, "resume with the configuration it was made with", __VA_ARGS__)

/* The weight and bias of a detection layer. */
struct layer_names {
  char weight[32], bias[32];
};

static struct layer_names names_of(int n) {
  struct layer_names names;
  snprintf(names.weight, sizeof names.weight, "detection%d.weight", n + 1);
  snprintf(names.bias, sizeof names.bias, "detection%d.bias", n + 1);
  return names;
}

/* The same as parameters, of the network's layer n. */
static void name_parameters(struct dtd_parameter own[2],
                            const struct layer_names *names,
                            const struct dtd_layer *layer) {
  const struct dtd_layer_shape *shape = &layer->shape;
  own[0] = (struct dtd_parameter){names->weight, layer->w, shape->inputs,
                                  shape->units, NULL};
  own[1] = (struct dtd_parameter){names->bias, layer->b, 0, shape->units, NULL};
}

/* b (columns, rows) = a (rows, columns) transposed */
static void transpose(float *b, const float *a, int rows, int columns) {
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++)
      b[(long)j * rows + i] = a[(long)i * columns + j];
}

/* ---- write ---- */

/* Adds (units, inputs), or (units) when there are no inputs. */
static void add_parameter(struct dtd_tensors *tensors,
                          const struct dtd_parameter *parameter) {
  int inputs = parameter->inputs, units = parameter->units;
  if (!inputs) {
    dtd_tensors_add(tensors, parameter->name, DTD_F32, parameter->values,
                    (size_t)units, 0);
    return;
  }
  float *saved = dtd_new((size_t)inputs * (size_t)units, sizeof *saved);
  transpose(saved, parameter->values, inputs, units);
  dtd_tensors_add(tensors, parameter->name, DTD_F32, saved, (size_t)units,
                  (size_t)inputs);
  dtd_free(saved);
}

static void add_network(struct dtd_tensors *tensors,
                        const struct dtd_network *network) {
  for (int n = 0; n < network->depth; n++) {
    struct layer_names names = names_of(n);
    struct dtd_parameter own[2];
    name_parameters(own, &names, &network->layer[n]);
    for (int i = 0; i < 2; i++) add_parameter(tensors, &own[i]);
  }
}

/* One number a layer: "4 400", "1 1". */
static void add_per_layer(struct dtd_tensors *tensors, const char *key,
                          const struct dtd_network *network, int is_norm) {
  char text[DTD_MOST_LAYERS * 24] = "";
  for (int n = 0; n < network->depth; n++) {
    const struct dtd_layer *layer = &network->layer[n];
    size_t length = strlen(text);
    snprintf(text + length, sizeof text - length, "%s%.9g", n ? " " : "",
             is_norm ? (double)layer->shape.norm : (double)layer->shape.pool);
  }
  dtd_tensors_add_metadata(tensors, key, text);
}

static void add_number(struct dtd_tensors *tensors, const char *key,
                       double value) {
  char text[32];
  snprintf(text, sizeof text, "%.17g", value);
  dtd_tensors_add_metadata(tensors, key, text);
}

static void add_facts(struct dtd_tensors *tensors,
                      const struct dtd_trainer *trainer,
                      const struct dtd_model_facts *facts) {
  char seed[24];
  snprintf(seed, sizeof seed, "%" PRIu64, facts->seed);
  dtd_tensors_add_metadata(tensors, "format_version", FORMAT_VERSION);
  add_number(tensors, "pixel_low", (double)facts->low);
  add_number(tensors, "pixel_high", (double)facts->high);
  add_per_layer(tensors, "pool_size", trainer->network, 0);
  add_per_layer(tensors, "pooling_norm", trainer->network, 1);
  add_number(tensors, "iterations", (double)trainer->iteration);
  dtd_tensors_add_metadata(tensors, "seed", seed);
  dtd_tensors_add_metadata(tensors, "config", facts->config);
  dtd_tensors_add_metadata(tensors, "source_revision", facts->source_revision);
}

/* "training.NAME.background" and the like. */
static void name_state(char name[80], const struct dtd_parameter *stored,
                       const struct dtd_weights_state *state) {
  snprintf(name, 80, "training.%s%s", stored->name, state->suffix);
}

/* What weights hold besides their values. */
static void add_weights(struct dtd_tensors *tensors,
                        const struct dtd_trainer *trainer) {
  struct dtd_parameter stored[DTD_MOST_STORED];
  struct dtd_weights_state state[DTD_MOST_STATES];
  int count = dtd_trainer_weights(stored, trainer);
  for (int n = 0; n < count; n++) {
    int states = dtd_weights_save(state, stored[n].weights);
    for (int i = 0; i < states; i++) {
      char name[80];
      name_state(name, &stored[n], &state[i]);
      if (!state[i].usual)
        dtd_tensors_add(tensors, name, state[i].wide ? DTD_F64 : DTD_F32,
                        state[i].at, state[i].rows, state[i].columns);
      dtd_free(state[i].at);
    }
  }
}

/* What the optimiser remembers: "training.velocity", for example. */
static void name_moment(char name[64], const struct dtd_optimiser *optimiser,
                        int m) {
  snprintf(name, 64, "training.%s", optimiser->settings.kind->moment_name[m]);
}

static void add_moments(struct dtd_tensors *tensors,
                        const struct dtd_optimiser *optimiser) {
  char name[64];
  for (int m = 0; m < optimiser->settings.kind->moments; m++) {
    name_moment(name, optimiser, m);
    dtd_tensors_add(tensors, name, DTD_F32, optimiser->moment[m],
                    optimiser->gradient->parameter_count, 0);
  }
}

static void restore_moments(struct dtd_optimiser *optimiser,
                            const struct dtd_tensors *tensors) {
  char name[64];
  size_t count = optimiser->gradient->parameter_count;
  for (int m = 0; m < optimiser->settings.kind->moments; m++) {
    name_moment(name, optimiser, m);
    dtd_tensors_copy(optimiser->moment[m], tensors, name, DTD_F32, count, 0);
  }
}

static void add_state(struct dtd_tensors *tensors,
                      const struct dtd_trainer *trainer) {
  double sums[1 + DTD_MOST_LEARNERS] = {trainer->error_sum};
  memcpy(sums + 1, trainer->learner_error_sum,
         sizeof trainer->learner_error_sum);
  dtd_tensors_add(tensors, "training.sums", DTD_F64, sums,
                  1 + DTD_MOST_LEARNERS, 0);
  if (trainer->rows)
    dtd_tensors_add(tensors, "training.history", DTD_F64, trainer->history,
                    (size_t)trainer->rows, HISTORY_COLUMNS);
  add_weights(tensors, trainer);
  if (trainer->optimiser) add_moments(tensors, trainer->optimiser);
}

void dtd_checkpoint_write(const char *path, const struct dtd_trainer *trainer,
                          const struct dtd_model_facts *facts, bool resumable) {
  struct dtd_tensors *tensors = dtd_tensors_new();
  dtd_trainer_write_weights(trainer);
  add_network(tensors, trainer->network);
  for (int i = 0; i < trainer->learners; i++)
    for (int n = 0; n < trainer->learner[i].parameters; n++)
      add_parameter(tensors, &trainer->learner[i].parameter[n]);
  add_facts(tensors, trainer, facts);
  if (resumable) add_state(tensors, trainer);
  dtd_tensors_write(tensors, path);
  dtd_tensors_free(tensors);
}

/* ---- read ---- */

void dtd_model_parameters(const struct dtd_parameter *parameter, int count,
                          const struct dtd_tensors *tensors) {
  for (int n = 0; n < count; n++) {
    const struct dtd_parameter *p = &parameter[n];
    size_t units = (size_t)p->units, inputs = (size_t)p->inputs;
    if (p->inputs)
      transpose(p->values,
                dtd_tensors_get(tensors, p->name, DTD_F32, units, inputs),
                p->units, p->inputs);
    else
      dtd_tensors_copy(p->values, tensors, p->name, DTD_F32, units, 0);
  }
}

/* The text of per-layer metadata as numbers; absent or fewer numbers leave the
   rest of `value` as it was. */
static void read_per_layer(double *value, int depth,
                           const struct dtd_tensors *tensors, const char *key) {
  const char *text = dtd_tensors_metadata(tensors, key), *at = text;
  for (int n = 0; at && at[strspn(at, " ")]; n++) {
    char *end;
    double number = strtod(at, &end);
    if (end == at || (*end && *end != ' ') || n == depth)
      refuse(tensors, "correct its metadata",
             "its metadata %s, \"%s\", does not read as %d number%s", key, text,
             depth, depth > 1 ? "s" : "");
    value[n] = number;
    at = end;
  }
}

/* The number of layers: detection1.weight, detection2.weight, ... as far as
   they go. Dies when a later layer has tensors all the same, for without the
   one between, the file would pass for a smaller network. */
static int read_depth(const struct dtd_tensors *tensors) {
  int depth = 0;
  while (depth <= DTD_MOST_LAYERS &&
         dtd_tensors_find(tensors, names_of(depth).weight, NULL, NULL))
    depth++;
  if (!depth)
    refuse(tensors, "give a model.safetensors that train has written",
           "holds no tensor detection1.weight");
  if (depth > DTD_MOST_LAYERS)
    refuse(tensors, "give a smaller network",
           "holds more than %d detection layers", DTD_MOST_LAYERS);
  for (int n = depth; n <= DTD_MOST_LAYERS; n++) {
    struct layer_names later = names_of(n);
    bool weight = dtd_tensors_find(tensors, later.weight, NULL, NULL);
    if (weight || dtd_tensors_find(tensors, later.bias, NULL, NULL))
      refuse(tensors, "give a file with all tensors", "holds %s but no %s",
             weight ? later.weight : later.bias, names_of(depth).weight);
  }
  return depth;
}

/* Fills the layers' shapes from those of the tensors; returns the depth. */
static int read_shapes(struct dtd_layer_shape *layer,
                       const struct dtd_tensors *tensors) {
  int depth = read_depth(tensors);
  for (int n = 0; n < depth; n++) {
    size_t units, inputs;
    dtd_tensors_find(tensors, names_of(n).weight, &units, &inputs);
    layer[n].units = (int)units;
    layer[n].inputs = (int)inputs;
  }
  for (int n = 0; n < depth; n++) {
    int outputs = n + 1 < depth ? layer[n + 1].inputs : 1;
    if (layer[n].inputs < 1 || layer[n].units < 1 || outputs < 1 ||
        layer[n].units % outputs)
      refuse(tensors, "check the shapes of its tensors",
             "detection%d.weight (%d, %d) does not pool into %d outputs", n + 1,
             layer[n].units, layer[n].inputs, outputs);
    layer[n].pool = layer[n].units / outputs;
  }
  return depth;
}

/* Pools that the metadata states must be those that the shapes imply. */
static void read_pooling(struct dtd_layer_shape *layer, int depth,
                         const struct dtd_tensors *tensors) {
  double pool[DTD_MOST_LAYERS], norm[DTD_MOST_LAYERS];
  for (int n = 0; n < depth; n++) pool[n] = layer[n].pool, norm[n] = 1;
  read_per_layer(pool, depth, tensors, "pool_size");
  read_per_layer(norm, depth, tensors, "pooling_norm");
  for (int n = 0; n < depth; n++) {
    layer[n].norm = (float)norm[n];
    if (pool[n] != layer[n].pool || !(norm[n] >= 1))
      refuse(tensors, "check its metadata pool_size and pooling_norm",
             "layer %d pools %d units a pool by shape, %g by metadata with "
             "norm %g",
             n + 1, layer[n].pool, pool[n], norm[n]);
  }
}

static void check_version(const struct dtd_tensors *tensors) {
  const char *version = dtd_tensors_metadata(tensors, "format_version");
  if (version && strcmp(version, FORMAT_VERSION))
    refuse(tensors, "read it with the program that wrote it",
           "has format_version %s, not %s", version, FORMAT_VERSION);
}

struct dtd_network *dtd_model_network(const struct dtd_tensors *tensors,
                                      bool allow_positive_biases) {
  struct dtd_layer_shape shape[DTD_MOST_LAYERS] = {{0}};
  check_version(tensors);
  int depth = read_shapes(shape, tensors);
  read_pooling(shape, depth, tensors);
  struct dtd_network *network = dtd_network_new(shape, depth);
  for (int n = 0; n < depth; n++) {
    const struct dtd_layer *layer = &network->layer[n];
    struct layer_names names = names_of(n);
    struct dtd_parameter own[2];
    name_parameters(own, &names, layer);
    dtd_model_parameters(own, 2, tensors);
    for (int j = 0; j < layer->shape.units && !allow_positive_biases; j++)
      if (layer->b[j] > 0)
        refuse(tensors,
               "use rules that treat positive biases, or train with b <= 0",
               "%s[%d] is %g, above 0", names.bias, j, (double)layer->b[j]);
  }
  return network;
}

static double fact(const struct dtd_tensors *tensors, const char *key,
                   double otherwise) {
  read_per_layer(&otherwise, 1, tensors, key);
  return otherwise;
}

static const char *words(const struct dtd_tensors *tensors, const char *key) {
  const char *text = dtd_tensors_metadata(tensors, key);
  return text ? text : "";
}

/* A whole number of steps that a double holds exactly. */
static long iterations(const struct dtd_tensors *tensors) {
  double steps = fact(tensors, "iterations", 0);
  if (!(steps >= 0 && steps <= 0x1p53 && steps == floor(steps)))
    refuse(tensors, "correct its metadata", "its metadata iterations is %g",
           steps);
  return (long)steps;
}

struct dtd_model_facts dtd_model_facts(const struct dtd_tensors *tensors) {
  struct dtd_model_facts facts = {
      .config = words(tensors, "config"),
      .source_revision = words(tensors, "source_revision"),
      .seed = strtoull(words(tensors, "seed"), NULL, 10),
      .iterations = iterations(tensors),
      .low = (float)fact(tensors, "pixel_low", (double)DTD_PIXEL_LOW),
      .high = (float)fact(tensors, "pixel_high", (double)DTD_PIXEL_HIGH),
  };
  if (!(isfinite(facts.low) && isfinite(facts.high) && facts.low <= 0 &&
        facts.high > facts.low && facts.high >= 0))
    refuse(tensors, "check its metadata pixel_low and pixel_high",
           "pixels from %g to %g do not contain 0", (double)facts.low,
           (double)facts.high);
  return facts;
}

/* One array of the state, as the file has it. */
static void read_state(const struct dtd_weights_state *state, const char *name,
                       const struct dtd_tensors *tensors) {
  if (state->usual && !dtd_tensors_find(tensors, name, NULL, NULL)) return;
  dtd_tensors_copy(state->at, tensors, name, state->wide ? DTD_F64 : DTD_F32,
                   state->rows, state->columns);
}

/* Weights as they were or, from a run that stored them in another way, as their
   values are. */
static void restore_weights(const struct dtd_trainer *trainer,
                            const struct dtd_tensors *tensors) {
  struct dtd_parameter stored[DTD_MOST_STORED];
  struct dtd_weights_state state[DTD_MOST_STATES];
  int count = dtd_trainer_weights(stored, trainer);
  for (int n = 0; n < count; n++) {
    char name[80];
    dtd_weights_read(stored[n].weights);
    int states = dtd_weights_save(state, stored[n].weights);
    if (states) name_state(name, &stored[n], &state[0]);
    bool there = states && dtd_tensors_find(tensors, name, NULL, NULL);
    for (int i = 0; i < states && there; i++) {
      name_state(name, &stored[n], &state[i]);
      read_state(&state[i], name, tensors);
    }
    if (there) dtd_weights_restore(stored[n].weights, state);
    for (int i = 0; i < states; i++) dtd_free(state[i].at);
  }
}

static void restore_network(struct dtd_network *network,
                            const struct dtd_tensors *tensors) {
  struct dtd_network *saved = dtd_model_network(tensors, true);
  bool same = saved->depth == network->depth;
  for (int n = 0; same && n < network->depth; n++) {
    const struct dtd_layer_shape *a = &saved->layer[n].shape;
    const struct dtd_layer_shape *b = &network->layer[n].shape;
    same = a->inputs == b->inputs && a->units == b->units &&
           a->pool == b->pool && a->norm == b->norm;
  }
  if (!same) refuse_other_run(tensors, "holds a network of another shape");
  memcpy(network->parameters, saved->parameters,
         saved->parameter_count * sizeof *saved->parameters);
  dtd_network_free(saved);
}

/* As many rows as evaluations up to then. */
static void restore_history(struct dtd_trainer *trainer,
                            const struct dtd_tensors *tensors) {
  const struct dtd_training_settings *settings = &trainer->settings;
  long n = trainer->iteration;
  long evaluations =
      n / settings->evaluate_every +
      (n == settings->iterations && n % settings->evaluate_every);
  size_t rows = 0;
  if (n > settings->iterations)
    refuse_other_run(tensors, "was written after iteration %ld, beyond the %ld",
                     n, settings->iterations);
  dtd_tensors_find(tensors, "training.history", &rows, NULL);
  if (rows != (size_t)evaluations)
    refuse_other_run(tensors,
                     "has %zu rows of history after iteration %ld, not %ld",
                     rows, n, evaluations);
  dtd_trainer_set_rows(trainer, (int)rows);
  if (rows)
    dtd_tensors_copy(trainer->history, tensors, "training.history", DTD_F64,
                     rows, HISTORY_COLUMNS);
}

void dtd_checkpoint_restore(struct dtd_trainer *trainer,
                            const struct dtd_tensors *tensors) {
  restore_network(trainer->network, tensors);
  for (int i = 0; i < trainer->learners; i++)
    dtd_model_parameters(trainer->learner[i].parameter,
                         trainer->learner[i].parameters, tensors);
  restore_weights(trainer, tensors);
  if (trainer->optimiser) restore_moments(trainer->optimiser, tensors);
  const double *sums = dtd_tensors_get(tensors, "training.sums", DTD_F64,
                                       1 + DTD_MOST_LEARNERS, 0);
  trainer->error_sum = sums[0];
  memcpy(trainer->learner_error_sum, sums + 1,
         sizeof trainer->learner_error_sum);
  trainer->iteration = dtd_model_facts(tensors).iterations;
  restore_history(trainer, tensors);
}
